import type { Detector, DetectorCounts } from './detector.ts';
import type { CounterName, Metrics } from './metrics.ts';

const OUTCOMES = ['applied', 'duplicate', 'conflict', 'late', 'refused', 'clockSkew', 'engineFault'] as const satisfies readonly (keyof DetectorCounts)[];

/** Turns the running counts of one detector into metrics: what was added since the last time. */
export class CountReporter {
  private readonly detector: Detector;
  private readonly metrics: Metrics;
  private readonly reported = new Map<string, number>();

  constructor(detector: Detector, metrics: Metrics) {
    this.detector = detector;
    this.metrics = metrics;
  }

  report(): void {
    const { counts, engine } = this.detector;
    for (const outcome of OUTCOMES) this.add('moneytrail_records_total', 'outcome', outcome, counts[outcome]);
    for (const [code, n] of counts.refusedByCode) this.add('moneytrail_rejections_total', 'code', code, n);
    for (const [code, n] of counts.findingsByCode) this.add('moneytrail_findings_total', 'code', code, n);
    this.add('moneytrail_unknown_fields_total', '', '', counts.unknownFields);
    const { rows, legs, keys, alerts, erroredByTypology } = engine.stats;
    this.metrics.gauge('moneytrail_rows', rows);
    this.metrics.gauge('moneytrail_legs', legs);
    this.metrics.gauge('moneytrail_keys', keys);
    this.metrics.gauge('moneytrail_alerts', alerts);
    for (const [typology, n] of erroredByTypology) this.metrics.gauge('moneytrail_errored_verdicts', n, { typology });
  }

  private add(name: CounterName, label: string, value: string, total: number): void {
    const key = `${name} ${value}`;
    const by = total - (this.reported.get(key) ?? 0);
    // A series that begins at what it has counted already shows Prometheus no increase: each begins at 0 where its label is known beforehand.
    if (by <= 0 && this.reported.has(key)) return;
    this.reported.set(key, total);
    this.metrics.count(name, by, label === '' ? {} : { [label]: value });
  }
}
