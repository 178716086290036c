import type { Span } from '../ast.ts';
import { durationMeant, isCurrencyCode } from './slips.ts';
import type { Syntax } from './syntax.ts';
import type { Token } from './tokens.ts';
import { AGGREGATES, WORDS } from './vocabulary.ts';

/** `EUR 950`: the amount before its currency. */
export function amountMeant(text: string, number: Token): string | undefined {
  const before = /([A-Z]{3})\s*$/.exec(text.slice(0, number.span.start))?.[1] ?? '';
  return isCurrencyCode(before) ? `${number.text} ${before}` : undefined;
}

/** `.5`: a number without a digit before its point. */
export function decimalsMeant(text: string, start: number): string | undefined {
  const decimals = /^\.[0-9]+/.exec(text.slice(start))?.[0];
  return decimals === undefined ? undefined : `0${decimals}`;
}

/** `(a, b)`: a list that was put into parentheses. */
export function listMeant(text: string, start: number): string {
  const inside = /^\(([^()[\]]*)\)/.exec(text.slice(start))?.[1];
  return inside === undefined ? '[a, b]' : `[${inside.trim().replace(/\s+/g, ' ')}]`;
}

/** `10,000`: digits that a comma groups. */
export function digitGroup(text: string, comma: Span): { readonly span: Span; readonly found: string } | undefined {
  const before = /[0-9]+$/.exec(text.slice(0, comma.start))?.[0];
  const after = /^[0-9]+/.exec(text.slice(comma.end))?.[0];
  if (before === undefined || after === undefined) return undefined;
  return { span: { start: comma.start - before.length, end: comma.end + after.length }, found: `${before},${after}` };
}

/** `over 24`, `over 24 hours`. */
export function windowMeant(text: string, number: Span, next: Token): { readonly span: Span; readonly found: string; readonly meant: string } {
  const digits = text.slice(number.start, number.end);
  const meant = next.kind === 'name' ? durationMeant(digits + next.text) : undefined;
  const span = { start: number.start, end: meant === undefined ? number.end : next.span.end };
  return { span, found: text.slice(span.start, span.end), meant: meant ?? `${digits}h` };
}

/** `count over 24h`, `sum amount over 24h`, `sum(amount) over 24h where incoming`. */
export function aggregateMeant(tree: Syntax, next: Token): { readonly expected: string; readonly meant: string } | undefined {
  if (next.kind !== 'name') return undefined;
  if (tree.kind === 'aggregate') {
    return next.text === 'where' ? { expected: 'where inside the parentheses', meant: `${tree.name}(… where …) over …` } : undefined;
  }
  const bare = tree.kind === 'path' && tree.names.length === 1 ? AGGREGATES.find((name) => name === tree.names[0]) : undefined;
  const value = WORDS.has(next.text) ? '' : `${next.text} `;
  return bare === undefined ? undefined : { expected: '( after the name of an aggregate', meant: `${bare}(${value}where …) over …` };
}

/** A token as a message shows it. */
export function foundWords({ kind, text }: Token): string {
  switch (kind) {
    case 'end':
      return 'the end';
    case 'text':
      return `the text "${text}"`;
    case 'symbol':
      return `"${text}"`;
    default:
      return text;
  }
}
