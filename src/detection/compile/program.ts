import type { Typology } from '../../typologies/ast.ts';
import { DAY_MS } from '../days.ts';
import { ERRORED, MISSING } from '../exact.ts';
import { judge, sceneAt } from './judge.ts';
import type { Anchor, World } from './scene.ts';
import { isSeen } from './seen.ts';

/** A verdict is a score where the typology fired, or one of these. */
export const CLEAR = MISSING;
export const VERDICT_ERRORED = ERRORED;

/** A typology made ready to be asked. */
export class Program {
  readonly typology: Typology;
  readonly index: number;
  /** F of S13: how long after its time an anchor can still change. */
  readonly settleMs: number;
  private readonly world: World;

  constructor(typology: Typology, index: number, world: World, returnHorizonMs: number) {
    this.typology = typology;
    this.index = index;
    this.world = world;
    this.settleMs = settleMsOf(returnHorizonMs);
  }

  /** The verdict at an anchor that need not be seen: a score, `CLEAR` or `VERDICT_ERRORED`. */
  ask(anchor: Anchor): number {
    const scene = sceneAt(this.world, this.typology, anchor);
    if (!isSeen(anchor, scene)) return CLEAR;
    const { fired, score } = judge(scene);
    return fired === 'errored' ? VERDICT_ERRORED : fired ? score : CLEAR;
  }
}

/** F of S13, as far as there are neither absences nor signals. */
export function settleMsOf(returnHorizonMs: number): number {
  return Math.max(returnHorizonMs, DAY_MS);
}
