import type { DecodedTransaction } from '../transactions/decoded.ts';
import type { RateTable } from '../transactions/rateLookup.ts';
import type { TextTable } from '../transactions/texts.ts';
import type { Typology } from '../typologies/ast.ts';
import type { AlertChange } from './content.ts';
import type { DetectionSettings } from './settings.ts';

/** Where and when a record was received. `partition` and `offset` name its place in the input, `r` is its receipt time in ms. */
export interface Receipt {
  readonly r: number;
  readonly partition: number;
  readonly offset: number;
}

/** What became of a record that could be decoded (L13). */
export type Outcome = 'applied' | 'duplicate' | 'conflict' | 'too-late' | 'future' | 'clock-skew' | 'id-reused';

/** To be told to quarantine: `losing` is at `place`. Told once for each identity and losing content, again if the winner changes (S2). */
export interface Conflict {
  readonly source: string;
  readonly id: string;
  readonly winningDigest: string;
  readonly losingDigest: string;
  readonly place: { readonly partition: number; readonly offset: number };
}

/** Typology, key and day on which some verdict was errored (S15). */
export interface OperationsNotice {
  readonly typology: string;
  readonly subject: string | string[];
  readonly day: string;
  readonly cause: 'missing-rate' | 'overflow' | 'overfull-day';
}

/** Counts of records by outcome, taken over the set: a later record can turn an applied one into a conflict (L13). */
export interface RecordCounts {
  applied: number;
  duplicate: number;
  conflict: number;
  late: number;
  future: number;
  clockSkew: number;
}

export type Truth = 'true' | 'false' | 'errored';

/** One condition with its two sides, printed as on an alert (`docs/alert.md`). */
export interface ConditionResult {
  readonly text: string;
  readonly result: Truth;
  readonly value: string;
  readonly threshold: string;
  /** What joins `parts`; absent where the condition has none. */
  readonly joined?: 'and' | 'or' | 'not' | 'let';
  /** The conditions it is made of, in the file's order; of a let the condition that it stands for, looked into once in each whole. */
  readonly parts?: readonly ConditionResult[];
}

/** A verdict taken apart. `conditions` are the parts of `when` that `and` joins, in the file's order. */
export interface Inspection {
  readonly typology: string;
  readonly subject: string | string[];
  readonly anchor: { readonly source: string; readonly id: string; readonly time: string };
  /** Whether the typology sees the anchor at all. */
  readonly seen: boolean;
  /** What keeps the typology from seeing it: its `where`, or that the transaction was given back. */
  readonly leftOutBy?: 'where' | 'return';
  /** The parts of `where` that `and` joins; none without a `where`. */
  readonly where: readonly ConditionResult[];
  readonly lets: readonly { readonly name: string; readonly value: string | number | null }[];
  readonly conditions: readonly ConditionResult[];
  readonly exceptions: readonly { readonly because: string; readonly result: Truth; readonly condition: ConditionResult }[];
  readonly points: readonly { readonly because: string; readonly points: number; readonly result: Truth; readonly condition: ConditionResult }[];
  readonly score: number;
  readonly alertAt: number;
  readonly verdict: 'fired' | 'clear' | 'errored';
  /** Why something could not be computed (S15); empty where all could. */
  readonly causes: readonly ('missing-rate' | 'overflow' | 'overfull-day')[];
}

export interface EngineOptions {
  /** Those that are to run: `active` ones. */
  readonly typologies: readonly Typology[];
  readonly settings: DetectionSettings;
  readonly texts: TextTable;
  readonly rates: RateTable;
  /** Whether conditions are turned into code; by default where the process allows it. The answers are the same. */
  readonly generates?: boolean;
  /**
   * A window of more legs than this has a state that moves with its anchor; a smaller one is read anew, which takes less time and no memory. The answers
   * are the same; tests lower it.
   */
  readonly hotLegs?: number;
  /**
   * Whether legs that no typology sees are kept, so that `inspect` can say of them that they are not seen; by default they are counted and spared. The
   * alerts are the same.
   */
  readonly keepsUnseen?: boolean;
}

/**
 * The detection engine: pure, synchronous, deterministic. No clock, no randomness that shows, no input or output.
 * Order of use: `apply` records, `advance` progress, `drain` at the end of each batch.
 */
export interface DetectionEngine {
  /** Takes one decoded record. Throws `OperatingError('engine-full')` where `rowsMax` is reached; nothing is changed then. */
  apply(transaction: DecodedTransaction, receipt: Receipt): Outcome;
  /** Progress (S3): wm never falls; +Infinity at the end of recorded input. Settles, makes final, forgets. */
  advance(wmMs: number): void;
  /**
   * What is to be said since the last drain, in order of alert id. With `deferLate` the anchors that late records and erasures touched are left
   * for a later drain (S13 allows some seconds), which makes one sweep of many; what has waited for 32 such drains is swept all the same.
   */
  drain(options?: { readonly deferLate?: boolean }): AlertChange[];
  drainConflicts(): Conflict[];
  drainNotices(): OperationsNotice[];
  /** B of S18: the least r over the first records of all partitions at the first start. To be set before the first record. */
  setFirstReceipt(ms: number): void;
  /** Silent replay (S20): until `endReplay` nothing is said and nothing forgotten. `endReplay(wm)` makes every alert not yet final at wm part of the next drain. */
  beginReplay(): void;
  endReplay(wmMs: number): void;
  /** The longest of reach + F + P over the typologies: what a replay must go back. */
  readonly retentionMs: number;
  /** The verdict at the last anchor of the key at or before a time, part by part, for authors; null where the key has no leg there. */
  inspect(typologyId: string, key: readonly string[], atMs: number): Inspection | null;
  readonly counts: RecordCounts;
  readonly stats: { rows: number; legs: number; keys: number; texts: number; alerts: number; erroredByTypology: ReadonlyMap<string, number> };
}
