import type { Typology } from '../../typologies/ast.ts';
import { DAY_MS } from '../days.ts';
import { ERRORED, MISSING } from '../exact.ts';
import type { Rows } from '../rows.ts';
import { generateProgram, type ProgramContext, type ProgramUnit } from './generateProgram.ts';
import { type Guard, guardOf } from './guard.ts';
import { judge, sceneAt } from './judge.ts';
import type { World } from './scene.ts';
import { isSeen } from './seen.ts';
import type { AnchorInHand } from './unit.ts';

/** A typology made ready to be asked at the anchor in hand. */
export class Program {
  readonly typology: Typology;
  readonly index: number;
  /** F of S13: how long after its time an anchor can still change. */
  readonly settleMs: number;
  readonly unit: ProgramUnit;
  readonly guard: Guard;

  constructor(typology: Typology, index: number, unit: ProgramUnit, settleMs: number) {
    this.typology = typology;
    this.index = index;
    this.settleMs = settleMs;
    this.unit = unit;
    this.guard = guardOf(typology);
  }
}

/** A program in generated code, or by the plain evaluator where code may not be generated. */
export function programUnit(typology: Typology, context: ProgramContext | null, world: World, rows: Rows, anchor: AnchorInHand): ProgramUnit {
  return context === null ? new PlainProgram(typology, world, anchor) : generateProgram(typology, context, rows, anchor);
}

class PlainProgram implements ProgramUnit {
  readonly held: Uint8Array;
  private readonly typology: Typology;
  private readonly world: World;
  private readonly anchor: AnchorInHand;

  constructor(typology: Typology, world: World, anchor: AnchorInHand) {
    this.typology = typology;
    this.world = world;
    this.anchor = anchor;
    this.held = new Uint8Array(typology.score.points.length);
  }

  ask(): number {
    const scene = sceneAt(this.world, this.typology, this.anchor);
    if (!isSeen(this.anchor, scene)) return MISSING;
    const { fired, score, points } = judge(scene);
    points.forEach((held, i) => {
      this.held[i] = held === true ? 1 : 0;
    });
    return fired === 'errored' ? ERRORED : fired ? score : MISSING;
  }
}

/** F of S13, as far as there are neither absences nor signals. */
export function settleMsOf(returnHorizonMs: number): number {
  return Math.max(returnHorizonMs, DAY_MS);
}
