import type { AlertChange, AlertContent } from '../detection/content.ts';

/**
 * The alert queue's port: memory and Redis versions pass one contract suite. Times are ms by the queue's own clock.
 * States and transitions: see `states.ts`.
 */
export type AlertState = 'ready' | 'claimed' | 'resolved' | 'withdrawn' | 'dead';
export type Disposition = 'reported' | 'no-suspicion' | 'referred-person-at-risk' | 'duplicate' | 'insufficient-data';

/** Where the owner of the input stands (S20). Offsets are the next ones to be read, by `topic/partition`. `wmMs` null before the first batch. */
export interface Standing {
  readonly epoch: number;
  readonly frontier: Readonly<Record<string, number>>;
  readonly wmMs: number | null;
  /** B of S18; null before the first batch. */
  readonly firstReceiptMs: number | null;
  readonly rulesDigest: string | null;
  readonly ratesDigest: string | null;
  /** Places (`topic/partition/offset`) that replays skip: engine faults and skewed clocks. */
  readonly skip: readonly string[];
}

export interface DeliveryBatch {
  readonly epoch: number;
  readonly before: { readonly frontier: Readonly<Record<string, number>>; readonly wmMs: number | null };
  readonly after: { readonly frontier: Readonly<Record<string, number>>; readonly wmMs: number };
  readonly firstReceiptMs: number;
  readonly rulesDigest: string;
  readonly ratesDigest: string;
  readonly skip: readonly string[];
  readonly changes: readonly AlertChange[];
}

/** `refused`: the epoch is below the stored one, or the stored standing is not `before`. `stored` is what stands. */
export type DeliveryResult = { readonly applied: true; readonly revisions: number } | { readonly applied: false; readonly stored: Standing };

/** One stored alert. `content` is null for a retracted one, which leaves id and revision only. */
export interface StoredAlert {
  readonly alertId: string;
  readonly rev: number;
  readonly op: 'open' | 'update' | 'retract';
  readonly state: AlertState;
  readonly finalAtMs: number;
  readonly content: AlertContent | null;
  readonly contentDigest: string;
  /** Content went on changing while an analyst held it. */
  readonly changed: boolean;
  readonly changedAfterResolution: boolean;
  readonly withdrawn: boolean;
  readonly claim: { readonly by: string; readonly token: string; readonly untilMs: number } | null;
  readonly resolution: { readonly by: string; readonly disposition: Disposition; readonly reason: string; readonly rev: number; readonly atMs: number } | null;
  /** Claims that ran out or were released. */
  readonly tries: number;
  readonly createdAtMs: number;
  /** Who did what, oldest first, bounded. */
  readonly history: readonly { readonly atMs: number; readonly by: string; readonly action: string; readonly note?: string }[];
}

export type Lane = 'standard' | 'person-at-risk';

/** Why a transition was not made: `not-found`, `wrong-state`, `not-holder` (somebody else's claim, or it ran out). */
export type Refusal = { readonly ok: false; readonly code: 'not-found' | 'wrong-state' | 'not-holder'; readonly state: AlertState | null };
export type Transition = { readonly ok: true; readonly alert: StoredAlert } | Refusal;

export interface AlertQueue {
  /** Raises the epoch and reads the standing in the same step (S20). */
  takeOwnership(owner: string): Promise<Standing>;
  standing(): Promise<Standing>;
  /** Applies frontier, wm and changed contents together, or refuses the whole batch. Equal content makes no revision. */
  deliver(batch: DeliveryBatch): Promise<DeliveryResult>;
  /** Ids of the alerts with `finalAtMs` >= wm: what a new owner compares its replay with. */
  notFinal(wmMs: number): Promise<string[]>;

  /** Takes the first ready alerts of a lane by severity, score and age, under a lease. */
  claim(options: { by: string; lane?: Lane; count?: number; leaseMs?: number; alertId?: string }): Promise<StoredAlert[]>;
  extend(alertId: string, by: string, leaseMs: number): Promise<Transition>;
  release(alertId: string, by: string, note?: string): Promise<Transition>;
  resolve(alertId: string, by: string, disposition: Disposition, reason: string): Promise<Transition>;
  reopen(alertId: string, by: string, reason: string): Promise<Transition>;
  note(alertId: string, by: string, text: string): Promise<Transition>;
  get(alertId: string): Promise<StoredAlert | null>;
  /** In rank order. A retracted alert is listed by none. */
  list(options: { state: AlertState | 'any'; lane?: Lane; limit?: number; after?: string }): Promise<StoredAlert[]>;
  counts(): Promise<Readonly<Record<AlertState, number>>>;
  /** The firehose: every revision, in order, as `alert/1` lines. */
  readFirehose(afterId: string, count: number): Promise<{ id: string; line: string }[]>;
  close(): Promise<void>;
}
