import { STATUSES } from '../../transactions/fields.ts';
import type { Exact, Expr } from '../../typologies/ast.ts';
import type { Constants } from '../constants.ts';
import { DAY_MS } from '../days.ts';
import { SAFE_MAX } from '../exact.ts';
import type { Exchange } from '../exchange.ts';
import { SIDE } from '../histories.ts';
import { NO_NUMBER } from '../rows.ts';
import type { Emitter, LegNames } from './emitter.ts';
import type { AggregateExpr } from './walk.ts';

/** A number in generated code: a fast form (`exact.ts`) over a denominator greater than zero. */
export interface Num {
  readonly n: string;
  readonly d: string;
}

/** What is emitted about: the leg in hand, the anchor, and the currency of the comparison around it. */
export interface Place {
  readonly leg: LegNames;
  readonly anchor: LegNames;
  readonly currency: string;
}

export interface EmitContext {
  readonly emitter: Emitter;
  readonly constants: Constants;
  readonly exchange: Exchange;
  readonly reporting: string;
  readonly letNumber: (index: number, currency: string) => Num;
  readonly letText: (index: number, currency: string) => string;
  readonly letBoolean: (index: number, currency: string) => string;
  readonly aggregate: (e: AggregateExpr, currency: string) => Num;
  /** Name of a function that answers a condition by the plain evaluator; called with row and side of the leg in hand. */
  readonly plain: (e: Expr, currency: string) => string;
}

/** Thrown where an expression has no fast form; the condition around it is left to the plain evaluator. */
export class NoFastForm extends Error {
  override readonly name = 'NoFastForm';
}

const SAFE = String(SAFE_MAX);

export function legNames(of: 'leg' | 'anchor', place: Place): LegNames {
  return of === 'anchor' ? place.anchor : place.leg;
}

export function exactNum({ num, den }: Exact): Num {
  const safe = (x: bigint): boolean => x <= BigInt(SAFE_MAX) && x >= -BigInt(SAFE_MAX);
  if (!safe(num) || !safe(den)) throw new NoFastForm('a constant beyond what a double holds exactly');
  return { n: literal(Number(num)), d: String(den) };
}

function literal(x: number): string {
  return x < 0 ? `(${x})` : String(x);
}

/** Emits an expression whose value is a number of any kind. */
export function emitNumber(e: Expr, place: Place, context: EmitContext): Num {
  const { emitter } = context;
  switch (e.kind) {
    case 'number':
      return exactNum(e.value);
    case 'money':
      return { n: literal(e.minor), d: '1' };
    case 'duration':
      return { n: literal(e.ms), d: '1' };
    case 'param':
      return emitNumber(e.value, place, context);
    case 'let':
      return context.letNumber(e.index, place.currency);
    case 'aggregate':
      return context.aggregate(e, place.currency);
    case 'field': {
      const leg = legNames(e.of, place);
      return whole(e.path === 'time' ? emitter.time(leg) : numberAt(e.path, leg, context), context);
    }
    case 'sided': {
      const leg = legNames(e.of, place);
      const ofParty = (party: string): string => (e.path === 'accountAge' ? ageOf(party, leg, context) : numberAt(`${party}.${e.path}`, leg, context));
      return whole(`${isCreditorSide(e.side, leg)} ? ${ofParty('creditor')} : ${ofParty('debtor')}`, context);
    }
    case 'accountAge':
      return whole(ageOf(e.party, legNames(e.of, place), context), context);
    case 'amount':
      return whole(amountAt(legNames(e.of, place), place.currency, context), context);
    case 'amountOriginal': {
      const leg = legNames(e.of, place);
      const currency = context.constants.id(place.currency);
      return whole(`${emitter.text(leg, 'amount.currency')} === ${currency} ? ${emitter.amount(leg)} : NaN`, context);
    }
    case 'arithmetic':
      return emitArithmetic(e.op, emitNumber(e.left, place, context), emitNumber(e.right, place, context), context);
    case 'negate':
      return emitArithmetic('-', { n: '0', d: '1' }, emitNumber(e.operand, place, context), context);
    case 'coalesce':
      return emitCoalesce(e.operands, place, context);
    default:
      throw new NoFastForm(e.kind);
  }
}

function whole(value: string, { emitter }: EmitContext): Num {
  return { n: emitter.temporary(value), d: '1' };
}

function numberAt(path: string, leg: LegNames, { emitter }: EmitContext): string {
  const number = emitter.number(leg, path);
  return `(${number} === ${NO_NUMBER} ? NaN : ${number})`;
}

function ageOf(party: string, leg: LegNames, context: EmitContext): string {
  return `(${context.emitter.time(leg)} - ${numberAt(`${party}.accountOpened`, leg, context)} * ${DAY_MS})`;
}

/** The amount in a currency, in minor units. */
export function amountAt(leg: LegNames, currency: string, { emitter, constants, exchange }: EmitContext): string {
  const isIts = `${emitter.text(leg, 'amount.currency')} === ${constants.id(currency)}`;
  return `${isIts} ? ${emitter.amount(leg)} : ${emitter.constant(exchange)}.convert(${leg.row}, ${exchange.target(currency)})`;
}

/** Whether the creditor is on a side of a leg; of a leg of the key to itself the debtor is the holder (S0). */
export function isCreditorSide(side: 'holder' | 'counterparty', leg: LegNames): string {
  return `${leg.side} ${side === 'holder' ? '===' : '!=='} ${SIDE.in}`;
}

export function emitArithmetic(op: '+' | '-' | '*' | '/', a: Num, b: Num, context: EmitContext): Num {
  const { emitter } = context;
  if (op === '/') return emitQuotient(a, b, context);
  if (op === '*') {
    const d = product(a.d, b.d, context);
    const n = emitter.temporary(`${a.n} * ${b.n}`);
    emitter.line(`if (!(${n} <= ${SAFE} && ${n} >= -${SAFE})) ${n} = mark(${a.n}, ${b.n});`);
    return { n, d };
  }
  if (a.d === b.d) {
    const n = emitter.temporary(`${a.n} ${op} ${b.n}`);
    emitter.line(`if (!(${n} <= ${SAFE} && ${n} >= -${SAFE})) ${n} = mark(${a.n}, ${b.n});`);
    return { n, d: a.d };
  }
  const d = product(a.d, b.d, context);
  const x = emitter.temporary(times(a.n, b.d));
  const y = emitter.temporary(times(b.n, a.d));
  const n = emitter.temporary(`${x} ${op} ${y}`);
  const inside = [x, y, n].map((v) => `${v} <= ${SAFE} && ${v} >= -${SAFE}`).join(' && ');
  emitter.line(`if (!(${inside})) ${n} = mark(${a.n}, ${b.n});`);
  return { n, d };
}

function times(n: string, d: string): string {
  return d === '1' ? n : `${n} * ${d}`;
}

/** A product of denominators. Where it is too large for a double the whole expression has no fast form. */
function product(a: string, b: string, { emitter }: EmitContext): string {
  if (a === '1') return b;
  if (b === '1') return a;
  const isConstant = /^\d+$/.test(a) && /^\d+$/.test(b);
  if (!isConstant) {
    // A denominator is a count or an amount: the product of two is checked where it is used.
    return emitter.temporary(`${a} * ${b}`);
  }
  const value = Number(a) * Number(b);
  if (value > SAFE_MAX) throw new NoFastForm('a denominator beyond what a double holds exactly');
  return String(value);
}

/** Division by zero is missing (S11). */
function emitQuotient(a: Num, b: Num, { emitter }: EmitContext): Num {
  const n = emitter.temporary(times(a.n, b.d));
  const d = emitter.temporary(times(b.n, a.d));
  emitter.line(`if (!(${n} <= ${SAFE} && ${n} >= -${SAFE} && ${d} <= ${SAFE} && ${d} >= -${SAFE})) { ${n} = mark(${a.n}, ${b.n}); ${d} = 1; }`);
  emitter.line(`else if (${d} === 0) { ${n} = NaN; ${d} = 1; }`);
  emitter.line(`else if (${d} < 0) { ${n} = -${n}; ${d} = -${d}; }`);
  return { n, d };
}

function emitCoalesce(operands: readonly Expr[], place: Place, context: EmitContext): Num {
  const { emitter } = context;
  const n = emitter.temporary('NaN');
  const d = emitter.temporary('1');
  let depth = 0;
  for (const operand of operands) {
    const value = emitNumber(operand, place, context);
    emitter.line(`${n} = ${value.n}; ${d} = ${value.d};`);
    emitter.line(`if (${n} !== ${n}) { ${d} = 1;`);
    depth++;
  }
  emitter.line('}'.repeat(depth));
  return { n, d };
}

/** Emits an expression whose value is a text: its id, 0 where it is missing. */
export function emitText(e: Expr, place: Place, context: EmitContext): string {
  const { emitter, constants } = context;
  switch (e.kind) {
    case 'text':
      return String(constants.id(e.value));
    case 'param':
      return emitText(e.value, place, context);
    case 'let':
      return context.letText(e.index, place.currency);
    case 'field': {
      const leg = legNames(e.of, place);
      if (e.path === 'id') throw new NoFastForm('an identifier is not interned');
      if (e.path === 'status') {
        const ids = emitter.constant(STATUSES.map((status) => constants.id(status)));
        return emitter.temporary(`${ids}[${emitter.status(leg)}]`);
      }
      return emitter.temporary(emitter.text(leg, e.path));
    }
    case 'sided': {
      const leg = legNames(e.of, place);
      const of = (party: string): string => emitter.text(leg, `${party}.${e.path}`);
      return emitter.temporary(`${isCreditorSide(e.side, leg)} ? ${of('creditor')} : ${of('debtor')}`);
    }
    case 'coalesce': {
      const text = emitter.temporary('0');
      for (const operand of e.operands) {
        emitter.line(`if (${text} === 0) {`);
        emitter.line(`${text} = ${emitText(operand, place, context)};`);
        emitter.line('}');
      }
      return text;
    }
    default:
      throw new NoFastForm(e.kind);
  }
}
