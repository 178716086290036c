import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Decimal } from 'decimal.js';
import { assert } from '../base/assert.ts';
import { EXIT, OperatingError } from '../base/errors.ts';
import { minorDigits } from './currencies.ts';
import type { Rate, RateTable } from './rateLookup.ts';
import { parseDate } from './times.ts';

/** One thing wrong with a rate table. `line` counts from 1. */
export interface RateProblem {
  readonly line: number;
  readonly code: RateProblemCode;
  readonly message: string;
}

export const RATE_PROBLEMS = {
  'rates-header': 'the first line must be date,currency,perEuro',
  'rates-columns': 'a row has three columns: date, currency, perEuro',
  'rates-date': 'the date must be a calendar day written YYYY-MM-DD',
  'rates-currency': 'the currency must be an ISO 4217 code that has a minor unit, other than EUR',
  'rates-value': 'perEuro must be decimal text greater than zero, at most 15 digits before and 15 after the point',
  'rates-duplicate': 'there is already a row for this day and currency',
  'rates-encoding': 'the file is not UTF-8 text',
  'rates-empty': 'there is no row',
} as const;
export type RateProblemCode = keyof typeof RATE_PROBLEMS;

/** A row may be used from the day after it, and for this many days. */
const AGE_DAYS_MAX = 7;
const DAY_MS = 86_400_000;
const HEADER = 'date,currency,perEuro';
const VALUE = /^[0-9]{1,15}(?:\.[0-9]{1,15})?$/;
const EURO = 'EUR';
const ONE: Rate = { num: 1n, den: 1n };

interface Row {
  readonly day: number;
  readonly currency: string;
  /** Units for one euro, as an exact fraction. */
  readonly perEuro: Rate;
  /** The row as it enters the digest: the value without needless zeros. */
  readonly canonical: string;
}

/** The text of one CSV file to a table, or everything that is wrong with it. */
export function parseRates(csv: string): { table: RateTable } | { problems: RateProblem[] } {
  const problems: RateProblem[] = [];
  const rows = readRows(csv, new Map(), problems);
  if (rows.length === 0 && problems.length === 0) problems.push(problem(1, 'rates-empty'));
  return problems.length > 0 ? { problems } : { table: new DatedRates(rows) };
}

/**
 * A CSV file, or a folder whose `.csv` files are read in order of name, as one table. Throws `OperatingError` with `rates-unreadable` where the
 * path cannot be read or holds no CSV file, or with the code of the first problem, naming its file and line.
 */
export function loadRates(path: string): RateTable {
  const seen = new Map<string, string>();
  const rows = csvFiles(path).flatMap((file) => {
    const problems: RateProblem[] = [];
    const read = readRows(readText(file), seen, problems);
    const first = problems[0];
    if (first === undefined) return read;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    throw notInOrder(first.code, `${file}:${first.line}: ${first.message}${more}`);
  });
  if (rows.length === 0) throw notInOrder('rates-empty', `${path}: ${RATE_PROBLEMS['rates-empty']}`);
  return new DatedRates(rows);
}

function csvFiles(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path)
      .filter((name) => name.endsWith('.csv'))
      .sort();
    if (names.length > 0) return names.map((name) => join(path, name));
  } catch (cause) {
    throw new OperatingError('rates-unreadable', `${path}: the rate table cannot be read`, { cause });
  }
  throw new OperatingError('rates-unreadable', `${path}: the folder holds no .csv file`);
}

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new OperatingError('rates-unreadable', `${file}: the rate table cannot be read`, { cause });
  }
  if (!isUtf8(bytes)) throw notInOrder('rates-encoding', `${file}: ${RATE_PROBLEMS['rates-encoding']}`);
  return bytes.toString();
}

const notInOrder = (code: RateProblemCode, message: string): OperatingError => new OperatingError(code, message, { exitStatus: EXIT.wrongUse });

const problem = (line: number, code: RateProblemCode): RateProblem => ({ line, code, message: RATE_PROBLEMS[code] });

/** `seen` holds the days and currencies that have a row, over several files. */
function readRows(csv: string, seen: Map<string, string>, problems: RateProblem[]): Row[] {
  // A spreadsheet puts a byte order mark before what it saves.
  const lines = csv
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
  if (lines[0] !== HEADER) problems.push(problem(1, 'rates-header'));
  const rows: Row[] = [];
  for (const [i, line] of lines.entries()) {
    if (i === 0 || line === '') continue;
    const row = readRow(line);
    if (typeof row === 'string') {
      problems.push(problem(i + 1, row));
      continue;
    }
    const key = `${row.day} ${row.currency}`;
    if (seen.has(key)) problems.push(problem(i + 1, 'rates-duplicate'));
    else rows.push(row);
    seen.set(key, row.canonical);
  }
  return rows;
}

function readRow(line: string): Row | RateProblemCode {
  const columns = line.split(',');
  const [date = '', currency = '', value = ''] = columns;
  if (columns.length !== 3) return 'rates-columns';
  const day = parseDate(date);
  if (Number.isNaN(day)) return 'rates-date';
  if (currency === EURO || minorDigits(currency) === undefined) return 'rates-currency';
  if (!VALUE.test(value)) return 'rates-value';
  const [whole = '', decimals = ''] = value.split('.');
  const perEuro = { num: BigInt(whole + decimals), den: 10n ** BigInt(decimals.length) };
  if (perEuro.num === 0n) return 'rates-value';
  return { day, currency, perEuro, canonical: `${date},${currency},${new Decimal(value).toFixed()}` };
}

/** The rows of one currency in ascending order of day. */
interface Series {
  readonly days: number[];
  readonly rates: Rate[];
}

class DatedRates implements RateTable {
  readonly digest: string;
  private readonly series = new Map<string, Series>();
  /** In order of day, then currency. */
  private readonly rows: readonly Row[];

  constructor(rows: readonly Row[]) {
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
    const day = Math.floor(timeMs / DAY_MS);
    const perEuroFrom = this.rateBefore(from, day);
    const perEuroTo = this.rateBefore(to, day);
    const digitsFrom = minorDigits(from);
    const digitsTo = minorDigits(to);
    if (perEuroFrom === undefined || perEuroTo === undefined || digitsFrom === undefined || digitsTo === undefined) return NaN;
    const num = BigInt(amountMinor) * perEuroTo.num * perEuroFrom.den * 10n ** BigInt(digitsTo);
    const den = perEuroTo.den * perEuroFrom.num * 10n ** BigInt(digitsFrom);
    const minor = Number(divideHalfEven(num, den));
    return Number.isSafeInteger(minor) ? minor : NaN;
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

/** The quotient of a non-negative and a positive integer, rounded to the nearest, and to the even one of two that are as near. */
function divideHalfEven(num: bigint, den: bigint): bigint {
  const floor = num / den;
  const twice = (num % den) * 2n;
  const up = twice > den || (twice === den && floor % 2n === 1n);
  return up ? floor + 1n : floor;
}

/** A table without rows: only amounts in one and the same currency can be compared. */
export const NO_RATES: RateTable = new DatedRates([]);
