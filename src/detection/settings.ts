/** What the answers depend on besides the records and the typologies. Every value has the contract's default. */
export interface DetectionSettings {
  /** `eager`: every changed alert at the end of a batch. `final`: only alerts that nothing can change any more (S13). */
  readonly mode: 'eager' | 'final';
  /** ISO 4217 code in which money without a currency of its own is compared. */
  readonly reportingCurrency: string;
  /** Key of the HMAC that makes alert ids (S12). */
  readonly alertKey: string;
  /** Greatest r − t of an accepted record (S4). */
  readonly latenessMs: number;
  readonly latenessBySource: ReadonlyMap<string, number>;
  /** Greatest t − r of an accepted record (S4); Infinity where `asOfMs` decides instead. */
  readonly futureMs: number;
  /** In recorded input a record with t after this is in the future. Infinity in live input. */
  readonly asOfMs: number;
  /** Horizon R of returns (S14). */
  readonly returnHorizonMs: number;
  /** N of S15: more transactions of one UTC day than this make a key overfull on that day. */
  readonly dayLegsMax: number;
  /** Upper bounds of what is held at once; intake stops beyond. */
  readonly rowsMax: number;
  /** Transactions for which memory is reserved at the start; it is used only where touched. Beyond, it grows by 8,192 at a time, and copies nothing. */
  readonly rowsReserve: number;
  /** How a place in the log is written on an alert. */
  readonly place: (partition: number, offset: number) => string;
  readonly engineVersion: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const DEFAULT_SETTINGS: DetectionSettings = {
  mode: 'eager',
  reportingCurrency: 'EUR',
  alertKey: 'moneytrail published screening key',
  latenessMs: 48 * HOUR_MS,
  latenessBySource: new Map(),
  futureMs: HOUR_MS,
  asOfMs: Number.POSITIVE_INFINITY,
  returnHorizonMs: 10 * DAY_MS,
  dayLegsMax: 100_000,
  rowsMax: 1 << 20,
  rowsReserve: 1 << 10,
  place: (partition, offset) => `transactions/${partition}/${offset}`,
  engineVersion: '0.1.0',
};

/** Slack of S3: 60 s, at least the brokers' replica lag and clock skew. */
export const SLACK_MS = 60_000;
