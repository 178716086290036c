import { TEXT_SLOT } from '../../transactions/fields.ts';
import type { Expr, Typology } from '../../typologies/ast.ts';
import { conjuncts } from '../../typologies/walk.ts';
import { SIDE } from '../histories.ts';

type Texts = ReadonlySet<string> | null;

const KIND = TEXT_SLOT.get('kind')!;

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
  return { field: fieldGuardOf(parts), sides: [SIDE.none, SIDE.in, SIDE.out, SIDE.self].filter((side) => parts.every((part) => allows(part, side))) };
}

/** What `where` asks of a leg's own field: a leg that does not meet it the typology does not see. Null where no field is asked for. */
export function sightOf(typology: Typology): FieldGuard | null {
  return typology.where === undefined ? null : fieldGuardOf([typology.where]);
}

/** A field guard of conditions that must all hold. */
function fieldGuardOf(conditions: readonly Expr[]): FieldGuard | null {
  let best: FieldGuard | null = null;
  for (const slot of TEXT_SLOT.values()) {
    const texts = conditions.reduce<Texts>((all, e) => both(all, textsAsked(e, slot)), null);
    if (texts === null) continue;
    if (slot === KIND) return { slot, texts: [...texts] };
    if (best === null || texts.size < best.texts.length) best = { slot, texts: [...texts] };
  }
  return best;
}

function allows(e: Expr, side: number): boolean {
  return e.kind !== 'direction' || side === (e.value === 'incoming' ? SIDE.in : SIDE.out);
}

/** Texts one of which the field of a slot must hold, or else a condition is false, whatever else is errored in it (S15); null where it may hold any. */
function textsAsked(e: Expr, slot: number): Texts {
  switch (e.kind) {
    case 'and':
      return both(textsAsked(e.left, slot), textsAsked(e.right, slot));
    case 'or':
      return either(textsAsked(e.left, slot), textsAsked(e.right, slot));
    case 'in':
      return !e.negated && e.right.kind === 'list' && isField(e.left, slot) ? new Set(e.right.values) : null;
    case 'compare':
      if (e.op !== '==') return null;
      return isField(e.left, slot) ? textOf(e.right) : isField(e.right, slot) ? textOf(e.left) : null;
    default:
      return null;
  }
}

function both(a: Texts, b: Texts): Texts {
  if (a === null || b === null) return a ?? b;
  return new Set([...a].filter((text) => b.has(text)));
}

function either(a: Texts, b: Texts): Texts {
  return a === null || b === null ? null : new Set([...a, ...b]);
}

function isField(e: Expr, slot: number): boolean {
  return e.kind === 'field' && TEXT_SLOT.get(e.path) === slot;
}

function textOf(e: Expr): Texts {
  const value = e.kind === 'param' ? e.value : e;
  return value.kind === 'text' ? new Set([value.value]) : null;
}
