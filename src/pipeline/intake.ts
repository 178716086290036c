import { OperatingError } from '../base/errors.ts';
import type { FaultFile } from './faults.ts';
import type { InputBatch, InputMessage } from './kafka/input.ts';
import type { Pipeline, RawRecord } from './pipeline.ts';

/** Records between two looks at the clock. */
const SLICE_RECORDS = 256;
const EMPTY = new Uint8Array(0);

/**
 * Takes the records of a batch into the pipeline, and leaves word for the next process where one of them ends this one: at that record where it is
 * known, else with all that were taken since everything was last said. Records that are suspect from an earlier death are asked about one by one.
 */
export class Intake {
  private readonly pipeline: Pipeline;
  private readonly faults: FaultFile;
  private readonly place: (partition: number, offset: number) => string;
  /** By partition, [from, to) of the records of which not all was said yet. */
  private readonly unsaid = new Map<number, [number, number]>();
  private last: { readonly partition: number; readonly offset: number } | null = null;

  constructor(pipeline: Pipeline, faults: FaultFile, place: (partition: number, offset: number) => string) {
    this.pipeline = pipeline;
    this.faults = faults;
    this.place = place;
  }

  /**
   * Takes the records with `from` ≤ offset < `until`, telling the group now and then that this process lives. `alone` is awaited after a suspect record,
   * to ask about it alone; it throws what the engine throws, as this does.
   */
  async take(batch: InputBatch, from: number, until: number, alone: () => Promise<void>): Promise<void> {
    let inSlice = 0;
    for (const message of batch.messages) {
      const offset = Number(message.offset);
      if (offset < from) continue;
      if (offset >= until) break;
      this.takeOne(toRecord(message, batch.partition, offset));
      if (this.faults.isSuspect(batch.partition, offset)) await alone();
      if (++inSlice === SLICE_RECORDS) {
        inSlice = 0;
        await batch.keepAlive();
      }
    }
  }

  /** Ends the batch (see `Pipeline.close`). */
  close(all: boolean): void {
    if (this.blaming(() => this.pipeline.close(Date.now(), all))) this.unsaid.clear();
  }

  /** In a careful replay: asks about the record taken last (see `Detector.probe`). */
  probe(): void {
    this.blaming(() => this.pipeline.detector.probe());
  }

  /** See `Pipeline.endReplay`. */
  endReplay(): ReadonlySet<string> {
    const said = this.blaming(() => this.pipeline.endReplay());
    this.unsaid.clear();
    return said;
  }

  private takeOne(record: RawRecord): void {
    const { partition, offset } = record;
    const range = this.unsaid.get(partition);
    if (range === undefined) this.unsaid.set(partition, [offset, offset + 1]);
    else range[1] = offset + 1;
    this.last = { partition, offset };
    this.blaming(() => this.pipeline.take(record));
  }

  private blaming<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof OperatingError)) this.blame();
      throw error;
    }
  }

  private blame(): void {
    if (this.last === null) return;
    const { partition, offset } = this.last;
    const range = this.unsaid.get(partition);
    const isAlone = this.unsaid.size === 1 && range !== undefined && range[1] - range[0] === 1;
    const isKnown = this.pipeline.detector.inHand !== null || isAlone || this.faults.isSuspect(partition, offset);
    if (isKnown) this.faults.blame(this.place(partition, offset), partition, offset);
    else if (this.unsaid.size > 0) this.faults.suspect(this.unsaid);
  }
}

function toRecord({ value, timestamp, headers }: InputMessage, partition: number, offset: number): RawRecord {
  const record = { bytes: value ?? EMPTY, partition, offset, r: Number(timestamp) };
  const format = headers?.['format'];
  if (format === undefined) return record;
  const first = Array.isArray(format) ? format[0] : format;
  return first === undefined ? record : { ...record, format: first.toString() };
}
