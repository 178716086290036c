import { TEXT_SLOT } from '../../transactions/fields.ts';
import type { Expr, Typology } from '../../typologies/ast.ts';
import { conjuncts } from '../../typologies/walk.ts';

/** A text field of the anchor, and the texts of which it must hold one. */
export interface Guard {
  readonly slot: number;
  readonly texts: readonly string[];
}

/**
 * The narrowest condition of this form that `where` and `when` join by `and`: an anchor that does not meet it need not be asked. Few fields make few
 * look-ups, so that `kind` is taken wherever it is asked for.
 */
export function guardOf(typology: Typology): Guard | null {
  const parts = [...(typology.where === undefined ? [] : conjuncts(typology.where)), ...conjuncts(typology.when)];
  const guards = parts.map(guardIn).filter((guard) => guard !== null);
  const kind = TEXT_SLOT.get('kind')!;
  const ofKind = guards.filter((guard) => guard.slot === kind);
  return (ofKind.length > 0 ? ofKind : guards).reduce<Guard | null>((best, guard) => (best === null || guard.texts.length < best.texts.length ? guard : best), null);
}

function guardIn(e: Expr): Guard | null {
  if (e.kind === 'in' && !e.negated && e.right.kind === 'list') return guard(e.left, e.right.values);
  if (e.kind !== 'compare' || e.op !== '==') return null;
  return guard(e.left, textsOf(e.right)) ?? guard(e.right, textsOf(e.left));
}

function textsOf(e: Expr): string[] | null {
  const value = e.kind === 'param' ? e.value : e;
  return value.kind === 'text' ? [value.value] : null;
}

function guard(field: Expr, texts: readonly string[] | null): Guard | null {
  const slot = field.kind === 'field' ? TEXT_SLOT.get(field.path) : undefined;
  return slot === undefined || texts === null ? null : { slot, texts: [...new Set(texts)] };
}
