import { createMetrics } from '../../../src/api/prometheus.ts';
import { loadConfig } from '../../../src/app/config.ts';
import { OWN_RATES, OWN_RULES } from '../../../src/app/paths.ts';
import { vocabularyOf } from '../../../src/app/vocabulary.ts';
import { createLog, LOG_LEVELS, type LogFields } from '../../../src/base/log.ts';
import { DEFAULT_SETTINGS } from '../../../src/detection/settings.ts';
import { createDetector } from '../../../src/pipeline/createDetector.ts';
import { CountReporter } from '../../../src/pipeline/report.ts';
import { NUMBER_FIELDS, TEXT_FIELDS } from '../../../src/transactions/fields.ts';
import { loadRates } from '../../../src/transactions/rates.ts';
import { loadRules } from '../../../src/typologies/load.ts';

/** Stands in every field in turn; it looks like an account, and its parts are looked for too, in whatever case. */
const CANARY = 'GB33ZQXJ5555';
const SEEN = /zqxj/i;

const BASE = {
  schema: 'transaction/1',
  source: 'bank-a',
  id: 'x-1',
  time: '2026-03-01T09:00:00+00:00',
  kind: 'remittance',
  amount: { value: '1500.00', currency: 'EUR' },
  debtor: { account: 'D-1', agent: {} },
  creditor: { account: 'C-1', agent: {} },
  location: {},
  merchant: {},
  travel: {},
  wallet: {},
};
type Json = Record<string, unknown>;

/** The record with a value at a path, written over what is there. */
function withValue(path: string, value: unknown): Json {
  const record = structuredClone(BASE) as Json;
  const keys = path.split('.');
  const last = keys.pop()!;
  let at = record;
  for (const key of keys) {
    at[key] = typeof at[key] === 'object' ? at[key] : {};
    at = at[key] as Json;
  }
  at[last] = value;
  return record;
}

const PATHS = [
  ...new Set([...TEXT_FIELDS, ...NUMBER_FIELDS].map(({ path }) => path)),
  'schema',
  'id',
  'time',
  'status',
  'precision',
  'receivedAt',
  'amount.value',
  CANARY,
  `debtor.${CANARY}`,
];
const VALUES: readonly unknown[] = [CANARY, [CANARY], { [CANARY]: CANARY }, `${CANARY}\ud800`, CANARY.repeat(300), 5, true];

/** Whole records, and texts that are none. */
function records(): Buffer[] {
  const whole = PATHS.flatMap((path) => VALUES.map((value) => JSON.stringify(withValue(path, value))));
  const line = JSON.stringify(withValue('debtor.account', CANARY));
  const cuts = Array.from({ length: 40 }, (_, i) => line.slice(0, Math.floor((line.length * i) / 40)));
  const broken = [...cuts, CANARY, `"${CANARY}"`, `[${JSON.stringify(CANARY)}]`, `${line}${CANARY}`, line.replace('{', `{"${CANARY}":`.repeat(20))];
  return [...whole, ...broken].map((text) => Buffer.from(text)).concat(Buffer.concat([Buffer.from(line), Buffer.from([0xff, 0xfe])]));
}

test('no value of a record, whole or broken, is in the log or the metrics at any level', async () => {
  const { config } = loadConfig({});
  const { ruleSet } = loadRules(OWN_RULES);
  const typologies = ruleSet!.typologies;
  const vocabulary = vocabularyOf(
    config,
    typologies.map(({ id }) => id),
  );
  const lines: string[] = [];
  const log = createLog({ level: 'trace', vocabulary, stream: { write: (line: string) => void lines.push(line) } });
  const metrics = createMetrics(vocabulary);
  const detector = createDetector({ typologies, settings: DEFAULT_SETTINGS, rates: loadRates(OWN_RATES) });
  const reporter = new CountReporter(detector, metrics);
  const all = records();
  let taken = 0;
  for (const [offset, bytes] of all.entries()) {
    const transaction = detector.read(bytes, 0, offset);
    const outcome = transaction === null ? 'refused' : detector.apply(Date.UTC(2026, 2, 1, 10));
    if (transaction !== null) taken++;
    for (const told of detector.drainTold()) {
      const { code, field, reason } = JSON.parse(told.json) as Record<string, string>;
      // What is told beside the record itself: codes, our field names and our sentences.
      expect(`${code} ${field} ${reason} ${told.place}`).not.toMatch(SEEN);
      for (const level of LOG_LEVELS)
        if (level !== 'silent') log[level]({ ...told, outcome, error: new Error(told.json), ...transaction } as unknown as LogFields, 'told');
    }
    reporter.report();
  }
  for (const change of detector.drain()) log.info(change as unknown as LogFields, 'an alert changed');
  expect(taken).toBeGreaterThan(50);
  expect(all.length - taken).toBeGreaterThan(100);
  expect(lines.length).toBeGreaterThan(1000);
  expect(lines.filter((line) => SEEN.test(line)).slice(0, 3)).toEqual([]);
  const text = await metrics.text();
  expect(text).not.toMatch(SEEN);
  expect(text).toMatch(/moneytrail_rejections_total\{code="not-json"\} \d/);
  expect(text).not.toContain('"other"');
});
