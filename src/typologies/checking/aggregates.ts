import { formatDuration } from '../../base/duration.ts';
import type { AggregateName, Expr, ValueType } from '../ast.ts';
import type { Syntax, WindowSyntax } from '../expressions/syntax.ts';
import { AGGREGATES } from '../expressions/vocabulary.ts';
import { descendants } from '../walk.ts';
import { unknownFunction } from './calls.ts';
import { type Checks, type Environment, fail, type Scope } from './environment.ts';
import { unknownParam } from './names.ts';
import { inWords } from './types.ts';

type AggregateSyntax = Extract<Syntax, { kind: 'aggregate' }>;

/** What each can be taken of; none: it takes no argument. */
const ARGUMENTS: Readonly<Record<AggregateName, readonly ValueType[]>> = {
  count: [],
  passed_through: [],
  sum: ['money', 'number', 'duration'],
  avg: ['money', 'number', 'duration'],
  min: ['money', 'number', 'duration', 'time', 'date'],
  max: ['money', 'number', 'duration', 'time', 'date'],
  distinct: ['text', 'country', 'money', 'number', 'duration', 'time', 'date'],
};

export function checkAggregate(node: AggregateSyntax, env: Environment, scope: Scope, checks: Checks): Expr | null {
  const name = AGGREGATES.find((known) => known === node.name);
  if (name === undefined) return unknownFunction(node, env, { ...scope, inAggregate: true }, checks);
  const inside: Scope = { ...scope, inAggregate: true };
  const argument = checkArgument(node, name, env, inside, checks);
  const where = node.where === undefined ? undefined : checks.condition(node.where, env, inside);
  const windowMs = checkWindow(node.window, env);
  if (name === 'passed_through' && env.subject !== null && env.subject.sides !== 'both') {
    return fail(env, 'side-unknown', node.nameSpan, { name, subject: env.subject.paths.join(' + ') });
  }
  const place = scope.inAggregate ? 'an aggregate' : scope.inAny ? 'any(…)' : scope.top === 'where' ? 'where' : undefined;
  if (place !== undefined) return fail(env, 'aggregate-nested', node.nameSpan, { place });
  if (argument === null || where === null || windowMs === null) return null;
  const type = name === 'count' || name === 'distinct' ? 'number' : name === 'passed_through' ? 'money' : argument!.type;
  const parts = { ...(argument === undefined ? {} : { argument }), ...(where === undefined ? {} : { where }) };
  return { kind: 'aggregate', type, span: node.span, name, ...parts, windowMs };
}

/** Undefined where there is none and none is wanted, null where something is wrong. */
function checkArgument(node: AggregateSyntax, name: AggregateName, env: Environment, scope: Scope, checks: Checks): Expr | undefined | null {
  const types = ARGUMENTS[name];
  const expected = types.length === 0 ? 'no value; what to count stands after where' : 'one value';
  const example =
    types.length === 0
      ? `${name}(${name === 'count' ? 'where incoming' : ''}) over 24h`
      : `${name}(${name === 'distinct' ? 'counterparty.party' : 'amount'}) over 24h`;
  const usage = { name, expected, example };
  const [first, ...more] = node.args;
  if (first === undefined) return types.length === 0 ? undefined : fail(env, 'call-arguments', node.nameSpan, usage);
  const argument = types.length === 0 ? checks.check(first.value, env, scope) : checks.value(first.value, env, scope);
  if (argument === null && types.length === 0) return null;
  if (types.length === 0 || more.length > 0 || first.name !== undefined) return fail(env, 'call-arguments', node.nameSpan, usage);
  if (argument === null) return null;
  if (!types.includes(argument.type)) {
    return fail(env, 'aggregate-argument', first.value.span, { name, found: inWords(argument.type), expected: types.map(inWords).join(', ') });
  }
  const original = [...descendants(argument)].find((part) => part.kind === 'amountOriginal');
  return original === undefined ? argument : fail(env, 'money-original', original.span);
}

function checkWindow(window: WindowSyntax, env: Environment): number | null {
  if (window.kind === 'later') return fail(env, 'not-available', window.span, { name: `The window ${window.name}`, instead: 'a duration such as 24h' });
  if (window.kind === 'duration') return checkLength(window.ms, window, env);
  const value = env.params.get(window.name);
  if (value === undefined) return unknownParam(window.name, window.nameSpan, env);
  env.paramsUsed.add(window.name);
  if (value === null) return null;
  return value.kind === 'duration' ? checkLength(value.ms, window, env) : fail(env, 'window-type', window.span, { found: inWords(value.type) });
}

function checkLength(ms: number, window: WindowSyntax, env: Environment): number | null {
  if (ms > 0 && ms <= env.retentionMsMax) return ms;
  const problem = ms > 0 ? 'longer than what is kept' : 'empty';
  return fail(env, 'window-range', window.span, { found: formatDuration(ms), problem, limit: formatDuration(env.retentionMsMax) });
}
