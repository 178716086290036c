import fc from 'fast-check';
import { add, decimalOf, decimalText, Totals } from '../../../../src/alerts/render/totals.ts';

test.each([
  ['0.10', '0.2', '0.30'],
  ['999999999999999999.99', '0.01', '1000000000000000000.00'],
  ['-0.05', '0.01', '-0.04'],
  ['1500', '0', '1500'],
  ['-1', '1', '0'],
  ['-0.5', '0.25', '-0.25'],
])('%s and %s are %s', (a, b, sum) => {
  expect(decimalText(add(decimalOf(a)!, decimalOf(b)!))).toBe(sum);
});

test('is exact where doubles are not', () => {
  const cents = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
  const text = (n: bigint): string => decimalText({ digits: n, places: 2 });
  fc.assert(
    fc.property(cents, cents, (a, b) => decimalText(add(decimalOf(text(a))!, decimalOf(text(b))!)) === text(a + b)),
    { seed: 11, numRuns: 500 },
  );
});

test.each(['', 'x', '1e5', '1.', '.5', '0x1', ' 1', '1,5', '--1', '1\n'])('"%s" is no decimal', (text) => {
  expect(decimalOf(text)).toBeNull();
});

test('totals by key, in the order of first use', () => {
  const totals = new Totals();
  expect([totals.add(['in', 'EUR'], '1.5'), totals.add(['out', 'EUR'], '2'), totals.add(['in', 'EUR'], '0.25'), totals.add(['in', 'EUR'], '?')]).toEqual([
    '1.5',
    '2',
    '1.75',
    null,
  ]);
  expect([...totals]).toEqual([
    { key: ['in', 'EUR'], total: '1.75', count: 2 },
    { key: ['out', 'EUR'], total: '2', count: 1 },
  ]);
});
