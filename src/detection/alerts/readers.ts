import type { Expr, Typology } from '../../typologies/ast.ts';
import { descendants } from '../../typologies/walk.ts';
import { type AggregateExpr, letsRead } from '../compile/walk.ts';

/** An aggregate that a hit reads. Lower ranks give the role first (S18): lets in the file's order, then `when`, then `score`. */
export interface Reader {
  readonly aggregate: AggregateExpr;
  readonly rank: number;
  /** Index of the entry of `score.add` through which it is read; −1 where `when` reads it. */
  readonly points: number;
}

export const ANCHOR_RANK = -1;

/** Who reads evidence: what is reached from `when`, and from each entry of `score.add`. */
export function readersOf(typology: Typology): Reader[] {
  const { lets, score, when } = typology;
  return [...readersFrom(when, typology, lets.length, -1), ...score.points.flatMap((p, i) => readersFrom(p.when, typology, lets.length + 1, i))];
}

export function roleOf(rank: number, typology: Typology): string {
  if (rank === ANCHOR_RANK) return 'anchor';
  return typology.lets[rank]?.name ?? (rank === typology.lets.length ? 'when' : 'score');
}

function readersFrom(e: Expr, typology: Typology, rank: number, points: number): Reader[] {
  const direct = aggregatesIn(e).map((aggregate) => ({ aggregate, rank, points }));
  const indirect = [...letsRead(e, typology)].flatMap((index) =>
    aggregatesIn(typology.lets[index]!.expr).map((aggregate) => ({ aggregate, rank: index, points })),
  );
  return [...direct, ...indirect];
}

function aggregatesIn(e: Expr): AggregateExpr[] {
  return [...descendants(e)].filter((part) => part.kind === 'aggregate');
}
