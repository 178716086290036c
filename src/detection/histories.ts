import { BLOCK_LEGS, LegArena } from './legArena.ts';
import type { Rows } from './rows.ts';

/** Sides of a leg, in its two low bits; the rest is the row. */
export const SIDE = { none: 0, in: 1, out: 2, self: 3 } as const;

/** What is kept of a key lies side by side, so that it is reached at once: eight words, of which the last two are a double. */
const WORDS = 8;
const START = 0;
const LENGTH = 1;
/** The position that was sought last. */
const SOUGHT = 2;
/** Forgotten legs before the block's first. */
const BASE = 3;
const VERSION = 4;
/** Bit 0: the key is open. Bit 1: a window of it may have a state. From bit 2: size class of the block + 1; 0 is none. */
const MARKS = 5;
const OPEN = 1;
const HOT = 2;
const CLASS_SHIFT = 2;
/** Seeking walks so many legs from where it was last before it searches. */
const WALK = 8;
/** The time of the last leg, as a double, in units of two words. */
const LAST_TIME = 3;
/** Heads are in chunks of so many keys, so that they grow without copying, and only where there are keys. */
const HEADS_BITS = 10;
const HEADS_MASK = (1 << HEADS_BITS) - 1;

/** Positions begin anew before they leave 32 bits. */
const BASE_MAX = 2 ** 30;

/**
 * The legs of each key of one subject, in ≺, each as one contiguous block of an arena: 4 bytes a leg and at most a third more.
 * Positions count from the first leg that the key ever had, so that forgetting the front moves nothing; an insertion or removal before
 * the end raises the key's version, which tells the states of windows that their positions no longer hold.
 */
export class Histories {
  private readonly rows: Rows;
  private readonly arena = new LegArena();
  private readonly heads: (Int32Array | undefined)[] = [];
  private readonly times: (Float64Array | undefined)[] = [];
  private legs = 0;

  constructor(rows: Rows) {
    this.rows = rows;
  }

  get size(): number {
    return this.legs;
  }

  /** First position held of a key. */
  first(key: number): number {
    return this.head(key, BASE);
  }

  /** One past the last position of a key. */
  end(key: number): number {
    return this.head(key, BASE) + this.head(key, LENGTH);
  }

  /** Number of legs of a key. */
  count(key: number): number {
    return this.head(key, LENGTH);
  }

  version(key: number): number {
    return this.head(key, VERSION);
  }

  /** Says that what a leg of the key means has changed. */
  touch(key: number): void {
    this.setHead(key, VERSION, this.head(key, VERSION) + 1);
  }

  /** Whether a window of the key may have a state. */
  isHot(key: number): boolean {
    return (this.head(key, MARKS) & HOT) !== 0;
  }

  heat(key: number): void {
    this.setHead(key, MARKS, this.head(key, MARKS) | HOT);
  }

  /** The leg (row · 4 + side) at a position. */
  leg(key: number, position: number): number {
    return this.blocksOf(key)[this.originOf(key) + position]!;
  }

  /** Where the legs of a key lie: that at a position is `blocksOf(key)[originOf(key) + position]`. Valid until the next insertion. */
  blocksOf(key: number): Int32Array {
    return this.arena.chunkOf(this.head(key, START));
  }

  originOf(key: number): number {
    return this.arena.indexOf(this.head(key, START)) - this.head(key, BASE);
  }

  /** Whether a key that may never have been opened is open. */
  isOpen(key: number): boolean {
    const heads = this.heads[key >>> HEADS_BITS];
    return heads !== undefined && heads[(key & HEADS_MASK) * WORDS + MARKS] !== 0;
  }

  open(key: number): void {
    const chunk = key >>> HEADS_BITS;
    while (this.heads.length <= chunk) {
      this.heads.push(undefined);
      this.times.push(undefined);
    }
    if (this.heads[chunk] === undefined) {
      const heads = new Int32Array(WORDS << HEADS_BITS);
      this.heads[chunk] = heads;
      this.times[chunk] = new Float64Array(heads.buffer);
    }
    this.setHead(key, LENGTH, 0);
    this.setHead(key, BASE, 0);
    this.setHead(key, SOUGHT, 0);
    this.setHead(key, MARKS, OPEN);
    this.touch(key);
  }

  /** Inserts in ≺. Returns whether it was the last leg (nothing after it). */
  insert(key: number, row: number, side: number): boolean {
    const heads = this.heads[key >>> HEADS_BITS]!;
    const head = (key & HEADS_MASK) * WORDS;
    const n = heads[head + LENGTH]!;
    const cls = heads[head + MARKS]! >>> CLASS_SHIFT;
    if (cls === 0 || n === BLOCK_LEGS[cls - 1]) this.enlarge(key);
    const arena = this.blocksOf(key);
    const start = this.arena.indexOf(heads[head + START]!);
    const leg = row * 4 + side;
    this.legs++;
    heads[head + LENGTH] = n + 1;
    const t = this.rows.t(row);
    const last = this.lastTime(key);
    if (n === 0 || t > last || (t === last && this.rows.compare(arena[start + n - 1]! >>> 2, row) < 0)) {
      arena[start + n] = leg;
      this.setLastTime(key, t);
      return true;
    }
    const at = this.lowerBoundRow(arena, start, n, row);
    arena.copyWithin(start + at + 1, start + at, start + n);
    arena[start + at] = leg;
    this.touch(key);
    return false;
  }

  /** Removes the leg of a row, if the key has it. */
  remove(key: number, row: number): boolean {
    const arena = this.blocksOf(key);
    const start = this.arena.indexOf(this.head(key, START));
    const n = this.count(key);
    const at = this.lowerBoundRow(arena, start, n, row);
    if (at === n || arena[start + at]! >>> 2 !== row) return false;
    this.cut(key, at, at + 1);
    return true;
  }

  /** Removes the legs with from <= t < to. Returns how many. */
  removeBetween(key: number, from: number, to: number): number {
    const a = this.lowerBound(key, from) - this.first(key);
    const b = this.lowerBound(key, to) - this.first(key);
    if (b > a) this.cut(key, a, b);
    return b - a;
  }

  /** Forgets the legs before a position. */
  forget(key: number, end: number): void {
    const base = this.first(key);
    const count = end - base;
    if (count === 0) return;
    const start = this.arena.indexOf(this.head(key, START));
    const n = this.count(key);
    if (n > count) this.blocksOf(key).copyWithin(start, start + count, start + n);
    this.setHead(key, LENGTH, n - count);
    this.legs -= count;
    const isFar = end > BASE_MAX;
    this.setHead(key, BASE, isFar ? 0 : end);
    if (isFar) this.touch(key);
  }

  close(key: number): void {
    const cls = this.head(key, MARKS) >>> CLASS_SHIFT;
    if (cls !== 0) this.arena.release(this.head(key, START), cls - 1);
    this.setHead(key, LENGTH, 0);
    this.setHead(key, MARKS, 0);
  }

  /** First position with time >= t. */
  lowerBound(key: number, t: number): number {
    const arena = this.blocksOf(key);
    const start = this.arena.indexOf(this.head(key, START));
    let lo = 0;
    let hi = this.count(key);
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (this.rows.t(arena[start + mid]! >>> 2) < t) lo = mid + 1;
      else hi = mid;
    }
    return this.first(key) + lo;
  }

  /** As `lowerBound`, for times that lie at or shortly after the one that was sought before: found by a few steps from there. */
  seek(key: number, t: number): number {
    const first = this.first(key);
    const end = this.end(key);
    let p = Math.min(Math.max(this.head(key, SOUGHT), first), end);
    for (let steps = 0; steps < WALK; steps++) {
      if (p > first && this.timeAt(key, p - 1) >= t) p--;
      else if (p < end && this.timeAt(key, p) < t) p++;
      else {
        this.sought(key, p);
        return p;
      }
    }
    return this.lowerBound(key, t);
  }

  /** Says from where to seek next. */
  sought(key: number, position: number): void {
    this.setHead(key, SOUGHT, position);
  }

  /** Event time of the leg at a position. */
  timeAt(key: number, position: number): number {
    return this.rows.t(this.leg(key, position) >>> 2);
  }

  /** Position of a row's leg, or −1. */
  positionOf(key: number, row: number): number {
    const arena = this.blocksOf(key);
    const start = this.arena.indexOf(this.head(key, START));
    const n = this.count(key);
    const at = this.lowerBoundRow(arena, start, n, row);
    return at < n && arena[start + at]! >>> 2 === row ? this.first(key) + at : -1;
  }

  /** Position of a leg that lies after a position, most likely next to it. */
  positionFrom(key: number, row: number, position: number): number {
    const next = position + 1;
    if (position >= 0 && next < this.end(key) && this.leg(key, next) >>> 2 === row) return next;
    return this.positionOf(key, row);
  }

  /** Position of a leg that lies before a position, most likely next to it. */
  positionBefore(key: number, row: number, position: number): number {
    const previous = position - 1;
    if (previous >= this.first(key) && this.leg(key, previous) >>> 2 === row) return previous;
    return this.positionOf(key, row);
  }

  private cut(key: number, a: number, b: number): void {
    const arena = this.blocksOf(key);
    const start = this.arena.indexOf(this.head(key, START));
    const n = this.count(key);
    arena.copyWithin(start + a, start + b, start + n);
    const left = n - (b - a);
    this.setHead(key, LENGTH, left);
    this.touch(key);
    this.legs -= b - a;
    if (left > 0) this.setLastTime(key, this.rows.t(arena[start + left - 1]! >>> 2));
  }

  private head(key: number, word: number): number {
    return this.heads[key >>> HEADS_BITS]![(key & HEADS_MASK) * WORDS + word]!;
  }

  private setHead(key: number, word: number, value: number): void {
    this.heads[key >>> HEADS_BITS]![(key & HEADS_MASK) * WORDS + word] = value;
  }

  private lastTime(key: number): number {
    return this.times[key >>> HEADS_BITS]![(key & HEADS_MASK) * (WORDS / 2) + LAST_TIME]!;
  }

  private setLastTime(key: number, t: number): void {
    this.times[key >>> HEADS_BITS]![(key & HEADS_MASK) * (WORDS / 2) + LAST_TIME] = t;
  }

  private lowerBoundRow(arena: Int32Array, start: number, n: number, row: number): number {
    let lo = 0;
    let hi = n;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (this.rows.compare(arena[start + mid]! >>> 2, row) < 0) lo = mid + 1;
      else hi = mid;
    }
    return lo;
  }

  private enlarge(key: number): void {
    const marks = this.head(key, MARKS);
    const old = marks >>> CLASS_SHIFT;
    const start = this.arena.take(old);
    if (old > 0) {
      this.arena.copy(this.head(key, START), start, this.count(key));
      this.arena.release(this.head(key, START), old - 1);
    }
    this.setHead(key, START, start);
    this.setHead(key, MARKS, marks + (1 << CLASS_SHIFT));
  }
}
