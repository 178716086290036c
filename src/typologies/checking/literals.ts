import { CURRENCIES, minorDigits } from '../../transactions/currencies.ts';
import type { Exact, Expr, Span } from '../ast.ts';
import type { Syntax } from '../expressions/syntax.ts';
import type { Findings } from '../findings.ts';
import { nearestName } from '../nearest.ts';

type Literal = Extract<Syntax, { kind: 'number' | 'money' | 'duration' | 'text' }>;

/** A number, an amount, a duration or a text as written; null where it cannot be one. */
export function literal(node: Literal, findings: Findings): Expr | null {
  const { span } = node;
  switch (node.kind) {
    case 'number':
      return { kind: 'number', type: 'number', span, value: exact(node.digits, node.percent ? 2 : 0) };
    case 'money':
      return money(node.digits, node.currency, span, findings);
    case 'duration':
      return { kind: 'duration', type: 'duration', span, ms: node.ms };
    case 'text':
      return { kind: 'text', type: 'text', span, value: node.value };
  }
}

function money(digits: string, currency: string, span: Span, findings: Findings): Expr | null {
  const decimals = minorDigits(currency);
  if (decimals === undefined) {
    findings.add('currency-unknown', span, { found: currency }, nearestCurrency(currency));
    return null;
  }
  // Zeros beyond count too: `100.000 EUR` is a hundred thousand to some and a hundred to others.
  const { num } = exact(digits, -decimals);
  if ((digits.split('.')[1] ?? '').length > decimals) {
    findings.add('money-decimals', span, { currency, digits: String(decimals) });
    return null;
  }
  if (num > BigInt(Number.MAX_SAFE_INTEGER)) {
    findings.add('money-large', span, { found: digits, limit: String(Math.floor(Number.MAX_SAFE_INTEGER / 10 ** decimals)), currency });
    return null;
  }
  return { kind: 'money', type: 'money', span, minor: Number(num), currency };
}

function nearestCurrency(found: string): string | undefined {
  const upper = found.toUpperCase();
  return minorDigits(upper) === undefined ? nearestName(upper, CURRENCIES) : upper;
}

/** `digits` · 10^−shift in lowest terms. */
function exact(digits: string, shift: number): Exact {
  const [whole, decimals = ''] = digits.split('.');
  let num = BigInt(whole! + decimals);
  let den = 10n ** BigInt(Math.max(0, decimals.length + shift));
  num *= 10n ** BigInt(Math.max(0, -(decimals.length + shift)));
  let [a, b] = [num, den];
  while (b !== 0n) [a, b] = [b, a % b];
  if (a > 1n) [num, den] = [num / a, den / a];
  return { num, den };
}
