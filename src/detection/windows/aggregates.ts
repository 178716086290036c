import type { Typology } from '../../typologies/ast.ts';
import { canonical } from '../compile/canonical.ts';
import { correlationOf } from '../compile/correlation.ts';
import { NoFastForm } from '../compile/emitValue.ts';
import { generateUnit, type UnitContext, type UnitSource } from '../compile/generateUnit.ts';
import { PlainUnit } from '../compile/plainUnit.ts';
import type { Scene, World } from '../compile/scene.ts';
import type { AggregateUnit, AnchorInHand } from '../compile/unit.ts';
import type { AggregateExpr } from '../compile/walk.ts';
import { WindowAggregate } from './windowAggregate.ts';

/** The aggregates of one subject, each once: by what it means, not by where it stands. */
export class Aggregates {
  readonly all: WindowAggregate[] = [];
  private readonly byMeaning = new Map<string, WindowAggregate>();
  private readonly byPlace = new Map<AggregateExpr, Map<string, WindowAggregate>>();
  private readonly world: World;
  private readonly anchor: AnchorInHand;
  /** Null where code may not be generated. */
  private readonly context: UnitContext | null;

  private readonly hotLegs: number;

  constructor(world: World, anchor: AnchorInHand, context: UnitContext | null, hotLegs: number) {
    this.world = world;
    this.hotLegs = hotLegs;
    this.anchor = anchor;
    this.context = context;
  }

  /** The aggregate at a place of a typology, its money in a currency. */
  of(expr: AggregateExpr, typology: Typology, currency: string): WindowAggregate {
    const known = this.byPlace.get(expr)?.get(currency);
    if (known !== undefined) return known;
    const { reportingCurrency } = this.world;
    const where = typology.where === undefined ? '' : canonical(typology.where, reportingCurrency, reportingCurrency);
    const meaning = `${typology.onReturn} ${where} ${canonical(expr, currency, reportingCurrency)}`;
    let aggregate = this.byMeaning.get(meaning);
    if (aggregate === undefined) {
      aggregate = this.make(expr, typology, currency);
      this.byMeaning.set(meaning, aggregate);
      this.all.push(aggregate);
    }
    const byCurrency = this.byPlace.get(expr) ?? new Map<string, WindowAggregate>();
    byCurrency.set(currency, aggregate);
    this.byPlace.set(expr, byCurrency);
    return aggregate;
  }

  private make(expr: AggregateExpr, typology: Typology, currency: string): WindowAggregate {
    const { equalities, isOpen } = correlationOf(expr);
    const source = { aggregate: expr, where: typology.where, onReturn: typology.onReturn, currency };
    const kind = { canMove: !isOpen, isGrouped: equalities.length > 0, hotLegs: this.hotLegs };
    return new WindowAggregate(expr, this.unitOf(source, typology), kind, this.world.rows, this.anchor);
  }

  private unitOf(source: UnitSource, typology: Scene['typology']): AggregateUnit {
    if (this.context !== null) {
      try {
        return generateUnit(source, this.context, this.world.rows, this.anchor);
      } catch (error) {
        if (!(error instanceof NoFastForm)) throw error;
      }
    }
    return new PlainUnit(source, typology, this.world, this.anchor);
  }
}
