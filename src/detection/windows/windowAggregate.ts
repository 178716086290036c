import type { AggregateUnit, AnchorInHand, Answer } from '../compile/unit.ts';
import type { AggregateExpr } from '../compile/walk.ts';
import { ERRORED } from '../exact.ts';
import type { Histories } from '../histories.ts';
import type { Rows } from '../rows.ts';
import { accumulatorOf } from './accumulators.ts';
import { WindowState } from './windowState.ts';

/**
 * One aggregate over the windows of one subject's keys, shared by all typologies that mean the same by it. `n` and `d` hold its value at the anchor in
 * hand: a fast form over a denominator.
 */
export class WindowAggregate implements Answer {
  n = 0;
  d = 1;
  readonly unit: AggregateUnit;
  readonly windowMs: number;
  /** The expression, by which the plain evaluator can take the value where the fast form cannot. */
  readonly expr: AggregateExpr;
  private readonly rows: Rows;
  private readonly anchor: AnchorInHand;
  private readonly hotLegs: number;
  /** Whether a state can be kept: what the filter asks of the anchor is nothing, or only the equalities by which a state is split. */
  private readonly canMove: boolean;
  private readonly isGrouped: boolean;
  private readonly states = new Map<number, WindowState>();
  private stamp = -1;

  constructor(
    expr: AggregateExpr,
    unit: AggregateUnit,
    kind: { readonly canMove: boolean; readonly isGrouped: boolean; readonly hotLegs: number },
    rows: Rows,
    anchor: AnchorInHand,
  ) {
    this.expr = expr;
    this.hotLegs = kind.hotLegs;
    this.windowMs = expr.windowMs;
    this.unit = unit;
    this.canMove = kind.canMove;
    this.isGrouped = kind.isGrouped;
    this.rows = rows;
    this.anchor = anchor;
  }

  /** Number of states that are held. */
  get size(): number {
    return this.states.size;
  }

  /** The value at the anchor in hand; its denominator is in `d`. */
  at(): number {
    const { anchor } = this;
    if (this.stamp === anchor.stamp) return this.n;
    this.stamp = anchor.stamp;
    const { subject, key, position } = anchor;
    const { histories, overfull } = subject;
    const until = this.rows.t(anchor.row);
    const tMin = until - this.windowMs;
    if (overfull.size > 0 && overfull.touches(key, tMin + 1, until)) {
      this.d = 1;
      this.n = ERRORED;
      return this.n;
    }
    const first = histories.first(key);
    const origin = histories.originOf(key);
    const blocks = histories.blocksOf(key);
    const far = position - this.hotLegs;
    if (this.canMove && anchor.isMoving) {
      if (far >= first && this.rows.t(blocks[origin + far]! >>> 2) > tMin) {
        this.move(tMin);
        return this.n;
      }
      if (histories.isHot(key)) this.states.delete(key);
    }
    if (!this.unit.scan(blocks, origin + first, origin + position, tMin, this)) this.fold(tMin);
    return this.n;
  }

  /** What the value stands over wherever it is a number; of an average that is in `d`. */
  get denominator(): number {
    return ['sum', 'min', 'max'].includes(this.expr.name) ? this.unit.denominator : 1;
  }

  /** A leg came in before others of a key, whose history had a version before. */
  insert(histories: Histories, key: number, position: number, leg: number, version: number): void {
    this.states.get(key)?.insert(histories, key, position, leg, version);
  }

  /** Forgets the state of a key. */
  forget(key: number): void {
    this.states.delete(key);
  }

  /** The value where neither a state nor a short way will do. */
  private fold(tMin: number): void {
    const { subject, key, position } = this.anchor;
    const { histories } = subject;
    const accumulator = accumulatorOf(this.expr.name);
    for (let p = histories.lowerBound(key, tMin + 1); p <= position; p++) {
      const leg = histories.leg(key, p);
      const value = this.unit.read(leg >>> 2, leg & 3);
      if (value === value) accumulator.add(p, value);
    }
    accumulator.answer(this, this.unit.denominator);
  }

  private move(tMin: number): void {
    const { subject, key, position } = this.anchor;
    let state = this.states.get(key);
    if (state === undefined) {
      state = new WindowState(this.expr.name, this.unit, this.rows, this.isGrouped);
      this.states.set(key, state);
      subject.histories.heat(key);
    }
    state.moveTo(subject.histories, key, position, tMin);
    state.answer(this);
  }
}
