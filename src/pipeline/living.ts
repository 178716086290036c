import { OperatingError } from '../base/errors.ts';
import type { InputBatch, KafkaInput } from './kafka/input.ts';
import type { Patient } from './patience.ts';
import type { Pipeline } from './pipeline.ts';
import { clearFaults, fits, type OwnerParts, type Tenure } from './tenure.ts';

/** What became of a batch. `again`: it is read again from the right place. `full`: the engine is full, and what it could not hold was not taken. */
export type Taken = 'taken' | 'again' | 'full';

/** With nothing new consumed the ends of the partitions are still looked at now and then. */
const QUIET_TICKS = 10;

/** Live work on the input: takes batches, delivers, commits, and looks where the partitions end. */
export class Living {
  private readonly parts: OwnerParts;
  private committedAtMs = 0;
  private looked = { greatestMs: Number.NaN, atMs: 0 };
  /** By partition, where it ended when that was looked at last. */
  private highs: ReadonlyMap<number, number> = new Map();

  constructor(parts: OwnerParts) {
    this.parts = parts;
  }

  async batch({ pipeline, intake }: Tenure, input: KafkaInput, batch: InputBatch, patient: Patient): Promise<Taken> {
    const { patience, topicLog, options, tuning } = this.parts;
    const started = performance.now();
    // What an earlier batch, broken off by a rebalance, has left.
    await patience.deliver(pipeline, patient);
    const { next } = pipeline.mark(batch.partition);
    if (!(await fits(this.parts, input, batch, next, patient))) return 'again';
    if (pipeline.firstReceiptMs === null) {
      const first = await patience.persist(() => topicLog.firstReceiptMs(), patient);
      pipeline.setFirstReceipt(first ?? Number(batch.messages[0]!.timestamp));
    }
    const isFull = await this.takeUntilFull({ pipeline, intake }, batch, next, patient);
    if (!isFull) pipeline.passed(batch.partition, batch.nextOffset);
    intake.close(false);
    await patience.deliver(pipeline, patient);
    options.metrics.observe('moneytrail_batch_seconds', (performance.now() - started) / 1000);
    clearFaults(this.parts, pipeline);
    if (Date.now() - this.committedAtMs >= tuning.commitMs) await this.commit(pipeline, input);
    return isFull ? 'full' : 'taken';
  }

  private async takeUntilFull({ pipeline, intake }: Pick<Tenure, 'pipeline' | 'intake'>, batch: InputBatch, from: number, patient: Patient): Promise<boolean> {
    try {
      await intake.take(batch, from, Number.POSITIVE_INFINITY, async () => {
        intake.close(true);
        await this.parts.patience.deliver(pipeline, patient);
      });
      return false;
    } catch (error) {
      if (error instanceof OperatingError && error.code === 'engine-full') return true;
      throw error;
    }
  }

  /** Says what is due although no record came, and tries once to deliver what waits. */
  async speakUnasked({ pipeline, intake }: Tenure): Promise<void> {
    const { patience } = this.parts;
    if (pipeline.undelivered === 0 && pipeline.wantsClose(Date.now())) intake.close(false);
    if (!(await pipeline.flush())) return patience.failed(null);
    patience.succeeded();
    clearFaults(this.parts, pipeline);
  }

  /** Partitions that were read to their end hold wm back no longer. `isCurrent`: asked after the answer, whether it is still of use. */
  async lookAtEnds(pipeline: Pipeline, isCurrent: () => boolean): Promise<void> {
    const { topicLog, options, tuning } = this.parts;
    const { greatestMs } = pipeline;
    const nowMs = Date.now();
    if (greatestMs === this.looked.greatestMs && nowMs - this.looked.atMs < QUIET_TICKS * tuning.tickMs) return;
    const before = new Map([...pipeline.marks].map(([partition, { next }]) => [partition, next]));
    const ends = await topicLog.ends();
    if (!isCurrent()) return;
    this.looked = { greatestMs, atMs: nowMs };
    this.highs = new Map([...ends].map(([partition, { high }]) => [partition, high]));
    for (const [partition, { high }] of ends) {
      const next = before.get(partition);
      if (next === undefined) continue;
      if (next > high)
        throw new OperatingError(
          'topic-renewed',
          `Partition ${partition} of ${options.topics.names.transactions} ends before what was read of it: the topic was made anew, or cut`,
        );
      pipeline.ended(partition, high, greatestMs);
      options.metrics.gauge('moneytrail_lag_records', Math.max(0, high - pipeline.mark(partition).next), { partition: String(partition) });
    }
  }

  /** Whether there are records that wait to be read, as far as is known. */
  isBehind({ marks }: Pipeline): boolean {
    return [...marks].some(([partition, { next }]) => next < (this.highs.get(partition) ?? 0));
  }

  /** For tools that show the lag. Throws what makes the group be joined again. */
  async commit(pipeline: Pipeline, input: KafkaInput): Promise<void> {
    this.committedAtMs = Date.now();
    await input.commit(pipeline.deliveredPositions);
  }
}
