import type { RateRow } from './types.ts';
import { ERRORED, type Ratio, ratio, roundHalfEven } from './values.ts';

const DAY_MS = 86_400_000;
export const SAFE_MAX = 2n ** 53n - 1n;

/** ISO 4217 minor units that are not two. */
const NO_DIGITS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
const THREE_DIGITS = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');
const FOUR_DIGITS = 'CLF UYW'.split(' ');

export function minorDigits(currency: string): number {
  if (NO_DIGITS.includes(currency)) return 0;
  if (THREE_DIGITS.includes(currency)) return 3;
  return FOUR_DIGITS.includes(currency) ? 4 : 2;
}

/** `1500.5` EUR is 150050. */
export function minorOf(value: string, currency: string): number {
  const [whole = '', fraction = ''] = value.split('.');
  return Number(whole + fraction.padEnd(minorDigits(currency), '0'));
}

function decimalRatio(text: string): Ratio {
  const [whole = '', fraction = ''] = text.split('.');
  return ratio(BigInt(whole + fraction), 10n ** BigInt(fraction.length));
}

/** Units for one euro: the row with the greatest date before the UTC date of t, at most 7 days before it (S17). */
function perEuro(rows: readonly RateRow[], currency: string, t: number): Ratio | null {
  if (currency === 'EUR') return ratio(1);
  const today = Math.floor(t / DAY_MS);
  let best: RateRow | null = null;
  for (const row of rows) {
    const day = Date.parse(`${row.date}T00:00:00Z`) / DAY_MS;
    if (row.currency === currency && day < today && day >= today - 7 && (best === null || row.date > best.date)) best = row;
  }
  return best === null ? null : decimalRatio(best.perEuro);
}

/** Converted once, half-even, to minor units; the same currency is not converted. A missing row or an overflow is errored. */
export function convert(minor: number, from: string, to: string, t: number, rows: readonly RateRow[]): Ratio | typeof ERRORED {
  if (from === to) return ratio(minor);
  const [a, b] = [perEuro(rows, from, t), perEuro(rows, to, t)];
  if (a === null || b === null) return ERRORED;
  const [scaleUp, scaleDown] = [10n ** BigInt(minorDigits(to)), 10n ** BigInt(minorDigits(from))];
  const converted = roundHalfEven(ratio(BigInt(minor) * b.n * a.d * scaleUp, b.d * a.n * scaleDown));
  return converted > SAFE_MAX ? ERRORED : ratio(converted);
}
