import type { Exact } from '../typologies/ast.ts';

/**
 * Numbers without error. The fast form of a value is a double that holds an integer of at most 2^53 − 1, or one of three marks;
 * the exact form is a rational of BigInts. No inexact operation takes part in an aggregate or a comparison (S17).
 */
export const MISSING = Number.NaN;
/** The value cannot be computed (S15). */
export const ERRORED = Number.POSITIVE_INFINITY;
/** The value is not a safe integer: ask for its exact form. */
export const INEXACT = Number.NEGATIVE_INFINITY;

export type ExactValue = Exact | 'missing' | 'errored';

export const SAFE_MAX = Number.MAX_SAFE_INTEGER;

export function exactOf(value: number): ExactValue {
  if (value === ERRORED) return 'errored';
  if (Number.isNaN(value)) return 'missing';
  return { num: BigInt(value), den: 1n };
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

export function reduce(num: bigint, den: bigint): Exact {
  const [n, d] = den < 0n ? [-num, -den] : [num, den];
  const g = gcd(n, d);
  return g > 1n ? { num: n / g, den: d / g } : { num: n, den: d };
}

/** Applies an operation where both values are there: errored wins over missing, division by zero is missing (S11). */
export function calculate(op: '+' | '-' | '*' | '/', a: ExactValue, b: ExactValue): ExactValue {
  if (a === 'errored' || b === 'errored') return 'errored';
  if (a === 'missing' || b === 'missing') return 'missing';
  if (op === '+') return reduce(a.num * b.den + b.num * a.den, a.den * b.den);
  if (op === '-') return reduce(a.num * b.den - b.num * a.den, a.den * b.den);
  if (op === '*') return reduce(a.num * b.num, a.den * b.den);
  return b.num === 0n ? 'missing' : reduce(a.num * b.den, a.den * b.num);
}

/** −1, 0 or 1. */
export function compareExact(a: Exact, b: Exact): number {
  const [x, y] = [a.num * b.den, b.num * a.den];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The fast form, `INEXACT` where it is no safe integer. */
export function fastOf(value: ExactValue): number {
  if (value === 'errored') return ERRORED;
  if (value === 'missing') return MISSING;
  if (value.den !== 1n) return INEXACT;
  const n = Number(value.num);
  return Math.abs(n) <= SAFE_MAX ? n : INEXACT;
}

/** Rounds half-even to `digits` decimals and writes them all. */
export function toDecimal(value: Exact, digits: number): string {
  const scale = 10n ** BigInt(digits);
  const negative = value.num < 0n;
  const num = (negative ? -value.num : value.num) * scale;
  let q = num / value.den;
  const twice = (num % value.den) * 2n;
  if (twice > value.den || (twice === value.den && q % 2n === 1n)) q += 1n;
  const text = q.toString().padStart(digits + 1, '0');
  const sign = negative && q !== 0n ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** A sum that stays exact whatever its terms: what no longer fits a double is carried in a BigInt. */
export class ExactSum {
  private low = 0;
  private high = 0n;

  add(x: number): void {
    this.low += x;
    if (this.low > SAFE_MAX / 2 || this.low < -SAFE_MAX / 2) this.carry();
  }

  clear(): void {
    this.low = 0;
    this.high = 0n;
  }

  /** The sum, or `ERRORED` where it is beyond 2^53 − 1: an overflow (S15). */
  get value(): number {
    if (this.high === 0n) return this.low;
    const total = Number(this.high + BigInt(this.low));
    return Math.abs(total) <= SAFE_MAX ? total : ERRORED;
  }

  private carry(): void {
    this.high += BigInt(this.low);
    this.low = 0;
  }
}
