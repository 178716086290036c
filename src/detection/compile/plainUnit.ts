import type { Expr } from '../../typologies/ast.ts';
import { fastOf, INEXACT, MISSING } from '../exact.ts';
import { SIDE } from '../histories.ts';
import { correlationOf } from './correlation.ts';
import type { UnitSource } from './generateUnit.ts';
import { amountValue, evaluate, holds, type Value } from './interpret.ts';
import type { Scene, World } from './scene.ts';
import { hiddenFlags } from './seen.ts';
import type { AggregateUnit, AnchorInHand } from './unit.ts';

/** The same as generated code, by the plain evaluator: where code may not be generated, and for arguments that have no fast form. */
export class PlainUnit implements AggregateUnit {
  readonly denominator = 1;
  private readonly source: UnitSource;
  private readonly world: World;
  private readonly scene: Scene;
  private readonly hidden: number;
  private readonly correlation: ReturnType<typeof correlationOf>;

  constructor(source: UnitSource, typology: Scene['typology'], world: World, anchor: AnchorInHand) {
    this.source = source;
    this.world = world;
    this.scene = { world, typology, anchor, leg: anchor, item: null, currency: source.currency, lets: new Map(), causes: new Set() };
    this.hidden = hiddenFlags(source.onReturn);
    this.correlation = correlationOf(source.aggregate);
  }

  read(row: number, side: number): number {
    return this.readWith(this.source.aggregate.where, row, side);
  }

  readRest(row: number, side: number): number {
    return this.readWith(this.correlation.rest, row, side);
  }

  groupOf(row: number, side: number): number | string {
    const leg = { row, side };
    return this.group(this.correlation.equalities.map((e) => evaluate(e.ofLeg, { ...this.scene, leg })));
  }

  groupOfAnchor(): number | string {
    return this.group(this.correlation.equalities.map((e) => evaluate(e.ofAnchor, this.scene)));
  }

  isRead(row: number, side: number): boolean {
    return this.isReadWith(this.source.aggregate.where, row, side);
  }

  isReadRest(row: number, side: number): boolean {
    return this.isReadWith(this.correlation.rest, row, side);
  }

  scan(): boolean {
    return false;
  }

  private isReadWith(filter: Expr | undefined, row: number, side: number): boolean {
    const s = this.sceneOf(row, side);
    return this.isSeen(s) && (filter === undefined || holds(filter, s) === true) && this.argument(s) !== 'missing';
  }

  private readWith(filter: Expr | undefined, row: number, side: number): number {
    const s = this.sceneOf(row, side);
    if (!this.isSeen(s)) return MISSING;
    const held = filter === undefined || holds(filter, s);
    if (held !== true) return held === 'errored' ? fastOf('errored') : MISSING;
    const value = this.argument(s);
    if (typeof value === 'boolean') return 1;
    if (typeof value === 'object' && 'text' in value) return this.world.rows.table.find(value.text) || INEXACT;
    const fast = fastOf(value);
    return this.source.aggregate.name === 'passed_through' && side === SIDE.out && Number.isFinite(fast) ? -fast : fast;
  }

  /** What is taken of the leg: a truth where it is only counted. */
  private argument(s: Scene): Value {
    const { name, argument } = this.source.aggregate;
    if (name === 'count') return true;
    if (name === 'passed_through') return s.leg.side === SIDE.in || s.leg.side === SIDE.out ? amountValue(s.leg, s) : 'missing';
    return evaluate(argument!, s);
  }

  private isSeen(s: Scene): boolean {
    if (this.world.rows.has(s.leg.row, this.hidden)) return false;
    const { where } = this.source;
    return where === undefined || holds(where, { ...s, currency: this.world.reportingCurrency }) === true;
  }

  private sceneOf(row: number, side: number): Scene {
    return { ...this.scene, leg: { row, side } };
  }

  private group(values: readonly Value[]): number | string {
    let name = '';
    for (const value of values) {
      if (typeof value !== 'object' || !('text' in value)) return 0;
      name += `${value.text.length} ${value.text} `;
    }
    return name;
  }
}
