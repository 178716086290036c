import type { Expr, Typology } from '../../typologies/ast.ts';
import type { Rows } from '../rows.ts';
import { emitBoolean, emitTruth } from './emitCondition.ts';
import { Emitter, LEG } from './emitter.ts';
import { type EmitContext, emitNumber, emitText, NoFastForm, type Num, type Place } from './emitValue.ts';
import { ODD_HELPERS } from './helpers.ts';
import { hiddenFlags } from './seen.ts';
import type { AnchorInHand } from './unit.ts';
import type { AggregateExpr } from './walk.ts';

/** A typology as functions of the anchor in hand. */
export interface ProgramUnit {
  /** NaN where it does not fire, +Infinity where that is errored, else the score. `held` says afterwards which points held. */
  ask(row: number, side: number): number;
  readonly held: Uint8Array;
}

/** What a program is generated from besides its typology. */
export interface ProgramContext {
  readonly constants: EmitContext['constants'];
  readonly exchange: EmitContext['exchange'];
  readonly reporting: string;
  /** A condition by the plain evaluator: 0, 1 or 3. */
  readonly plain: (e: Expr, currency: string) => (row: number, side: number) => number;
  readonly aggregate: (e: AggregateExpr, currency: string) => { at(): number; readonly d: number; readonly denominator: number };
}

export function generateProgram(typology: Typology, program: ProgramContext, rows: Rows, anchor: AnchorInHand): ProgramUnit {
  return new ProgramGenerator(typology, program, rows, anchor).generate();
}

class ProgramGenerator {
  private readonly typology: Typology;
  private readonly program: ProgramContext;
  private readonly emitter: Emitter;
  private readonly context: EmitContext;
  private readonly held: Uint8Array;
  /** By index and currency: the variables that hold a let, or why it has none. */
  private readonly lets = new Map<string, { name: string; value: Num } | Error>();
  private readonly place: Place;

  constructor(typology: Typology, program: ProgramContext, rows: Rows, anchor: AnchorInHand) {
    this.typology = typology;
    this.emitter = new Emitter(rows);
    this.program = program;
    this.held = new Uint8Array(typology.score.points.length);
    this.place = { leg: LEG, anchor: LEG, currency: program.reporting };
    this.emitter.declarations.push(ODD_HELPERS, `const A = ${this.emitter.constant(anchor)};`);
    this.context = {
      emitter: this.emitter,
      constants: program.constants,
      exchange: program.exchange,
      reporting: program.reporting,
      letNumber: (index, currency) => this.readLet(index, currency),
      letText: (index, currency) => this.readLet(index, currency).n,
      letBoolean: (index, currency) => this.readLet(index, currency).n,
      aggregate: (e, currency) => this.readAggregate(e, currency),
      plain: (e, currency) => this.emitter.constant(program.plain(e, currency)),
    };
  }

  generate(): ProgramUnit {
    const { emitter } = this;
    const held = emitter.constant(this.held);
    const lines = emitter.capture(() => this.emitAsk(held));
    emitter.declarations.push(`function ask(row, side) {\n${lines.join('\n')}\n}`);
    return emitter.build<ProgramUnit>(`{ ask, held: ${held} }`);
  }

  private emitAsk(held: string): void {
    const { emitter, context, place } = this;
    const { where, onReturn, when, unless, score } = this.typology;
    emitter.line(emitter.record(LEG));
    emitter.line(`if (${emitter.hasFlags(LEG, hiddenFlags(onReturn))}) return NaN;`);
    if (where !== undefined) emitter.line(`if (${emitTruth(where, place, context)} !== 1) return NaN;`);
    const fires = emitTruth(when, place, context);
    emitter.line(`if (${fires} === 0) return NaN;`);
    emitter.line(`let errored = ${fires} === 3, isSure = true, score = ${score.base};`);
    for (const exception of unless) {
      const matched = emitTruth(exception.when, place, context);
      emitter.line(`if (${matched} === 1) return NaN;`);
      emitter.line(`if (${matched} === 3) errored = true;`);
    }
    score.points.forEach((entry, i) => {
      const holds = emitTruth(entry.when, place, context);
      emitter.line(`${held}[${i}] = ${holds} === 1 ? 1 : 0;`);
      emitter.line(`if (${holds} === 1) score += ${entry.points}; else if (${holds} === 3) isSure = false;`);
    });
    emitter.line(`if (isSure && score < ${score.alertAt}) return NaN;`);
    emitter.line('return errored || !isSure ? Infinity : score;');
  }

  /** Emits the reading of a let, which is computed at most once an anchor and only where something reads it. */
  private readLet(index: number, currency: string): Num {
    const key = `${index} ${currency}`;
    const known = this.lets.get(key) ?? this.declareLet(index, currency);
    this.lets.set(key, known);
    if (known instanceof Error) throw known;
    this.emitter.line(`if (${known.name}stamp !== A.stamp) ${known.name}(row, side);`);
    return known.value;
  }

  private declareLet(index: number, currency: string): { name: string; value: Num } | Error {
    const { emitter } = this;
    const name = emitter.name('let');
    const { expr } = this.typology.lets[index]!;
    const place = { ...this.place, currency };
    let value: Num = { n: '', d: '' };
    const outer = emitter.lines;
    try {
      const lines = emitter.capture(() => {
        value = this.emitLet(expr, place);
      });
      const isStatic = /^\d+$/.test(value.d);
      emitter.declarations.push(
        `let ${name}stamp = -1, ${name}n = 0, ${name}d = 1;`,
        `function ${name}(row, side) {\n${emitter.record(LEG)}\n${name}stamp = A.stamp;\n${lines.join('\n')}\n${name}n = ${value.n};${isStatic ? '' : `\n${name}d = ${value.d};`}\n}`,
      );
      return { name, value: { n: `${name}n`, d: isStatic ? value.d : `${name}d` } };
    } catch (error) {
      emitter.lines = outer;
      if (error instanceof NoFastForm) return error;
      throw error;
    }
  }

  private emitLet(expr: Expr, place: Place): Num {
    if (expr.type === 'boolean') return { n: emitBoolean(expr, place, this.context), d: '1' };
    if (expr.type === 'text' || expr.type === 'country') return { n: emitText(expr, place, this.context), d: '1' };
    return emitNumber(expr, place, this.context);
  }

  private readAggregate(e: AggregateExpr, currency: string): Num {
    const { emitter, program } = this;
    const aggregate = program.aggregate(e, currency);
    const constant = emitter.constant(aggregate);
    const n = emitter.temporary(`${constant}.at()`);
    return { n, d: e.name === 'avg' ? emitter.temporary(`${constant}.d`) : String(aggregate.denominator) };
  }
}
