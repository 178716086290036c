import type { KeyHistories } from './scene.ts';

/** The anchor that is being asked about. One instance is used from anchor to anchor; `stamp` tells them apart. */
export interface AnchorInHand {
  subject: KeyHistories;
  key: number;
  position: number;
  row: number;
  side: number;
  stamp: number;
  /** Whether states of windows may be moved to this anchor. */
  isMoving: boolean;
}

/** What a fold of the legs of a window answers: a fast form over a denominator. */
export interface Answer {
  n: number;
  d: number;
}

/**
 * What an aggregate does with one leg. Its answers about a leg: NaN where the leg is not read, +Infinity where that is errored, −Infinity where only the
 * plain evaluator can tell, else a number (for `distinct` of texts an id, for `passed_through` the amount, negative where it went out).
 */
export interface AggregateUnit {
  read(row: number, side: number): number;
  /** The same without the equalities that correlate with the anchor. */
  readRest(row: number, side: number): number;
  /** What the equalities compare of a leg, and of the anchor; 0 where that is missing. */
  groupOf(row: number, side: number): number | string;
  groupOfAnchor(): number | string;
  /** Whether the leg is read: its filter true, its argument not missing. */
  isRead(row: number, side: number): boolean;
  /** The same without the equalities. */
  isReadRest(row: number, side: number): boolean;
  /** Folds the legs `blocks[from … to]` with t > `tMin`. False where that is left to the caller: what it took to be small is large. */
  scan(blocks: Int32Array, from: number, to: number, tMin: number, answer: Answer): boolean;
  /** What all numbers are over. */
  readonly denominator: number;
}
