import { jsonOf, wordsOf } from '../../../src/detection/alerts/print.ts';
import { dateText, timeText } from '../../../src/detection/days.ts';
import {
  calculate,
  compareExact,
  ERRORED,
  ExactSum,
  type ExactValue,
  exactOf,
  fastOf,
  INEXACT,
  reduce,
  SAFE_MAX,
  toDecimal,
} from '../../../src/detection/exact.ts';
import type { Exact } from '../../../src/typologies/ast.ts';

const q = (num: number | bigint, den: number | bigint = 1): Exact => reduce(BigInt(num), BigInt(den));

describe('exact numbers', () => {
  test.each<['+' | '-' | '*' | '/', ExactValue, ExactValue, ExactValue]>([
    ['+', q(1, 3), q(1, 6), q(1, 2)],
    ['-', q(1, 3), q(1, 3), q(0)],
    ['*', q(SAFE_MAX), q(SAFE_MAX), q(BigInt(SAFE_MAX) ** 2n)],
    ['/', q(1), q(-3), q(-1, 3)],
    ['/', q(1), q(0), 'missing'],
    ['+', 'missing', q(1), 'missing'],
    ['+', 'missing', 'errored', 'errored'],
    ['/', 'errored', q(0), 'errored'],
  ])('%s', (op, a, b, expected) => {
    expect(calculate(op, a, b)).toEqual(expected);
  });

  test('compare by cross multiplication', () => {
    expect([compareExact(q(1, 3), q(1, 2)), compareExact(q(2, 4), q(1, 2)), compareExact(q(-1, 3), q(-1, 2))]).toEqual([-1, 0, 1]);
  });

  test('have a fast form where they are safe integers', () => {
    expect([fastOf(q(5)), fastOf(q(1, 2)), fastOf(q(2n ** 53n)), fastOf('errored'), fastOf('missing')]).toEqual([5, INEXACT, INEXACT, ERRORED, Number.NaN]);
    expect([exactOf(5), exactOf(ERRORED), exactOf(Number.NaN)]).toEqual([q(5), 'errored', 'missing']);
  });

  test('sums carry what a double does not hold', () => {
    const sum = new ExactSum();
    for (let i = 0; i < 10; i++) sum.add(SAFE_MAX);
    expect(sum.value).toBe(ERRORED);
    for (let i = 0; i < 9; i++) sum.add(-SAFE_MAX);
    expect(sum.value).toBe(SAFE_MAX);
    sum.clear();
    expect(sum.value).toBe(0);
  });

  test.each([
    [q(5, 2), 0, '2'],
    [q(7, 2), 0, '4'],
    [q(-5, 2), 0, '-2'],
    [q(1, 3), 4, '0.3333'],
    [q(2, 3), 4, '0.6667'],
    [q(-1, 100_000), 4, '0.0000'],
    [q(12345, 100), 2, '123.45'],
  ])('are rounded half-even', (value, digits, text) => {
    expect(toDecimal(value, digits)).toBe(text);
  });
});

describe('values in words', () => {
  test.each([
    [q(1_200_000), 'money', '12000.00 EUR', '12000.00 EUR'],
    [q(25, 2), 'money', '0.12 EUR', '0.12 EUR'],
    [q(-5), 'money', '-0.05 EUR', '-0.05 EUR'],
    [q(3), 'number', '3', 3],
    [q(11, 12), 'number', '0.9167', 0.9167],
    [q(1, 2), 'number', '0.5', 0.5],
    [q(-1, 100_000), 'number', '0', 0],
    [q(2n ** 53n), 'number', '9007199254740992', '9007199254740992'],
    [q(129_600_000), 'duration', '1d12h', '1d12h'],
    [q(0), 'duration', '0ms', '0ms'],
    [q(Date.UTC(2026, 2, 1, 9)), 'time', '2026-03-01T09:00:00Z', '2026-03-01T09:00:00Z'],
    [q(7425), 'date', '1990-05-01', '1990-05-01'],
    [true, 'boolean', 'true', 'true'],
    [{ text: 'a text' }, 'text', 'a text', 'a text'],
    ['missing', 'money', 'missing', null],
    ['errored', 'number', 'errored', 'errored'],
  ] as const)('%p as %s', (value, type, words, json) => {
    expect([wordsOf(value, type, 'EUR'), jsonOf(value, type, 'EUR')]).toEqual([words, json]);
  });

  test('currencies without and with three decimals', () => {
    expect([wordsOf(q(1500), 'money', 'JPY'), wordsOf(q(1500), 'money', 'KWD')]).toEqual(['1500 JPY', '1.500 KWD']);
  });

  test('times have milliseconds only where they are not zero', () => {
    const t = Date.UTC(2026, 11, 31, 23, 59, 59, 7);
    expect([timeText(t), timeText(t - 7), timeText(-1), dateText(t)]).toEqual([
      '2026-12-31T23:59:59.007Z',
      '2026-12-31T23:59:59Z',
      '1969-12-31T23:59:59.999Z',
      '2026-12-31',
    ]);
    for (let i = 0; i < 500; i++) {
      const any = Math.floor(Math.sin(i) * 2e12);
      expect(timeText(any)).toBe(new Date(any).toISOString().replace('.000Z', 'Z'));
    }
  });
});
