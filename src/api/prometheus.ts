import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { METRIC_SERIES_MAX } from '../base/limits.ts';
import { OTHER, type Vocabulary } from '../base/vocabulary.ts';
import { COUNTERS, type CounterName, GAUGES, type GaugeName, HISTOGRAMS, type HistogramName, type Labels, type Metrics } from '../pipeline/metrics.ts';

/** Seconds: from one batch in memory to a broker that was away for a minute. */
const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** The labels that a metric may carry. A series is made when it is first touched, so that one without some of them has none of them. */
const LABEL_NAMES = ['outcome', 'code', 'topic', 'typology', 'cause', 'result', 'operation', 'partition', 'what'];

export interface PrometheusMetrics extends Metrics {
  /** All series in the text format that Prometheus scrapes. */
  text(): Promise<string>;
  readonly contentType: string;
}

/**
 * The pipeline's figures for Prometheus. The value of a label is a whole number or a word of the vocabulary; another is shown as `other`, so that
 * neither a value of a record nor an endless number of series can get in.
 */
export function createMetrics(vocabulary: Vocabulary): PrometheusMetrics {
  const registry = new Registry();
  const registers = [registry];
  const make = <M>(table: Readonly<Record<string, string>>, one: (name: string, help: string) => M) =>
    new Map(Object.entries(table).map(([name, help]) => [name, one(name, help)] as const));
  const counters = make(COUNTERS, (name, help) => new Counter({ name, help, labelNames: LABEL_NAMES, registers }));
  const gauges = make(GAUGES, (name, help) => new Gauge({ name, help, labelNames: LABEL_NAMES, registers }));
  const histograms = make(HISTOGRAMS, (name, help) => new Histogram({ name, help, labelNames: LABEL_NAMES, buckets: BUCKETS_SECONDS, registers }));
  const labelsOf = labelGuard(vocabulary);
  return {
    count: (name: CounterName, by = 1, labels: Labels = {}) => counters.get(name)!.inc(labelsOf(name, labels), by),
    gauge: (name: GaugeName, value: number, labels: Labels = {}) => gauges.get(name)!.set(labelsOf(name, labels), value),
    observe: (name: HistogramName, value: number, labels: Labels = {}) => histograms.get(name)!.observe(labelsOf(name, labels), value),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function labelGuard(vocabulary: Vocabulary): (metric: string, labels: Labels) => Record<string, string> {
  const series = new Map<string, Set<string>>();
  const shownAs = (value: string): string => (/^\d{1,10}$/.test(value) ? value : vocabulary.shown(value));
  return (metric, labels) => {
    const safe: Record<string, string> = {};
    for (const name of LABEL_NAMES) if (Object.hasOwn(labels, name)) safe[name] = shownAs(labels[name]!);
    const key = JSON.stringify(safe);
    const known = series.get(metric) ?? new Set<string>();
    series.set(metric, known);
    if (!known.has(key) && known.size >= METRIC_SERIES_MAX) return Object.fromEntries(Object.keys(safe).map((name) => [name, OTHER]));
    known.add(key);
    return safe;
  };
}
