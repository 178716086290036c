const SEGMENTS = 256;

/** A map from whole numbers, split into segments that grow one at a time: growing one table of millions stops the process. */
export class SegmentedMap<V> {
  private readonly segments: Map<number, V>[] = Array.from({ length: SEGMENTS }, () => new Map<number, V>());
  private count = 0;

  get size(): number {
    return this.count;
  }

  get(key: number): V | undefined {
    return this.segments[key % SEGMENTS]!.get(key);
  }

  set(key: number, value: V): void {
    const segment = this.segments[key % SEGMENTS]!;
    const before = segment.size;
    segment.set(key, value);
    this.count += segment.size - before;
  }

  delete(key: number): void {
    if (this.segments[key % SEGMENTS]!.delete(key)) this.count--;
  }

  *entries(): IterableIterator<[number, V]> {
    for (const segment of this.segments) yield* segment;
  }

  clear(): void {
    for (const segment of this.segments) segment.clear();
    this.count = 0;
  }
}
