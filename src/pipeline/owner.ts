import { OperatingError } from '../base/errors.ts';
import { sayAll } from './finishing.ts';
import type { InputBatch, InputHandlers, KafkaInput } from './kafka/input.ts';
import { Living } from './living.ts';
import { Mutex } from './mutex.ts';
import { Abandoned, type Patient } from './patience.ts';
import type { Pipeline } from './pipeline.ts';
import { checkSameLog, takeOwnership } from './preparing.ts';
import { finishReplay, replayBatch } from './replaying.ts';
import type { OwnerParts, Tenure } from './tenure.ts';
import type { Movement } from './watch.ts';

/**
 * Where this process stands towards the input:
 *
 *   standby    another member has the partitions; no state is held
 *   preparing  the partitions are here; ownership is being taken (epoch raised, standing and log checked); nothing is read
 *   replaying  the state is rebuilt silently up to the frontier
 *   live       records are taken and delivered
 *   blocked    the engine is full: what was taken is delivered, intake has stopped, and nothing live is evicted
 *
 *   standby → preparing        joined, with partitions
 *   preparing → replaying      the queue has a frontier, so that there is a state to rebuild
 *   preparing → live           it has none
 *   replaying → live           the replay reached the frontier, and what differed is said
 *   live → blocked             engine-full
 *   any → preparing            the queue refused a delivery: another owner came between (after a wait, if the group still agrees)
 *   any → standby              joined, without partitions: the state is dropped
 *   live, replaying, blocked   joined again, with partitions: the state is kept, and it goes on where it stood
 */
export type OwnerState = 'standby' | 'preparing' | 'replaying' | 'live' | 'blocked';

const NO_WAIT = async (): Promise<void> => undefined;

/** Owns the input, or stands by. One thing at a time: taking over, a batch, a tick or the end. */
export class Owner implements InputHandlers {
  state: OwnerState = 'standby';
  private readonly parts: OwnerParts;
  private readonly mutex = new Mutex();
  private readonly living: Living;
  private input: KafkaInput | null = null;
  private tenure: Tenure | null = null;
  private partitions: readonly number[] = [];
  private generation = 0;
  private stopping = false;

  constructor(parts: OwnerParts) {
    this.parts = parts;
    this.living = new Living(parts);
  }

  attach(input: KafkaInput): void {
    this.input = input;
  }

  readonly place = (partition: number, offset: number): string => `${this.parts.options.topics.names.transactions}/${partition}/${offset}`;

  get current(): Pipeline | null {
    return this.tenure?.pipeline ?? null;
  }

  claim(): number {
    return this.current?.epoch ?? 0;
  }

  /** Whether something is being done, or waited for, alone. */
  get isBusy(): boolean {
    return this.mutex.busy;
  }

  /** A join is no movement: joining again and again would hide that nothing is read. */
  get movement(): Movement {
    const { state, tenure } = this;
    const done = tenure === null ? [] : [...[...tenure.pipeline.marks.values()].map(({ next }) => next), ...tenure.replay.values()];
    const said = [this.current?.deliveredWmMs, this.current?.undelivered];
    return {
      mark: [state, this.claim(), this.parts.patience.steps, ...done, ...said].join(),
      isDue: this.mutex.busy || state === 'preparing' || state === 'replaying' || (state === 'live' && this.isBehind),
    };
  }

  /** See `moneytrail_event_delay_seconds`. */
  delayMs(nowMs: number): number {
    const isUpToDate = this.state === 'live' && !this.isBehind;
    return this.current === null || isUpToDate ? 0 : this.current.delayMs(nowMs);
  }

  /** Whether records wait to be read, or what was read to be delivered, as far as is known. */
  private get isBehind(): boolean {
    const { current } = this;
    return current !== null && (current.undelivered > 0 || this.living.isBehind(current));
  }

  joined(partitions: readonly number[]): void {
    this.partitions = partitions;
    this.generation++;
    if (partitions.length > 0) this.prepareLater();
    else this.standBy();
  }

  async batch(batch: InputBatch): Promise<boolean> {
    return this.mutex.run(async () => {
      const { tenure, input } = this;
      if (tenure === null || input === null || this.stopping) return false;
      try {
        if (this.state === 'replaying') return await this.replayedBatch(tenure, input, batch);
        return this.state === 'live' && (await this.liveBatch(tenure, input, batch));
      } catch (error) {
        return this.overcome(error);
      }
    }, batch.keepAlive);
  }

  passed(partition: number, next: number): void {
    const at = this.tenure?.replay.get(partition);
    if (this.state === 'replaying' && at !== undefined) this.tenure?.replay.set(partition, Math.max(at, next));
    if (this.state === 'live') this.current?.passed(partition, next);
  }

  failed(error: unknown): void {
    this.parts.fail(error);
  }

  /** Looks where the partitions end, lets wm advance without records, says what late records changed, tries again what could not be delivered. */
  async tick(): Promise<void> {
    const { tenure, input } = this;
    if (tenure === null || input === null) return;
    const isCurrent = (): boolean => this.tenure === tenure;
    try {
      if (this.state === 'live') await this.living.lookAtEnds(tenure.pipeline, isCurrent);
      if (this.mutex.busy) return;
      await this.mutex.run(async () => {
        if (!isCurrent()) return;
        if (this.state === 'replaying') await this.endReplay(tenure, input, NO_WAIT);
        else if (this.state === 'live' || this.state === 'blocked') await this.living.speakUnasked(tenure);
      });
    } catch (error) {
      if (error instanceof OperatingError && error.retryable) this.parts.patience.failed(error);
      else this.overcome(error);
    }
  }

  /** Says all that is to be said and delivers it, as far as that goes within the time of a stop. */
  async finish(): Promise<void> {
    this.stopping = true;
    this.generation++;
    const untilMs = Date.now() + this.parts.tuning.stopMs;
    // What is under way may wait for a server that does not answer.
    const untilLate = async (): Promise<void> => {
      if (Date.now() > untilMs) throw new Abandoned();
    };
    const all = async (): Promise<boolean> => {
      const { tenure, input, state } = this;
      return tenure === null || input === null || state === 'replaying' || state === 'preparing' || sayAll(this.parts, tenure, input, untilMs);
    };
    const isDone = await this.mutex.run(all, untilLate).catch((error: unknown) => this.overcome(error));
    if (!isDone) this.parts.options.log.warn({}, 'Stopped before all was delivered; the next start does it');
  }

  private standBy(): void {
    const { log } = this.parts.options;
    if (this.tenure === null) log.info({}, 'Standing by: another instance owns the input');
    else log.warn({}, 'Another instance owns the input now; the state is dropped');
    this.drop('standby');
  }

  private drop(state: OwnerState): void {
    this.state = state;
    this.tenure = null;
  }

  /** Answers that a batch was not taken, where that is all that came of it; throws on what this process cannot overcome. */
  private overcome(error: unknown): false {
    if (error instanceof OperatingError && error.code === 'superseded') this.lose();
    else if (!(error instanceof Abandoned)) throw error;
    return false;
  }

  /** The queue refused: the state is dropped, and taken up again where the group still gives this process the partitions. */
  private lose(): void {
    this.parts.options.log.warn({ epoch: this.claim() }, 'The queue refused a delivery: another owner came between; starting again');
    this.input?.pause(this.partitions);
    const delivered = this.current?.deliveredPositions ?? new Map<number, number>();
    this.drop('preparing');
    const generation = ++this.generation;
    const patient = this.patient(() => generation !== this.generation || this.stopping);
    this.comeBack(delivered, patient).catch((error: unknown) => this.failUnlessAbandoned(error));
  }

  /** A commit is the question whether this process is a member at all. Where it is not, the consumer joins by itself, and this is over. */
  private async comeBack(delivered: ReadonlyMap<number, number>, patient: Patient): Promise<void> {
    const { patience, options } = this.parts;
    for (let isMember = false; !isMember; ) {
      await patience.nap(patient);
      try {
        await this.input?.commit(delivered);
        isMember = true;
      } catch (error) {
        options.log.info({ error }, 'Not known as a member of the group; asking again until it is joined');
        patience.failed(null);
      }
      patient.check();
    }
    patience.succeeded();
    this.prepareLater();
  }

  private patient(isOver: () => boolean, wait: Patient['wait'] = NO_WAIT): Patient {
    const check = (): void => {
      if (isOver()) throw new Abandoned();
    };
    return { check, wait };
  }

  /** Of work on this tenure: over with a stop, or with another tenure. */
  private on(tenure: Tenure, wait: Patient['wait']): Patient {
    return this.patient(() => this.stopping || this.tenure !== tenure, wait);
  }

  private failUnlessAbandoned(error: unknown): void {
    if (!(error instanceof Abandoned)) this.parts.fail(error);
  }

  private prepareLater(): void {
    const generation = this.generation;
    const patient = this.patient(() => generation !== this.generation || this.stopping);
    this.mutex.run(() => this.prepare(patient)).catch((error: unknown) => this.failUnlessAbandoned(error));
  }

  private async prepare(patient: Patient): Promise<void> {
    patient.check();
    // Nothing is read any more, and a record that could not be taken is still in the engine's hands.
    if (this.state === 'blocked') return;
    const { topicLog, patience } = this.parts;
    if (this.tenure === null) {
      this.state = 'preparing';
      this.tenure = await takeOwnership(this.parts, this.place, patient);
      if (this.tenure.pipeline.deliveredWmMs !== null) this.state = 'replaying';
    } else await checkSameLog(this.parts, this.tenure.pipeline, patient);
    const { pipeline, replay } = this.tenure;
    const ends = await patience.persist(() => topicLog.ends(), patient);
    for (const partition of this.partitions) if (!pipeline.marks.has(partition)) pipeline.addPartition(partition, ends.get(partition)?.low ?? 0);
    if (this.state !== 'replaying') return this.goLive(pipeline);
    for (const [partition, next] of replay) this.input?.seek(partition, next);
    this.input?.resume([...replay.keys()]);
  }

  private goLive(pipeline: Pipeline): void {
    this.state = 'live';
    for (const [partition, { next }] of pipeline.marks) this.input?.seek(partition, next);
    this.input?.resume(this.partitions);
  }

  private async replayedBatch(tenure: Tenure, input: KafkaInput, batch: InputBatch): Promise<boolean> {
    const isTaken = await replayBatch(this.parts, tenure, input, batch, this.on(tenure, batch.keepAlive));
    if (isTaken) await this.endReplay(tenure, input, batch.keepAlive);
    return isTaken;
  }

  private async endReplay(tenure: Tenure, input: KafkaInput, wait: Patient['wait']): Promise<void> {
    if (this.input === input && (await finishReplay(this.parts, tenure, this.on(tenure, wait)))) this.goLive(tenure.pipeline);
  }

  private async liveBatch(tenure: Tenure, input: KafkaInput, batch: InputBatch): Promise<boolean> {
    const taken = await this.living.batch(tenure, input, batch, this.on(tenure, batch.keepAlive));
    if (taken !== 'full') return taken === 'taken';
    input.pause(this.partitions);
    this.state = 'blocked';
    this.parts.options.log.error(
      { code: 'engine-full' },
      'Intake has stopped: the engine holds as many transactions as it may; raise the bound or shorten windows',
    );
    return false;
  }
}
