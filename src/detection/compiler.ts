import type { RateTable } from '../transactions/rateLookup.ts';
import type { Expr, Typology } from '../typologies/ast.ts';
import { descendants, expressions } from '../typologies/walk.ts';
import { Evidence } from './alerts/evidence.ts';
import { Wording } from './alerts/wording.ts';
import { NoFastForm } from './compile/emitValue.ts';
import type { ProgramContext } from './compile/generateProgram.ts';
import type { UnitContext } from './compile/generateUnit.ts';
import { holds } from './compile/interpret.ts';
import { aggregateOf } from './compile/interpretAggregate.ts';
import { Program, programUnit, settleMsOf } from './compile/program.ts';
import type { Scene, World } from './compile/scene.ts';
import type { AnchorInHand } from './compile/unit.ts';
import type { AggregateExpr } from './compile/walk.ts';
import type { Constants } from './constants.ts';
import { type ExactValue, reduce } from './exact.ts';
import { Exchange } from './exchange.ts';
import type { Rows } from './rows.ts';
import type { DetectionSettings } from './settings.ts';
import { Subject } from './subject.ts';
import { Aggregates } from './windows/aggregates.ts';

export interface CompilerOptions {
  readonly rows: Rows;
  readonly constants: Constants;
  readonly rates: RateTable;
  readonly settings: DetectionSettings;
  readonly generates: boolean;
  readonly hotLegs: number;
}

/** Makes programs of typologies: those of one subject share its histories, and the aggregates that mean the same. */
export class Compiler {
  readonly world: World;
  readonly anchor: AnchorInHand = { subject: undefined as never, key: -1, position: -1, row: -1, side: 0, stamp: 0, isMoving: false };
  readonly subjects: Subject[] = [];
  readonly programs: Program[] = [];
  /** By index of the program. */
  readonly evidences: Evidence[] = [];
  readonly wordings: Wording[] = [];
  private readonly options: CompilerOptions;
  private readonly exchange: Exchange;
  private readonly byName = new Map<string, Subject>();
  private readonly bySubjectOf = new Map<Typology, Subject>();

  constructor(options: CompilerOptions) {
    this.options = options;
    this.exchange = new Exchange(options.rows, options.rates, options.constants);
    this.world = {
      rows: options.rows,
      exchange: this.exchange,
      reportingCurrency: options.settings.reportingCurrency,
      aggregate: (e, s) => this.valueOf(e, s),
    };
  }

  add(typology: Typology): void {
    const { rows, settings, constants } = this.options;
    const subject = this.subjectOf(typology);
    this.bySubjectOf.set(typology, subject);
    const unit = programUnit(typology, this.contextOf(typology, subject), this.world, rows, this.anchor);
    const program = new Program(typology, this.programs.length, unit, settleMsOf(settings.returnHorizonMs));
    this.programs.push(program);
    this.evidences.push(new Evidence(typology, subject.aggregates, settings.reportingCurrency, rows, this.anchor));
    this.wordings.push(new Wording(typology, settings.reportingCurrency));
    subject.programs.push(program);
    subject.dispatch.add(program, constants);
    subject.sight.add(typology, constants);
    subject.reachMs = Math.max(subject.reachMs, typology.reachMs);
    subject.readsStatus ||= expressions(typology).some((e) => [...descendants(e)].some((part) => part.kind === 'field' && part.path === 'status'));
  }

  private subjectOf(typology: Typology): Subject {
    const name = Subject.nameOf(typology.subject);
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const { rows } = this.options;
    const aggregates = new Aggregates(this.world, this.anchor, this.unitContext(typology), this.options.hotLegs);
    const subject = new Subject(typology.subject, rows, aggregates);
    this.byName.set(name, subject);
    this.subjects.push(subject);
    return subject;
  }

  /** What code of aggregates is generated from: there are neither lets nor other aggregates in it. */
  private unitContext(typology: Typology): UnitContext | null {
    if (!this.options.generates) return null;
    const none = (): never => {
      throw new NoFastForm('an aggregate reads neither lets nor aggregates');
    };
    return {
      constants: this.options.constants,
      exchange: this.exchange,
      reporting: this.options.settings.reportingCurrency,
      letNumber: none,
      letText: none,
      letBoolean: none,
      aggregate: none,
      plain: (e, currency) => this.plainOf(e, typology, currency),
    };
  }

  private contextOf(typology: Typology, subject: Subject): ProgramContext | null {
    if (!this.options.generates) return null;
    return {
      constants: this.options.constants,
      exchange: this.exchange,
      reporting: this.options.settings.reportingCurrency,
      plain: (e, currency) => this.plainOf(e, typology, currency),
      aggregate: (e, currency) => subject.aggregates.of(e, typology, currency),
    };
  }

  /** A condition by the plain evaluator, as generated code asks it. */
  private plainOf(e: Expr, typology: Typology, currency: string): (row: number, side: number) => number {
    return (row, side) => {
      const { world, anchor } = this;
      const held = holds(e, { world, typology, anchor, leg: { row, side }, item: null, currency, lets: new Map(), causes: new Set() });
      return held === 'errored' ? 3 : held ? 1 : 0;
    };
  }

  /** An aggregate for the plain evaluator: by its window, and exactly where that has no fast form or is errored, for which the cause is wanted. */
  private valueOf(e: AggregateExpr, s: Scene): ExactValue {
    const subject = this.bySubjectOf.get(s.typology);
    if (subject === undefined || s.anchor !== this.anchor) return aggregateOf(e, s);
    const aggregate = subject.aggregates.of(e, s.typology, s.currency);
    const n = aggregate.at();
    if (Number.isFinite(n)) return reduce(BigInt(n), BigInt(aggregate.d));
    return Number.isNaN(n) ? 'missing' : aggregateOf(e, s);
  }
}
