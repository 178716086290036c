import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Decimal } from 'decimal.js';
import { EXIT, OperatingError } from '../base/errors.ts';
import { whyUnreadable } from '../base/unreadable.ts';
import { minorDigits } from './currencies.ts';
import type { RateTable } from './rateLookup.ts';
import { DatedRates, EURO, type RateRow } from './rateTable.ts';
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
  'rates-currency': 'the currency must be an ISO 4217 code that has a minor unit',
  'rates-value': 'perEuro must be decimal text greater than zero, at most 15 digits before and 15 after the point; for EUR it is 1',
  'rates-duplicate': 'there is already a row for this day and currency',
  'rates-encoding': 'the file is not UTF-8 text',
  'rates-empty': 'there is no row',
} as const;
export type RateProblemCode = keyof typeof RATE_PROBLEMS;

const HEADER = 'date,currency,perEuro';
const VALUE = /^[0-9]{1,15}(?:\.[0-9]{1,15})?$/;

/** The text of one CSV file to a table, or everything that is wrong with it. */
export function parseRates(csv: string): { table: RateTable } | { problems: RateProblem[] } {
  const problems: RateProblem[] = [];
  const rows = readRows(csv, new Set(), problems);
  if (rows.length === 0 && problems.length === 0) problems.push(problem(1, 'rates-empty'));
  return problems.length > 0 ? { problems } : { table: new DatedRates(rows) };
}

/**
 * A CSV file, or a folder whose `.csv` files are read in order of name, as one table. Throws `OperatingError` with `rates-unreadable` where the
 * path cannot be read or holds no CSV file, or with the code of the first problem, naming its file and line.
 */
export function loadRates(path: string): RateTable {
  const seen = new Set<string>();
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
    throw new OperatingError('rates-unreadable', `${path}: the rate table cannot be read: ${whyUnreadable(cause)}`, { cause });
  }
  throw new OperatingError('rates-unreadable', `${path}: the folder holds no .csv file`);
}

function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new OperatingError('rates-unreadable', `${file}: the rate table cannot be read: ${whyUnreadable(cause)}`, { cause });
  }
  if (!isUtf8(bytes)) throw notInOrder('rates-encoding', `${file}: ${RATE_PROBLEMS['rates-encoding']}`);
  return bytes.toString();
}

const notInOrder = (code: RateProblemCode, message: string): OperatingError => new OperatingError(code, message, { exitStatus: EXIT.wrongUse });

const problem = (line: number, code: RateProblemCode): RateProblem => ({ line, code, message: RATE_PROBLEMS[code] });

/** `seen` holds the days and currencies that have a row, over several files. */
function readRows(csv: string, seen: Set<string>, problems: RateProblem[]): RateRow[] {
  // A spreadsheet puts a byte order mark before what it saves.
  const lines = csv
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
  if (lines[0] !== HEADER) problems.push(problem(1, 'rates-header'));
  const rows: RateRow[] = [];
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
    seen.add(key);
  }
  return rows;
}

function readRow(line: string): RateRow | RateProblemCode {
  const columns = line.split(',');
  const [date = '', currency = '', value = ''] = columns;
  if (columns.length !== 3) return 'rates-columns';
  const day = parseDate(date);
  if (Number.isNaN(day)) return 'rates-date';
  if (minorDigits(currency) === undefined) return 'rates-currency';
  if (!VALUE.test(value)) return 'rates-value';
  const [whole = '', decimals = ''] = value.split('.');
  const perEuro = { num: BigInt(whole + decimals), den: 10n ** BigInt(decimals.length) };
  if (perEuro.num === 0n || (currency === EURO && perEuro.num !== perEuro.den)) return 'rates-value';
  return { day, currency, perEuro, canonical: `${date},${currency},${new Decimal(value).toFixed()}` };
}

/** A table without rows: only amounts in one and the same currency can be compared. */
export const NO_RATES: RateTable = new DatedRates([]);
