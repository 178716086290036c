import type { Aggregate, Expr, Typology } from '../../../src/typologies/ast.ts';
import { type Leg, precedes } from './legs.ts';
import { convert, SAFE_MAX } from './money.ts';
import { type Item, statusName } from './records.ts';
import type { OracleFacts, OracleSettings } from './types.ts';
import { arithmetic, both, compareRatios, ERRORED, either, isRatio, MISSING, opposite, type Ratio, ratio, type Truth, truth, type Value } from './values.ts';
import { children, currencyOf } from './walk.ts';

const DAY_MS = 86_400_000;

/** What an expression is asked about. */
export interface Scope {
  readonly typology: Typology;
  readonly settings: OracleSettings;
  /** Every leg of the key that the typology sees and that is kept, in ≺. */
  readonly history: readonly Leg[];
  /** UTC days on which the key is overfull. */
  readonly overfull: ReadonlySet<number>;
  readonly anchor: Leg;
  /** The leg in hand: a leg of the history inside an aggregate, the anchor outside. */
  readonly leg: Leg;
  /** The item in hand inside `any(items, …)`. */
  readonly item?: Item;
  /** Currency of the comparison in hand. */
  readonly currency: string;
  readonly facts: OracleFacts;
}

export function holds(e: Expr, s: Scope): Truth {
  return truth(evaluate(e, s));
}

export function evaluate(e: Expr, s: Scope): Value {
  const kind = e.kind === 'aggregate' ? e.name : e.kind;
  s.facts.evaluated.set(kind, (s.facts.evaluated.get(kind) ?? 0) + 1);
  switch (e.kind) {
    case 'number':
      return ratio(e.value.num, e.value.den);
    case 'money':
      return ratio(e.minor);
    case 'duration':
      return ratio(e.ms);
    case 'boolean':
    case 'text':
      return e.value;
    case 'list':
      throw new Error('a list stands only at the right of `in`');
    case 'param':
      return evaluate(e.value, s);
    case 'let':
      return evaluate(s.typology.lets[e.index]!.expr, { ...s, leg: s.anchor });
    case 'field':
      return fieldOf(legOf(e.of, s), e.path);
    case 'sided':
      return partyField(legOf(e.of, s), partyOn(legOf(e.of, s), e.side), e.path);
    case 'accountAge':
      return partyField(legOf(e.of, s), e.party, 'accountAge');
    case 'direction':
      return legOf(e.of, s).side === (e.value === 'incoming' ? 'in' : 'out');
    case 'amount':
      return amountOf(legOf(e.of, s), s);
    case 'amountOriginal': {
      const { minor, currency } = legOf(e.of, s).transaction;
      return currency === s.currency ? ratio(minor) : MISSING;
    }
    case 'item':
      return itemField(s.item!, e.path);
    case 'and':
      return both(holds(e.left, s), holds(e.right, s));
    case 'or':
      return either(holds(e.left, s), holds(e.right, s));
    case 'not':
      return opposite(holds(e.operand, s));
    case 'compare':
      return compare(e.op, e.left, e.right, { ...s, currency: currencyAt(e, s) });
    case 'in':
      return isIn(e, s);
    case 'arithmetic':
      return arithmetic(e.op, evaluate(e.left, s), evaluate(e.right, s));
    case 'negate':
      return arithmetic('-', ratio(0), evaluate(e.operand, s));
    case 'exists': {
      const value = evaluate(e.operand, s);
      return value === ERRORED ? ERRORED : value !== MISSING;
    }
    case 'coalesce':
      return e.operands.map((x) => evaluate(x, s)).find((v) => v !== MISSING) ?? MISSING;
    case 'any': {
      const leg = legOf(e.of, s);
      return leg.transaction.items.map((item) => holds(e.condition, { ...s, item })).reduce(either, false);
    }
    case 'aggregate':
      return aggregate(e, s);
  }
}

/** Of a comparison of amounts as sent, the currency of the one written first; of any other, the typology's word. */
export function currencyAt(e: Extract<Expr, { kind: 'compare' }>, s: Scope): string {
  if (e.currency !== 'as sent') return currencyOf(e, s.settings.reportingCurrency);
  const first = (x: Expr): Expr | undefined =>
    x.kind === 'amountOriginal'
      ? x
      : children(x)
          .map(first)
          .find((y) => y !== undefined);
  const written = first(e);
  return legOf(written?.kind === 'amountOriginal' ? written.of : 'leg', s).transaction.currency;
}

function legOf(of: 'leg' | 'anchor', s: Scope): Leg {
  return of === 'anchor' ? s.anchor : s.leg;
}

function fieldOf(leg: Leg, path: string): Value {
  const x = leg.transaction;
  if (path === 'items') return x.record.transaction['items'] === undefined ? MISSING : 'items';
  if (path === 'source') return x.source;
  if (path === 'id') return x.id;
  if (path === 'time') return ratio(x.t);
  if (path === 'status') return statusName(x.status);
  const text = x.texts.get(path);
  if (text !== undefined) return text;
  const number = x.numbers.get(path);
  if (number === undefined) return MISSING;
  return path === 'travel.oneWay' ? number === 1 : numberValue(number);
}

/** The key's side: the creditor's where it received, else the debtor's; a leg to itself is held by the debtor's side (S0). */
function partyOn(leg: Leg, side: 'holder' | 'counterparty'): 'debtor' | 'creditor' {
  return (leg.side === 'in') === (side === 'holder') ? 'creditor' : 'debtor';
}

function partyField(leg: Leg, party: 'debtor' | 'creditor', path: string): Value {
  if (path !== 'accountAge') return fieldOf(leg, `${party}.${path}`);
  const opened = leg.transaction.numbers.get(`${party}.accountOpened`);
  return opened === undefined ? MISSING : ratio(leg.transaction.t - opened * DAY_MS);
}

function amountOf(leg: Leg, s: Scope): Value {
  const x = leg.transaction;
  if (x.currency !== s.currency) s.facts.converted++;
  return convert(x.minor, x.currency, s.currency, x.t, s.settings.rates);
}

function itemField(item: Item, path: 'text' | 'quantity'): Value {
  if (path === 'text') return item.text ?? MISSING;
  return item.quantity === undefined ? MISSING : numberValue(item.quantity);
}

/** The exact value of the double that JSON's number stands for. */
function numberValue(x: number): Ratio {
  let [n, d] = [x, 1n];
  for (; !Number.isInteger(n); n *= 2) d *= 2n;
  return ratio(BigInt(n), d);
}

function compare(op: string, left: Expr, right: Expr, s: Scope): Truth {
  const a = evaluate(left, s);
  const b = evaluate(right, s);
  if (a === ERRORED || b === ERRORED) return ERRORED;
  if (a === MISSING || b === MISSING) {
    s.facts.missing++;
    return false;
  }
  if (!isRatio(a) || !isRatio(b)) return op === '==' ? a === b : a !== b;
  const sign = compareRatios(a, b);
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

function isIn(e: Extract<Expr, { kind: 'in' }>, s: Scope): Truth {
  const value = evaluate(e.left, s);
  if (value === ERRORED) return ERRORED;
  if (value === MISSING || e.right.kind !== 'list') return false;
  return e.right.values.includes(value as string) !== e.negated;
}

/** Win(a, W) of S5: left-open, and the anchor is in it. */
function windowOf(windowMs: number, s: Scope): readonly Leg[] {
  const start = s.anchor.transaction.t - windowMs;
  for (const e of s.history) {
    const after = precedes(e.transaction, s.anchor.transaction) > 0;
    if (e.transaction.t === start) s.facts.edgeOpen++;
    if (e.transaction.t === start + 1) s.facts.edgeInside++;
    if (e.transaction.t === start - 1) s.facts.edgeOutside++;
    if (after && e.transaction.t === s.anchor.transaction.t) s.facts.tiesAtAnchor++;
  }
  const inside = s.history.filter((e) => e.transaction.t > start && precedes(e.transaction, s.anchor.transaction) <= 0);
  s.facts.mostInWindow = Math.max(s.facts.mostInWindow, inside.length);
  return inside;
}

function touchesOverfullDay(windowMs: number, s: Scope): boolean {
  const [start, end] = [s.anchor.transaction.t - windowMs, s.anchor.transaction.t];
  const touched = [...s.overfull].some((day) => day * DAY_MS <= end && (day + 1) * DAY_MS - 1 > start);
  if (touched) s.facts.overfullTouched++;
  return touched;
}

/** The legs that an aggregate reads: those of its window for which its filter is true and its argument is not missing. */
export function legsRead(e: Aggregate, s: Scope): Leg[] {
  return windowOf(e.windowMs, s).filter((leg) => {
    const inHand = { ...s, leg };
    if (e.where !== undefined && holds(e.where, inHand) !== true) return false;
    if (e.name === 'passed_through') return leg.side === 'in' || leg.side === 'out';
    return e.argument === undefined || evaluate(e.argument, inHand) !== MISSING;
  });
}

function aggregate(e: Aggregate, s: Scope): Value {
  if (touchesOverfullDay(e.windowMs, s)) return ERRORED;
  const looksAt = windowOf(e.windowMs, s);
  if (e.where !== undefined && looksAt.some((leg) => holds(e.where!, { ...s, leg }) === ERRORED)) return ERRORED;
  const read = legsRead(e, s);
  if (e.name === 'count') return ratio(read.length);
  const values = read.map((leg) => (e.name === 'passed_through' ? amountOf(leg, s) : evaluate(e.argument!, { ...s, leg })));
  if (values.includes(ERRORED)) return ERRORED;
  if (values.length === 0) return e.name === 'sum' ? ratio(0) : MISSING;
  switch (e.name) {
    case 'distinct':
      return ratio(new Set(values.map(identityOf)).size);
    case 'sum':
      return total(values as Ratio[]);
    case 'avg':
      return arithmetic('/', total(values as Ratio[]), ratio(values.length));
    case 'min':
      return (values as Ratio[]).reduce((a, b) => (compareRatios(b, a) < 0 ? b : a));
    case 'max':
      return (values as Ratio[]).reduce((a, b) => (compareRatios(b, a) > 0 ? b : a));
    case 'passed_through':
      return passedThrough(read, values as Ratio[]);
  }
}

/** Equal values have equal texts. */
function identityOf(value: Value): string {
  return isRatio(value) ? lowest(value) : `${typeof value} ${String(value)}`;
}

function lowest({ n, d }: Ratio): string {
  let [a, b] = [n < 0n ? -n : n, d];
  while (b !== 0n) [a, b] = [b, a % b];
  return `${n / a}/${d / a}`;
}

function total(values: readonly Ratio[]): Value {
  const sum = values.reduce((a, b) => arithmetic('+', a, b) as Ratio, ratio(0));
  const size = sum.n < 0n ? -sum.n : sum.n;
  return size > SAFE_MAX * sum.d ? ERRORED : sum;
}

/** S9: each outflow uses up what earlier inflows of the same window left. */
function passedThrough(read: readonly Leg[], amounts: readonly Ratio[]): Value {
  let [left, matched] = [0n, 0n];
  read.forEach((leg, i) => {
    const amount = amounts[i]!.n;
    if (leg.side === 'in') {
      left += amount;
      return;
    }
    const used = amount < left ? amount : left;
    left -= used;
    matched += used;
  });
  return ratio(matched);
}
