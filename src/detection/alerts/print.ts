import { assert } from '../../base/assert.ts';
import { formatDuration } from '../../base/duration.ts';
import { minorDigits } from '../../transactions/currencies.ts';
import { formatMinor } from '../../transactions/money.ts';
import type { Exact, ValueType } from '../../typologies/ast.ts';
import type { TextValue, Value } from '../compile/interpret.ts';
import { DAY_MS, dateText, timeText } from '../days.ts';
import { SAFE_MAX, toDecimal } from '../exact.ts';

const NUMBER_DIGITS = 4;

/** A value in words, as `docs/alert.md` fixes them. `currency` is that in which money was computed. */
export function wordsOf(value: Value, type: ValueType, currency: string): string {
  if (value === 'missing' || value === 'errored') return value;
  if (typeof value === 'boolean') return String(value);
  if (isText(value)) return value.text;
  switch (type) {
    case 'money':
      return moneyWords(value, currency);
    case 'duration':
      return formatDuration(Number(toDecimal(value, 0)));
    case 'time':
      return timeText(Number(toDecimal(value, 0)));
    case 'date':
      return dateText(Number(toDecimal(value, 0)) * DAY_MS);
    default:
      return numberWords(value);
  }
}

/** A let's value as it stands in `values`: numbers as JSON numbers, a missing one as null. */
export function jsonOf(value: Value, type: ValueType, currency: string): string | number | null {
  if (value === 'missing') return null;
  if (type !== 'number' || typeof value !== 'object' || isText(value)) return wordsOf(value, type, currency);
  const words = numberWords(value);
  return value.den === 1n && Math.abs(Number(words)) > SAFE_MAX ? words : Number(words);
}

function isText(value: Value): value is TextValue {
  return typeof value === 'object' && 'text' in value;
}

export function moneyWords(minor: Exact, currency: string): string {
  assert(minorDigits(currency) !== undefined, 'money is printed in a currency that has a minor unit');
  return `${formatMinor(BigInt(toDecimal(minor, 0)), currency)} ${currency}`;
}

function numberWords(value: Exact): string {
  const digits = toDecimal(value, NUMBER_DIGITS);
  const whole = digits.slice(0, -NUMBER_DIGITS - 1);
  const decimals = digits.slice(-NUMBER_DIGITS).replace(/0+$/, '');
  return decimals === '' ? (whole === '-0' ? '0' : whole) : `${whole}.${decimals}`;
}
