import type { AggregateName, Exception, Expr, Let, ParamSpec, Points, Subject, TitlePart, Typology } from '../../../src/typologies/ast.ts';
import { condition, correlation, type Place } from './conditions.ts';
import {
  aggregate,
  amount,
  and,
  arithmetic,
  coalesce,
  compare,
  duration,
  field,
  incoming,
  letRef,
  money,
  negate,
  num,
  or,
  outgoing,
  param,
  sided,
  text,
} from './expressions.ts';
import { layOut } from './source.ts';
import type { Tape } from './tape.ts';
import type { World } from './world.ts';

const HOUR = 3_600_000;
/** Numbers that one typology takes from its tape, at most. */
export const TYPOLOGY_TAPE = 160;

const SUBJECTS: readonly Subject[] = [
  { paths: ['account'], sides: 'both' },
  { paths: ['account'], sides: 'both' },
  { paths: ['party'], sides: 'both' },
  { paths: ['device'], sides: 'none' },
  { paths: ['debtor.account'], sides: 'out' },
  { paths: ['creditor.party'], sides: 'in' },
  { paths: ['debtor.party', 'creditor.party'], sides: 'none' },
  { paths: ['account', 'device'], sides: 'both' },
];
const AGGREGATES: readonly AggregateName[] = ['count', 'sum', 'passed_through', 'distinct', 'avg', 'min', 'max'];

function params(tape: Tape): ParamSpec[] {
  return [
    { name: 'floor', value: money(tape.one([20_000, 10_000, 40_000]), tape.chance(20) ? 'USD' : 'EUR'), reason: 'small enough', basis: 'E' },
    { name: 'many', value: num(tape.one([2, 1, 3])), reason: 'more than one', basis: 'S' },
    { name: 'share', value: num(tape.one([1, 2, 4]), 5), reason: 'a part', basis: 'D' },
  ];
}

function randomAggregate(tape: Tape, world: World, place: Place): Expr {
  const inside = { ...place, inAggregate: true, lets: [] };
  const name = tape.one(place.sides === 'both' ? AGGREGATES : AGGREGATES.filter((n) => n !== 'passed_through'));
  const windowMs = tape.one(world.windowsMs) + (tape.chance(10) ? tape.one([-1, 1]) : 0);
  const side = place.sides !== 'none' && tape.chance(40) ? [tape.one([incoming(), outgoing()])] : [];
  const filters = [...side, ...(tape.chance(35) ? [condition(tape, inside, 1)] : []), ...(tape.chance(12) ? [correlation(tape, inside)] : [])];
  const where = filters.length === 0 ? undefined : filters.reduce((a, b) => and(a, b));
  return aggregate(name, windowMs, argument(tape, name, place), where);
}

function argument(tape: Tape, name: AggregateName, place: Place): Expr | undefined {
  if (name === 'count' || name === 'passed_through') return undefined;
  if (name === 'distinct') {
    const sidedTexts = place.sides !== 'none' ? [sided('counterparty', 'account'), sided('counterparty', 'country', 'country')] : [];
    return tape.one([
      ...sidedTexts,
      field('kind'),
      field('device'),
      field('creditor.country', 'country'),
      field('debtor.birthDate', 'date'),
      field('travel.passengers', 'number'),
    ]);
  }
  if (tape.chance(75)) return amount();
  if (name === 'min' || name === 'max') return tape.one([field('travel.passengers', 'number'), field('time', 'time'), sidedAge(place)]);
  return tape.one([field('travel.passengers', 'number'), arithmetic('*', amount(), num(2)), arithmetic('-', amount(), amount('anchor')), sidedAge(place)]);
}

function sidedAge(place: Place): Expr {
  return place.sides !== 'none'
    ? sided('holder', 'accountAge', 'duration')
    : { kind: 'accountAge', type: 'duration', span: { start: 0, end: 0 }, of: 'leg', party: 'debtor' };
}

function randomLets(tape: Tape, world: World, place: Place): Let[] {
  const lets: Let[] = [];
  const add = (name: string, expr: Expr): void => {
    lets.push({ name, expr, text: '' });
  };
  for (let i = 0, n = 1 + tape.below(3); i < n; i++) add(`value_${i}`, randomAggregate(tape, world, place));
  const refs = lets.map((l, i) => letRef(i, l.name, l.expr.type));
  if (tape.chance(40)) add('mixed', mixed(tape, refs));
  if (tape.chance(15)) add('flag', comparison(tape, tape.one(refs), place));
  if (tape.chance(10)) add('where_to', coalesce(field('creditor.country', 'country'), text('nowhere')));
  return lets;
}

/** Arithmetic over lets, the kinds of which fit. */
function mixed(tape: Tape, refs: readonly Expr[]): Expr {
  const left = tape.one(refs);
  if (left.type === 'time') return arithmetic('-', field('time', 'time'), left);
  if (left.type !== 'money' && left.type !== 'number' && left.type !== 'duration') return left;
  const right = tape.one(refs.filter((r) => r.type === left.type));
  switch (tape.below(6)) {
    case 0:
      return arithmetic('/', left, right);
    case 1:
      return arithmetic('-', left, right);
    case 2:
      return arithmetic('+', left, right);
    case 3:
      return arithmetic('*', num(3, 4), left);
    case 4:
      return negate(left);
    default:
      return arithmetic('/', left, num(7));
  }
}

/** A comparison that a value of the kind meets often. */
function comparison(tape: Tape, value: Expr, place: Place): Expr {
  const often = tape.chance(78);
  const op = often ? tape.one(['>=', '>'] as const) : tape.one(['<', '==', '!=', '<='] as const);
  switch (value.type) {
    case 'money': {
      const floor = place.params.find((p) => p.name === 'floor')!;
      return compare(op, value, tape.chance(30) ? param(floor) : money(tape.one([10_000, 20_000, 40_000, 80_000]), tape.chance(15) ? 'USD' : 'EUR'));
    }
    case 'number': {
      const bound = tape.one([
        num(1),
        num(2),
        num(3),
        num(1, 2),
        param(place.params.find((p) => p.name === 'many')!),
        param(place.params.find((p) => p.name === 'share')!),
      ]);
      return tape.chance(10) ? compare('<=', bound, value) : compare(op, value, bound);
    }
    case 'duration':
      return compare(op, value, duration(tape.one([1, 3, 48]) * HOUR));
    case 'time':
      return compare('<=', value, field('time', 'time'));
    case 'boolean':
      return value;
    default:
      return compare(op === '==' || op === '>' ? '==' : '!=', value, text('DE'));
  }
}

function randomWhen(tape: Tape, world: World, place: Place, refs: readonly Expr[]): Expr {
  let when = comparison(tape, tape.one([...refs].reverse()), place);
  if (tape.chance(15)) when = comparison(tape, randomAggregate(tape, world, place), place);
  if (tape.chance(30)) when = tape.chance(50) ? and(when, condition(tape, place, 1)) : or(when, condition(tape, place, 1));
  if (tape.chance(25)) when = tape.chance(50) ? and(comparison(tape, tape.one(refs), place), when) : or(comparison(tape, tape.one(refs), place), when);
  if (tape.chance(10)) when = and(when, compare('>=', tape.one(refs.filter((r) => r.type === 'number')) ?? num(2), num(1)));
  return when;
}

function randomScore(tape: Tape, world: World, place: Place, refs: readonly Expr[]): Typology['score'] {
  if (tape.chance(30)) return { base: 0, points: [], alertAt: 0, bands: [] };
  const points: Points[] = Array.from({ length: tape.below(4) }, (_, i) => {
    const first = tape.chance(50)
      ? comparison(tape, tape.one(refs), place)
      : tape.chance(30)
        ? comparison(tape, randomAggregate(tape, world, place), place)
        : condition(tape, place, 0);
    return { points: tape.one([20, 10, -15, 30]), when: tape.chance(25) ? and(first, condition(tape, place, 0)) : first, because: `reason ${i}`, text: '' };
  });
  const base = tape.one([60, 30, 0]);
  const reach = points.reduce((sum, p) => sum + Math.max(0, p.points), base);
  const bands = (
    [
      { from: 20, severity: 'low' },
      { from: 50, severity: 'high' },
      { from: 80, severity: 'critical' },
    ] as const
  ).filter((band) => band.from <= reach);
  return { base, points, alertAt: tape.chance(70) ? base : Math.min(reach, base + tape.one([10, 20])), bands: tape.chance(50) ? bands : [] };
}

function randomTitle(tape: Tape, lets: readonly Let[]): TitlePart[] {
  const parts: TitlePart[] = [{ subject: true }, ' had ', { let: tape.below(lets.length) }];
  return tape.chance(40) ? [...parts, ' of ', { param: tape.one(['floor', 'many', 'share']) }] : parts;
}

/** One random typology over all constructs of this version. */
export function randomTypology(tape: Tape, world: World, index: number): Typology {
  const subject = tape.one(SUBJECTS);
  const specs = params(tape);
  const bare: Place = { inAggregate: false, sides: subject.sides, params: specs, lets: [] };
  const where = tape.chance(25) ? { where: condition(tape, bare, 1) } : {};
  const lets = randomLets(tape, world, bare);
  const refs = lets.map((l, i) => letRef(i, l.name, l.expr.type));
  const place = { ...bare, lets: refs };
  const when = randomWhen(tape, world, place, refs);
  const score = randomScore(tape, world, place, refs);
  const unless: Exception[] = Array.from({ length: tape.chance(25) ? 1 + tape.below(2) : 0 }, (_, i) => ({
    when: condition(tape, place, 1),
    because: `exception ${i}`,
    text: '',
  }));
  const draft: Typology = {
    id: `typology-${index}`,
    version: '1.2.3',
    major: 1,
    title: 'A random typology',
    phase: 'layering',
    status: 'active',
    severity: 'medium',
    sources: [{ document: 'a document', grade: 'B' }],
    limits: ['what it does not know'],
    params: specs,
    subject,
    ...where,
    lets,
    when,
    whenText: '',
    score,
    unless,
    alert: { title: randomTitle(tape, lets), periodMs: tape.one(world.periodsMs), route: tape.chance(20) ? 'person-at-risk' : 'standard', next: ['look'] },
    onReturn: tape.chance(33) ? 'keep' : 'exclude',
    reachMs: 0,
    text: '',
    digest: `sha256:${index}`,
  };
  return layOut({ ...draft, reachMs: reachOf(draft) });
}

/** The longest window. */
function reachOf(typology: Typology): number {
  const roots = [...typology.lets.map((l) => l.expr), typology.when, ...typology.score.points.map((p) => p.when), ...typology.unless.map((u) => u.when)];
  return Math.max(0, ...roots.map(longestWindow));
}

function longestWindow(e: Expr): number {
  if (e.kind === 'aggregate') return e.windowMs;
  const parts = Object.values(e).filter((v): v is Expr => typeof v === 'object' && v !== null && 'kind' in v);
  const operands = e.kind === 'coalesce' ? e.operands : [];
  return Math.max(0, ...[...parts, ...operands].map(longestWindow));
}
