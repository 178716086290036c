import type { Expr } from '../../typologies/ast.ts';
import { currencyOf } from './walk.ts';

/**
 * An expression that stands outside lets as text: equal texts mean the same, whatever the names of parameters and lists and wherever it is written.
 * `currency` is that of the comparison around it.
 */
export function canonical(e: Expr, currency: string, reporting: string): string {
  const of = (part: Expr): string => canonical(part, currency, reporting);
  switch (e.kind) {
    case 'number':
      return `${e.value.num}/${e.value.den}`;
    case 'money':
      return `m${e.minor}`;
    case 'duration':
      return `d${e.ms}`;
    case 'boolean':
      return String(e.value);
    case 'text':
      return JSON.stringify(e.value);
    case 'list':
      return JSON.stringify([...new Set(e.values)].sort());
    case 'param':
      return of(e.value);
    case 'let':
      return `let${e.index}`;
    case 'field':
      return `${e.of}.${e.path}`;
    case 'sided':
      return `${e.of}.${e.side}.${e.path}`;
    case 'accountAge':
      return `${e.of}.${e.party}.accountAge`;
    case 'direction':
      return `${e.of}.${e.value}`;
    case 'amount':
    case 'amountOriginal':
      return `${e.of}.${e.kind}.${currency}`;
    case 'item':
      return `item.${e.path}`;
    case 'compare': {
      const own = currencyOf(e, reporting);
      return `(${e.op} ${canonical(e.left, own, reporting)} ${canonical(e.right, own, reporting)})`;
    }
    case 'in':
      return `(${e.negated ? 'not-in' : 'in'} ${of(e.left)} ${of(e.right)})`;
    case 'and':
    case 'or':
      return `(${e.kind} ${of(e.left)} ${of(e.right)})`;
    case 'arithmetic':
      return `(${e.op} ${of(e.left)} ${of(e.right)})`;
    case 'not':
    case 'negate':
    case 'exists':
      return `(${e.kind} ${of(e.operand)})`;
    case 'coalesce':
      return `(coalesce ${e.operands.map(of).join(' ')})`;
    case 'any':
      return `(any ${e.of} ${of(e.condition)})`;
    case 'aggregate':
      // What passes through is money without being written.
      return `(${e.name} ${e.name === 'passed_through' ? currency : e.argument === undefined ? '' : of(e.argument)} where ${e.where === undefined ? '' : of(e.where)} over ${e.windowMs})`;
  }
}
