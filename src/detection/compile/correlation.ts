import type { Expr } from '../../typologies/ast.ts';
import { conjuncts, descendants } from '../../typologies/walk.ts';
import type { AggregateExpr } from './walk.ts';

/** `path == anchor.path` in a filter: what is compared of the leg of the history, and of the anchor. */
export interface Equality {
  readonly ofLeg: Expr;
  readonly ofAnchor: Expr;
}

/** How a filter depends on the anchor. */
export interface Correlation {
  /** Equalities of texts that join the rest by `and`. */
  readonly equalities: readonly Equality[];
  /** The filter without them; undefined where nothing is left. */
  readonly rest: Expr | undefined;
  /** Whether the rest, or the argument, reads the anchor too. */
  readonly isOpen: boolean;
}

export function correlationOf(e: AggregateExpr): Correlation {
  const parts = e.where === undefined ? [] : conjuncts(e.where);
  const equalities: Equality[] = [];
  const others: Expr[] = [];
  for (const part of parts) {
    const equality = equalityOf(part);
    if (equality === null) others.push(part);
    else equalities.push(equality);
  }
  const rest = others.length === 0 ? undefined : others.reduce((left, right) => ({ kind: 'and', type: 'boolean', span: left.span, left, right }));
  const isOpen = [...others, ...(e.argument === undefined ? [] : [e.argument])].some((part) => reads(part, 'anchor'));
  return { equalities, rest, isOpen };
}

function equalityOf(e: Expr): Equality | null {
  if (e.kind !== 'compare' || e.op !== '==' || (e.left.type !== 'text' && e.left.type !== 'country')) return null;
  if (!reads(e.left, 'anchor') && reads(e.right, 'anchor') && !reads(e.right, 'leg')) return { ofLeg: e.left, ofAnchor: e.right };
  if (!reads(e.right, 'anchor') && reads(e.left, 'anchor') && !reads(e.left, 'leg')) return { ofLeg: e.right, ofAnchor: e.left };
  return null;
}

/** Whether an expression reads the leg in hand, or the anchor. */
export function reads(e: Expr, of: 'leg' | 'anchor'): boolean {
  return [...descendants(e)].some((part) => 'of' in part && part.of === of);
}
