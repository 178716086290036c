import { setTimeout as sleep } from 'node:timers/promises';
import type { Standing } from '../alerts/queue.ts';
import { OperatingError } from '../base/errors.ts';
import { Backoff } from './backoff.ts';
import { requireAll } from './checks.ts';
import { createDetector } from './createDetector.ts';
import type { FaultFile } from './faults.ts';
import { Intake } from './intake.ts';
import type { InputBatch, InputHandlers, KafkaInput } from './kafka/input.ts';
import type { Ends, TopicLog } from './kafka/topicLog.ts';
import { Mutex } from './mutex.ts';
import type { RunOptions, Tuning } from './options.ts';
import { Pipeline } from './pipeline.ts';
import { checkDigests, checkLog, type LogView, rolledBack } from './standing.ts';
import { behindMs, ratesInUseOf, ratesLike, viewLog } from './takeover.ts';
import type { Told } from './told.ts';

/**
 * Where this process stands towards the input:
 *
 *   standby    another member has the partitions; no state is held
 *   preparing  the partitions are here; ownership is being taken (epoch raised, standing and log checked); nothing is read
 *   replaying  the state is rebuilt silently up to the frontier
 *   live       records are taken and delivered
 *   blocked    the engine is full: what was taken is delivered, intake has stopped, and nothing live is evicted
 *
 *   standby → preparing      joined, with partitions
 *   preparing → replaying    the queue has a frontier with something to rebuild
 *   preparing → live         it has not
 *   replaying → live         the replay reached the frontier, and what differed is said
 *   live → blocked           engine-full
 *   any → preparing          the queue refused a delivery: another owner came between (after a wait, if the group still agrees)
 *   any → standby            joined, without partitions: the state is dropped
 *   live, replaying, blocked  joined again, with partitions: the state is kept, and it goes on where it stood
 */
export type OwnerState = 'standby' | 'preparing' | 'replaying' | 'live' | 'blocked';

/** Thrown inside when the work was overtaken by a stop or another join; never leaves this file. */
class Abandoned extends Error {}

type Wait = () => Promise<void>;
const NO_WAIT: Wait = async () => undefined;
/** Longest piece of a wait between two signs of life. */
const NAP_MS = 100;

export interface OwnerParts {
  readonly options: RunOptions;
  readonly tuning: Tuning;
  readonly ownerName: string;
  readonly topicLog: TopicLog;
  readonly faults: FaultFile;
  readonly tell: (told: readonly Told[]) => Promise<void>;
  /** The run cannot go on. */
  readonly fail: (error: unknown) => void;
}

/** Owns the input, or stands by: takes over, replays, takes batches, delivers. */
export class Owner implements InputHandlers {
  state: OwnerState = 'standby';
  /** Codes of what an operator has to look at; the run goes on. */
  readonly alarms = new Set<string>();
  private readonly parts: OwnerParts;
  private readonly topic: string;
  private readonly mutex = new Mutex();
  private readonly backoff = new Backoff();
  private input: KafkaInput | null = null;
  private pipeline: Pipeline | null = null;
  private intake: Intake | null = null;
  private partitions: readonly number[] = [];
  /** By partition: the next offset of the replay. */
  private replay = new Map<number, number>();
  /** Whether the log has lost a part of what the replay needs, which the operator accepted. */
  private hasGap = false;
  private generation = 0;
  private stopping = false;
  private failingSinceMs: number | null = null;
  private committedAtMs = 0;
  private endsAt = { greatestMs: Number.NaN, ms: 0 };

  constructor(parts: OwnerParts) {
    this.parts = parts;
    this.topic = parts.options.topics.names.transactions;
  }

  attach(input: KafkaInput): void {
    this.input = input;
  }

  readonly place = (partition: number, offset: number): string => `${this.topic}/${partition}/${offset}`;

  /** How long deliveries or the brokers have been failing, 0 where they are not. */
  failingMs(nowMs: number): number {
    return this.failingSinceMs === null ? 0 : nowMs - this.failingSinceMs;
  }

  get current(): Pipeline | null {
    return this.pipeline;
  }

  claim(): number {
    return this.pipeline?.epoch ?? 0;
  }

  joined(partitions: readonly number[]): void {
    this.generation++;
    this.partitions = partitions;
    const { log } = this.parts.options;
    if (partitions.length > 0) {
      this.start(this.generation);
      return;
    }
    log.info({}, this.pipeline === null ? 'Standing by: another instance owns the input' : 'Another instance owns the input now; the state is dropped');
    this.drop('standby');
  }

  async batch(batch: InputBatch): Promise<boolean> {
    return this.mutex.run(async () => {
      try {
        if (this.stopping) return false;
        if (this.state === 'replaying') return await this.replayBatch(batch);
        if (this.state === 'live') return await this.liveBatch(batch);
        return false;
      } catch (error) {
        if (error instanceof Abandoned) return false;
        if (!this.isSuperseded(error)) throw error;
        this.lose();
        return false;
      }
    }, batch.keepAlive);
  }

  passed(partition: number, next: number): void {
    const at = this.replay.get(partition);
    if (this.state === 'replaying' && at !== undefined) this.replay.set(partition, Math.max(at, next));
    if (this.state === 'live') this.pipeline?.passed(partition, next);
  }

  failed(error: unknown): void {
    this.parts.fail(error);
  }

  /** Looks where the partitions end, lets wm advance without records, says what late records changed, tries again what could not be delivered. */
  async tick(): Promise<void> {
    const pipeline = this.pipeline;
    if (pipeline === null) return;
    try {
      if (this.state === 'live') await this.lookAtEnds(pipeline);
      if (this.mutex.busy) return;
      await this.mutex.run(async () => {
        if (this.pipeline !== pipeline) return;
        if (this.state === 'replaying') await this.finishReplay(pipeline, NO_WAIT);
        else if (this.state === 'live' || this.state === 'blocked') await this.speakUnasked(pipeline);
      });
    } catch (error) {
      if (error instanceof Abandoned) return;
      if (this.isSuperseded(error)) this.lose();
      else if (error instanceof OperatingError && error.retryable) this.noteFailure(error);
      else throw error;
    }
  }

  /** Says all that is to be said and delivers it, as far as that goes within the time of a stop. */
  async finish(): Promise<void> {
    this.stopping = true;
    this.generation++;
    const untilMs = Date.now() + this.parts.tuning.stopMs;
    await this.mutex.run(async () => {
      const pipeline = this.pipeline;
      if (pipeline === null || this.state === 'replaying' || this.state === 'preparing') return;
      while (!(await pipeline.flush())) {
        if (Date.now() > untilMs) return this.parts.options.log.warn({}, 'Stopped before all was delivered; the next start does it');
        await sleep(NAP_MS);
      }
      this.intake?.close(true);
      while (!(await pipeline.flush()) && Date.now() <= untilMs) await sleep(NAP_MS);
      await this.commit(pipeline).catch((error: unknown) => this.parts.options.log.debug({ error }, 'The last commit failed; it only serves lag tools'));
    });
  }

  private drop(state: OwnerState): void {
    this.state = state;
    this.pipeline = null;
    this.intake = null;
    this.replay.clear();
  }

  private start(generation: number): void {
    this.mutex
      .run(() => this.prepare(generation))
      .catch((error: unknown) => {
        if (!(error instanceof Abandoned)) this.parts.fail(error);
      });
  }

  private isSuperseded(error: unknown): boolean {
    return error instanceof OperatingError && error.code === 'superseded';
  }

  /** The queue refused: the state is dropped, and taken up again where the group still gives this process the partitions. */
  private lose(): void {
    this.parts.options.log.warn({ epoch: this.claim() }, 'The queue refused a delivery: another owner came between; starting again');
    this.input?.pause(this.partitions);
    const committed = this.pipeline?.deliveredPositions ?? new Map<number, number>();
    this.drop('preparing');
    const generation = ++this.generation;
    void sleep(this.backoff.next()).then(async () => {
      try {
        // A commit is the question whether this process is a member at all; where it is not, the consumer joins by itself.
        await this.input?.commit(committed);
      } catch (error) {
        this.parts.options.log.info({ error }, 'No longer a member of the group; joining again');
        return;
      }
      if (generation === this.generation && !this.stopping) this.start(generation);
    });
  }

  // ── preparing ──────────────────────────────────────────────────────────────────────────────────────────────────────

  private async prepare(generation: number): Promise<void> {
    const check = (): void => {
      if (generation !== this.generation || this.stopping) throw new Abandoned();
    };
    check();
    // Nothing is read any more; a batch that could not be taken is still in the engine's hands.
    if (this.state === 'blocked') return;
    if (this.pipeline === null) await this.takeOwnership(check);
    const pipeline = this.pipeline!;
    const ends = await this.persist(() => this.parts.topicLog.ends(), check);
    for (const partition of this.partitions) if (!pipeline.marks.has(partition)) pipeline.addPartition(partition, ends.get(partition)?.low ?? 0);
    if (this.state === 'replaying') for (const [partition, next] of this.replay) this.input?.seek(partition, next);
    else this.goLive(pipeline);
    this.input?.resume(this.state === 'replaying' ? [...this.replay.keys()] : this.partitions);
  }

  private async takeOwnership(check: () => void): Promise<void> {
    const { options, faults, tell, ownerName, tuning } = this.parts;
    const { queue, ruleSet, rates, settings, metrics, log } = options;
    this.state = 'preparing';
    const standing = await this.persist(() => queue.takeOwnership(ownerName), check);
    requireAll(checkDigests(standing, ruleSet.digest, (stored) => ratesLike(rates, stored), options.redisPrefix));
    const typologies = ruleSet.typologies.filter((typology) => typology.status === 'active');
    const prefix = options.prefixBySource === undefined ? {} : { prefixBySource: options.prefixBySource };
    const detector = createDetector({ typologies, rates, settings: { ...settings, place: this.place }, ...prefix });
    const view = await this.persist(() => viewLog(this.parts.topicLog, this.topic, standing, detector.engine.retentionMs), check);
    requireAll(checkLog(standing, view, options.acceptGap ?? false));
    this.hasGap = checkLog(standing, view, false).some((check) => !check.ok);
    const pipeline = new Pipeline(
      {
        detector,
        queue,
        tell,
        topic: this.topic,
        place: this.place,
        behindMs: behindMs(settings),
        lateSayMs: tuning.lateSayMs,
        rulesDigest: ruleSet.digest,
        ratesDigest: ratesInUseOf(rates),
        metrics,
        log,
      },
      standing,
      faults.poisoned,
      Date.now(),
    );
    for (const [partition, { low }] of view.ends) if (pipeline.marks.has(partition)) pipeline.passed(partition, low);
    await this.warnOfRollBack(pipeline, check);
    this.pipeline = pipeline;
    this.intake = new Intake(pipeline, faults, this.place);
    metrics.count('moneytrail_takeovers_total');
    this.planReplay(pipeline, standing, view);
  }

  private planReplay(pipeline: Pipeline, standing: Standing, view: LogView): void {
    const { log } = this.parts.options;
    this.replay.clear();
    if (standing.wmMs === null) {
      log.info({ epoch: standing.epoch }, 'Owner of the input; nothing was delivered before');
      return;
    }
    pipeline.detector.beginReplay(!this.parts.faults.isEmpty);
    let records = 0;
    for (const [partition, { next }] of pipeline.marks) {
      const from = view.replayFrom.get(partition) ?? next;
      if (from >= next) continue;
      this.replay.set(partition, from);
      records += next - from;
    }
    this.state = 'replaying';
    log.info({ epoch: standing.epoch, records }, 'Owner of the input; rebuilding the state from the log');
  }

  private async warnOfRollBack(pipeline: Pipeline, check: () => void): Promise<void> {
    const committed = await this.persist(() => this.parts.topicLog.committed(this.parts.options.group), check);
    const partitions = rolledBack(pipeline.marks, committed);
    if (partitions.length === 0) return;
    this.alarms.add('queue-rolled-back');
    this.parts.options.log.error(
      { code: 'queue-rolled-back', partitions: partitions.length },
      'The queue is behind what was committed: it was set back, and what analysts did since is lost',
    );
  }

  private goLive(pipeline: Pipeline): void {
    this.state = 'live';
    for (const [partition, { next }] of pipeline.marks) this.input?.seek(partition, next);
  }

  // ── replaying ──────────────────────────────────────────────────────────────────────────────────────────────────────

  private async replayBatch(batch: InputBatch): Promise<boolean> {
    const pipeline = this.pipeline!;
    const expected = this.replay.get(batch.partition);
    if (expected === undefined) return false;
    if (!(await this.fits(batch, expected))) return false;
    const until = pipeline.mark(batch.partition).next;
    // Suspects are only met in a careful replay.
    await this.intake!.take(batch, expected, until, async () => this.intake!.probe());
    this.replay.set(batch.partition, batch.nextOffset);
    if (batch.nextOffset >= until) this.input?.pause([batch.partition]);
    await this.finishReplay(pipeline, batch.keepAlive);
    return true;
  }

  /** Ends the replay where every partition has reached the frontier. Broken off, it is taken up again by the next tick. */
  private async finishReplay(pipeline: Pipeline, wait: Wait): Promise<void> {
    for (const [partition, next] of this.replay) if (next < pipeline.mark(partition).next) return;
    const { log } = this.parts.options;
    const check = this.checkHere();
    const wmMs = pipeline.deliveredWmMs!;
    const said = this.intake!.endReplay();
    const stale = this.hasGap ? [] : await this.staleAlerts(wmMs, said, check, wait);
    if (this.hasGap) pipeline.forgetReplay();
    else pipeline.takeOver(stale);
    await this.deliverAll(pipeline, wait);
    this.clearFaults(pipeline);
    this.replay.clear();
    this.goLive(pipeline);
    this.input?.resume(this.partitions);
    log.info({ epoch: pipeline.epoch, alerts: said.size, count: stale.length }, 'The state is rebuilt; going on');
  }

  /** What stands in the queue as not final and was not said by the replay. */
  private async staleAlerts(wmMs: number, said: ReadonlySet<string>, check: () => void, wait: Wait): Promise<{ alertId: string; finalAtMs: number }[]> {
    const { queue } = this.parts.options;
    const stale: { alertId: string; finalAtMs: number }[] = [];
    for (const alertId of await this.persist(() => queue.notFinal(wmMs), check, wait)) {
      if (said.has(alertId)) continue;
      const alert = await this.persist(() => queue.get(alertId), check, wait);
      if (alert !== null && alert.content !== null && !alert.withdrawn) stale.push({ alertId, finalAtMs: alert.finalAtMs });
    }
    return stale;
  }

  // ── live ───────────────────────────────────────────────────────────────────────────────────────────────────────────

  private async liveBatch(batch: InputBatch): Promise<boolean> {
    const pipeline = this.pipeline!;
    const started = performance.now();
    await this.deliverAll(pipeline, batch.keepAlive);
    const { next } = pipeline.mark(batch.partition);
    if (!(await this.fits(batch, next))) return false;
    if (pipeline.firstReceiptMs === null) {
      const first = await this.persist(() => this.parts.topicLog.firstReceiptMs(), this.checkHere(), batch.keepAlive);
      pipeline.setFirstReceipt(first ?? Number(batch.messages[0]!.timestamp));
    }
    const isFull = await this.takeUntilFull(pipeline, batch, next);
    if (!isFull) pipeline.passed(batch.partition, batch.nextOffset);
    this.intake!.close(false);
    await this.deliverAll(pipeline, batch.keepAlive);
    this.parts.options.metrics.observe('moneytrail_batch_seconds', (performance.now() - started) / 1000);
    this.clearFaults(pipeline);
    if (Date.now() - this.committedAtMs >= this.parts.tuning.commitMs) await this.commit(pipeline);
    return !isFull;
  }

  /** Takes the batch; true where the engine is full, and intake ends here. */
  private async takeUntilFull(pipeline: Pipeline, batch: InputBatch, from: number): Promise<boolean> {
    try {
      await this.intake!.take(batch, from, Number.POSITIVE_INFINITY, async () => {
        this.intake!.close(true);
        await this.deliverAll(pipeline, batch.keepAlive);
      });
      return false;
    } catch (error) {
      if (!(error instanceof OperatingError && error.code === 'engine-full')) throw error;
      this.input?.pause(this.partitions);
      this.state = 'blocked';
      this.parts.options.log.error({ error }, 'Intake has stopped: the engine holds as many transactions as it may; raise the bound or shorten windows');
      return true;
    }
  }

  private clearFaults(pipeline: Pipeline): void {
    const { faults, options } = this.parts;
    if (faults.isEmpty || !pipeline.isSkipStored) return;
    for (const place of faults.passed(pipeline.deliveredPositions)) {
      this.alarms.add('engine-fault');
      options.log.error({ code: 'engine-fault', place }, 'A record that twice ended the process was put into quarantine and is skipped');
    }
  }

  private async speakUnasked(pipeline: Pipeline): Promise<void> {
    if (pipeline.isDelivered && pipeline.wantsClose(Date.now())) this.intake!.close(false);
    if (!(await pipeline.flush())) return this.noteFailure(null);
    this.noteSuccess();
    this.clearFaults(pipeline);
  }

  private async lookAtEnds(pipeline: Pipeline): Promise<void> {
    const { greatestMs } = pipeline;
    const nowMs = Date.now();
    if (greatestMs === this.endsAt.greatestMs && nowMs - this.endsAt.ms < 10 * this.parts.tuning.tickMs) return;
    const before = positions(pipeline);
    const ends = await this.parts.topicLog.ends();
    if (this.pipeline !== pipeline) return;
    this.endsAt = { greatestMs, ms: nowMs };
    for (const [partition, { high }] of ends) {
      const next = before.get(partition);
      if (next === undefined) continue;
      if (next > high)
        throw new OperatingError('topic-renewed', `The topic ${this.topic} ends before what was read of partition ${partition}: it was made anew or cut`);
      pipeline.ended(partition, high, greatestMs);
      this.parts.options.metrics.gauge('moneytrail_lag_records', Math.max(0, high - pipeline.mark(partition).next), { partition: String(partition) });
    }
  }

  // ── everywhere ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Whether the batch goes on where it should. A later beginning is fine where only markers lie between; an earlier one is read again from the right
   * place. kafkajs says nothing when it was set back to the beginning of a log, so that anything else ends the run.
   */
  private async fits(batch: InputBatch, expected: number): Promise<boolean> {
    if (batch.firstOffset === expected) return true;
    const end = (await this.persist(() => this.parts.topicLog.ends(), this.checkHere(), batch.keepAlive)).get(batch.partition);
    if (!holds(end, expected)) {
      throw new OperatingError(
        'input-gap',
        `Partition ${batch.partition} of ${this.topic} no longer holds offset ${expected}: records were removed, or the topic was made anew`,
      );
    }
    if (batch.firstOffset > expected) return true;
    this.input?.seek(batch.partition, expected);
    return false;
  }

  private async deliverAll(pipeline: Pipeline, wait: Wait): Promise<void> {
    const check = this.checkHere();
    while (!(await pipeline.flush())) {
      this.noteFailure(null);
      await this.nap(this.backoff.next(), check, wait);
    }
    this.noteSuccess();
  }

  /** Tries again and again what may pass. `check` throws where there is no use any more. */
  private async persist<T>(work: () => Promise<T>, check: () => void, wait: Wait = NO_WAIT): Promise<T> {
    for (;;) {
      try {
        const result = await work();
        check();
        this.noteSuccess();
        return result;
      } catch (error) {
        if (!(error instanceof OperatingError && error.retryable)) throw error;
        this.noteFailure(error);
        this.parts.options.log.warn({ error }, 'A server does not answer; trying again');
        await this.nap(this.backoff.next(), check, wait);
      }
    }
  }

  /** Throws as soon as a stop, or another state than the present one, makes the work useless. */
  private checkHere(): () => void {
    const { pipeline } = this;
    return () => {
      if (this.stopping || this.pipeline !== pipeline) throw new Abandoned();
    };
  }

  private async nap(ms: number, check: () => void, wait: Wait): Promise<void> {
    for (let left = ms; left > 0; left -= NAP_MS) {
      await sleep(Math.min(left, NAP_MS));
      check();
      await wait();
    }
  }

  private noteFailure(error: OperatingError | null): void {
    this.failingSinceMs ??= Date.now();
    if (error !== null) this.parts.options.metrics.count('moneytrail_retries_total', 1, { what: 'server', code: error.code });
  }

  private noteSuccess(): void {
    this.failingSinceMs = null;
    this.backoff.reset();
  }

  private async commit(pipeline: Pipeline): Promise<void> {
    this.committedAtMs = Date.now();
    if (pipeline.isDelivered && this.input !== null) await this.input.commit(pipeline.deliveredPositions);
  }
}

function positions(pipeline: Pipeline): Map<number, number> {
  return new Map([...pipeline.marks].map(([partition, { next }]) => [partition, next]));
}

function holds(end: Ends | undefined, offset: number): boolean {
  return end !== undefined && end.low <= offset && offset <= end.high;
}
