import { fieldsWanted } from '../detection/compile/walk.ts';
import { createEngine } from '../detection/engine.ts';
import type { DetectionSettings } from '../detection/settings.ts';
import { blankTransaction, createDecoder } from '../transactions/decoder.ts';
import type { RateTable } from '../transactions/rateLookup.ts';
import { TextTable } from '../transactions/texts.ts';
import type { Typology } from '../typologies/ast.ts';
import { DEFAULT_FORMAT, Detector } from './detector.ts';

export interface DetectorParts {
  /** Those that are to run. */
  readonly typologies: readonly Typology[];
  readonly settings: DetectionSettings;
  readonly rates: RateTable;
  /** By source: what is put before each of its accounts, parties and devices that is not an IBAN. */
  readonly prefixBySource?: ReadonlyMap<string, string>;
  /** See `DecoderOptions`. */
  readonly onParsed?: () => void;
}

/** A detector without state; places are written as the settings say. */
export function createDetector({ typologies, settings, rates, ...decoding }: DetectorParts): Detector {
  const texts = new TextTable();
  const decoder = createDecoder({ texts, wanted: fieldsWanted(typologies), ...decoding });
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
