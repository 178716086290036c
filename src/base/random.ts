import { assert } from './assert.ts';

/**
 * A small seeded generator: the same seed gives the same numbers on every machine and version of Node.js. Not for secrets.
 * xoshiro128** 1.1 (D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators", 2018, in the public domain),
 * its state filled by a 32-bit splitmix with the finaliser of MurmurHash3 (A. Appleby, in the public domain), as its authors advise.
 */
export class Random {
  private s0: number;
  private s1: number;
  private s2: number;
  private s3: number;
  private readonly seed: number;

  /** `stream` gives independent generators of one seed, so that a new use of one does not move the numbers of another. */
  constructor(seed: number, stream = 0) {
    assert(Number.isSafeInteger(seed) && seed >= 0, 'a seed is a whole number from 0 on');
    this.seed = seed;
    let state = (seed ^ Math.imul(Math.floor(seed / 2 ** 32) + 1, 0x9e3779b9) ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0;
    const fill = (): number => mix32((state = (state + 0x9e3779b9) >>> 0));
    this.s0 = fill();
    this.s1 = fill();
    this.s2 = fill();
    // A state of nothing but zeros would stay there.
    this.s3 = fill() || 1;
  }

  /** The next whole number in 0 … 2^32 − 1. */
  next(): number {
    const product = Math.imul(this.s1, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t = this.s1 << 9;
    this.s2 ^= this.s0;
    this.s3 ^= this.s1;
    this.s1 ^= this.s2;
    this.s0 ^= this.s3;
    this.s2 ^= t;
    this.s3 = (this.s3 << 11) | (this.s3 >>> 21);
    return result;
  }

  /** A whole number in 0 … bound − 1; bound at most 2^32. The bias of one part in 2^32 / bound does not matter here. */
  below(bound: number): number {
    return Math.floor((this.next() / 2 ** 32) * bound);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True in `share` of the cases, 0 … 1. */
  chance(share: number): boolean {
    return this.next() < share * 2 ** 32;
  }

  pick<T>(list: readonly T[]): T {
    assert(list.length > 0, 'something can be picked');
    return list[this.below(list.length)]!;
  }

  /** `count` different members in random order; all of them where there are no more. */
  sample<T>(list: readonly T[], count: number): T[] {
    const pool = [...list];
    const taken = Math.min(count, pool.length);
    for (let i = 0; i < taken; i++) {
      const j = this.between(i, pool.length - 1);
      [pool[i], pool[j]] = [pool[j]!, pool[i]!];
    }
    return pool.slice(0, taken);
  }

  fork(stream: number): Random {
    return new Random(this.seed, stream);
  }
}

/** A bijection of the whole numbers below 2^32: MurmurHash3's finaliser. */
export function mix32(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
