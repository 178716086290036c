import type { Aggregate, Expr, Typology } from '../../../src/typologies/ast.ts';

export type AggregateExpr = Extract<Expr, { kind: 'aggregate' }>;
export type Comparison = Extract<Expr, { kind: 'compare' }>;

/** The parts of an expression in the order in which they are written; a let's own expression is not one of them. */
export function children(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'and':
    case 'or':
    case 'compare':
    case 'in':
    case 'arithmetic':
      return [e.left, e.right];
    case 'not':
    case 'negate':
    case 'exists':
      return [e.operand];
    case 'coalesce':
      return e.operands;
    case 'any':
      return [e.condition];
    case 'aggregate':
      return [e.argument, e.where].filter((x) => x !== undefined);
    default:
      return [];
  }
}

/** The lets that an expression names, directly or through another let. */
export function letsNamed(e: Expr, typology: Typology): Set<number> {
  const found = new Set<number>();
  const visit = (x: Expr): void => {
    if (x.kind === 'let') {
      found.add(x.index);
      visit(typology.lets[x.index]!.expr);
    }
    children(x).forEach(visit);
  };
  visit(e);
  return found;
}

/** Who reads an aggregate: the let in which it stands, else `when` or `score`. Lower ranks give the role first (S18). */
export interface Reader {
  readonly aggregate: Aggregate;
  readonly rank: number;
  readonly role: string;
}

/** Every aggregate reached from an expression that stands in `when` or in a point. */
export function readers(e: Expr, typology: Typology, rank: number, role: string): Reader[] {
  if (e.kind === 'aggregate') return [{ aggregate: e, rank, role }];
  if (e.kind === 'let') return readers(typology.lets[e.index]!.expr, typology, e.index, e.name);
  return children(e).flatMap((x) => readers(x, typology, rank, role));
}

/** The comparisons reached from an expression, lets looked through, in the order of the text. */
function comparisons(e: Expr, typology: Typology): Comparison[] {
  const inside = e.kind === 'let' ? comparisons(typology.lets[e.index]!.expr, typology) : children(e).flatMap((x) => comparisons(x, typology));
  return e.kind === 'compare' ? [e, ...inside] : inside;
}

/** The currency in which a let is printed: that of the first comparison that reads it, in `when`, then in the points (S17). */
export function currencyOfLet(index: number, typology: Typology, reporting: string): string {
  const conditions = [typology.when, ...typology.score.points.map((p) => p.when)];
  const first = conditions.flatMap((c) => comparisons(c, typology)).find((c) => letsNamed(c, typology).has(index));
  return first === undefined ? reporting : currencyOf(first, reporting);
}

export function currencyOf(comparison: Comparison, reporting: string): string {
  return comparison.currency === undefined || comparison.currency === '' ? reporting : comparison.currency;
}

/** `a and (b and c) and d` taken apart. */
export function conjuncts(e: Expr): Expr[] {
  return e.kind === 'and' ? [...conjuncts(e.left), ...conjuncts(e.right)] : [e];
}

export function isConstant(e: Expr): boolean {
  if (['number', 'money', 'duration', 'boolean', 'text', 'list', 'param'].includes(e.kind)) return true;
  return (e.kind === 'arithmetic' || e.kind === 'negate' || e.kind === 'coalesce') && children(e).every(isConstant);
}

/** Names of the parameters in an expression, in the order of first use; lets are not looked through. */
export function paramsNamed(e: Expr): string[] {
  const names = e.kind === 'param' ? [e.name] : children(e).flatMap(paramsNamed);
  return [...new Set(names)];
}
