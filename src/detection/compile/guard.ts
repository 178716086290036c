import { TEXT_SLOT } from '../../transactions/fields.ts';
import type { Expr, Typology } from '../../typologies/ast.ts';
import { conjuncts } from '../../typologies/walk.ts';
import { SIDE } from '../histories.ts';

/** A text field of the anchor, and the texts of which it must hold one. */
export interface FieldGuard {
  readonly slot: number;
  readonly texts: readonly string[];
}

/** An anchor that does not meet it need not be asked: the typology cannot fire there, nor be errored. */
export interface Guard {
  /** Null where no field is asked for. */
  readonly field: FieldGuard | null;
  /** Sides of the anchor's leg. */
  readonly sides: readonly number[];
}

/**
 * What `where` and `when` join by `and` and ask of the anchor's own field and side. Few fields make few look-ups, so that `kind` is taken wherever it is
 * asked for, else the field of which the fewest texts will do.
 */
export function guardOf(typology: Typology): Guard {
  const parts = [...(typology.where === undefined ? [] : conjuncts(typology.where)), ...conjuncts(typology.when)];
  const fields = parts.map(fieldIn).filter((guard) => guard !== null);
  const kind = TEXT_SLOT.get('kind')!;
  const ofKind = fields.filter((guard) => guard.slot === kind);
  const field = (ofKind.length > 0 ? ofKind : fields).reduce<FieldGuard | null>(
    (best, guard) => (best === null || guard.texts.length < best.texts.length ? guard : best),
    null,
  );
  return { field, sides: [SIDE.none, SIDE.in, SIDE.out, SIDE.self].filter((side) => parts.every((part) => allows(part, side))) };
}

function allows(e: Expr, side: number): boolean {
  return e.kind !== 'direction' || side === (e.value === 'incoming' ? SIDE.in : SIDE.out);
}

function fieldIn(e: Expr): FieldGuard | null {
  if (e.kind === 'in' && !e.negated && e.right.kind === 'list') return guard(e.left, e.right.values);
  if (e.kind !== 'compare' || e.op !== '==') return null;
  return guard(e.left, textsOf(e.right)) ?? guard(e.right, textsOf(e.left));
}

function textsOf(e: Expr): string[] | null {
  const value = e.kind === 'param' ? e.value : e;
  return value.kind === 'text' ? [value.value] : null;
}

function guard(field: Expr, texts: readonly string[] | null): FieldGuard | null {
  const slot = field.kind === 'field' ? TEXT_SLOT.get(field.path) : undefined;
  return slot === undefined || texts === null ? null : { slot, texts: [...new Set(texts)] };
}
