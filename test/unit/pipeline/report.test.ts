import { createMetrics } from '../../../src/api/prometheus.ts';
import { Vocabulary } from '../../../src/base/vocabulary.ts';
import { CountReporter } from '../../../src/pipeline/report.ts';
import { detector, payment, record } from './records.ts';

test('begins each outcome at 0, so that the first record of one is an increase, and adds what came since the last time', async () => {
  const counted = detector();
  const metrics = createMetrics(new Vocabulary(['applied', 'refused']));
  const reporter = new CountReporter(counted, metrics);
  const lines = async (): Promise<string[]> => (await metrics.text()).split('\n').filter((line) => line.startsWith('moneytrail_re'));
  reporter.report();
  expect(await lines()).toEqual(expect.arrayContaining(['moneytrail_records_total{outcome="applied"} 0', 'moneytrail_records_total{outcome="refused"} 0']));
  const { bytes, partition, offset, r } = record(0, payment('a'));
  counted.read(bytes, partition, offset);
  counted.apply(r);
  counted.read(Buffer.from('no JSON'), 0, 1);
  reporter.report();
  reporter.report();
  const said = await lines();
  expect(said).toEqual(expect.arrayContaining(['moneytrail_records_total{outcome="applied"} 1', 'moneytrail_records_total{outcome="refused"} 1']));
  expect(said.filter((line) => line.startsWith('moneytrail_rejections_total'))).toHaveLength(1);
});
