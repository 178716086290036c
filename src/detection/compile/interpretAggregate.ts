import { assert } from '../../base/assert.ts';
import { calculate, compareExact, type ExactValue, exactOf, reduce, SAFE_MAX } from '../exact.ts';
import { SIDE } from '../histories.ts';
import { amountValue, evaluate, holds, number, type Value } from './interpret.ts';
import type { Leg, Scene } from './scene.ts';
import { isSeen } from './seen.ts';
import type { AggregateExpr } from './walk.ts';

/** Over nothing, count and sum are 0 and the others missing (S5); a window that touches an overfull day is errored (S15). */
export function aggregateOf(e: AggregateExpr, s: Scene): ExactValue {
  const { subject, key, row } = s.anchor;
  const t = s.world.rows.t(row);
  if (subject.overfull.touches(key, t - e.windowMs + 1, t)) {
    s.causes.add('overfull-day');
    return 'errored';
  }
  const fold = foldOf(e);
  let errored = false;
  for (const leg of windowLegs(e.windowMs, s)) {
    const value = valueRead(e, { ...s, leg });
    if (value === 'errored') errored = true;
    else if (value !== null) fold.add(value, leg);
  }
  if (errored) return 'errored';
  const result = fold.result();
  if (result === 'errored') s.causes.add('overflow');
  return result;
}

/** The legs that an aggregate reads, in ≺: what S18 takes as evidence. */
export function* legsRead(e: AggregateExpr, s: Scene): IterableIterator<Leg> {
  for (const leg of windowLegs(e.windowMs, s)) {
    const inHand = { ...s, leg };
    if (e.where !== undefined && holds(e.where, inHand) !== true) continue;
    if (argumentOf(e, inHand) !== null) yield leg;
  }
}

/** Win(a, W) as far as the typology sees it (S5): left-open, the anchor is in it. */
function* windowLegs(windowMs: number, s: Scene): IterableIterator<Leg> {
  const { subject, key, position, row } = s.anchor;
  const { histories } = subject;
  const start = histories.lowerBound(key, s.world.rows.t(row) - windowMs + 1);
  for (let p = start; p <= position; p++) {
    const ref = histories.leg(key, p);
    const leg = { row: ref >>> 2, side: ref & 3 };
    if (isSeen(leg, s)) yield leg;
  }
}

/** What the aggregate takes of the leg in hand; null where it does not read it. */
function valueRead(e: AggregateExpr, s: Scene): Value | null {
  if (e.where !== undefined) {
    const held = holds(e.where, s);
    if (held !== true) return held === 'errored' ? 'errored' : null;
  }
  return argumentOf(e, s);
}

function argumentOf(e: AggregateExpr, s: Scene): Value | null {
  if (e.name === 'count') return true;
  if (e.name === 'passed_through') return s.leg.side === SIDE.in || s.leg.side === SIDE.out ? amountValue(s.leg, s) : null;
  const value = evaluate(e.argument!, s);
  return value === 'missing' ? null : value;
}

interface Fold {
  add(value: Value, leg: Leg): void;
  result(): ExactValue;
}

function foldOf(e: AggregateExpr): Fold {
  switch (e.name) {
    case 'count':
      return counting();
    case 'sum':
    case 'avg':
      return summing(e.name === 'avg');
    case 'min':
      return extreme(-1);
    case 'max':
      return extreme(1);
    case 'distinct':
      return distinct();
    case 'passed_through':
      return passedThrough();
  }
}

function counting(): Fold {
  let n = 0;
  return { add: () => void n++, result: () => exactOf(n) };
}

/** A sum beyond 2^53 − 1 is an overflow. */
function summing(isAverage: boolean): Fold {
  let sum: ExactValue = exactOf(0);
  let n = 0;
  return {
    add(value) {
      sum = calculate('+', sum, number(value));
      n++;
    },
    result() {
      assert(typeof sum === 'object', 'a sum of numbers is a number');
      const size = sum.num < 0n ? -sum.num : sum.num;
      if (size > BigInt(SAFE_MAX) * sum.den) return 'errored';
      return isAverage ? calculate('/', sum, exactOf(n)) : sum;
    },
  };
}

function extreme(sign: number): Fold {
  let best: ExactValue = 'missing';
  return {
    add(value) {
      const x = number(value);
      if (typeof x === 'object' && (typeof best !== 'object' || compareExact(x, best) === sign)) best = x;
    },
    result: () => best,
  };
}

function distinct(): Fold {
  const seen = new Set<string>();
  return {
    add: (value) => void seen.add(nameOf(value)),
    result: () => (seen.size === 0 ? 'missing' : exactOf(seen.size)),
  };
}

/** Equal values have equal names. */
function nameOf(value: Value): string {
  if (typeof value !== 'object') return String(value);
  if ('text' in value) return `t${value.text}`;
  const { num, den } = reduce(value.num, value.den);
  return `${num}/${den}`;
}

/** S9: each outflow uses up what earlier inflows of the window left. */
function passedThrough(): Fold {
  let left = 0n;
  let matched = 0n;
  let isEmpty = true;
  return {
    add(value, leg) {
      const amount = number(value);
      assert(typeof amount === 'object', 'an amount is a number');
      isEmpty = false;
      if (leg.side === SIDE.in) {
        left += amount.num;
        return;
      }
      const used = amount.num < left ? amount.num : left;
      left -= used;
      matched += used;
    },
    result: () => (isEmpty ? 'missing' : { num: matched, den: 1n }),
  };
}
