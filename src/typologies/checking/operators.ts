import { AS_SENT, type CompareOp, type Expr } from '../ast.ts';
import type { Syntax } from '../expressions/syntax.ts';
import { type Environment, fail } from './environment.ts';
import { isSentAlone, moneyConstants, readsSent } from './money.ts';
import { alike, arithmeticType, capital, inWords, ordered } from './types.ts';
import { checkValue } from './values.ts';

type Of<K> = Extract<Syntax, { kind: K }>;

export function checkArithmetic(node: Of<'arithmetic'>, left: Expr | null, right: Expr | null, env: Environment): Expr | null {
  if (left === null || right === null) return null;
  const type = arithmeticType(node.op, left.type, right.type);
  if (type !== null) return { kind: 'arithmetic', type, span: node.span, op: node.op, left, right };
  const product = right.type === 'money' && ((node.op === '*' && left.type === 'money') || (node.op === '/' && left.type === 'number'));
  if (product) return fail(env, 'money-product', node.span);
  return fail(env, 'arithmetic-types', node.span, { what: `${capital(inWords(left.type))} ${node.op} ${inWords(right.type)}` });
}

export function checkCompare(node: Of<'compare'>, op: CompareOp, left: Expr | null, right: Expr | null, env: Environment): Expr | null {
  if (left === null || right === null) return null;
  if (!alike(left.type, right.type)) {
    const bare = (left.type === 'money' && right.type === 'number') || (left.type === 'number' && right.type === 'money');
    const number = left.type === 'number' ? left : right;
    if (bare && isWritten(number)) return fail(env, 'money-bare', number.span);
    return fail(env, 'comparison-types', node.span, { left: capital(inWords(left.type)), right: inWords(right.type) }, comparandMeant(node, left, right));
  }
  if (op !== '==' && op !== '!=' && !ordered(left.type)) return fail(env, 'comparison-order', node.span, { type: capital(inWords(left.type)) });
  for (const [field, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const text = other.kind === 'param' ? other.value : other;
    if (text.kind === 'text') checkValue(field, text.value, other.span, env);
  }
  const compare = { kind: 'compare', type: 'boolean', span: node.span, op, left, right } as const;
  const constants = [...moneyConstants(left, env), ...moneyConstants(right, env)];
  const asSent = constants.length === 0 && isSentAlone(left) && isSentAlone(right) && (readsSent(left) || readsSent(right));
  const currency = constants[0]?.currency ?? (asSent ? AS_SENT : left.type === 'money' ? '' : undefined);
  const other = constants.find((c) => c.currency !== currency);
  if (other !== undefined) return fail(env, 'money-currencies', other.at.span, { first: constants[0]!.currency, second: other.currency });
  return { ...compare, ...(currency === undefined ? {} : { currency }) };
}

export function checkIn(node: Of<'compare'>, left: Expr | null, right: Expr | null, env: Environment): Expr | null {
  if (right !== null && right.type !== 'list') return fail(env, 'list-expected', node.right.span, { found: inWords(right.type) });
  if (left === null || right === null) return null;
  if (left.type !== 'text' && left.type !== 'country') return fail(env, 'list-items', node.left.span, { found: capital(inWords(left.type)) });
  if (node.right.kind === 'list' && node.right.items.length === 0) env.findings.add('list-empty', node.right.span);
  if (node.right.kind === 'list') for (const item of node.right.items) checkValue(left, item.value, item.span, env);
  else if (right.kind === 'list') right.values.some((item) => !checkValue(left, item, node.right.span, env));
  return { kind: 'in', type: 'boolean', span: node.span, negated: node.op === 'not in', left, right };
}

/** Whether the number stands in the file, so that its currency can be written behind it; a count has none. */
function isWritten(number: Expr): boolean {
  if (number.kind === 'negate') return isWritten(number.operand);
  if (number.kind === 'arithmetic') return isWritten(number.left) && isWritten(number.right);
  return number.kind === 'number' || number.kind === 'param';
}

/** An age compared with a bare number was most likely meant in days; a number or true in quotes without them. */
function comparandMeant({ left: l, right: r }: Of<'compare'>, left: Expr, right: Expr): string | undefined {
  const number = left.type === 'duration' ? r : right.type === 'duration' ? l : undefined;
  if (number?.kind === 'number' && /^[0-9]+$/.test(number.digits) && !number.percent) return `${number.digits}d`;
  const [text, other] = l.kind === 'text' ? [l.value, right] : r.kind === 'text' ? [r.value, left] : ['', left];
  const form = {
    number: /^[0-9]+(?:\.[0-9]+)?%?$/,
    money: /^[0-9]+(?:\.[0-9]+)? [A-Z]{3}$/,
    duration: /^(?:[0-9]+(?:ms|[smhdw]))+$/,
    boolean: /^(?:true|false)$/,
  };
  return Object.hasOwn(form, other.type) && form[other.type as keyof typeof form].test(text) ? text : undefined;
}
