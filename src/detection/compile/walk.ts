import type { Expr, Subject, Typology } from '../../typologies/ast.ts';
import { children, descendants, fieldsRead } from '../../typologies/walk.ts';

export type AggregateExpr = Extract<Expr, { kind: 'aggregate' }>;
export type CompareExpr = Extract<Expr, { kind: 'compare' }>;

/** Indices of the lets that an expression names, directly or through another let. */
export function letsRead(e: Expr, typology: Typology, found: Set<number> = new Set()): Set<number> {
  for (const part of descendants(e)) {
    if (part.kind !== 'let' || found.has(part.index)) continue;
    found.add(part.index);
    letsRead(typology.lets[part.index]!.expr, typology, found);
  }
  return found;
}

/** Whether a side of a comparison is made of constants and parameters alone. */
export function isConstant(e: Expr): boolean {
  switch (e.kind) {
    case 'number':
    case 'money':
    case 'duration':
    case 'boolean':
    case 'text':
    case 'list':
    case 'param':
      return true;
    case 'arithmetic':
    case 'negate':
    case 'coalesce':
      return children(e).every(isConstant);
    default:
      return false;
  }
}

/** Names of the parameters in an expression, in the order of first use. Lets are not looked through. */
export function paramsRead(e: Expr): string[] {
  const names = new Set<string>();
  for (const part of descendants(e)) if (part.kind === 'param') names.add(part.name);
  return [...names];
}

/** The currency of a comparison (S17). */
export function currencyOf(e: { readonly currency?: string }, reporting: string): string {
  return e.currency === undefined || e.currency === '' ? reporting : e.currency;
}

/** The comparisons in an expression, lets looked through (each once), in the order of the text. */
function* comparisons(e: Expr, typology: Typology, seen: Set<number>): IterableIterator<CompareExpr> {
  if (e.kind === 'compare') yield e;
  if (e.kind === 'let' && !seen.has(e.index)) {
    seen.add(e.index);
    yield* comparisons(typology.lets[e.index]!.expr, typology, seen);
  }
  for (const part of children(e)) yield* comparisons(part, typology, seen);
}

/** The currency in which a let is printed: that of the first comparison that reads it, in `when`, then in the points, else the reporting one (S17). */
export function printCurrencyOf(index: number, typology: Typology, reporting: string): string {
  const seen = new Set<number>();
  for (const condition of [typology.when, ...typology.score.points.map((p) => p.when)]) {
    for (const comparison of comparisons(condition, typology, seen)) {
      if (letsRead(comparison, typology).has(index)) return currencyOf(comparison, reporting);
    }
  }
  return reporting;
}

/** The paths that make up a key, seen from one side (S0). */
export function keyPaths(subject: Subject, side: 'debtor' | 'creditor'): string[] {
  return subject.paths.map((path) => (subject.sides === 'both' && (path === 'account' || path === 'party') ? `${side}.${path}` : path));
}

/** Paths of the transaction that the engine must be handed: what its typologies read, and what makes a record a return (S14). */
export function fieldsWanted(typologies: readonly Typology[]): Set<string> {
  return new Set(['returnOf.source', 'returnOf.id', ...typologies.flatMap(fieldsRead)]);
}
