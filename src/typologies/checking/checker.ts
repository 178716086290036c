import type { Expr } from '../ast.ts';
import type { Syntax } from '../expressions/syntax.ts';
import { checkAggregate } from './aggregates.ts';
import { checkCall } from './calls.ts';
import { type Checks, type Environment, fail, type Scope } from './environment.ts';
import { literal } from './literals.ts';
import { bareText, isTextField, resolve } from './names.ts';
import { checkArithmetic, checkCompare, checkIn } from './operators.ts';
import { inWords } from './types.ts';

/** Gives names their meaning and checks types. Null where something is wrong, which is in the findings; the other parts have been checked all the same. */
export function check(node: Syntax, env: Environment, scope: Scope): Expr | null {
  const { span } = node;
  switch (node.kind) {
    case 'number':
    case 'money':
    case 'duration':
    case 'text':
      return literal(node, env.findings);
    case 'list':
      return { kind: 'list', type: 'list', span, values: node.items.map((item) => item.value) };
    case 'path':
      return resolve(node.names, span, env, scope);
    case 'call':
      return checkCall(node, env, scope, CHECKS);
    case 'aggregate':
      return checkAggregate(node, env, scope, CHECKS);
    case 'later':
      return fail(env, 'not-available', node.nameSpan, { name: node.name, instead: 'count, sum, avg, min, max, distinct and passed_through' });
    case 'not': {
      const operand = condition(node.operand, env, scope);
      return operand && { kind: 'not', type: 'boolean', span, operand };
    }
    case 'and':
    case 'or': {
      const left = condition(node.left, env, scope);
      const right = condition(node.right, env, scope);
      return left && right && { kind: node.kind, type: 'boolean', span, left, right };
    }
    case 'negate': {
      const operand = value(node.operand, env, scope);
      if (operand === null || operand.type === 'number' || operand.type === 'money' || operand.type === 'duration') {
        return operand && { kind: 'negate', type: operand.type, span, operand };
      }
      return fail(env, 'arithmetic-types', span, { what: `A minus before ${inWords(operand.type)}` });
    }
    case 'arithmetic':
      return checkArithmetic(node, value(node.left, env, scope), value(node.right, env, scope), env);
    case 'compare': {
      if (node.op === 'in' || node.op === 'not in') {
        const word = bareText(node.right, env);
        if (word !== undefined && !env.lists.has(word) && node.left.kind === 'path' && isTextField(node.left.names))
          return fail(env, 'list-expected', node.right.span, { found: `the name ${word}` }, `[${word}]`);
      }
      if (node.op === 'in' || node.op === 'not in') return checkIn(node, value(node.left, env, scope), check(node.right, env, scope), env);
      for (const [field, other] of [
        [node.left, node.right],
        [node.right, node.left],
      ] as const) {
        const text = field.kind === 'path' && isTextField(field.names) ? bareText(other, env) : undefined;
        if (text !== undefined) return fail(env, 'name-unknown', other.span, { name: text }, `"${text}"`);
      }
      return checkCompare(node, node.op, comparand(node.left, env, scope), comparand(node.right, env, scope), env);
    }
  }
}

/** An expression that must be true or false. */
export function condition(node: Syntax, env: Environment, scope: Scope): Expr | null {
  const expr = check(node, env, scope);
  return expr === null || expr.type === 'boolean' ? expr : fail(env, 'condition-expected', node.span, { found: inWords(expr.type) });
}

/** An expression that is anything but a condition or a list. */
export function value(node: Syntax, env: Environment, scope: Scope): Expr | null {
  const expr = comparand(node, env, scope);
  return expr?.type === 'boolean' ? fail(env, 'condition-value', node.span) : expr;
}

const CHECKS: Checks = { check, condition, value };

/** Of conditions, `==` compares those that are fields. */
function comparand(node: Syntax, env: Environment, scope: Scope): Expr | null {
  const expr = check(node, env, scope);
  if (expr === null) return null;
  if (expr.type === 'list') return fail(env, 'list-misplaced', node.span);
  return expr;
}
