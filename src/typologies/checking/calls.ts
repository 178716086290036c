import type { Expr } from '../ast.ts';
import { functionMeant } from '../expressions/slips.ts';
import type { Syntax } from '../expressions/syntax.ts';
import { AGGREGATES, FUNCTIONS } from '../expressions/vocabulary.ts';
import { nearestName } from '../nearest.ts';
import { type Checks, type Environment, fail, type Scope } from './environment.ts';
import { resolve } from './names.ts';
import { alike, capital, inWords } from './types.ts';

type Call = Extract<Syntax, { kind: 'call' }>;

export function checkCall(node: Call, env: Environment, scope: Scope, checks: Checks): Expr | null {
  switch (node.name) {
    case 'exists':
      return exists(node, env, scope);
    case 'coalesce':
      return coalesce(node, env, scope, checks);
    case 'any':
      return any(node, env, scope, checks);
    default:
      return unknownFunction(node, env, scope, checks);
  }
}

export function unknownFunction(
  node: { readonly name: string; readonly nameSpan: Call['nameSpan']; readonly args: Call['args'] },
  env: Environment,
  scope: Scope,
  { check }: Checks,
): null {
  const known = [...AGGREGATES, ...FUNCTIONS];
  for (const argument of node.args) check(argument.value, env, scope);
  return fail(env, 'function-unknown', node.nameSpan, { name: node.name, known: known.join(', ') }, functionMeant(node.name) ?? nearestName(node.name, known));
}

function exists(node: Call, env: Environment, scope: Scope): Expr | null {
  const [argument, ...more] = node.args;
  const usage = { name: 'exists', expected: 'one field or let', example: 'exists(creditor.party)' };
  if (argument?.value.kind !== 'path' || argument.name !== undefined || more.length > 0) return fail(env, 'call-arguments', node.span, usage);
  const operand = resolve(argument.value.names, argument.value.span, env, scope, true);
  if (operand === null) return null;
  if (operand.kind === 'amount' || operand.kind === 'amountOriginal') {
    env.findings.add('field-always', node.span, { name: argument.value.names.join('.') });
    return { kind: 'boolean', type: 'boolean', span: node.span, value: true };
  }
  const named = operand.kind === 'field' || operand.kind === 'sided' || operand.kind === 'accountAge' || operand.kind === 'item' || operand.kind === 'let';
  return named ? { kind: 'exists', type: 'boolean', span: node.span, operand } : fail(env, 'call-arguments', node.span, usage);
}

function coalesce(node: Call, env: Environment, scope: Scope, { value }: Checks): Expr | null {
  const operands = node.args.map((argument) => value(argument.value, env, scope));
  const usage = { name: 'coalesce', expected: 'two or more values', example: 'coalesce(creditor.party, creditor.account)' };
  if (operands.length < 2 || node.args.some((argument) => argument.name !== undefined)) return fail(env, 'call-arguments', node.span, usage);
  const sound = operands.filter((operand) => operand !== null);
  const first = sound[0];
  const other = sound.findIndex((operand) => !alike(operand.type, first!.type));
  if (other >= 0) {
    return fail(env, 'comparison-types', sound[other]!.span, { left: capital(inWords(first!.type)), right: inWords(sound[other]!.type) });
  }
  if (first === undefined || sound.length < operands.length) return null;
  const type = sound.some((operand) => operand.type === 'text') ? 'text' : first.type;
  return { kind: 'coalesce', type, span: node.span, operands: sound };
}

function any(node: Call, env: Environment, scope: Scope, { condition }: Checks): Expr | null {
  const [list, test, ...more] = node.args;
  const usage = { name: 'any', expected: 'items and one condition', example: 'any(items, text in lists.boat_words)' };
  if (list?.value.kind !== 'path' || test === undefined || more.length > 0 || scope.inAny || list.name !== undefined || test.name !== undefined) {
    return fail(env, 'call-arguments', node.span, usage);
  }
  const items = resolve(list.value.names, list.value.span, env, scope, true);
  const tested = condition(test.value, env, { ...scope, inAny: true });
  if (items === null || tested === null) return null;
  if (items.kind !== 'field' || items.path !== 'items') return fail(env, 'call-arguments', list.value.span, usage);
  return { kind: 'any', type: 'boolean', span: node.span, of: items.of, condition: tested };
}
