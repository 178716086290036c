import type { AlertQueue, DeliveryBatch, DeliveryResult, Standing } from '../alerts/queue.ts';
import { assert } from '../base/assert.ts';
import { OperatingError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { AlertChange } from '../detection/content.ts';
import type { Detector } from './detector.ts';
import { frontierOf, type Mark, type Marks, marksOf, sameFrontier } from './marks.ts';
import type { Metrics } from './metrics.ts';
import { Progress } from './progress.ts';
import type { Told } from './told.ts';

/** One record of the input with its place and receipt time. */
export interface RawRecord {
  readonly bytes: Uint8Array;
  readonly partition: number;
  readonly offset: number;
  readonly r: number;
  /** The header `format`; undefined is `transaction/1`. */
  readonly format?: string;
}

export interface PipelineOptions {
  readonly detector: Detector;
  readonly queue: Pick<AlertQueue, 'deliver'>;
  /** Writes to the quarantine and late topics; resolves when they are acknowledged. */
  readonly tell: (told: readonly Told[]) => Promise<void>;
  readonly topic: string;
  readonly place: (partition: number, offset: number) => string;
  /** Greatest lateness and slack together. */
  readonly behindMs: number;
  /** What late records and erasures change is said within this time (S13). */
  readonly lateSayMs: number;
  readonly rulesDigest: string;
  /** Digest of the rates in use up to a time of receipt. */
  readonly ratesDigest: (receivedMs: number) => string;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** A replay delivers what differs in pieces: the frontier does not move meanwhile. */
const TAKEOVER_CHANGES_MAX = 200;
/** Time between two sweeps over what late records touched, as a multiple of what a sweep takes. */
const LATE_REST = 9;

/**
 * The owner's way from records to the queue (S20), pure of Kafka: applies records, moves the frontier, makes batches and delivers them, each told record
 * acknowledged before the frontier passes it. A batch that could not be delivered stays and is tried again; nothing is made on top of it.
 */
export class Pipeline {
  readonly detector: Detector;
  readonly marks: Marks;
  readonly epoch: number;
  private readonly options: PipelineOptions;
  private readonly progress: Progress;
  /** Places that replays skip. */
  private readonly skip: Set<string>;
  /** Those of them that were not told yet. */
  private readonly poisoned: Set<string>;
  /** Number of them as stored with the frontier. */
  private skipStored: number;
  private wmMs: number | null;
  private frontier: Readonly<Record<string, number>>;
  private firstReceipt: number | null;
  private told: Told[] = [];
  private outbox: DeliveryBatch[] = [];
  private replayed: AlertChange[] | null = null;
  /** r of the record taken last since the last delivery. */
  private lastR: number | null = null;
  private saidLateAtMs: number;
  private sayLateTookMs = 0;
  /** Whether what a replay has was put into the outbox. */
  isReplayOver = false;
  /** Whether a record came that only broken clocks explain (S4). */
  skewSeen = false;

  /** `standing`: what `takeOwnership` answered. `poisoned`: places of the records to be skipped from now on. */
  constructor(options: PipelineOptions, standing: Standing, poisoned: readonly string[], nowMs: number) {
    this.options = options;
    this.detector = options.detector;
    this.epoch = standing.epoch;
    this.marks = marksOf(standing.frontier, options.topic);
    this.frontier = standing.frontier;
    this.wmMs = standing.wmMs;
    this.firstReceipt = standing.firstReceiptMs;
    this.skip = new Set([...standing.skip, ...poisoned]);
    this.skipStored = standing.skip.length;
    this.poisoned = new Set(poisoned.filter((place) => !standing.skip.includes(place)));
    this.progress = new Progress(this.marks.keys(), options.behindMs, standing.wmMs ?? Number.NEGATIVE_INFINITY);
    for (const [partition, { greatestMs }] of this.marks) this.progress.consumed(partition, greatestMs);
    this.saidLateAtMs = nowMs;
    if (standing.firstReceiptMs !== null) this.detector.engine.setFirstReceipt(standing.firstReceiptMs);
  }

  /** wm as delivered last; null before the first batch. */
  get deliveredWmMs(): number | null {
    return this.wmMs;
  }

  /** How long ago it is, in receipt time, up to which everything is delivered; 0 before the first receipt. It grows also while nothing comes. */
  delayMs(nowMs: number): number {
    return this.firstReceipt === null ? 0 : Math.max(0, nowMs - Math.max(this.firstReceipt, (this.wmMs ?? 0) + this.options.behindMs));
  }

  get firstReceiptMs(): number | null {
    return this.firstReceipt;
  }

  /** B of S18, at the first start, before the first record. */
  setFirstReceipt(ms: number): void {
    assert(this.firstReceipt === null, 'the first receipt is set once');
    this.firstReceipt = ms;
    this.detector.engine.setFirstReceipt(ms);
  }

  /** A partition without a mark, which begins at `first`. */
  addPartition(partition: number, first: number): void {
    assert(!this.marks.has(partition), 'a partition is added once');
    this.marks.set(partition, { next: first, first, greatestMs: Number.NEGATIVE_INFINITY });
    this.progress.add(partition);
  }

  mark(partition: number): Mark {
    const mark = this.marks.get(partition);
    assert(mark !== undefined, 'a partition that is read has a mark');
    return mark;
  }

  /** Takes one record: silently again behind the frontier, otherwise the next of its partition. Throws `OperatingError('engine-full')` with nothing changed. */
  take(record: RawRecord): void {
    const { bytes, partition, offset, r, format } = record;
    const mark = this.mark(partition);
    const place = this.skip.size > 0 ? this.options.place(partition, offset) : '';
    if (this.poisoned.delete(place)) this.detector.skipFault(bytes, partition, offset);
    else if (!this.skip.has(place) && this.detector.read(bytes, partition, offset, format) !== null) this.detector.apply(r);
    this.progress.consumed(partition, r);
    if (r > mark.greatestMs) mark.greatestMs = r;
    if (offset >= mark.next) mark.next = offset + 1;
    this.lastR = r;
  }

  /** What lies before `next` and is no record (markers of transactions) was passed. */
  passed(partition: number, next: number): void {
    const mark = this.mark(partition);
    if (next > mark.next) mark.next = next;
  }

  /** The greatest r consumed so far, to be taken before asking where the partitions end. */
  get greatestMs(): number {
    return this.progress.greatestMs;
  }

  /** The partition ended at `high` at some moment after `greatestMs` had this value. */
  ended(partition: number, high: number, greatestMs: number): void {
    if (this.mark(partition).next >= high) this.progress.readToEnd(partition, greatestMs);
  }

  /** Whether all places to be skipped are stored with the frontier. */
  get isSkipStored(): boolean {
    return this.skip.size === this.skipStored;
  }

  /** What late records change is gathered, since one sweep over many costs less; the sweeps may take a tenth of the time, and are never further apart than allowed. */
  private isLateDue(nowMs: number): boolean {
    return nowMs - this.saidLateAtMs >= Math.min(this.options.lateSayMs, LATE_REST * this.sayLateTookMs);
  }

  /** Whether there is something to make a batch of although no record came. */
  wantsClose(nowMs: number): boolean {
    return this.outbox.length === 0 && (this.isLateDue(nowMs) || !this.isSkipStored || Math.max(this.progress.wmMs, 0) > (this.wmMs ?? 0));
  }

  /**
   * Ends a batch: advances wm and puts what is to be said into the outbox. `all`: also what late records changed, which may otherwise wait.
   * Answers whether all was said. Throws only what our own mistakes throw.
   */
  close(nowMs: number, all: boolean): boolean {
    assert(this.outbox.length === 0, 'a batch is delivered before the next is made');
    if (this.firstReceipt === null) return false;
    this.told.push(...this.detector.drainTold());
    const skewed = this.detector.drainSkewed();
    for (const place of skewed) this.skip.add(place);
    if (skewed.length > 0) this.skewSeen = true;
    const wmMs = Math.max(this.progress.wmMs, this.wmMs ?? 0, 0);
    this.detector.advance(wmMs);
    const full = all || this.isLateDue(nowMs);
    const startedMs = performance.now();
    const changes = this.detector.drain({ deferLate: !full });
    if (full) {
      this.saidLateAtMs = nowMs;
      this.sayLateTookMs = performance.now() - startedMs;
    }
    this.countNotices();
    const frontier = frontierOf(this.marks, this.options.topic);
    if (changes.length > 0 || wmMs !== this.wmMs || !this.isSkipStored || !sameFrontier(frontier, this.frontier))
      this.outbox.push(this.batch(frontier, wmMs, changes));
    return full;
  }

  /** Ends a silent replay and answers the ids of the alerts not yet final, as it has them. Asked again, it answers the same until `takeOver`. */
  endReplay(): ReadonlySet<string> {
    if (this.replayed === null) {
      assert(this.wmMs !== null && this.outbox.length === 0, 'a replay ends at a stored frontier');
      this.replayed = this.detector.endReplay(this.wmMs);
    }
    return new Set(this.replayed.map((change) => change.alertId));
  }

  /** The log has lost a part of what the replay needed: what it says is less than what stands in the queue, and says nothing against it. */
  forgetReplay(): void {
    this.isReplayOver = true;
    this.told.push(...this.detector.drainTold());
    this.replayed = null;
  }

  /** Puts what the replay has into the outbox; the queue revises what differs from it. `stale`: what stands there and the replay does not say: to be withdrawn. */
  takeOver(stale: readonly { readonly alertId: string; readonly finalAtMs: number }[]): void {
    assert(this.replayed !== null && this.wmMs !== null, 'a replay is ended before it is delivered');
    const gone = stale.map(({ alertId, finalAtMs }): AlertChange => ({ alertId, finalAtMs, content: null, contentDigest: '' }));
    const changes = [...this.replayed, ...gone];
    this.isReplayOver = true;
    this.told.push(...this.detector.drainTold());
    this.replayed = null;
    this.lastR = null;
    for (let i = 0; i < changes.length; i += TAKEOVER_CHANGES_MAX) {
      this.outbox.push(this.batch(this.frontier, this.wmMs, changes.slice(i, i + TAKEOVER_CHANGES_MAX)));
    }
  }

  /** By partition, the next offset as delivered last. */
  get deliveredPositions(): ReadonlyMap<number, number> {
    return new Map([...marksOf(this.frontier, this.options.topic)].map(([partition, { next }]) => [partition, next]));
  }

  /** Batches that are still to be delivered. */
  get undelivered(): number {
    return this.outbox.length;
  }

  /** Tries once to deliver all that waits. False: a failure that may pass; try again later. Throws `OperatingError('superseded')` where another owner took over. */
  async flush(): Promise<boolean> {
    try {
      if (this.told.length > 0) await this.tell();
      while (this.outbox.length > 0) await this.deliver(this.outbox[0]!);
      return true;
    } catch (error) {
      if (!(error instanceof OperatingError && error.retryable)) throw error;
      this.options.metrics.count('moneytrail_retries_total', 1, { what: 'delivery', code: error.code });
      this.options.log.warn({ error }, 'A delivery failed and is tried again');
      return false;
    }
  }

  private async tell(): Promise<void> {
    await this.options.tell(this.told);
    for (const { to, code } of this.told) this.options.metrics.count('moneytrail_told_total', 1, { topic: to, code });
    this.told = [];
  }

  private async deliver(batch: DeliveryBatch): Promise<void> {
    const started = performance.now();
    const result = await this.options.queue.deliver(batch);
    this.options.metrics.observe('moneytrail_delivery_seconds', (performance.now() - started) / 1000);
    this.settle(batch, result);
    this.outbox.shift();
    this.frontier = batch.after.frontier;
    this.wmMs = batch.after.wmMs;
    this.skipStored = batch.skip.length;
  }

  /** An owner that is refused while what is stored is its own "after" was applied, and only the answer was lost. */
  private settle(batch: DeliveryBatch, result: DeliveryResult): void {
    const { metrics } = this.options;
    if (result.applied) {
      metrics.count('moneytrail_deliveries_total', 1, { result: 'applied' });
      metrics.count('moneytrail_alert_revisions_total', result.revisions);
      if (batch.changes.length > 0 && this.lastR !== null) metrics.observe('moneytrail_append_to_alert_seconds', Math.max(0, Date.now() - this.lastR) / 1000);
      this.lastR = null;
      return;
    }
    const { epoch, frontier, wmMs } = result.stored;
    const isOwn = epoch === batch.epoch && wmMs === batch.after.wmMs && sameFrontier(frontier, batch.after.frontier);
    metrics.count('moneytrail_deliveries_total', 1, { result: isOwn ? 'applied-before' : 'refused' });
    if (!isOwn) throw new OperatingError('superseded', 'another process took over the input, or the queue was rolled back');
  }

  private batch(frontier: Readonly<Record<string, number>>, wmMs: number, changes: readonly AlertChange[]): DeliveryBatch {
    assert(this.firstReceipt !== null, 'the first receipt is known before the first batch');
    return {
      epoch: this.epoch,
      before: { frontier: this.frontier, wmMs: this.wmMs },
      after: { frontier, wmMs },
      firstReceiptMs: this.firstReceipt,
      rulesDigest: this.options.rulesDigest,
      ratesDigest: this.options.ratesDigest(this.progress.greatestMs),
      skip: [...this.skip],
      changes,
    };
  }

  private countNotices(): void {
    for (const { typology, cause } of this.detector.drainNotices()) this.options.metrics.count('moneytrail_notices_total', 1, { typology, cause });
  }
}
