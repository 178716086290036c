import { createEngine } from '../detection/engine.ts';
import type { DetectionSettings } from '../detection/settings.ts';
import { blankTransaction, createDecoder } from '../transactions/decoder.ts';
import type { RateTable } from '../transactions/rateLookup.ts';
import { TextTable } from '../transactions/texts.ts';
import type { Typology } from '../typologies/ast.ts';
import { fieldsRead } from '../typologies/walk.ts';
import { DEFAULT_FORMAT, Detector } from './detector.ts';

/** What the engine itself reads (S14), whatever the typologies do. */
const ALWAYS_READ = ['returnOf.source', 'returnOf.id'];

export interface DetectorParts {
  /** Those that are to run. */
  readonly typologies: readonly Typology[];
  readonly settings: DetectionSettings;
  readonly rates: RateTable;
  /** By source: what is put before each of its accounts, parties and devices that is not an IBAN. */
  readonly prefixBySource?: ReadonlyMap<string, string>;
}

/** A detector without state; places are written as the settings say. */
export function createDetector({ typologies, settings, rates, prefixBySource }: DetectorParts): Detector {
  const texts = new TextTable();
  const wanted = new Set([...ALWAYS_READ, ...typologies.flatMap((typology) => fieldsRead(typology))]);
  const decoder = createDecoder(prefixBySource === undefined ? { texts, wanted } : { texts, wanted, prefixBySource });
  const engine = createEngine({ typologies, settings, texts, rates });
  return new Detector({
    engine,
    decoders: new Map([[DEFAULT_FORMAT, decoder]]),
    transaction: blankTransaction(),
    texts,
    typologies,
    place: settings.place,
  });
}
