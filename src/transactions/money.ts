import { Decimal } from 'decimal.js';
import { assert } from '../base/assert.ts';
import type { RejectionCode } from './codes.ts';
import { minorDigits } from './currencies.ts';
import { LIMITS } from './limits.ts';

const POWERS = [1, 10, 100, 1000, 10_000];
const ZERO = 48;
const DOT = 46;

/**
 * The amount `digits[.digits]` in ASCII as integer minor units, 1 … 10^12, or why it is none. Nothing is rounded: one decimal more than
 * the currency has is `amount-scale`, even if it is 0.
 */
export function parseAmount(text: string, currency: string): number | RejectionCode {
  const digits = minorDigits(currency);
  if (digits === undefined) return 'unknown-currency';
  let dot = -1;
  let minor = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === DOT && dot < 0 && i > 0) dot = i;
    else if (c < ZERO || c > ZERO + 9) return 'bad-amount';
    else minor = minor * 10 + (c - ZERO);
  }
  const scale = dot < 0 ? 0 : text.length - dot - 1;
  if (text.length === 0 || (dot >= 0 && scale === 0)) return 'bad-amount';
  if (scale > digits) return 'amount-scale';
  // Beyond 2^53 the product is inexact, and still far above the limit, so that the comparison is right.
  minor *= POWERS[digits - scale]!;
  if (minor === 0) return 'amount-not-positive';
  return minor > LIMITS.amountMinorMax ? 'amount-too-large' : minor;
}

/** Minor units as decimal text with all of the currency's decimals: `1200000, 'EUR'` is `12000.00`. A bigint has any size; a number is a safe integer. */
export function formatMinor(minor: number | bigint, currency: string): string {
  const digits = minorDigits(currency);
  assert(digits !== undefined, 'money is printed in a currency that has a minor unit');
  assert(typeof minor === 'bigint' || Number.isSafeInteger(minor), 'money is a safe integer or a bigint');
  return new Decimal(minor.toString()).div(POWERS[digits]!).toFixed(digits);
}
