export interface Range {
  fromMs: number;
  /** Exclusive. */
  toMs: number;
  /** Number of the drain before which it was marked first. */
  readonly since: number;
}

/** Which anchors of one subject have to be asked again: by key the times from the first to the last that something changed for, the oldest first. */
export class Dirty {
  private readonly ranges = new Map<number, Range>();
  /** The earliest time of all ranges, or earlier. */
  fromMs = Number.POSITIVE_INFINITY;

  mark(key: number, fromMs: number, toMs: number, since: number): void {
    if (fromMs < this.fromMs) this.fromMs = fromMs;
    const range = this.ranges.get(key);
    if (range === undefined) {
      this.ranges.set(key, { fromMs, toMs, since });
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

  /** Those marked first before a drain, no longer dirty. */
  takeUntil(since: number): [number, Range][] {
    const taken: [number, Range][] = [];
    for (const entry of this.ranges) {
      if (entry[1].since > since) break;
      taken.push(entry);
    }
    for (const [key] of taken) this.ranges.delete(key);
    if (this.ranges.size === 0) this.fromMs = Number.POSITIVE_INFINITY;
    return taken;
  }
}
