import { assert } from '../base/assert.ts';

/**
 * How far the input has been read in receipt time, and wm, up to which nothing that can still be accepted can change (S3).
 * The progress of a partition is the greatest receipt time r consumed from it; of one that has been read to its end, the greatest r consumed
 * from any partition before that. wm is the least progress less the greatest lateness and the slack; it never falls.
 */
export class Progress {
  private readonly behindMs: number;
  private readonly byPartition = new Map<number, number>();
  private greatest = Number.NEGATIVE_INFINITY;
  private floor: number;
  private atEnd = false;

  /** `behindMs`: greatest lateness and slack together. `wmMs`: what wm was before, −∞ where there was nothing. */
  constructor(partitions: Iterable<number>, behindMs: number, wmMs: number = Number.NEGATIVE_INFINITY) {
    for (const partition of partitions) this.byPartition.set(partition, Number.NEGATIVE_INFINITY);
    this.behindMs = behindMs;
    this.floor = wmMs;
  }

  /** A partition that was not there before; wm waits for it. */
  add(partition: number): void {
    if (!this.byPartition.has(partition)) this.byPartition.set(partition, Number.NEGATIVE_INFINITY);
  }

  /** A record of receipt time r was consumed. Within a partition r may fall, by no more than the slack. */
  consumed(partition: number, r: number): void {
    const before = this.byPartition.get(partition);
    assert(before !== undefined, 'a record comes from a known partition');
    if (r > before) this.byPartition.set(partition, r);
    if (r > this.greatest) this.greatest = r;
  }

  /** The greatest r consumed from any partition so far; −∞ before the first. To be remembered before asking where the partitions end. */
  get greatestMs(): number {
    return this.greatest;
  }

  /** The partition was seen read to its end at a moment when `greatestMs` had this value: whatever is appended later has a later r. */
  readToEnd(partition: number, greatestMs: number = this.greatest): void {
    const before = this.byPartition.get(partition);
    assert(before !== undefined, 'a partition that was read to its end is a known one');
    if (greatestMs > before) this.byPartition.set(partition, greatestMs);
  }

  /** The recorded input is over: wm is +∞. */
  end(): void {
    this.atEnd = true;
  }

  get wmMs(): number {
    if (this.atEnd) return Number.POSITIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    for (const r of this.byPartition.values()) if (r < least) least = r;
    const wm = least - this.behindMs;
    if (least !== Number.POSITIVE_INFINITY && wm > this.floor) this.floor = wm;
    return this.floor;
  }
}
