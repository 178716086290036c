import { createHash } from 'node:crypto';
import { assert } from '../base/assert.ts';
import { minorDigits } from './currencies.ts';
import type { Rate, RateTable } from './rateLookup.ts';

/** A row may be used from the day after it, and for this many days. */
const AGE_DAYS_MAX = 7;
const DAY_MS = 86_400_000;
export const EURO = 'EUR';
const ONE: Rate = { num: 1n, den: 1n };

export interface RateRow {
  readonly day: number;
  readonly currency: string;
  /** Units for one euro, as an exact fraction. */
  readonly perEuro: Rate;
  /** The row as it enters the digest: the value without needless zeros. */
  readonly canonical: string;
}

/** The rows of one currency in ascending order of day. */
interface Series {
  readonly days: number[];
  readonly rates: Rate[];
}

/** What takes minor units of one currency to those of another on one day: reduced, so that most amounts need no bigint. */
interface DayRate {
  readonly day: number;
  /** Null where a row is missing. */
  readonly exact: Rate | null;
  readonly num: number;
  readonly den: number;
}

/** The table of `rates.ts` in memory. */
export class DatedRates implements RateTable {
  readonly digest: string;
  /** All rows in canonical order: by day, then currency. */
  private readonly rows: readonly RateRow[];
  private readonly series = new Map<string, Series>();
  /** The day looked at last, by the two currencies: amounts come in the order of time, more or less. */
  private readonly latest = new Map<string, Map<string, DayRate>>();

  constructor(rows: readonly RateRow[]) {
    this.rows = [...rows].sort((a, b) => a.day - b.day || (a.currency < b.currency ? -1 : 1));
    for (const row of this.rows) {
      const series = this.series.get(row.currency) ?? { days: [], rates: [] };
      series.days.push(row.day);
      series.rates.push(row.perEuro);
      this.series.set(row.currency, series);
    }
    this.digest = this.digestThrough(Number.POSITIVE_INFINITY);
  }

  digestThrough(timeMs: number): string {
    const day = Math.floor(timeMs / DAY_MS);
    const sha = createHash('sha256');
    for (const row of this.rows) if (row.day <= day) sha.update(`${row.canonical}\n`);
    return `sha256:${sha.digest('hex')}`;
  }

  convert(amountMinor: number, from: string, to: string, timeMs: number): number {
    assert(Number.isSafeInteger(amountMinor) && amountMinor >= 0, 'an amount to convert is a whole number of minor units');
    if (from === to) return amountMinor;
    const { exact, num, den } = this.dayRate(from, to, Math.floor(timeMs / DAY_MS));
    if (exact === null) return NaN;
    const product = amountMinor * num;
    if (product <= Number.MAX_SAFE_INTEGER && den <= DENOMINATOR_MAX) return divideSmallHalfEven(product, den);
    const minor = Number(divideHalfEven(BigInt(amountMinor) * exact.num, exact.den));
    return Number.isSafeInteger(minor) ? minor : NaN;
  }

  private dayRate(from: string, to: string, day: number): DayRate {
    const known = this.latest.get(from)?.get(to);
    if (known?.day === day) return known;
    const exact = this.exactRate(from, to, day);
    const rate = { day, exact, num: exact === null ? NaN : Number(exact.num), den: exact === null ? NaN : Number(exact.den) };
    const targets = this.latest.get(from) ?? new Map<string, DayRate>();
    this.latest.set(from, targets.set(to, rate));
    return rate;
  }

  /** Minor units of `to` for one minor unit of `from`. */
  private exactRate(from: string, to: string, day: number): Rate | null {
    const perEuroFrom = this.rateBefore(from, day);
    const perEuroTo = this.rateBefore(to, day);
    const digitsFrom = minorDigits(from);
    const digitsTo = minorDigits(to);
    if (perEuroFrom === undefined || perEuroTo === undefined || digitsFrom === undefined || digitsTo === undefined) return null;
    const num = perEuroTo.num * perEuroFrom.den * 10n ** BigInt(digitsTo);
    const den = perEuroTo.den * perEuroFrom.num * 10n ** BigInt(digitsFrom);
    const divisor = greatestCommonDivisor(num, den);
    return { num: num / divisor, den: den / divisor };
  }

  private rateBefore(currency: string, day: number): Rate | undefined {
    if (currency === EURO) return ONE;
    const series = this.series.get(currency);
    if (series === undefined) return undefined;
    let low = 0;
    let high = series.days.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (series.days[middle]! < day) low = middle + 1;
      else high = middle;
    }
    return low > 0 && day - series.days[low - 1]! <= AGE_DAYS_MAX ? series.rates[low - 1] : undefined;
  }
}

/** Twice a remainder below this is still exact as a double. */
const DENOMINATOR_MAX = 2 ** 52;

/** As `divideHalfEven`, of safe integers; the remainder of doubles is exact, and what it leaves divides without one. */
function divideSmallHalfEven(num: number, den: number): number {
  const rest = num % den;
  const floor = (num - rest) / den;
  const up = rest * 2 > den || (rest * 2 === den && floor % 2 === 1);
  return up ? floor + 1 : floor;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

/** The quotient of a non-negative and a positive integer, rounded to the nearest, and to the even one of two that are as near. */
function divideHalfEven(num: bigint, den: bigint): bigint {
  const floor = num / den;
  const twice = (num % den) * 2n;
  const up = twice > den || (twice === den && floor % 2n === 1n);
  return up ? floor + 1n : floor;
}
