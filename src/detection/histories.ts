import type { Rows } from './rows.ts';

/** Sides of a leg, in its two low bits; the rest is the row. */
export const SIDE = { none: 0, in: 1, out: 2, self: 3 } as const;

/** Block sizes in legs: 2, 3, 4, 6, 8, 12 … so that at most a third of a block is unused. */
const CLASSES: readonly number[] = Array.from({ length: 56 }, (_, i) => (i % 2 === 0 ? 2 : 3) * 2 ** (i >> 1));

/**
 * The legs of each key of one subject, in ≺, each as one contiguous block of an arena: 4 bytes a leg and at most a third more.
 * Positions count from the first leg that the key ever had, so that forgetting the front moves nothing; an insertion or removal before
 * the end raises the key's `version`, which tells the states of windows that their positions no longer hold.
 */
export class Histories {
  private readonly rows: Rows;
  private arena: Int32Array;
  private top = 0;
  private readonly freeBlocks: number[][] = CLASSES.map(() => []);
  private start: Int32Array;
  private length: Int32Array;
  private cls: Int8Array;
  /** Forgotten legs before the block's first. */
  private base: Float64Array;
  version: Uint32Array;
  /** Whether a window of the key may have a state. */
  hot: Uint8Array;
  private legs = 0;

  constructor(rows: Rows, reserve: number) {
    this.rows = rows;
    this.arena = new Int32Array(Math.max(64, reserve));
    this.start = new Int32Array(16);
    this.length = new Int32Array(16);
    this.cls = new Int8Array(16).fill(-1);
    this.base = new Float64Array(16);
    this.version = new Uint32Array(16);
    this.hot = new Uint8Array(16);
  }

  get size(): number {
    return this.legs;
  }

  /** First position held of a key. */
  first(key: number): number {
    return this.base[key]!;
  }

  /** One past the last position of a key. */
  end(key: number): number {
    return this.base[key]! + this.length[key]!;
  }

  /** The leg (row · 4 + side) at a position. */
  leg(key: number, position: number): number {
    return this.arena[this.start[key]! + position - this.base[key]!]!;
  }

  timeAt(key: number, position: number): number {
    return this.rows.t[this.leg(key, position) >>> 2]!;
  }

  /** The block of all legs: that at a position of a key is `blocks[originOf(key) + position]`. Valid until the next insertion. */
  get blocks(): Int32Array {
    return this.arena;
  }

  originOf(key: number): number {
    return this.start[key]! - this.base[key]!;
  }

  open(key: number): void {
    if (key >= this.length.length) this.growKeys(key);
    this.length[key] = 0;
    this.base[key] = 0;
    this.cls[key] = -1;
    this.hot[key] = 0;
    this.version[key]!++;
  }

  /** Inserts in ≺. Returns whether it was the last leg (nothing after it). */
  insert(key: number, row: number, side: number): boolean {
    const n = this.length[key]!;
    if (this.cls[key]! < 0 || n === CLASSES[this.cls[key]!]) this.enlarge(key);
    const start = this.start[key]!;
    const leg = row * 4 + side;
    this.legs++;
    this.length[key] = n + 1;
    if (n === 0 || this.rows.compare(this.arena[start + n - 1]! >>> 2, row) < 0) {
      this.arena[start + n] = leg;
      return true;
    }
    const at = this.lowerBoundRow(start, n, row);
    this.arena.copyWithin(start + at + 1, start + at, start + n);
    this.arena[start + at] = leg;
    this.version[key]!++;
    return false;
  }

  /** Removes the leg of a row, if the key has it. */
  remove(key: number, row: number): boolean {
    const start = this.start[key]!;
    const n = this.length[key]!;
    const at = this.lowerBoundRow(start, n, row);
    if (at === n || this.arena[start + at]! >>> 2 !== row) return false;
    this.arena.copyWithin(start + at, start + at + 1, start + n);
    this.length[key] = n - 1;
    this.legs--;
    this.version[key]!++;
    return true;
  }

  /** Removes the legs with from <= t < to. Returns how many. */
  removeBetween(key: number, from: number, to: number): number {
    const a = this.lowerBound(key, from) - this.base[key]!;
    const b = this.lowerBound(key, to) - this.base[key]!;
    const start = this.start[key]!;
    this.arena.copyWithin(start + a, start + b, start + this.length[key]!);
    this.length[key]! -= b - a;
    this.legs -= b - a;
    if (b > a) this.version[key]!++;
    return b - a;
  }

  /** Forgets the legs with t < `before`. Returns whether none is left. */
  forget(key: number, before: number): boolean {
    const n = this.length[key]!;
    const count = this.lowerBound(key, before) - this.base[key]!;
    if (count > 0) {
      const start = this.start[key]!;
      this.arena.copyWithin(start, start + count, start + n);
      this.length[key] = n - count;
      this.base[key]! += count;
      this.legs -= count;
    }
    return n === count;
  }

  close(key: number): void {
    if (this.cls[key]! >= 0) this.freeBlocks[this.cls[key]!]!.push(this.start[key]!);
    this.cls[key] = -1;
    this.length[key] = 0;
  }

  /** First position with time >= t. */
  lowerBound(key: number, t: number): number {
    const start = this.start[key]!;
    let lo = 0;
    let hi = this.length[key]!;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (this.rows.t[this.arena[start + mid]! >>> 2]! < t) lo = mid + 1;
      else hi = mid;
    }
    return this.base[key]! + lo;
  }

  /** Position of a row's leg, or −1. */
  positionOf(key: number, row: number): number {
    const start = this.start[key]!;
    const n = this.length[key]!;
    const at = this.lowerBoundRow(start, n, row);
    return at < n && this.arena[start + at]! >>> 2 === row ? this.base[key]! + at : -1;
  }

  private lowerBoundRow(start: number, n: number, row: number): number {
    let lo = 0;
    let hi = n;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (this.rows.compare(this.arena[start + mid]! >>> 2, row) < 0) lo = mid + 1;
      else hi = mid;
    }
    return lo;
  }

  private enlarge(key: number): void {
    const old = this.cls[key]!;
    const cls = old + 1;
    const size = CLASSES[cls]!;
    let start = this.freeBlocks[cls]!.pop();
    if (start === undefined) {
      if (this.top + size > this.arena.length) this.growArena(size);
      start = this.top;
      this.top += size;
    }
    if (old >= 0) {
      const from = this.start[key]!;
      this.arena.copyWithin(start, from, from + this.length[key]!);
      this.freeBlocks[old]!.push(from);
    }
    this.start[key] = start;
    this.cls[key] = cls;
  }

  private growArena(size: number): void {
    const arena = new Int32Array(Math.max(this.arena.length * 2, this.top + size));
    arena.set(this.arena.subarray(0, this.top));
    this.arena = arena;
  }

  private growKeys(key: number): void {
    const n = Math.max(this.length.length * 2, key + 1);
    const [start, length, cls, base, version, hot] = [this.start, this.length, this.cls, this.base, this.version, this.hot];
    this.start = new Int32Array(n);
    this.start.set(start);
    this.length = new Int32Array(n);
    this.length.set(length);
    this.cls = new Int8Array(n).fill(-1);
    this.cls.set(cls);
    this.base = new Float64Array(n);
    this.base.set(base);
    this.version = new Uint32Array(n);
    this.version.set(version);
    this.hot = new Uint8Array(n);
    this.hot.set(hot);
  }
}
