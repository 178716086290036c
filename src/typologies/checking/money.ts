import type { Expr } from '../ast.ts';
import { children } from '../walk.ts';
import type { Environment } from './environment.ts';

/** A money constant that a comparison reads. */
export interface Constant {
  readonly currency: string;
  /** The name or the amount in the comparison itself through which it is reached. */
  readonly at: Expr;
}

/**
 * The money constants of a comparison's side (S17): those written in it, its parameters, and those of the lets it reads, recursively. A
 * comparison inside, such as one in an aggregate's filter, has a currency of its own.
 */
export function moneyConstants(expr: Expr, env: Environment, at: Expr = expr, seen: Set<string> = new Set()): Constant[] {
  if (expr.kind === 'money') return [{ currency: expr.currency, at: at.kind === 'let' ? at : expr }];
  if (expr.kind === 'param') return expr.value.kind === 'money' ? [{ currency: expr.value.currency, at: at.kind === 'let' ? at : expr }] : [];
  if (expr.kind === 'compare' || expr.kind === 'in') return [];
  if (expr.kind === 'let') {
    const found = env.lets.get(expr.name);
    if (seen.has(expr.name) || !found?.expr) return [];
    seen.add(expr.name);
    return moneyConstants(found.expr, env, at.kind === 'let' ? at : expr, seen);
  }
  const parts = expr.kind === 'aggregate' ? (expr.argument === undefined ? [] : [expr.argument]) : children(expr);
  return parts.flatMap((part) => moneyConstants(part, env, at.kind === 'let' ? at : part, seen));
}

/** Whether the money of a comparison's side is `amount.original` alone, or there is none. */
export function isSentAlone(expr: Expr): boolean {
  if (expr.kind === 'amountOriginal' || expr.kind === 'compare' || expr.kind === 'in') return true;
  // A let or an aggregate may be of money through what it reads.
  if (expr.kind === 'amount' || expr.kind === 'let' || expr.kind === 'aggregate') return false;
  return children(expr).every(isSentAlone);
}

/** Whether a comparison's side reads `amount.original` itself, not in a comparison inside it. */
export function readsSent(expr: Expr): boolean {
  if (expr.kind === 'compare' || expr.kind === 'in') return false;
  return expr.kind === 'amountOriginal' || children(expr).some(readsSent);
}
