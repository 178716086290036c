import { DEFAULT_SETTINGS, type DetectionSettings } from '../../../src/detection/settings.ts';
import { createDetector } from '../../../src/pipeline/createDetector.ts';
import type { Detector } from '../../../src/pipeline/detector.ts';
import type { RawRecord } from '../../../src/pipeline/pipeline.ts';
import { NO_RATES } from '../../../src/transactions/rates.ts';
import type { Typology } from '../../../src/typologies/ast.ts';
import { loadRules } from '../../../src/typologies/load.ts';

/** The present of these tests. */
export const NOW_MS = Date.UTC(2026, 2, 10, 12);

export function typologies(): readonly Typology[] {
  const { ruleSet, diagnostics } = loadRules('test/integration/rules');
  if (ruleSet === null) throw new Error(JSON.stringify(diagnostics));
  return ruleSet.typologies;
}

export function detector(settings: Partial<DetectionSettings> = {}): Detector {
  return createDetector({ typologies: typologies(), rates: NO_RATES, settings: { ...DEFAULT_SETTINGS, ...settings, place: (p, o) => `t/${p}/${o}` } });
}

/** A payment of 1000 EUR an hour before NOW_MS that alone makes `it-alone` fire for its debtor. */
export function payment(id: string, changes: Readonly<Record<string, unknown>> = {}): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      schema: 'transaction/1',
      source: 'bank-a',
      id,
      time: new Date(NOW_MS - 3_600_000).toISOString(),
      kind: 'p2p',
      amount: { value: '1000.00', currency: 'EUR' },
      debtor: { account: `${id}-from` },
      creditor: { account: `${id}-to` },
      ...changes,
    }),
  );
}

export function record(offset: number, bytes: Uint8Array, r: number = NOW_MS + offset, partition = 0): RawRecord {
  return { bytes, partition, offset, r };
}
