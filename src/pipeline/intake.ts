import { OperatingError } from '../base/errors.ts';
import type { FaultFile } from './faults.ts';
import type { InputBatch, InputMessage } from './kafka/input.ts';
import type { Pipeline, RawRecord } from './pipeline.ts';

/** Records between two looks at the clock. */
const SLICE_RECORDS = 256;
const EMPTY = new Uint8Array(0);

/**
 * Takes the records of a batch into the pipeline, and leaves word for the next process where one of them ends this one: at that record where it is
 * known, else with all that were taken since the last delivery. Records that are suspect from an earlier death are taken and closed one by one.
 */
export class Intake {
  private readonly pipeline: Pipeline;
  private readonly faults: FaultFile;
  private readonly since = new Map<number, [number, number]>();
  private lastPlace: { place: string; partition: number; offset: number } | null = null;
  private readonly place: (partition: number, offset: number) => string;

  constructor(pipeline: Pipeline, faults: FaultFile, place: (partition: number, offset: number) => string) {
    this.pipeline = pipeline;
    this.faults = faults;
    this.place = place;
  }

  /**
   * Takes the records with `from` ≤ offset < `until`, telling the group now and then that this process lives. `delivered` is awaited after a suspect record
   * was closed alone. Throws what the engine throws.
   */
  async take(batch: InputBatch, from: number, until: number, delivered: () => Promise<void>): Promise<void> {
    let inSlice = 0;
    for (const message of batch.messages) {
      const offset = Number(message.offset);
      if (offset < from) continue;
      if (offset >= until) break;
      this.takeOne(toRecord(message, batch.partition, offset));
      if (this.faults.isSuspect(batch.partition, offset)) {
        this.close(true);
        await delivered();
      }
      if (++inSlice === SLICE_RECORDS) {
        inSlice = 0;
        await batch.keepAlive();
      }
    }
  }

  /** Ends the batch (see `Pipeline.close`). */
  close(all: boolean): void {
    this.blaming(() => this.pipeline.close(Date.now(), all));
    this.since.clear();
  }

  /** Silent replay: nothing is closed between, so only the record in hand can be blamed. */
  private takeOne(record: RawRecord): void {
    const { partition, offset } = record;
    const range = this.since.get(partition);
    if (range === undefined) this.since.set(partition, [offset, offset + 1]);
    else range[1] = offset + 1;
    this.lastPlace = { place: this.place(partition, offset), partition, offset };
    this.blaming(() => this.pipeline.take(record));
  }

  private blaming(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof OperatingError)) this.blame();
      throw error;
    }
  }

  private blame(): void {
    const last = this.lastPlace;
    if (last === null) return;
    const { place, partition, offset } = last;
    const alone = this.since.size === 1 && (this.since.get(partition)?.[0] ?? -1) === offset;
    if (this.pipeline.detector.inHand !== null || alone || this.faults.isSuspect(partition, offset)) this.faults.blame(place, partition, offset);
    else this.faults.suspect(this.since);
  }
}

function toRecord({ value, timestamp, headers }: InputMessage, partition: number, offset: number): RawRecord {
  const record = { bytes: value ?? EMPTY, partition, offset, r: Number(timestamp) };
  const format = headers?.['format'];
  if (format === undefined) return record;
  const first = Array.isArray(format) ? format[0] : format;
  return first === undefined ? record : { ...record, format: first.toString() };
}
