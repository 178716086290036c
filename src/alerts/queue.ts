import type { AlertChange, AlertContent } from '../detection/content.ts';
import type { AlertState, StoredState } from './states.ts';

export type { AlertState } from './states.ts';

/**
 * The alert queue's port: memory and Redis versions pass one contract suite. Times are ms by the queue's own clock.
 * States and transitions: see `states.ts`.
 */
export const DISPOSITIONS = ['reported', 'no-suspicion', 'referred-person-at-risk', 'duplicate', 'insufficient-data'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** Where the owner of the input stands (S20). Offsets are the next ones to be read, by `topic/partition`. `wmMs` null before the first batch. */
export interface Standing {
  readonly epoch: number;
  readonly frontier: Readonly<Record<string, number>>;
  readonly wmMs: number | null;
  /** B of S18; null before the first batch. */
  readonly firstReceiptMs: number | null;
  readonly rulesDigest: string | null;
  readonly ratesDigest: string | null;
  /** Places (`topic/partition/offset`) that replays skip: engine faults and skewed clocks. In the order of their bytes. */
  readonly skip: readonly string[];
}

export interface DeliveryBatch {
  readonly epoch: number;
  readonly before: { readonly frontier: Readonly<Record<string, number>>; readonly wmMs: number | null };
  readonly after: { readonly frontier: Readonly<Record<string, number>>; readonly wmMs: number };
  readonly firstReceiptMs: number;
  readonly rulesDigest: string;
  readonly ratesDigest: string;
  /** Joined with those already stored. */
  readonly skip: readonly string[];
  /** Each alert at most once. */
  readonly changes: readonly AlertChange[];
}

/**
 * Refused: the epoch is below the stored one, or the stored frontier and wm are not `before`. `stored` is what stands; where that is the
 * batch's own epoch and `after`, the batch was applied before and its acknowledgement was lost.
 */
export type DeliveryResult = { readonly applied: true; readonly revisions: number } | { readonly applied: false; readonly stored: Standing };

/** One entry of who did what. `by` is `moneytrail` for what delivery and the clock did. */
export interface HistoryEntry {
  readonly atMs: number;
  readonly by: string;
  readonly action: string;
  readonly note?: string;
}

/** One stored alert. `content` is null for a retracted one, which leaves id and revision only; a withdrawn one keeps its last content. */
export interface StoredAlert {
  readonly alertId: string;
  readonly rev: number;
  readonly op: 'open' | 'update' | 'retract';
  readonly state: StoredState;
  readonly finalAtMs: number;
  readonly content: AlertContent | null;
  readonly contentDigest: string;
  /** Version of the engine that made this revision; '' for a retracted one. */
  readonly engineVersion: string;
  /** Content went on changing while its present holder held it. */
  readonly changed: boolean;
  readonly changedAfterResolution: boolean;
  readonly withdrawn: boolean;
  readonly claim: { readonly by: string; readonly token: string; readonly untilMs: number } | null;
  readonly resolution: { readonly by: string; readonly disposition: Disposition; readonly reason: string; readonly rev: number; readonly atMs: number } | null;
  /** Claims that ran out or were released. */
  readonly tries: number;
  /** When it was opened, again after a retraction. */
  readonly createdAtMs: number;
  /** Who did what, oldest first: the first `HISTORY_FIRST` and the latest, together `HISTORY_MAX`. `historyOmitted` are missing between them. */
  readonly history: readonly HistoryEntry[];
  readonly historyOmitted: number;
}

export type Lane = 'standard' | 'person-at-risk';

/**
 * Why a transition was not made: `not-found` (a retracted alert too), `wrong-state`, `not-holder` (somebody else's claim, or one's own ran out),
 * `changed` (the alert is no longer at the revision that the analyst has read).
 */
export type Refusal = { readonly ok: false; readonly code: 'not-found' | 'wrong-state' | 'not-holder' | 'changed'; readonly state: AlertState | null };
export type Transition = { readonly ok: true; readonly alert: StoredAlert } | Refusal;

export interface AlertQueue {
  /** Raises the epoch and reads the standing in the same step (S20). */
  takeOwnership(owner: string): Promise<Standing>;
  standing(): Promise<Standing>;
  /** Applies frontier, wm and changed contents together, or refuses the whole batch. Equal content makes no revision. */
  deliver(batch: DeliveryBatch): Promise<DeliveryResult>;
  /** Ids of the alerts that have hits and `finalAtMs` >= wm: what a new owner compares its replay with. In the order of their bytes. */
  notFinal(wmMs: number): Promise<string[]>;

  /**
   * Takes the first ready alerts of a lane (`standard` unless given) by severity, score and age, under a lease; or the one with `alertId`, which may
   * also be withdrawn. Empty where there is none to take. Names, notes, counts and leases beyond limits.ts are refused: OperatingError `alert-request-invalid`.
   */
  claim(options: { by: string; lane?: Lane; count?: number; leaseMs?: number; alertId?: string }): Promise<StoredAlert[]>;
  extend(alertId: string, by: string, leaseMs: number): Promise<Transition>;
  release(alertId: string, by: string, note?: string): Promise<Transition>;
  /** `rev`: the revision that the analyst has read; refused as `changed` if it is no longer that. */
  resolve(alertId: string, by: string, disposition: Disposition, reason: string, options?: { readonly rev?: number }): Promise<Transition>;
  /** Takes a disposition back, or a dead alert out of the dead letters. */
  reopen(alertId: string, by: string, reason: string): Promise<Transition>;
  note(alertId: string, by: string, text: string): Promise<Transition>;
  get(alertId: string): Promise<StoredAlert | null>;
  /** In rank order, persons at risk before the others. A retracted alert is listed by none. `after` is the `listCursor` of an alert (rank.ts). */
  list(options: { state: AlertState | 'any'; lane?: Lane; limit?: number; after?: string }): Promise<StoredAlert[]>;
  counts(): Promise<Readonly<Record<AlertState, number>>>;
  /** The firehose: every revision, in order, as `alert/1` lines, from behind `afterId` ('' or '0': from the oldest kept one). */
  readFirehose(afterId: string, count: number): Promise<{ id: string; line: string }[]>;
  close(): Promise<void>;
}
