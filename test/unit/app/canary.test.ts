import { createMetrics } from '../../../src/api/prometheus.ts';
import { loadConfig } from '../../../src/app/config.ts';
import { OWN_RATES, OWN_RULES } from '../../../src/app/paths.ts';
import { vocabularyOf } from '../../../src/app/vocabulary.ts';
import { createLog, LOG_LEVELS, type LogFields } from '../../../src/base/log.ts';
import { DEFAULT_SETTINGS } from '../../../src/detection/settings.ts';
import { createDetector } from '../../../src/pipeline/createDetector.ts';
import { CountReporter } from '../../../src/pipeline/report.ts';
import { loadRates } from '../../../src/transactions/rates.ts';
import { loadRules } from '../../../src/typologies/load.ts';
import { CANARY_SEEN, canaryRecords } from '../../support/canaries.ts';

test('no value of a record, whole or broken, is in the log or the metrics at any level', async () => {
  const typologies = loadRules(OWN_RULES).ruleSet!.typologies;
  const vocabulary = vocabularyOf(
    loadConfig({}).config,
    typologies.map(({ id }) => id),
  );
  const lines: string[] = [];
  const log = createLog({ level: 'trace', vocabulary, stream: { write: (line: string) => void lines.push(line) } });
  const metrics = createMetrics(vocabulary);
  const detector = createDetector({ typologies, settings: DEFAULT_SETTINGS, rates: loadRates(OWN_RATES) });
  const reporter = new CountReporter(detector, metrics);
  const timeMs = Date.UTC(2026, 2, 1, 9);
  const records = canaryRecords(timeMs);
  let taken = 0;
  for (const [offset, bytes] of records.entries()) {
    const transaction = detector.read(bytes, 0, offset);
    const outcome = transaction === null ? 'refused' : detector.apply(timeMs);
    if (transaction !== null) taken++;
    for (const told of detector.drainTold()) {
      const { code, field, reason } = JSON.parse(told.json) as Record<string, string>;
      // What is told beside the record itself: codes, our field names and our sentences.
      expect(`${code} ${field} ${reason} ${told.place}`).not.toMatch(CANARY_SEEN);
      const slip = { ...told, outcome, error: new Error(told.json), ...transaction } as unknown as LogFields;
      for (const level of LOG_LEVELS) if (level !== 'silent') log[level](slip, 'told');
    }
    reporter.report();
  }
  for (const change of detector.drain()) log.info(change as unknown as LogFields, 'an alert changed');
  expect(taken).toBeGreaterThan(50);
  expect(records.length - taken).toBeGreaterThan(100);
  expect(lines.length).toBeGreaterThan(1000);
  expect(lines.filter((line) => CANARY_SEEN.test(line)).slice(0, 3)).toEqual([]);
  const text = await metrics.text();
  expect(text).not.toMatch(CANARY_SEEN);
  expect(text).toMatch(/moneytrail_rejections_total\{code="not-json"\} \d/);
  expect(text).not.toContain('"other"');
});
