import type { Expr, Of, ParamSpec, Subject } from '../../../src/typologies/ast.ts';
import {
  accountAge,
  amount,
  amountOriginal,
  and,
  anyItem,
  arithmetic,
  coalesce,
  compare,
  duration,
  exists,
  field,
  incoming,
  isIn,
  itemQuantity,
  itemText,
  list,
  money,
  not,
  num,
  or,
  outgoing,
  param,
  sided,
  text,
  truth,
} from './expressions.ts';
import type { Tape } from './tape.ts';

const HOUR = 3_600_000;

export const ACCOUNTS = ['A', 'B', 'C', 'D', 'É', 'Ω'] as const;
export const PARTIES = ['p', 'q', 'r'] as const;
export const DEVICES = ['d1', 'd2'] as const;
export const COUNTRIES = ['DE', 'TR', 'GB'] as const;
export const KIND_CHOICES = ['p2p', 'remittance', 'cash-deposit'] as const;
export const ITEM_TEXTS = ['boat', 'engine', 'vest'] as const;
export const AMOUNTS_MINOR = [10_000, 20_000, 30_000, 50_000] as const;
export const CURRENCIES = ['EUR', 'EUR', 'EUR', 'USD'] as const;

/** Where a condition stands: inside an aggregate the anchor can be named, and only legs with a side have holders. */
export interface Place {
  readonly inAggregate: boolean;
  readonly sides: Subject['sides'];
  readonly params: readonly ParamSpec[];
  /** Lets that can be named here. */
  readonly lets: readonly Expr[];
}

const OPS = ['>=', '>', '<=', '<', '==', '!='] as const;

function of(tape: Tape, place: Place): Of {
  return place.inAggregate && tape.chance(25) ? 'anchor' : 'leg';
}

/** A text of a leg, present or not. */
function textPath(tape: Tape, place: Place, whose: Of): { path: Expr; values: readonly string[] } {
  const paths: { path: Expr; values: readonly string[] }[] = [
    { path: field('kind', 'text', whose), values: KIND_CHOICES },
    { path: field('creditor.country', 'country', whose), values: COUNTRIES },
    { path: field('debtor.country', 'country', whose), values: COUNTRIES },
    { path: field('device', 'text', whose), values: DEVICES },
    { path: field('creditor.party', 'text', whose), values: PARTIES },
    { path: field('source', 'text', whose), values: ['bank-a', 'bank-é'] },
    { path: field('id', 'text', whose), values: ['1', '7', '12'] },
    { path: field('status', 'text', whose), values: ['accepted', 'settled', 'returned'] },
    { path: coalesce(field('creditor.country', 'country', whose), field('debtor.country', 'country', whose)), values: COUNTRIES },
    { path: coalesce(field('device', 'text', whose), text('none')), values: [...DEVICES, 'none'] },
  ];
  if (place.sides !== 'none') {
    paths.push(
      { path: sided('holder', 'country', 'country', whose), values: COUNTRIES },
      { path: sided('counterparty', 'account', 'text', whose), values: ACCOUNTS },
      { path: sided('counterparty', 'party', 'text', whose), values: PARTIES },
    );
  }
  return tape.one(paths);
}

function moneyConstant(tape: Tape, place: Place): Expr {
  const params = place.params.filter((p) => p.value.type === 'money');
  if (params.length > 0 && tape.chance(30)) return param(tape.one(params));
  return money(tape.one(AMOUNTS_MINOR), tape.chance(15) ? 'USD' : 'EUR');
}

/** A condition on one leg, without aggregates. */
export function condition(tape: Tape, place: Place, depth: number): Expr {
  if (depth > 0 && tape.chance(30)) {
    const left = condition(tape, place, depth - 1);
    if (tape.chance(30)) return not(left);
    const right = condition(tape, place, depth - 1);
    return tape.chance(50) ? and(left, right) : or(left, right);
  }
  const whose = of(tape, place);
  switch (tape.below(12)) {
    case 0:
    case 1:
      return place.sides !== 'none' ? tape.one([outgoing(whose), incoming(whose)]) : amountCondition(tape, place, whose);
    case 2:
      return amountCondition(tape, place, whose);
    case 3: {
      const { path, values } = textPath(tape, place, whose);
      return compare(tape.one(['==', '!=']), path, text(tape.one(values)));
    }
    case 4: {
      const { path, values } = textPath(tape, place, whose);
      const kept = [...values.filter(() => tape.chance(60)), ...(tape.chance(20) ? othersThan(values) : [])];
      return isIn(path, someList(kept.length === 0 ? [values[0]!] : kept, tape.chance(30)), tape.chance(35));
    }
    case 5: {
      const paths = [
        field('device', 'text', whose),
        field('creditor.account', 'text', whose),
        field('travel.passengers', 'number', whose),
        accountAge('debtor', whose),
      ];
      return exists(tape.one(place.lets.length > 0 && tape.chance(40) ? place.lets : [...paths, field('items', 'text', whose)]));
    }
    case 6:
      return itemCondition(tape, whose);
    case 7:
      return ageCondition(tape, place, whose);
    case 8:
      return compare(tape.one(OPS), field('travel.passengers', 'number', whose), num(tape.below(3) + 1));
    case 9: {
      const oneWay = field('travel.oneWay', 'boolean', whose);
      if (tape.chance(50)) return tape.chance(50) ? oneWay : compare(tape.one(['==', '!=']), oneWay, truth(tape.chance(50)));
      return compare(tape.one(OPS), field('debtor.birthDate', 'date', whose), field('creditor.birthDate', 'date', whose));
    }
    case 10:
      return place.inAggregate ? correlation(tape, place) : amountCondition(tape, place, whose);
    default:
      if (place.inAggregate && tape.chance(30)) return compare(tape.one(OPS), amountOriginal('leg'), amountOriginal('anchor'));
      return compare(tape.one(OPS), amountOriginal(whose), money(tape.one(AMOUNTS_MINOR), tape.one(['EUR', 'USD'])));
  }
}

/** Values of the same sort that no record has, so that a list is long. */
function othersThan(values: readonly string[]): readonly string[] {
  if (values.includes(COUNTRIES[0])) return ['FR', 'IT', 'ES', 'NL', 'BE', 'AT', 'PL'];
  if (values.includes(KIND_CHOICES[0])) return ['cheque', 'card-payment', 'direct-debit', 'prepaid-load', 'crypto-sale', 'crypto-purchase', 'credit-transfer'];
  return values.includes('accepted') ? [] : ['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7'];
}

/** In place, or by a name; equal names have equal values. */
function someList(values: readonly string[], isNamed: boolean): Expr {
  return list(values, isNamed ? `list_${Buffer.from(values.join(' ')).toString('hex')}` : undefined);
}

function amountCondition(tape: Tape, place: Place, whose: Of): Expr {
  const left = tape.chance(20) ? arithmetic('*', amount(whose), num(3, 2)) : amount(whose);
  const constant = moneyConstant(tape, place);
  return tape.chance(15) ? compare(tape.one(OPS), constant, left) : compare(tape.one(OPS), left, constant);
}

function itemCondition(tape: Tape, whose: Of): Expr {
  const named = compare('==', itemText(), text(tape.one(ITEM_TEXTS)));
  return anyItem(tape.chance(40) ? and(named, compare(tape.one(OPS), itemQuantity(), num(2))) : named, whose);
}

function ageCondition(tape: Tape, place: Place, whose: Of): Expr {
  const age =
    place.sides !== 'none' && tape.chance(60) ? sided('holder', 'accountAge', 'duration', whose) : accountAge(tape.one(['debtor', 'creditor']), whose);
  return compare(tape.one(['<', '>=', '<=', '>'] as const), age, duration(tape.one([48, 72, 1]) * HOUR));
}

/** What a leg of a window has in common with the anchor. */
export function correlation(tape: Tape, place: Place): Expr {
  const paths: ((whose: Of) => Expr)[] = [
    (whose) => field('creditor.country', 'country', whose),
    (whose) => field('device', 'text', whose),
    (whose) => field('kind', 'text', whose),
    amount,
    (whose) => field('time', 'time', whose),
  ];
  if (place.sides !== 'none') paths.push((whose) => sided('counterparty', 'account', 'text', whose));
  const path = tape.one(paths);
  if (tape.chance(10)) return compare('<', field('time', 'time', 'anchor'), arithmetic('+', field('time', 'time'), duration(2 * HOUR)));
  if (tape.chance(15)) return compare('<=', arithmetic('-', field('time', 'time', 'anchor'), field('time', 'time')), duration(2 * HOUR));
  return compare(tape.chance(60) ? '==' : '!=', path('leg'), path('anchor'));
}
