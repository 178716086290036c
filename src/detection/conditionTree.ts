import type { Expr, Typology } from '../typologies/ast.ts';
import { excerpt } from '../typologies/excerpt.ts';
import { conjuncts, disjuncts } from '../typologies/walk.ts';
import { sidesOfPart } from './alerts/conditions.ts';
import type { Truth as Answer, ConditionResult } from './api.ts';
import { holds, type Truth } from './compile/interpret.ts';
import type { Scene } from './compile/scene.ts';

/** The parts of a condition that `and` joins, each taken apart down to its comparisons. */
export function conditionTrees(whole: Expr, scene: Scene): ConditionResult[] {
  const seen = new Set<number>();
  return conjuncts(whole).map((part) => treeOf(part, scene, seen));
}

/** A condition taken apart down to its comparisons. */
export function conditionTree(whole: Expr, scene: Scene): ConditionResult {
  return treeOf(whole, scene, new Set());
}

/** `seen`: the lets that were looked into; they can read one another many times over. */
function treeOf(e: Expr, scene: Scene, seen: Set<number>): ConditionResult {
  const own = { text: excerpt(e.span, scene.typology), result: answer(holds(e, scene)), ...sidesOfPart(e, scene) };
  const [joined, parts] = partsOf(e, scene.typology, seen);
  return joined === undefined ? own : { ...own, joined, parts: parts.map((part) => treeOf(part, scene, seen)) };
}

type Parts = [joined: NonNullable<ConditionResult['joined']>, parts: Expr[]] | [joined: undefined];

function partsOf(e: Expr, { lets }: Typology, seen: Set<number>): Parts {
  switch (e.kind) {
    case 'and':
      return ['and', conjuncts(e)];
    case 'or':
      return ['or', disjuncts(e)];
    case 'not':
      return ['not', [e.operand]];
    case 'let':
      if (seen.has(e.index)) return [undefined];
      seen.add(e.index);
      return ['let', [lets[e.index]!.expr]];
    default:
      return [undefined];
  }
}

export function answer(truth: Truth): Answer {
  return truth === 'errored' ? truth : truth ? 'true' : 'false';
}
