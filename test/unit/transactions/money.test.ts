import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { CURRENCIES, minorDigits } from '../../../src/transactions/currencies.ts';
import { formatMinor, parseAmount } from '../../../src/transactions/money.ts';

/** The amount rules told with decimal.js alone. */
function byDecimal(text: string, currency: string): number | string {
  const digits = minorDigits(currency)!;
  if (!/^[0-9]+(\.[0-9]+)?$/.test(text)) return 'bad-amount';
  if ((text.split('.')[1] ?? '').length > digits) return 'amount-scale';
  const minor = new Decimal(text).times(new Decimal(10).pow(digits));
  if (minor.isZero()) return 'amount-not-positive';
  return minor.gt('1e12') ? 'amount-too-large' : minor.toNumber();
}

describe('amounts', () => {
  const digitsText = fc.tuple(fc.bigInt(0n, 10n ** 15n), fc.nat(3)).map(([n, zeros]) => '0'.repeat(zeros) + String(n));
  const amountText = fc.oneof(
    fc.tuple(digitsText, fc.option(fc.stringMatching(/^[0-9]{1,6}$/))).map(([whole, part]) => (part === null ? whole : `${whole}.${part}`)),
    fc.stringMatching(/^[0-9.eE+x -]{0,8}$/),
    fc.string({ maxLength: 6 }),
  );

  test('the fast parser answers as decimal.js', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(amountText, fc.constantFrom(...CURRENCIES), (text, currency) => {
        const answer = parseAmount(text, currency);
        expect(answer).toBe(byDecimal(text, currency));
        const kind = typeof answer === 'number' ? 'taken' : answer;
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }),
      { numRuns: 20_000, seed: 1 },
    );
    for (const kind of ['taken', 'bad-amount', 'amount-scale', 'amount-too-large']) expect(seen.get(kind) ?? 0).toBeGreaterThan(500);
  });

  test.each([
    ['0.01', 'EUR', 1],
    ['10000000000.00', 'EUR', 1e12],
    ['1000000000000', 'JPY', 1e12],
    ['1.234', 'KWD', 1234],
    ['0.0001', 'CLF', 1],
    ['007.5', 'EUR', 750],
    ['1', 'EUR', 100],
    ['10000000000.01', 'EUR', 'amount-too-large'],
    ['1000000000001', 'JPY', 'amount-too-large'],
    ['9'.repeat(400), 'EUR', 'amount-too-large'],
    ['1.0', 'JPY', 'amount-scale'],
    ['1.000', 'EUR', 'amount-scale'],
    ['0', 'EUR', 'amount-not-positive'],
    ['0.00', 'EUR', 'amount-not-positive'],
    ['', 'EUR', 'bad-amount'],
    ['.5', 'EUR', 'bad-amount'],
    ['5.', 'EUR', 'bad-amount'],
    ['1.2.3', 'EUR', 'bad-amount'],
    ['-1', 'EUR', 'bad-amount'],
    ['+1', 'EUR', 'bad-amount'],
    ['1e3', 'EUR', 'bad-amount'],
    ['1,50', 'EUR', 'bad-amount'],
    [' 1', 'EUR', 'bad-amount'],
    ['١', 'EUR', 'bad-amount'],
    ['0x1', 'EUR', 'bad-amount'],
    ['1', 'XAU', 'unknown-currency'],
    ['1', 'eur', 'unknown-currency'],
    ['1', '', 'unknown-currency'],
  ])('%s %s is %s', (text, currency, minor) => {
    expect(parseAmount(text, currency)).toBe(minor);
  });

  test('printed amounts are read back as the same, in every currency', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.constantFrom(...CURRENCIES), (minor, currency) => {
        expect(parseAmount(formatMinor(minor, currency), currency)).toBe(minor);
      }),
      { numRuns: 2000, seed: 2 },
    );
  });

  test.each([
    [1_200_000, 'EUR', '12000.00'],
    [1500, 'JPY', '1500'],
    [1, 'KWD', '0.001'],
    [0, 'EUR', '0.00'],
    [-5, 'EUR', '-0.05'],
    [12_345n, 'CLF', '1.2345'],
    [123_456_789_012_345_678_901_234_567n, 'EUR', '1234567890123456789012345.67'],
    [2 ** 53 - 1, 'EUR', '90071992547409.91'],
  ])('%s minor units of %s are printed %s', (minor, currency, text) => {
    expect(formatMinor(minor, currency)).toBe(text);
  });

  test('what is no money is our own mistake', () => {
    expect(() => formatMinor(1.5, 'EUR')).toThrow('safe integer');
    expect(() => formatMinor(1, 'EURO')).toThrow('minor unit');
  });
});

describe('currencies', () => {
  /** The list as ISO's maintenance agency publishes it, which the package carries. */
  const listOne = readFileSync(createRequire(import.meta.url).resolve('currency-codes/iso-4217-list-one.xml'), 'utf8');
  const published = new Map(
    [...listOne.matchAll(/<Ccy>([A-Z]{3})<\/Ccy>\s*<CcyNbr>\d+<\/CcyNbr>\s*<CcyMnrUnts>([^<]+)<\/CcyMnrUnts>/g)].map((m) => [m[1]!, m[2]!]),
  );

  test('have the minor units of list one; codes without any are left out', () => {
    expect(published.size).toBeGreaterThan(170);
    for (const [code, units] of published) expect([code, minorDigits(code)]).toEqual([code, units === 'N.A.' ? undefined : Number(units)]);
    expect(CURRENCIES.filter((code) => !published.has(code))).toEqual(['XAD', 'XCG']);
  });

  test.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['CLP', 0],
    ['ISK', 0],
    ['UGX', 0],
    ['VND', 0],
    ['XOF', 0],
    ['BHD', 3],
    ['IQD', 3],
    ['JOD', 3],
    ['KWD', 3],
    ['LYD', 3],
    ['OMR', 3],
    ['TND', 3],
    ['CLF', 4],
    ['UYW', 4],
    ['MGA', 2],
    ['MRU', 2],
    ['XCG', 2],
    ['XAD', 2],
    ['XXX', undefined],
    ['XTS', undefined],
    ['XAU', undefined],
    ['DEM', undefined],
    ['', undefined],
    ['__proto__', undefined],
  ])('%s has %s decimals', (code, digits) => {
    expect(minorDigits(code)).toBe(digits);
  });
});
