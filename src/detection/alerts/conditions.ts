import type { CompareOp, Expr } from '../../typologies/ast.ts';
import { conjuncts } from '../../typologies/walk.ts';
import { comparisonCurrency, evaluate, holds } from '../compile/interpret.ts';
import type { Scene } from '../compile/scene.ts';
import { isConstant } from '../compile/walk.ts';
import { wordsOf } from './print.ts';

const TURNED: Readonly<Record<CompareOp, CompareOp>> = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

export interface Sides {
  readonly value: string;
  readonly threshold: string;
}

/** The two sides of each part of a condition that `and` joins, joined by `; `. */
export function sidesOf(e: Expr, s: Scene): Sides {
  const parts = conjuncts(e).map((part) => sidesOfPart(part, s));
  return { value: parts.map((p) => p.value).join('; '), threshold: parts.map((p) => p.threshold).join('; ') };
}

/** The two sides of one part. A condition without sides has its truth and `true`; on an alert that is `true` twice. */
export function sidesOfPart(e: Expr, s: Scene): Sides {
  if (e.kind === 'compare') return sidesOfCompare(e, s);
  if (e.kind !== 'in') return { value: String(holds(e, s)), threshold: 'true' };
  const value = wordsOf(evaluate(e.left, s), e.left.type, s.currency);
  return { value, threshold: `${e.negated ? 'not in' : 'in'} ${listWords(e.right)}` };
}

function sidesOfCompare(e: Extract<Expr, { kind: 'compare' }>, s: Scene): Sides {
  const currency = comparisonCurrency(e, s);
  const words = (side: Expr): string => wordsOf(evaluate(side, { ...s, currency }), side.type, currency);
  if (isConstant(e.left) && !isConstant(e.right)) return { value: words(e.right), threshold: `${TURNED[e.op]} ${words(e.left)}` };
  return { value: words(e.left), threshold: `${e.op} ${words(e.right)}` };
}

function listWords(list: Expr): string {
  if (list.kind !== 'list') return '';
  return list.name === undefined ? `[${list.values.join(', ')}]` : `lists.${list.name}`;
}
