import { SegmentedMap } from './segmentedMap.ts';

export interface Range {
  fromMs: number;
  /** Exclusive. */
  toMs: number;
}

/** Which anchors of one subject have to be asked again: by key the times from the first to the last that something changed for. */
export class Dirty {
  private readonly ranges = new SegmentedMap<Range>();
  /** The earliest time of all ranges. */
  fromMs = Number.POSITIVE_INFINITY;

  mark(key: number, fromMs: number, toMs: number): void {
    if (fromMs < this.fromMs) this.fromMs = fromMs;
    const range = this.ranges.get(key);
    if (range === undefined) {
      this.ranges.set(key, { fromMs, toMs });
      return;
    }
    range.fromMs = Math.min(range.fromMs, fromMs);
    range.toMs = Math.max(range.toMs, toMs);
  }

  /** The range of a key, no longer dirty. */
  takeOne(key: number): Range | undefined {
    const range = this.ranges.get(key);
    if (range !== undefined) this.ranges.delete(key);
    return range;
  }

  takeAll(): [number, Range][] {
    if (this.ranges.size === 0) return [];
    const taken = [...this.ranges.entries()];
    this.ranges.clear();
    this.fromMs = Number.POSITIVE_INFINITY;
    return taken;
  }
}
