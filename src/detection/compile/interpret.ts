import { assert } from '../../base/assert.ts';
import { NUMBER_SLOT, STATUSES, TEXT_SLOT } from '../../transactions/fields.ts';
import { AS_SENT, type Expr } from '../../typologies/ast.ts';
import { descendants } from '../../typologies/walk.ts';
import { DAY_MS } from '../days.ts';
import { calculate, compareExact, ERRORED, type ExactValue, exactOf } from '../exact.ts';
import { SIDE } from '../histories.ts';
import type { Item, Leg, Scene } from './scene.ts';
import { currencyOf } from './walk.ts';

export interface TextValue {
  readonly text: string;
}
/** An exact number, a text, a truth value, or one of the two that are none. */
export type Value = ExactValue | TextValue | boolean;
/** Three-valued (S15). */
export type Truth = boolean | 'errored';

const ITEMS = TEXT_SLOT.get('items')!;

/**
 * The plain evaluator of the checked tree: exact, and slow. It answers where generated code meets a number that no double holds, where code may not be
 * generated, and wherever an alert or an author wants to see values.
 */
export function evaluate(e: Expr, s: Scene): Value {
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'money':
      return exactOf(e.minor);
    case 'duration':
      return exactOf(e.ms);
    case 'boolean':
      return e.value;
    case 'text':
      return { text: e.value };
    case 'list':
      return assert(false, 'a list stands only to the right of `in`') as never;
    case 'param':
      return evaluate(e.value, s);
    case 'let':
      return letValue(e.index, s);
    case 'field':
      return fieldValue(legOf(e.of, s), e.path, s);
    case 'sided':
      return partyValue(legOf(e.of, s), partyOn(legOf(e.of, s), e.side), e.path, s);
    case 'accountAge':
      return partyValue(legOf(e.of, s), e.party, 'accountAge', s);
    case 'direction':
      return legOf(e.of, s).side === (e.value === 'incoming' ? SIDE.in : SIDE.out);
    case 'amount':
      return amountValue(legOf(e.of, s), s);
    case 'amountOriginal':
      return originalValue(legOf(e.of, s), s);
    case 'item':
      return itemValue(s.item, e.path);
    case 'and':
      return and(holds(e.left, s), () => holds(e.right, s));
    case 'or':
      return not(and(not(holds(e.left, s)), () => not(holds(e.right, s))));
    case 'not':
      return not(holds(e.operand, s));
    case 'compare':
      return compare(e, { ...s, currency: comparisonCurrency(e, s) });
    case 'in':
      return isIn(e, s);
    case 'arithmetic':
      return calculate(e.op, number(evaluate(e.left, s)), number(evaluate(e.right, s)));
    case 'negate':
      return calculate('-', exactOf(0), number(evaluate(e.operand, s)));
    case 'exists': {
      const value = evaluate(e.operand, s);
      return value === 'errored' ? value : value !== 'missing';
    }
    case 'coalesce':
      return coalesce(e.operands, s);
    case 'any':
      return anyItem(e, s);
    case 'aggregate':
      return s.world.aggregate(e, s);
  }
}

/** The currency in which a comparison is computed (S17). */
export function comparisonCurrency(e: Extract<Expr, { kind: 'compare' }>, s: Scene): string {
  if (e.currency !== AS_SENT) return currencyOf(e, s.world.reportingCurrency);
  const [first] = [...descendants(e)].filter((part) => part.kind === 'amountOriginal');
  assert(first !== undefined, 'a comparison as sent holds amount.original');
  const { rows } = s.world;
  return rows.table.text(rows.currency(legOf(first.of, s).row));
}

/** A missing condition is false (S11). */
export function holds(e: Expr, s: Scene): Truth {
  const value = evaluate(e, s);
  return value === 'errored' ? 'errored' : value === true;
}

function and(a: Truth, b: () => Truth): Truth {
  if (a === false) return false;
  const other = b();
  if (other === false) return false;
  return a === 'errored' || other === 'errored' ? 'errored' : true;
}

function not(a: Truth): Truth {
  return a === 'errored' ? a : !a;
}

function letValue(index: number, s: Scene): Value {
  const name = `${s.currency} ${index}`;
  const known = s.lets.get(name) as Value | undefined;
  if (known !== undefined) return known;
  const value = evaluate(s.typology.lets[index]!.expr, { ...s, leg: s.anchor, item: null });
  s.lets.set(name, value);
  return value;
}

function legOf(of: 'leg' | 'anchor', s: Scene): Leg {
  return of === 'anchor' ? s.anchor : s.leg;
}

function fieldValue({ row }: Leg, path: string, { world: { rows } }: Scene): Value {
  if (path === 'id') return { text: rows.id(row) };
  if (path === 'time') return exactOf(rows.t(row));
  if (path === 'status') return { text: STATUSES[rows.status(row)]! };
  const slot = TEXT_SLOT.get(path);
  if (slot !== undefined) {
    const id = rows.text(row, slot);
    return id === 0 ? 'missing' : { text: rows.table.text(id) };
  }
  const number = rows.number(row, NUMBER_SLOT.get(path)!);
  if (Number.isNaN(number)) return 'missing';
  return path === 'travel.oneWay' ? number === 1 : exactOf(number);
}

/** Who is on a side of a leg; of a leg of the key to itself the debtor's side is the holder (S0). */
function partyOn(leg: Leg, side: 'holder' | 'counterparty'): 'debtor' | 'creditor' {
  return (leg.side === SIDE.in) === (side === 'holder') ? 'creditor' : 'debtor';
}

function partyValue(leg: Leg, party: 'debtor' | 'creditor', path: string, s: Scene): Value {
  if (path !== 'accountAge') return fieldValue(leg, `${party}.${path}`, s);
  const { rows } = s.world;
  const opened = rows.number(leg.row, NUMBER_SLOT.get(`${party}.accountOpened`)!);
  return exactOf(rows.t(leg.row) - opened * DAY_MS);
}

export function amountValue({ row }: Leg, s: Scene): ExactValue {
  const { exchange } = s.world;
  const amount = exchange.convert(row, exchange.target(s.currency));
  if (amount === ERRORED) s.causes.add('missing-rate');
  return exactOf(amount);
}

/** The amount as sent has a value only among money of its own currency. */
function originalValue({ row }: Leg, s: Scene): ExactValue {
  const { rows } = s.world;
  return rows.table.text(rows.currency(row)) === s.currency ? exactOf(rows.amount(row)) : 'missing';
}

export function itemsOf({ row }: Leg, s: Scene): readonly Item[] {
  const { rows } = s.world;
  const id = rows.text(row, ITEMS);
  return id === 0 ? [] : (JSON.parse(rows.table.text(id)) as Item[]);
}

function itemValue(item: Item | null, path: 'text' | 'quantity'): Value {
  if (path === 'text') return item?.text === undefined ? 'missing' : { text: item.text };
  return item?.quantity === undefined ? 'missing' : exactDouble(item.quantity);
}

/** The number for which a double stands, which need not be whole. */
function exactDouble(x: number): ExactValue {
  let [num, den] = [x, 1n];
  for (; !Number.isInteger(num); num *= 2) den *= 2n;
  return { num: BigInt(num), den };
}

function isText(value: Value): value is TextValue {
  return typeof value === 'object' && 'text' in value;
}

export function number(value: Value): ExactValue {
  assert(typeof value !== 'boolean' && !isText(value), 'the type checker lets only numbers be calculated with');
  return value;
}

function coalesce(operands: readonly Expr[], s: Scene): Value {
  for (const operand of operands) {
    const value = evaluate(operand, s);
    if (value !== 'missing') return value;
  }
  return 'missing';
}

function anyItem(e: Extract<Expr, { kind: 'any' }>, s: Scene): Truth {
  let errored = false;
  for (const item of itemsOf(legOf(e.of, s), s)) {
    const held = holds(e.condition, { ...s, item });
    if (held === true) return true;
    errored ||= held === 'errored';
  }
  return errored ? 'errored' : false;
}

function isIn(e: Extract<Expr, { kind: 'in' }>, s: Scene): Truth {
  const value = evaluate(e.left, s);
  if (value === 'errored') return 'errored';
  assert(e.right.kind === 'list', 'a list stands to the right of `in`');
  return isText(value) && e.right.values.includes(value.text) !== e.negated;
}

function compare(e: Extract<Expr, { kind: 'compare' }>, s: Scene): Truth {
  const a = evaluate(e.left, s);
  const b = evaluate(e.right, s);
  if (a === 'errored' || b === 'errored') return 'errored';
  if (a === 'missing' || b === 'missing') return false;
  if (typeof a === 'boolean' || typeof b === 'boolean') return (a === b) === (e.op === '==');
  if (isText(a) || isText(b)) return (isText(a) && isText(b) && a.text === b.text) === (e.op === '==');
  return ordered(e.op, compareExact(a, b));
}

function ordered(op: string, sign: number): boolean {
  switch (op) {
    case '==':
      return sign === 0;
    case '!=':
      return sign !== 0;
    case '<':
      return sign < 0;
    case '<=':
      return sign <= 0;
    case '>':
      return sign > 0;
    default:
      return sign >= 0;
  }
}
