import type { AggregateName } from '../../typologies/ast.ts';
import type { AggregateUnit, Answer } from '../compile/unit.ts';
import type { Histories } from '../histories.ts';
import type { Rows } from '../rows.ts';
import type { Accumulator } from './accumulator.ts';
import { accumulatorOf } from './accumulators.ts';

/** Split by groups, only those states can take in a leg before others of which the order is nothing. */
const ORDERLESS: ReadonlySet<AggregateName> = new Set(['count', 'sum', 'avg', 'distinct']);

/**
 * The legs of one window of one key, from position `lo` to before `hi`, folded. It moves forward to the anchor that is asked about; where the history
 * changed behind it, or the anchor lies before, it is built anew. With equalities to the anchor it is split by what these compare.
 */
export class WindowState {
  private readonly name: AggregateName;
  private readonly unit: AggregateUnit;
  private readonly rows: Rows;
  private readonly whole: Accumulator | null;
  private readonly groups = new Map<number | string, Accumulator>();
  private version = -1;
  private lo = 0;
  private hi = 0;
  private tMin = Number.NEGATIVE_INFINITY;

  constructor(name: AggregateName, unit: AggregateUnit, rows: Rows, isGrouped: boolean) {
    this.name = name;
    this.unit = unit;
    this.rows = rows;
    this.whole = isGrouped ? null : accumulatorOf(name);
  }

  /** Makes the state that of the window that begins after `tMin` and ends with a position. */
  moveTo(histories: Histories, key: number, position: number, tMin: number): void {
    const isBehind = this.version === histories.version(key) && position + 1 >= this.hi && tMin >= this.tMin && this.lo >= histories.first(key);
    if (!isBehind) this.restart(histories, key, tMin);
    this.tMin = tMin;
    const blocks = histories.blocksOf(key);
    const origin = histories.originOf(key);
    const { rows } = this;
    for (; this.lo < this.hi; this.lo++) {
      const leg = blocks[origin + this.lo]!;
      if (rows.t(leg >>> 2) > tMin) break;
      this.leave(this.lo, leg);
    }
    if (this.lo === this.hi) {
      while (this.hi <= position && rows.t(blocks[origin + this.hi]! >>> 2) <= tMin) this.hi++;
      this.lo = this.hi;
    }
    for (; this.hi <= position; this.hi++) this.enter(this.hi, blocks[origin + this.hi]!);
  }

  /** A leg came in before others, at a position; `version` is that of the key's history before. What cannot be kept up is built anew when it is asked for. */
  insert(histories: Histories, key: number, position: number, leg: number, version: number): void {
    if (this.version !== version) return;
    this.version = histories.version(key);
    if (position >= this.hi) return;
    const isIn = position >= this.lo && this.rows.t(leg >>> 2) > this.tMin;
    if (this.whole !== null) this.whole.insert(position, isIn ? this.valueOf(leg) : Number.NaN);
    else if (!ORDERLESS.has(this.name)) this.version = -1;
    else if (isIn) this.enter(position, leg);
    this.hi++;
    if (!isIn) this.lo++;
  }

  answer(answer: Answer): void {
    const accumulator = this.whole ?? this.groups.get(this.unit.groupOfAnchor()) ?? accumulatorOf(this.name);
    accumulator.answer(answer, this.unit.denominator);
  }

  private valueOf(leg: number): number {
    return this.unit.readRest(leg >>> 2, leg & 3);
  }

  private restart(histories: Histories, key: number, tMin: number): void {
    this.version = histories.version(key);
    this.whole?.clear();
    this.groups.clear();
    this.lo = histories.lowerBound(key, tMin + 1);
    this.hi = this.lo;
  }

  private enter(position: number, leg: number): void {
    const value = this.valueOf(leg);
    if (value !== value) return;
    if (this.whole !== null) {
      this.whole.add(position, value);
      return;
    }
    const group = this.unit.groupOf(leg >>> 2, leg & 3);
    if (group === 0) return;
    let accumulator = this.groups.get(group);
    if (accumulator === undefined) {
      accumulator = accumulatorOf(this.name);
      this.groups.set(group, accumulator);
    }
    accumulator.add(position, value);
  }

  private leave(position: number, leg: number): void {
    const value = this.valueOf(leg);
    if (value !== value) return;
    if (this.whole !== null) {
      this.whole.remove(position, value);
      return;
    }
    const group = this.unit.groupOf(leg >>> 2, leg & 3);
    if (group === 0) return;
    const accumulator = this.groups.get(group)!;
    accumulator.remove(position, value);
    if (accumulator.size === 0) this.groups.delete(group);
  }
}
