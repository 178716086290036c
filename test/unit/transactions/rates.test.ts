import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { OperatingError } from '../../../src/base/errors.ts';
import { minorDigits } from '../../../src/transactions/currencies.ts';
import type { RateTable } from '../../../src/transactions/rateLookup.ts';
import { loadRates, NO_RATES, parseRates, RATE_PROBLEMS } from '../../../src/transactions/rates.ts';

const HEADER = 'date,currency,perEuro\n';
const DAY = 86_400_000;
const t = (text: string): number => Date.parse(text);

function table(...rows: readonly string[]): RateTable {
  const parsed = parseRates(HEADER + rows.map((row) => `${row}\n`).join(''));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.table;
}

describe('conversion (S17)', () => {
  const rates = table('2026-01-01,USD,1.10', '2026-01-05,USD,1.20', '2026-01-01,JPY,160', '2026-01-01,KWD,0.335', '2026-01-04,GBP,0.85');

  test('by the row with the greatest date before the UTC date', () => {
    expect(rates.convert(12_000, 'USD', 'EUR', t('2026-01-05T23:59:59.999Z'))).toBe(10_909);
    expect(rates.convert(12_000, 'USD', 'EUR', t('2026-01-06T00:00:00Z'))).toBe(10_000);
    expect(rates.convert(11_000, 'USD', 'EUR', t('2026-01-02T00:00:00Z'))).toBe(10_000);
    expect(rates.convert(11_000, 'USD', 'EUR', t('2026-01-01T23:59:59Z'))).toBeNaN();
  });

  test('at most 7 days before it', () => {
    expect(rates.convert(12_000, 'USD', 'EUR', t('2026-01-12T23:59:59.999Z'))).toBe(10_000);
    expect(rates.convert(12_000, 'USD', 'EUR', t('2026-01-13T00:00:00Z'))).toBeNaN();
  });

  test('each currency has a row of its own, decimals of each are its own', () => {
    const at = t('2026-01-06T12:00:00Z');
    expect(rates.convert(1000, 'JPY', 'EUR', at)).toBe(625);
    expect(rates.convert(625, 'EUR', 'JPY', at)).toBe(1000);
    expect(rates.convert(335, 'KWD', 'EUR', at)).toBe(100);
    expect(rates.convert(8500, 'GBP', 'USD', at)).toBe(12_000);
    expect(rates.convert(160, 'JPY', 'KWD', at)).toBe(335);
  });

  test('the same currency is not converted, with a row or without', () => {
    expect(rates.convert(7, 'USD', 'USD', 0)).toBe(7);
    expect(NO_RATES.convert(7, 'CHF', 'CHF', 0)).toBe(7);
    expect(NO_RATES.convert(7, 'CHF', 'EUR', 0)).toBeNaN();
    expect(rates.convert(7, 'EUR', 'XXX', t('2026-01-06T12:00:00Z'))).toBeNaN();
  });

  test('halves go to the even neighbour, once', () => {
    const two = table('2026-01-01,USD,2', '2026-01-01,GBP,0.4');
    const at = t('2026-01-02T00:00:00Z');
    expect([1, 3, 5, 7].map((minor) => two.convert(minor, 'USD', 'EUR', at))).toEqual([0, 2, 2, 4]);
    // Through euros this would be rounded twice: 0.5 to 0, then 0.
    expect(two.convert(3, 'USD', 'GBP', at)).toBe(1);
    expect(two.convert(13, 'USD', 'GBP', at)).toBe(3);
  });

  test('what exceeds 2^53 − 1 has no value', () => {
    const wide = table('2026-01-01,VND,27500', '2026-01-01,IRR,100000');
    const at = t('2026-01-02T00:00:00Z');
    expect(wide.convert(1e12, 'EUR', 'IRR', at)).toBeNaN();
    expect(wide.convert(9_007_199_254, 'EUR', 'IRR', at)).toBe(900_719_925_400_000);
    expect(table('2026-01-01,IRR,9007.199254740991').convert(1e12, 'EUR', 'IRR', at)).toBe(2 ** 53 - 1);
    expect(table('2026-01-01,IRR,9007.199254740992').convert(1e12, 'EUR', 'IRR', at)).toBeNaN();
  });

  test('days and pairs may come in any order', () => {
    const at = (day: number): number => t(`2026-01-0${day}T12:00:00Z`);
    for (const day of [2, 6, 3, 6, 2]) {
      expect(rates.convert(12_000, 'USD', 'EUR', at(day))).toBe(day === 6 ? 10_000 : 10_909);
      expect(rates.convert(10_000, 'EUR', 'USD', at(day))).toBe(day === 6 ? 12_000 : 11_000);
      expect(rates.convert(1000, 'JPY', 'EUR', at(day))).toBe(625);
    }
  });

  test('as decimal.js does it, exactly', () => {
    const Exact = Decimal.clone({ precision: 200, rounding: Decimal.ROUND_HALF_EVEN });
    const digits = fc.oneof(fc.integer({ min: 1, max: 1e9 }), fc.constantFrom(1, 2, 4, 5, 8, 16, 25, 125));
    const rate = fc.tuple(digits, fc.nat(8)).map(([n, scale]) => new Exact(n).div(new Exact(10).pow(scale)).toFixed());
    const currency = fc.constantFrom('USD', 'JPY', 'KWD', 'CLF', 'EUR', 'GBP');
    let halves = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), currency, currency, rate, rate, (minor, from, to, a, b) => {
        fc.pre(from !== to);
        const rows = [...(from === 'EUR' ? [] : [`2026-01-01,${from},${a}`]), ...(to === 'EUR' ? [] : [`2026-01-01,${to},${b}`])];
        const exact = new Exact(minor)
          .times(to === 'EUR' ? 1 : b)
          .times(new Exact(10).pow(minorDigits(to)!))
          .div(from === 'EUR' ? 1 : a)
          .div(new Exact(10).pow(minorDigits(from)!));
        if (exact.mod(1).eq(0.5)) halves++;
        const rounded = exact.toDecimalPlaces(0);
        const expected = rounded.gt(Number.MAX_SAFE_INTEGER) ? NaN : rounded.toNumber();
        expect(table(...rows).convert(minor, from, to, t('2026-01-02T00:00:00Z'))).toBe(expected);
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(halves).toBeGreaterThan(20);
  });
});

describe('the table', () => {
  test('its digest is of the rows, whatever their order and needless zeros', () => {
    const a = table('2026-01-01,USD,1.10', '2026-01-02,GBP,0.85');
    expect(a.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(table('2026-01-02,GBP,0.850', '2026-01-01,USD,1.1').digest).toBe(a.digest);
    expect(table('2026-01-01,USD,1.10', '2026-01-02,GBP,0.86').digest).not.toBe(a.digest);
    expect(table('2026-01-01,USD,1.10', '2026-01-03,GBP,0.85').digest).not.toBe(a.digest);
    expect(table('2026-01-01,USD,1.10').digest).not.toBe(a.digest);
  });

  test('its digest through a day is that of the rows up to it, so that later ones may be added', () => {
    const early = table('2026-01-01,USD,1.10', '2026-01-02,GBP,0.85');
    const late = table('2026-01-01,USD,1.10', '2026-01-02,GBP,0.85', '2026-01-03,USD,1.2');
    expect(late.digestThrough(t('2026-01-02T23:59:59.999Z'))).toBe(early.digest);
    expect(late.digestThrough(t('2026-01-03T00:00:00Z'))).toBe(late.digest);
    expect(early.digestThrough(t('2026-01-03T00:00:00Z'))).toBe(early.digest);
    expect(late.digestThrough(t('2026-01-01T12:00:00Z'))).toBe(table('2026-01-01,USD,1.10').digest);
    expect(late.digestThrough(0)).toBe(NO_RATES.digest);
  });

  test('a row for the euro says 1 and changes nothing', () => {
    expect(table('2026-01-01,EUR,1.00', '2026-01-01,USD,1.10').convert(11_000, 'USD', 'EUR', t('2026-01-20T00:00:00Z'))).toBeNaN();
    expect(table('2026-01-01,EUR,1', '2026-01-10,USD,1.10').convert(11_000, 'USD', 'EUR', t('2026-01-12T00:00:00Z'))).toBe(10_000);
  });

  test('blank lines and carriage returns are no rows', () => {
    expect(table('2026-01-01,USD,1.10\r', '', '2026-01-02,GBP,0.85').digest).toBe(table('2026-01-01,USD,1.10', '2026-01-02,GBP,0.85').digest);
    expect(parseRates('\ufeffdate,currency,perEuro\r\n2026-01-01,USD,1.10')).toHaveProperty('table');
  });

  const problemsOf = (csv: string): [number, string][] => {
    const parsed = parseRates(csv);
    return 'problems' in parsed ? parsed.problems.map(({ line, code }) => [line, code]) : [];
  };

  test.each([
    ['rates-header', 'day,currency,perEuro\n2026-01-01,USD,1.1\n', 1],
    ['rates-header', '2026-01-01,USD,1.1\n2026-01-02,USD,1.1\n', 1],
    ['rates-columns', `${HEADER}2026-01-01,USD\n`, 2],
    ['rates-columns', `${HEADER}2026-01-01,USD,1.1,x\n`, 2],
    ['rates-date', `${HEADER}2026-02-30,USD,1.1\n`, 2],
    ['rates-date', `${HEADER}1/1/2026,USD,1.1\n`, 2],
    ['rates-currency', `${HEADER}2026-01-01,usd,1.1\n`, 2],
    ['rates-value', `${HEADER}2026-01-01,EUR,1.01\n`, 2],
    ['rates-currency', `${HEADER}2026-01-01,XAU,1\n`, 2],
    ['rates-value', `${HEADER}2026-01-01,USD,0\n`, 2],
    ['rates-value', `${HEADER}2026-01-01,USD,-1\n`, 2],
    ['rates-value', `${HEADER}2026-01-01,USD,1e3\n`, 2],
    ['rates-value', `${HEADER}2026-01-01,USD,\n`, 2],
    ['rates-value', `${HEADER}2026-01-01,USD, 1.1\n`, 2],
    ['rates-value', `${HEADER}2026-01-01,USD,1234567890123456\n`, 2],
    ['rates-duplicate', `${HEADER}2026-01-01,USD,1.1\n2026-01-02,USD,1.1\n2026-01-01,USD,1.1\n`, 4],
    ['rates-empty', HEADER, 1],
  ] as const)('%s is told with its line', (code, csv, line) => {
    expect(problemsOf(csv)).toEqual([[line, code]]);
  });

  test('everything wrong is told at once', () => {
    expect(problemsOf(`x\n2026-01-01,USD\n\n2026-01-01,USD,0\n`)).toEqual([
      [1, 'rates-header'],
      [2, 'rates-columns'],
      [4, 'rates-value'],
    ]);
  });
});

describe('files', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rates-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const put = (name: string, text: string | Buffer): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const failure = (path: string): [string, string] => {
    try {
      loadRates(path);
    } catch (error) {
      if (error instanceof OperatingError) return [error.code, error.message.replaceAll(folder, '…')];
      throw error;
    }
    return ['', ''];
  };

  test('a folder is one table of its CSV files', () => {
    put('b.csv', `${HEADER}2026-01-01,USD,1.10\n`);
    put('a.csv', `${HEADER}2026-01-02,GBP,0.85\n`);
    put('README.md', 'not a table');
    expect(loadRates(folder).digest).toBe(table('2026-01-01,USD,1.10', '2026-01-02,GBP,0.85').digest);
    expect(loadRates(join(folder, 'b.csv')).digest).toBe(table('2026-01-01,USD,1.10').digest);
  });

  test('failures name file and line', () => {
    put('a.csv', `${HEADER}2026-01-01,USD,1.10\n`);
    put('b.csv', `${HEADER}\n2026-01-01,USD,1.10\nx\n`);
    expect(failure(folder)).toEqual(['rates-duplicate', `…/b.csv:3: ${RATE_PROBLEMS['rates-duplicate']} (and 1 more)`]);
    expect(failure(put('c.csv', Buffer.from([0xff])))).toEqual(['rates-encoding', `…/c.csv: ${RATE_PROBLEMS['rates-encoding']}`]);
    expect(failure(put('d.csv', HEADER))).toEqual(['rates-empty', `…/d.csv: ${RATE_PROBLEMS['rates-empty']}`]);
    expect(failure(put('e.csv', ''))).toEqual(['rates-header', `…/e.csv:1: ${RATE_PROBLEMS['rates-header']}`]);
    expect(failure(join(folder, 'none.csv'))[0]).toBe('rates-unreadable');
  });

  test('a folder without a table is a failure', () => {
    expect(failure(folder)).toEqual(['rates-unreadable', '…: the folder holds no .csv file']);
  });

  test('the demo table has a rate for every day from 2024-01-01 to 2027-06-30', () => {
    const path = join(import.meta.dirname, '../../../rules/rates');
    expect(readdirSync(path).filter((name) => name.endsWith('.csv')).length).toBeGreaterThan(0);
    const demo = loadRates(path);
    const codes = [
      'GBP',
      'USD',
      'TRY',
      'CHF',
      'SEK',
      'DKK',
      'NOK',
      'PLN',
      'RON',
      'BGN',
      'HUF',
      'CZK',
      'ALL',
      'RSD',
      'AUD',
      'CAD',
      'IQD',
      'PKR',
      'VND',
      'JPY',
      'KWD',
      'AED',
      'MAD',
      'TND',
    ];
    for (let at = t('2024-01-01T00:00:00Z'); at <= t('2027-06-30T00:00:00Z'); at += DAY)
      for (const code of codes) expect(demo.convert(1e6, code, 'EUR', at)).toBeGreaterThan(0);
  });
});
