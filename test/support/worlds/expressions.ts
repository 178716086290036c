import { type AggregateName, AS_SENT, type CompareOp, type Expr, type Of, type ParamSpec, type Side, type ValueType } from '../../../src/typologies/ast.ts';

/** Builders of the checked syntax tree. Spans are put in by `source.ts`, which writes the text. */
const span = { start: 0, end: 0 };

export const num = (value: number, den = 1): Expr => ({ kind: 'number', type: 'number', span, value: { num: BigInt(value), den: BigInt(den) } });
export const money = (minor: number, currency: string): Expr => ({ kind: 'money', type: 'money', span, minor, currency });
export const duration = (ms: number): Expr => ({ kind: 'duration', type: 'duration', span, ms });
export const truth = (value: boolean): Expr => ({ kind: 'boolean', type: 'boolean', span, value });
export const text = (value: string): Expr => ({ kind: 'text', type: 'text', span, value });
export const list = (values: readonly string[], name?: string): Expr => ({ kind: 'list', type: 'list', span, values, ...(name === undefined ? {} : { name }) });
export const param = (spec: ParamSpec): Expr => ({ kind: 'param', type: spec.value.type, span, name: spec.name, value: spec.value });
export const letRef = (index: number, name: string, type: ValueType): Expr => ({ kind: 'let', type, span, index, name });

export const field = (path: string, type: ValueType = 'text', of: Of = 'leg'): Expr => ({ kind: 'field', type, span, of, path });
export const sided = (side: Side, path: string, type: ValueType = 'text', of: Of = 'leg'): Expr => ({ kind: 'sided', type, span, of, side, path });
export const accountAge = (party: 'debtor' | 'creditor', of: Of = 'leg'): Expr => ({ kind: 'accountAge', type: 'duration', span, of, party });
export const incoming = (of: Of = 'leg'): Expr => ({ kind: 'direction', type: 'boolean', span, of, value: 'incoming' });
export const outgoing = (of: Of = 'leg'): Expr => ({ kind: 'direction', type: 'boolean', span, of, value: 'outgoing' });
export const amount = (of: Of = 'leg'): Expr => ({ kind: 'amount', type: 'money', span, of });
export const amountOriginal = (of: Of = 'leg'): Expr => ({ kind: 'amountOriginal', type: 'money', span, of });
export const itemText = (): Expr => ({ kind: 'item', type: 'text', span, path: 'text' });
export const itemQuantity = (): Expr => ({ kind: 'item', type: 'number', span, path: 'quantity' });

export const and = (left: Expr, right: Expr): Expr => ({ kind: 'and', type: 'boolean', span, left, right });
export const or = (left: Expr, right: Expr): Expr => ({ kind: 'or', type: 'boolean', span, left, right });
export const not = (operand: Expr): Expr => ({ kind: 'not', type: 'boolean', span, operand });
export const exists = (operand: Expr): Expr => ({ kind: 'exists', type: 'boolean', span, operand });
export const coalesce = (...operands: Expr[]): Expr => ({
  kind: 'coalesce',
  type: operands.some((x) => x.type === 'text') ? 'text' : operands[0]!.type,
  span,
  operands,
});
export const anyItem = (condition: Expr, of: Of = 'leg'): Expr => ({ kind: 'any', type: 'boolean', span, of, condition });
export const isIn = (left: Expr, right: Expr, negated = false): Expr => ({ kind: 'in', type: 'boolean', span, negated, left, right });
export const negate = (operand: Expr): Expr => ({ kind: 'negate', type: operand.type, span, operand });

export function compare(op: CompareOp, left: Expr, right: Expr): Expr {
  const asSent = left.kind === 'amountOriginal' && right.kind === 'amountOriginal';
  const currency = currencyIn(left) ?? currencyIn(right) ?? (asSent ? AS_SENT : left.type === 'money' ? '' : undefined);
  return { kind: 'compare', type: 'boolean', span, op, left, right, ...(currency === undefined ? {} : { currency }) };
}

/** Money by money is a number, money with a number is money, a difference of times a duration. */
export function arithmetic(op: '+' | '-' | '*' | '/', left: Expr, right: Expr): Expr {
  return { kind: 'arithmetic', type: typeOf(op, left.type, right.type), span, op, left, right };
}

export function aggregate(name: AggregateName, windowMs: number, argument?: Expr, where?: Expr): Expr {
  const type = name === 'count' || name === 'distinct' ? 'number' : name === 'passed_through' ? 'money' : argument!.type;
  return { kind: 'aggregate', type, span, name, windowMs, ...(argument === undefined ? {} : { argument }), ...(where === undefined ? {} : { where }) };
}

function typeOf(op: string, a: ValueType, b: ValueType): ValueType {
  if (op === '/' && a === b) return 'number';
  if (op === '-' && a === 'time' && b === 'time') return 'duration';
  if (a === 'time' || b === 'time') return 'time';
  return a === 'number' ? b : a;
}

/** The parts that belong to the comparison itself: a filter inside an aggregate is a comparison of its own (S17). */
function parts(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'arithmetic':
      return [e.left, e.right];
    case 'negate':
      return [e.operand];
    case 'coalesce':
      return e.operands;
    case 'param':
      return [e.value];
    case 'aggregate':
      return e.argument === undefined ? [] : [e.argument];
    default:
      return [];
  }
}

function currencyIn(e: Expr): string | undefined {
  if (e.kind === 'money') return e.currency;
  return parts(e)
    .map(currencyIn)
    .find((c) => c !== undefined);
}
