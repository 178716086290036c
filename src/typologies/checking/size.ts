import type { Exact, Expr } from '../ast.ts';
import { children } from '../walk.ts';
import { type Environment, fail } from './environment.ts';

/**
 * Bits that a value can have above and below the line. Values are exact, so that a product of products of lets would grow without end; no reasonable
 * rule comes near the limit.
 */
export const BITS_MAX = 4096;

interface Size {
  readonly above: number;
  readonly below: number;
}

/** Integers that a double holds: counts, amounts, times. */
const WHOLE: Size = { above: 53, below: 0 };
/** Any double, as the quantity of a thing is. */
const DOUBLE: Size = { above: 1100, below: 1100 };

/** Reports where a value can grow beyond what is computed with. `lets` holds the sizes of those before it, and is given that of `name`. */
export function checkSize(expr: Expr, env: Environment, lets: Map<string, Size>, name?: string): void {
  const size = sizeOf(expr, env, lets);
  if (name !== undefined) lets.set(name, size);
}

function sizeOf(expr: Expr, env: Environment, lets: Map<string, Size>): Size {
  const parts = children(expr).map((part) => sizeOf(part, env, lets));
  const size = sizeFrom(expr, parts, lets);
  if (Math.max(size.above, size.below) <= BITS_MAX) return size;
  fail(env, 'value-large', expr.span, { limit: String(BITS_MAX) });
  // Told once: what is made of it is not told again.
  return WHOLE;
}

function sizeFrom(expr: Expr, parts: readonly Size[], lets: ReadonlyMap<string, Size>): Size {
  const [a = WHOLE, b = WHOLE] = parts;
  switch (expr.kind) {
    case 'number':
      return bitsOf(expr.value);
    case 'param':
      return expr.value.kind === 'number' ? bitsOf(expr.value.value) : WHOLE;
    case 'let':
      return lets.get(expr.name) ?? WHOLE;
    case 'item':
      return expr.path === 'quantity' ? DOUBLE : WHOLE;
    case 'negate':
      return a;
    case 'coalesce':
      return { above: Math.max(...parts.map((p) => p.above)), below: Math.max(...parts.map((p) => p.below)) };
    case 'arithmetic':
      if (expr.op === '*') return { above: a.above + b.above, below: a.below + b.below };
      if (expr.op === '/') return { above: a.above + b.below, below: a.below + b.above };
      return { above: Math.max(a.above + b.below, b.above + a.below) + 1, below: a.below + b.below };
    case 'aggregate':
      if (expr.argument === undefined || expr.name === 'distinct') return WHOLE;
      if (expr.name === 'min' || expr.name === 'max') return a;
      // A sum beyond 2^53 − 1 is errored, and an average is a sum divided by a count.
      return { above: a.above + 53, below: a.below + (expr.name === 'avg' ? 53 : 0) };
    default:
      return WHOLE;
  }
}

function bitsOf({ num, den }: Exact): Size {
  return { above: num.toString(2).length, below: den.toString(2).length - 1 };
}
