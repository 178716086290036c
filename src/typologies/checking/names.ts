import { NUMBER_FIELDS, TEXT_FIELDS } from '../../transactions/fields.ts';
import type { Expr, Of, Span, ValueType } from '../ast.ts';
import { wordMeant } from '../expressions/slips.ts';
import type { Syntax } from '../expressions/syntax.ts';
import { LATER_ROOTS, ROOTS, WORDS } from '../expressions/vocabulary.ts';
import { nearestName } from '../nearest.ts';
import { type Environment, fail, type Scope } from './environment.ts';
import { capital } from './types.ts';

/** Type of each field that an expression can name. */
export const FIELD_TYPES: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ['id', 'text'],
  ['time', 'time'],
  ['status', 'text'],
  ...[...TEXT_FIELDS, ...NUMBER_FIELDS].map((f) => [f.path, f.type] as const),
]);
const PARTY_TYPES: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ['accountAge', 'duration'],
  ...[...FIELD_TYPES].filter(([path]) => path.startsWith('debtor.')).map(([path, type]) => [path.slice('debtor.'.length), type] as const),
]);
const ITEM_TYPES: ReadonlyMap<string, ValueType> = new Map([
  ['text', 'text'],
  ['quantity', 'number'],
]);

const RESERVED: ReadonlySet<string> = new Set([...ROOTS, ...WORDS, 'signals', ...[...FIELD_TYPES.keys()].map((path) => path.split('.')[0]!)]);

/** Names with a meaning of their own: no let can take them. */
export const isReserved = (name: string): boolean => RESERVED.has(name);

/** A let of the author's own comes before a name of a later version. */
const isOwnLet = (name: string, env: Environment): boolean => env.letNames.has(name) && !isReserved(name);

/** What a name stands for, or null where that has been reported. `readsList`: inside `exists`, where a list of things can stand too. */
export function resolve(names: readonly string[], span: Span, env: Environment, scope: Scope, readsList = false): Expr | null {
  const whole = names.join('.');
  if (names[0] !== 'anchor') return resolveOf('leg', names, whole, span, env, scope, readsList);
  if (!scope.inAggregate) return fail(env, 'anchor-outside', span);
  if (env.letNames.has(names[1] ?? '') || ['params', 'lists', 'anchor'].includes(names[1] ?? '')) {
    return fail(env, 'name-unknown', span, { name: whole }, names.slice(1).join('.'));
  }
  return resolveOf('anchor', names.slice(1), whole, span, env, scope, readsList);
}

function resolveOf(of: Of, names: readonly string[], whole: string, span: Span, env: Environment, scope: Scope, readsList: boolean): Expr | null {
  const [root = '', ...below] = names;
  const path = names.join('.');
  if (LATER_ROOTS.has(root) && !isOwnLet(path, env)) return fail(env, 'not-available', span, { name: root, instead: 'fields, lists and aggregates' });
  if (root === 'params' && below.length > 0) return param(below.join('.'), span, env);
  if (root === 'lists' && below.length > 0) return list(below.join('.'), span, env);
  if (scope.inAny && ITEM_TYPES.has(path) && of === 'leg') return { kind: 'item', type: ITEM_TYPES.get(path)!, span, path: path as 'text' | 'quantity' };
  if (path === 'true' || path === 'false') return { kind: 'boolean', type: 'boolean', span, value: path === 'true' };
  if (path === 'amount') return { kind: 'amount', type: 'money', span, of };
  if (path === 'amount.original') return { kind: 'amountOriginal', type: 'money', span, of };
  if (path === 'incoming' || path === 'outgoing') return sided(root, span, env) ? { kind: 'direction', type: 'boolean', span, of, value: path } : null;
  if ((root === 'holder' || root === 'counterparty') && PARTY_TYPES.has(below.join('.'))) {
    if (!sided(root, span, env)) return null;
    return { kind: 'sided', type: PARTY_TYPES.get(below.join('.'))!, span, of, side: root, path: below.join('.') };
  }
  if (path === 'debtor.accountAge' || path === 'creditor.accountAge') {
    return { kind: 'accountAge', type: 'duration', span, of, party: root as 'debtor' | 'creditor' };
  }
  if (env.letNames.has(path)) return isReserved(path) ? null : letNamed(path, span, env, scope);
  const type = FIELD_TYPES.get(path);
  if (type === undefined) return unknownName(of, path, whole, span, env, scope);
  if (root === 'returnOf') return fail(env, 'field-absent', span, { name: whole });
  if (path === 'items' && !readsList) return fail(env, 'field-list', span, { name: whole });
  return { kind: 'field', type, span, of, path };
}

/** The let that was meant counts as used. */
function unknownName(of: Of, path: string, whole: string, span: Span, env: Environment, scope: Scope): null {
  if (!path.includes('.') && toldAlready(path, env)) return null;
  const nearest = nearestOf(of, path, env, scope);
  if (nearest !== undefined) env.letsUsed.add(nearest);
  return fail(env, 'name-unknown', span, { name: whole }, nearest);
}

function param(name: string, span: Span, env: Environment): Expr | null {
  const value = env.params.get(name);
  if (value === undefined) return unknownParam(name, span, env);
  env.paramsUsed.add(name);
  return value === null ? null : { kind: 'param', type: value.type, span, name, value };
}

/** The parameter that was meant counts as used. */
export function unknownParam(name: string, span: Span, env: Environment): null {
  if (env.paramsBroken) return null;
  const nearest = nearestName(name, env.params.keys());
  if (nearest !== undefined) env.paramsUsed.add(nearest);
  return fail(env, 'param-unknown', span, { name }, prefixed('params', nearest));
}

function list(name: string, span: Span, env: Environment): Expr | null {
  const values = env.lists.get(name);
  if (values === undefined) return fail(env, 'list-unknown', span, { name }, prefixed('lists', nearestName(name, env.lists.keys())));
  return { kind: 'list', type: 'list', span, values, name };
}

const prefixed = (root: string, name: string | undefined): string | undefined => (name === undefined ? undefined : `${root}.${name}`);

function letNamed(name: string, span: Span, env: Environment, scope: Scope): Expr | null {
  env.letsUsed.add(name);
  if (scope.inAggregate) return fail(env, 'let-inside', span, { place: 'an aggregate' });
  if (scope.top === 'where') return fail(env, 'let-inside', span, { place: 'where' });
  const found = env.lets.get(name);
  if (found === undefined) return fail(env, 'let-order', span, { name });
  return found.expr === null ? null : { kind: 'let', type: found.expr.type, span, index: found.index, name };
}

/** Reports where the subject gives the leg no side (S0). */
function sided(name: string, span: Span, env: Environment): boolean {
  if (env.subject === null || env.subject.sides !== 'none') return true;
  fail(env, 'side-unknown', span, { name, subject: env.subject.paths.join(' + ') });
  return false;
}

/** A let that could not be read, or `same-day`, which is no name and reads as `same - day`: its own finding is enough. */
function toldAlready(name: string, env: Environment): boolean {
  return env.letsBroken || [...env.letNames].some((known) => known.split('-').length > 1 && known.split('-').includes(name));
}

/** Words that no name explains, compared with a text: they lack quotes. */
export function bareText(node: Syntax, env: Environment): string | undefined {
  if (node.kind === 'path') return node.names.length === 1 && !isKnown(node.names[0]!, env) ? node.names[0] : undefined;
  if (node.kind !== 'arithmetic' || node.op !== '-') return undefined;
  const [left, right] = [bareText(node.left, env), bareText(node.right, env)];
  return left === undefined || right === undefined ? undefined : `${left}-${right}`;
}

const isKnown = (name: string, env: Environment): boolean =>
  isReserved(name) ||
  ITEM_TYPES.has(name) ||
  wordMeant(name) !== undefined ||
  env.letNames.has(name) ||
  env.params.has(name) ||
  env.lists.has(name) ||
  toldAlready(name, env);

/** Whether a name is that of a text of the transaction. */
export function isTextField(names: readonly string[]): boolean {
  const [root = '', ...below] = names[0] === 'anchor' ? names.slice(1) : names;
  const type = root === 'holder' || root === 'counterparty' ? PARTY_TYPES.get(below.join('.')) : FIELD_TYPES.get([root, ...below].join('.'));
  return type === 'text' || type === 'country';
}

function nearestOf(of: Of, path: string, env: Environment, scope: Scope): string | undefined {
  const names = [...FIELD_TYPES.keys(), 'amount', 'amount.original', 'incoming', 'outgoing', 'debtor.accountAge', 'creditor.accountAge'];
  for (const below of PARTY_TYPES.keys()) names.push(`holder.${below}`, `counterparty.${below}`);
  if (of === 'leg') names.push(...env.letNames, ...[...env.params.keys()].map((p) => `params.${p}`), ...(scope.inAny ? ITEM_TYPES.keys() : []));
  // A parameter or a list named without its prefix is the likeliest slip of all.
  if (of === 'leg' && env.params.has(path)) return `params.${path}`;
  if (of === 'leg' && env.lists.has(path)) return `lists.${path}`;
  const below = path.slice(path.indexOf('.') + 1);
  if (path.startsWith('items.') && ITEM_TYPES.has(below)) return scope.inAny ? below : `any(items, ${below} …)`;
  if (scope.inAggregate && FIELD_TYPES.has(below) && nearestName(path.slice(0, -below.length - 1), ['anchor']) !== undefined) return `anchor.${below}`;
  if (of === 'leg' && path.includes('.') && env.lists.has(below)) return `lists.${below}`;
  if (of === 'leg' && !scope.inAny && ITEM_TYPES.has(path)) return `any(items, ${path} …)`;
  const nearest = wordMeant(path) ?? partlyNamed(path, names) ?? nearestName(path, [...names, 'true', 'false']) ?? rootOf(path, names);
  return nearest === undefined || of === 'leg' ? nearest : `anchor.${nearest}`;
}

/** `creditor` for one of its fields, `creditor.branch` for creditor.agent.branch, `country` for debtor.country, `holder.age` for holder.accountAge. */
function partlyNamed(path: string, names: readonly string[]): string | undefined {
  const root = path.slice(0, path.indexOf('.') + 1);
  const last = path.slice(path.lastIndexOf('.') + 1);
  return (
    names.find((name) => name.startsWith(`${path}.`)) ??
    names.find((name) => name.startsWith(root) && name.endsWith(`.${last}`)) ??
    names.find((name) => root !== '' && name.startsWith(root) && name.endsWith(capital(last)))
  );
}

/** `inflow.total` for inflow. */
const rootOf = (path: string, names: readonly string[]): string | undefined => names.find((name) => path.startsWith(`${name}.`));
