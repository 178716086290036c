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
  private readonly begun = new Map<number, Range>();
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

  /** The rest of a range that was begun: it is the next to be taken. */
  keep(key: number, fromMs: number, toMs: number): void {
    this.fromMs = Math.min(this.fromMs, fromMs);
    const other = this.begun.get(key);
    this.begun.set(key, { fromMs: Math.min(fromMs, other?.fromMs ?? fromMs), toMs: Math.max(toMs, other?.toMs ?? toMs), since: Number.NEGATIVE_INFINITY });
  }

  /** The ranges of a key, no longer dirty. */
  takeOne(key: number): Range[] {
    const taken = [this.begun.get(key), this.ranges.get(key)].filter((range) => range !== undefined);
    this.begun.delete(key);
    this.ranges.delete(key);
    return taken;
  }

  /** Those marked first before a drain, no longer dirty. A key can have two. */
  takeUntil(since: number): [number, Range][] {
    const taken = [...this.begun];
    this.begun.clear();
    for (const entry of this.ranges) {
      if (entry[1].since > since) break;
      taken.push(entry);
      this.ranges.delete(entry[0]);
    }
    if (this.ranges.size === 0) this.fromMs = Number.POSITIVE_INFINITY;
    return taken;
  }
}
