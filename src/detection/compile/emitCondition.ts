import { AS_SENT, type Expr, type ValueType } from '../../typologies/ast.ts';
import { SAFE_MAX } from '../exact.ts';
import { SIDE } from '../histories.ts';
import { NO_NUMBER } from '../rows.ts';
import { type EmitContext, emitNumber, emitText, legNames, NoFastForm, type Place } from './emitValue.ts';
import { currencyOf } from './walk.ts';

const SAFE = String(SAFE_MAX);
const SHORT_LIST = 6;

/** Emits a condition; the variable is 0 (false), 1 (true) or 3 (errored). Inside, a field's truth may also be 2: missing, which as a condition is false. */
export function emitTruth(e: Expr, place: Place, context: EmitContext): string {
  const value = emitBoolean(e, place, context);
  return canBeMissing(e) ? context.emitter.temporary(`${value} === 2 ? 0 : ${value}`) : value;
}

function canBeMissing(e: Expr): boolean {
  return e.kind === 'field' || e.kind === 'sided' || e.kind === 'let' || e.kind === 'coalesce';
}

function isText(type: ValueType): boolean {
  return type === 'text' || type === 'country';
}

/** Emits an expression whose value is a truth; what has no fast form is left to the plain evaluator. */
export function emitBoolean(e: Expr, place: Place, context: EmitContext): string {
  const { emitter } = context;
  const { lines } = emitter;
  const before = lines.length;
  try {
    return emitFast(e, place, context);
  } catch (error) {
    if (!(error instanceof NoFastForm)) throw error;
    // Drops what was emitted of it so far.
    emitter.lines = lines;
    lines.length = before;
    return emitter.temporary(`${context.plain(e, place.currency)}(${place.leg.row}, ${place.leg.side})`);
  }
}

function emitFast(e: Expr, place: Place, context: EmitContext): string {
  const { emitter } = context;
  switch (e.kind) {
    case 'boolean':
      return e.value ? '1' : '0';
    case 'let':
      return context.letBoolean(e.index, place.currency);
    case 'field': {
      const number = emitter.temporary(emitter.number(legNames(e.of, place), e.path));
      return emitter.temporary(`${number} === ${NO_NUMBER} ? 2 : ${number}`);
    }
    case 'direction':
      return emitter.temporary(`${legNames(e.of, place).side} === ${e.value === 'incoming' ? SIDE.in : SIDE.out} ? 1 : 0`);
    case 'and':
    case 'or':
      return emitJunction(e.kind, e.left, e.right, place, context);
    case 'not': {
      const value = emitTruth(e.operand, place, context);
      return emitter.temporary(`${value} === 3 ? 3 : 1 - ${value}`);
    }
    case 'compare':
      return emitCompare(e, place, context);
    case 'in':
      return emitIn(e, place, context);
    case 'exists':
      return emitExists(e.operand, place, context);
    default:
      throw new NoFastForm(e.kind);
  }
}

/** `and` ends at a false left side, `or` at a true one. Of 0, 1 and 3 the bitwise or is the three-valued answer of the rest. */
function emitJunction(kind: 'and' | 'or', left: Expr, right: Expr, place: Place, context: EmitContext): string {
  const { emitter } = context;
  const decisive = kind === 'and' ? 0 : 1;
  const value = emitter.temporary(emitTruth(left, place, context));
  emitter.line(`if (${value} !== ${decisive}) {`);
  const other = emitTruth(right, place, context);
  emitter.line(`${value} = ${other} === ${decisive} ? ${decisive} : ${value} | ${other};`);
  emitter.line('}');
  return value;
}

function emitCompare(e: Extract<Expr, { kind: 'compare' }>, outer: Place, context: EmitContext): string {
  const { emitter } = context;
  if (e.currency === AS_SENT) throw new NoFastForm('a currency that each leg has of its own');
  const place = { ...outer, currency: currencyOf(e, context.reporting) };
  const type = e.left.type;
  if (isText(type)) {
    const [a, b] = [emitText(e.left, place, context), emitText(e.right, place, context)];
    return emitter.temporary(`${a} !== 0 && ${b} !== 0 && ${a} ${e.op}= ${b} ? 1 : 0`);
  }
  if (type === 'boolean') {
    const [a, b] = [emitBoolean(e.left, place, context), emitBoolean(e.right, place, context)];
    return emitter.temporary(`${a} === 3 || ${b} === 3 ? 3 : ${a} !== 2 && ${b} !== 2 && ${a} ${e.op}= ${b} ? 1 : 0`);
  }
  const [left, right] = [emitNumber(e.left, place, context), emitNumber(e.right, place, context)];
  const a = left.d === right.d || right.d === '1' ? left.n : emitter.temporary(`${left.n} * ${right.d}`);
  const b = left.d === right.d || left.d === '1' ? right.n : emitter.temporary(`${right.n} * ${left.d}`);
  const op = e.op === '==' || e.op === '!=' ? `${e.op}=` : e.op;
  const inside = [a, b].filter((v) => !/^\d+$/.test(v)).map((v) => `${v} <= ${SAFE} && ${v} >= -${SAFE}`);
  const plain = context.plain(e, outer.currency);
  const fast = `${a} ${op} ${b} ? 1 : 0`;
  if (inside.length === 0) return emitter.temporary(fast);
  return emitter.temporary(`${inside.join(' && ')} ? (${fast}) : odd(${a}, ${b}) ?? ${plain}(${place.leg.row}, ${place.leg.side})`);
}

function emitIn(e: Extract<Expr, { kind: 'in' }>, place: Place, context: EmitContext): string {
  const { emitter, constants } = context;
  if (e.right.kind !== 'list') throw new NoFastForm('a list that is none');
  const text = emitText(e.left, place, context);
  const ids = [...new Set(e.right.values.map((value) => constants.id(value)))];
  const [yes, no] = e.negated ? [0, 1] : [1, 0];
  if (ids.length === 0) return emitter.temporary(`${text} === 0 ? 0 : ${no}`);
  if (ids.length <= SHORT_LIST) {
    const held = emitter.temporary(text);
    return emitter.temporary(`${held} === 0 ? 0 : ${ids.map((id) => `${held} === ${id}`).join(' || ')} ? ${yes} : ${no}`);
  }
  const members = new Uint8Array(Math.max(...ids) + 1);
  for (const id of ids) members[id] = 1;
  return emitter.temporary(`${text} === 0 ? 0 : ${emitter.constant(members)}[${text}] === 1 ? ${yes} : ${no}`);
}

function emitExists(operand: Expr, place: Place, context: EmitContext): string {
  const { emitter } = context;
  if (isText(operand.type)) return emitter.temporary(`${emitText(operand, place, context)} !== 0 ? 1 : 0`);
  if (operand.type === 'boolean') {
    const value = emitBoolean(operand, place, context);
    return emitter.temporary(`${value} === 3 ? 3 : ${value} !== 2 ? 1 : 0`);
  }
  if (operand.type === 'list') throw new NoFastForm('a list of things');
  const { n } = emitNumber(operand, place, context);
  const plain = context.plain({ kind: 'exists', type: 'boolean', span: operand.span, operand }, place.currency);
  return emitter.temporary(`${n} === Infinity ? 3 : ${n} === -Infinity ? ${plain}(${place.leg.row}, ${place.leg.side}) : ${n} === ${n} ? 1 : 0`);
}
