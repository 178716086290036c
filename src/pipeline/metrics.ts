/** Labels of one series, e.g. `{ code: 'not-json' }`. Few distinct values each: never an account, an identifier or a key. */
export type Labels = Readonly<Record<string, string>>;

/** What the pipeline tells of itself. Every name is listed in `METRICS` with its meaning and unit. */
export interface Metrics {
  /** Adds to a counter. */
  count(name: CounterName, by?: number, labels?: Labels): void;
  /** Sets a gauge. */
  gauge(name: GaugeName, value: number, labels?: Labels): void;
  /** Puts one value into a histogram. */
  observe(name: HistogramName, value: number, labels?: Labels): void;
}

export const COUNTERS = {
  moneytrail_records_total: 'Records consumed, by outcome',
  moneytrail_rejections_total: 'Records refused, by reason code',
  moneytrail_findings_total: 'Failed checks of standards on records that were taken, by code',
  moneytrail_unknown_fields_total: 'Fields of records that the format does not know; they were left out',
  moneytrail_told_total: 'Records written to the quarantine and late topics, by topic and code',
  moneytrail_alert_revisions_total: 'Revisions of alerts that the queue took',
  moneytrail_notices_total: 'Operations notices, by typology and cause',
  moneytrail_deliveries_total: 'Deliveries to the queue, by result',
  moneytrail_retries_total: 'Failed tries of an operation that is tried again, by what failed and its error code',
  moneytrail_takeovers_total: 'Times that this process became the owner of the input',
} as const;

export const GAUGES = {
  moneytrail_ready: '1 where /readyz answers 200, 0 where it answers 503',
  moneytrail_owner: '1 where this process owns the input, 0 where it stands by',
  moneytrail_replaying: '1 while the state is being rebuilt from the log',
  moneytrail_wm_seconds: 'Progress of settlement, wm, as Unix time in seconds',
  moneytrail_event_delay_seconds: 'By how much wm is older than it would be with everything read and delivered; 0 where nothing waits',
  moneytrail_lag_records: 'Records between the position and the end of the input, by partition',
  moneytrail_stalled_seconds: 'Time for which nothing has moved although there is something to do',
  moneytrail_rows: 'Transactions held in memory',
  moneytrail_rows_max: 'Transactions that may be held in memory, memory.rowsMax',
  moneytrail_legs: 'Legs held in memory',
  moneytrail_keys: 'Keys held in memory',
  moneytrail_alerts: 'Alerts held in memory, not yet final',
  moneytrail_errored_verdicts: 'Pairs of a key and a day with an errored verdict, since the state was built, by typology',
} as const;

export const HISTOGRAMS = {
  moneytrail_batch_seconds: 'Time from a batch to its acknowledged delivery',
  moneytrail_delivery_seconds: 'Time of one delivery to the queue',
  moneytrail_append_to_alert_seconds: 'Time from the append of the last record of a batch to the acknowledged delivery of what it changed',
} as const;

export const METRICS = { counters: COUNTERS, gauges: GAUGES, histograms: HISTOGRAMS } as const;

export type CounterName = keyof typeof COUNTERS;
export type GaugeName = keyof typeof GAUGES;
export type HistogramName = keyof typeof HISTOGRAMS;

const ignore = (): void => undefined;
/** For callers that want no figures. */
export const NO_METRICS: Metrics = { count: ignore, gauge: ignore, observe: ignore };
