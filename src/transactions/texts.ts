import { assert } from '../base/assert.ts';

/**
 * Interned texts: every distinct text is held once and named by a small integer from 1 on; 0 means "absent".
 * Texts are counted: a text that no stored row retains is forgotten, so that memory is bounded by what is kept.
 * Hashing is seeded at random, so that a sender cannot choose colliding texts. Ids are local to the process.
 *
 * The hash table is split into segments that grow one at a time, since growing one table of millions stops the process.
 */
const SEGMENT_BITS = 8;
const SEGMENTS = 1 << SEGMENT_BITS;
/** A segment is chosen by the upper bits of a hash, a place in it by the lower ones. */
const SEGMENT_SHIFT = 32 - SEGMENT_BITS;

export class TextTable {
  private readonly seed = (Math.random() * 0x7fffffff) | 0;
  private readonly list: (string | undefined)[] = [undefined];
  private counts = new Uint32Array(1024);
  private marks = new Uint8Array(1024);
  /** Pairs of an id (0 is free) and its hash, side by side, since what costs is the way to memory. */
  private readonly segments: Uint32Array[] = Array.from({ length: SEGMENTS }, () => new Uint32Array(16));
  private readonly used = new Uint32Array(SEGMENTS);
  private readonly free: number[] = [];
  private readonly fresh: number[] = [];
  private live = 0;

  /** Number of texts held. */
  get size(): number {
    return this.live;
  }

  /** One more than the greatest id ever given. */
  get idsMax(): number {
    return this.list.length;
  }

  /** The id of a text, new if it has none. It must be retained before the next `sweep`, or it may be forgotten there. */
  intern(text: string): number {
    const hash = this.hash(text);
    const table = this.segments[hash >>> SEGMENT_SHIFT]!;
    const mask = table.length - 1;
    for (let i = (hash << 1) & mask; ; i = (i + 2) & mask) {
      const id = table[i]!;
      if (id === 0) return this.add(text, hash, i);
      if (table[i + 1] === hash && this.list[id] === text) return id;
    }
  }

  /** As `intern`, of ASCII from `start` to before `end`: a text is made only where it is new. */
  internAscii(bytes: Buffer, start: number, end: number): number {
    let h = this.seed;
    for (let i = start; i < end; i++) h = Math.imul(h ^ bytes[i]!, 0x5bd1e995) + (h >>> 15);
    const hash = finish(h);
    const table = this.segments[hash >>> SEGMENT_SHIFT]!;
    const mask = table.length - 1;
    for (let i = (hash << 1) & mask; ; i = (i + 2) & mask) {
      const id = table[i]!;
      if (id === 0) return this.add(bytes.toString('latin1', start, end), hash, i);
      if (table[i + 1] === hash && isAscii(this.list[id]!, bytes, start, end)) return id;
    }
  }

  /** The id of a text, or 0 where it is not held. */
  find(text: string): number {
    const hash = this.hash(text);
    const table = this.segments[hash >>> SEGMENT_SHIFT]!;
    const mask = table.length - 1;
    for (let i = (hash << 1) & mask; ; i = (i + 2) & mask) {
      const id = table[i]!;
      if (id === 0 || (table[i + 1] === hash && this.list[id] === text)) return id;
    }
  }

  /** The text of an id that was given and not forgotten. */
  text(id: number): string {
    const text = this.list[id];
    assert(text !== undefined, `no text has id ${id}`);
    return text;
  }

  /** What was noted about a text with `setMark`; 0 for one that was interned since. It lives and goes with the text. */
  mark(id: number): number {
    return this.marks[id]!;
  }

  setMark(id: number, mark: number): void {
    this.marks[id] = mark;
  }

  retain(id: number): void {
    if (id !== 0) this.counts[id]!++;
  }

  release(id: number): void {
    if (id === 0) return;
    const count = this.counts[id]!;
    assert(count > 0, 'a text is released once for each time it was retained');
    this.counts[id] = count - 1;
    if (count === 1) this.forget(id);
  }

  /** Forgets the texts interned since the last sweep that nothing retained: those of records that were not kept. */
  sweep(): void {
    for (const id of this.fresh) if (this.list[id] !== undefined && this.counts[id] === 0) this.forget(id);
    this.fresh.length = 0;
  }

  private hash(text: string): number {
    let h = this.seed;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x5bd1e995) + (h >>> 15);
    return finish(h);
  }

  private add(text: string, hash: number, at: number): number {
    const id = this.free.pop() ?? this.list.length;
    if (id === this.list.length) this.list.push(text);
    else this.list[id] = text;
    if (id >= this.counts.length) this.growColumns();
    this.counts[id] = 0;
    this.marks[id] = 0;
    this.fresh.push(id);
    this.live++;
    const s = hash >>> SEGMENT_SHIFT;
    const table = this.segments[s]!;
    table[at] = id;
    table[at + 1] = hash;
    // Two thirds of the pairs at most.
    if (++this.used[s]! * 3 > table.length) this.growSegment(s);
    return id;
  }

  private growColumns(): void {
    const counts = new Uint32Array(this.counts.length * 2);
    counts.set(this.counts);
    this.counts = counts;
    const marks = new Uint8Array(this.marks.length * 2);
    marks.set(this.marks);
    this.marks = marks;
  }

  private growSegment(s: number): void {
    const old = this.segments[s]!;
    const table = new Uint32Array(old.length * 2);
    const mask = table.length - 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue;
      let i = (old[from + 1]! << 1) & mask;
      while (table[i] !== 0) i = (i + 2) & mask;
      table[i] = old[from]!;
      table[i + 1] = old[from + 1]!;
    }
    this.segments[s] = table;
  }

  /** Removes by shifting back what follows, so that no tombstones gather. */
  private forget(id: number): void {
    const hash = this.hash(this.list[id]!);
    const s = hash >>> SEGMENT_SHIFT;
    const table = this.segments[s]!;
    const mask = table.length - 1;
    let hole = (hash << 1) & mask;
    while (table[hole] !== id) hole = (hole + 2) & mask;
    for (let i = (hole + 2) & mask; table[i] !== 0; i = (i + 2) & mask) {
      const home = (table[i + 1]! << 1) & mask;
      if (((i - home) & mask) < ((i - hole) & mask)) continue;
      table[hole] = table[i]!;
      table[hole + 1] = table[i + 1]!;
      hole = i;
    }
    table[hole] = 0;
    this.used[s]!--;
    this.list[id] = undefined;
    this.free.push(id);
    this.live--;
  }
}

function finish(hash: number): number {
  let h = hash ^ (hash >>> 13);
  h = Math.imul(h, 0x5bd1e995);
  return (h ^ (h >>> 15)) >>> 0;
}

/** Whether a text is these ASCII bytes. */
function isAscii(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
