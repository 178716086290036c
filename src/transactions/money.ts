import { Decimal } from 'decimal.js';
import { assert } from '../base/assert.ts';
import type { RejectionCode } from './codes.ts';
import { minorDigits } from './currencies.ts';
import { LIMITS } from './limits.ts';

/** Digits enough for any sum that fits in memory: printing never rounds. */
const Exact = Decimal.clone({ precision: 1000 });
const POWERS = [1, 10, 100, 1000, 10_000];
const ZERO = 48;
const DOT = 46;

/**
 * The amount `digits[.digits]` in ASCII, from `start` to before `end`, as integer minor units of a currency with `digits` decimals, 1 … 10^12, or why it
 * is none. Nothing is rounded: one decimal more than the currency has is `amount-scale`, even if it is 0.
 */
export function parseAmountBytes(bytes: Uint8Array, start: number, end: number, digits: number): number | RejectionCode {
  let dot = -1;
  let minor = 0;
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c === DOT && dot < 0 && i > start) dot = i;
    else if (c < ZERO || c > ZERO + 9) return 'bad-amount';
    else minor = minor * 10 + (c - ZERO);
  }
  const scale = dot < 0 ? 0 : end - dot - 1;
  if (start === end || (dot >= 0 && scale === 0)) return 'bad-amount';
  if (scale > digits) return 'amount-scale';
  // Beyond 2^53 the product is inexact, and still far above the limit, so that the comparison is right.
  minor *= POWERS[digits - scale]!;
  if (minor === 0) return 'amount-not-positive';
  return minor > LIMITS.amountMinorMax ? 'amount-too-large' : minor;
}

/** As `parseAmountBytes`, of a text and a currency code. */
export function parseAmount(text: string, currency: string): number | RejectionCode {
  const digits = minorDigits(currency);
  const bytes = Buffer.from(text);
  return digits === undefined ? 'unknown-currency' : parseAmountBytes(bytes, 0, bytes.length, digits);
}

/** Minor units as decimal text with all of the currency's decimals: `1200000, 'EUR'` is `12000.00`. A bigint has any size; a number is a safe integer. */
export function formatMinor(minor: number | bigint, currency: string): string {
  const digits = minorDigits(currency);
  assert(digits !== undefined, 'money is printed in a currency that has a minor unit');
  assert(typeof minor === 'bigint' || Number.isSafeInteger(minor), 'money is a safe integer or a bigint');
  return new Exact(minor.toString()).div(POWERS[digits]!).toFixed(digits);
}
