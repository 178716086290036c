import type { AggregateName, Expr } from '../../typologies/ast.ts';
import { SIDE } from '../histories.ts';
import type { Rows } from '../rows.ts';
import { correlationOf, reads } from './correlation.ts';
import { emitTruth } from './emitCondition.ts';
import { ANCHOR, Emitter, LEG } from './emitter.ts';
import { amountAt, type EmitContext, emitNumber, emitText, NoFastForm, type Place } from './emitValue.ts';
import { ODD_HELPERS } from './helpers.ts';
import { hiddenFlags } from './seen.ts';
import type { AggregateUnit, AnchorInHand } from './unit.ts';
import type { AggregateExpr } from './walk.ts';

export interface UnitSource {
  readonly aggregate: AggregateExpr;
  readonly where: Expr | undefined;
  readonly onReturn: 'exclude' | 'keep';
  readonly currency: string;
}

/** What a unit is generated from besides its source. */
export interface UnitContext extends Omit<EmitContext, 'emitter' | 'plain'> {
  /** A condition by the plain evaluator: 0, 1 or 3. */
  readonly plain: (e: Expr, currency: string) => (row: number, side: number) => number;
}

/** Sums within this take one more term without leaving what a double holds exactly. */
const HALF = String(2 ** 52);
const SCRATCH = 64;

/** Generates what an aggregate does with a leg. Throws `NoFastForm` where its argument has none. */
export function generateUnit(source: UnitSource, context: UnitContext, rows: Rows, anchor: AnchorInHand): AggregateUnit {
  const emitter = new Emitter(rows);
  emitter.declarations.push(ODD_HELPERS, `const A = ${emitter.constant(anchor)};`);
  const unit = new UnitGenerator(source, { ...context, emitter, plain: (e, currency) => emitter.constant(context.plain(e, currency)) });
  const functions = [
    unit.reader('read', source.aggregate.where),
    unit.reader('readRest', unit.correlation.rest),
    unit.group(),
    unit.groupOfAnchor(),
    unit.isRead('isRead', source.aggregate.where),
    unit.isRead('isReadRest', unit.correlation.rest),
    unit.scan(),
  ];
  emitter.declarations.push(...functions);
  const members = `{ read, readRest, groupOf, groupOfAnchor, isRead, isReadRest, scan, denominator: ${unit.denominator} }`;
  return emitter.build<AggregateUnit>(members);
}

class UnitGenerator {
  readonly correlation: ReturnType<typeof correlationOf>;
  denominator = '1';
  private readonly source: UnitSource;
  private readonly context: EmitContext;
  private readonly place: Place;
  /** Declares the record of the anchor where it may be read. */
  private readonly records: string;

  constructor(source: UnitSource, context: EmitContext) {
    this.source = source;
    this.context = context;
    this.correlation = correlationOf(source.aggregate);
    this.place = { leg: LEG, anchor: ANCHOR, currency: source.currency };
    const parts = [source.aggregate.where, source.aggregate.argument].filter((part) => part !== undefined);
    this.records = parts.some((part) => reads(part, 'anchor')) ? context.emitter.record(ANCHOR) : '';
  }

  reader(name: string, filter: Expr | undefined): string {
    const lines = this.context.emitter.capture(() => {
      this.emitRecords();
      const value = this.emitRead(filter, 'return NaN;', 'return Infinity;');
      this.context.emitter.line(`return ${value};`);
    });
    return `function ${name}(row, side) {\n${lines.join('\n')}\n}`;
  }

  isRead(name: string, filter: Expr | undefined): string {
    const { emitter } = this.context;
    const lines = emitter.capture(() => {
      this.emitRecords();
      const value = this.emitRead(filter, 'return false;', 'return false;');
      emitter.line(`return ${value} === ${value};`);
    });
    return `function ${name}(row, side) {\n${lines.join('\n')}\n}`;
  }

  group(): string {
    return this.texts(
      'groupOf',
      'row, side',
      this.correlation.equalities.map((e) => e.ofLeg),
    );
  }

  groupOfAnchor(): string {
    return this.texts(
      'groupOfAnchor',
      '',
      this.correlation.equalities.map((e) => e.ofAnchor),
    );
  }

  private texts(name: string, parameters: string, texts: readonly Expr[]): string {
    const { emitter } = this.context;
    const lines = emitter.capture(() => {
      if (parameters !== '') emitter.line(emitter.record(LEG));
      else emitter.line(emitter.record(ANCHOR));
      const ids = texts.map((text) => emitText(text, this.place, this.context));
      for (const id of ids) emitter.line(`if (${id} === 0) return 0;`);
      emitter.line(ids.length === 1 ? `return ${ids[0]};` : `return ${ids.map((id) => `${id} + ' '`).join(' + ') || "''"};`);
    });
    return `function ${name}(${parameters}) {\n${lines.join('\n')}\n}`;
  }

  scan(): string {
    const { name } = this.source.aggregate;
    const body = this.context.emitter.capture(() => {
      const value = this.emitRead(this.source.aggregate.where, 'continue;', '{ errored = true; continue; }');
      this.context.emitter.line(fold(name, value));
    });
    const { emitter } = this.context;
    const leg = `const leg = blocks[p], row = leg >>> 2, side = leg & 3; ${emitter.record(LEG)}`;
    const time = emitter.time(LEG);
    const loop =
      name === 'passed_through'
        ? `let p = to;
while (p >= from) { ${leg} if (${time} <= tMin) break; p--; }
for (p++; p <= to; p++) { ${leg}`
        : `for (let p = to; p >= from; p--) { ${leg} if (${time} <= tMin) break;`;
    return `const scratch = new Float64Array(${SCRATCH});
function scan(blocks, from, to, tMin, answer) {
${this.records}
let errored = false, isOdd = false, members = 0, total = 0, left = 0;
${loop}
${body.join('\n')}
}
${finish(name, this.denominator)}
}`;
  }

  private emitRecords(): void {
    const { emitter } = this.context;
    emitter.line(emitter.record(LEG));
    if (this.records !== '') emitter.line(this.records);
  }

  /** Emits what the aggregate takes of the leg in hand; `skip` where it does not read it, `fail` where its filter is errored. */
  private emitRead(filter: Expr | undefined, skip: string, fail: string): string {
    const { context, place } = this;
    const { emitter } = context;
    const { aggregate, where, onReturn } = this.source;
    emitter.line(`if (${emitter.hasFlags(LEG, hiddenFlags(onReturn))}) ${skip}`);
    if (where !== undefined) {
      const seen = emitTruth(where, { ...place, anchor: place.leg, currency: context.reporting }, context);
      emitter.line(`if (${seen} !== 1) ${skip}`);
    }
    if (filter !== undefined) {
      const held = emitTruth(filter, place, context);
      emitter.line(`if (${held} === 0) ${skip}`);
      emitter.line(`if (${held} === 3) ${fail}`);
    }
    if (aggregate.name === 'count') return '1';
    if (aggregate.name === 'passed_through') {
      emitter.line(`if (side !== ${SIDE.in} && side !== ${SIDE.out}) ${skip}`);
      const amount = emitter.temporary(amountAt(LEG, place.currency, context));
      return emitter.temporary(`${amount} === Infinity || side === ${SIDE.in} ? ${amount} : -${amount}`);
    }
    const argument = aggregate.argument!;
    if (argument.type === 'text' || argument.type === 'country') {
      const text = emitText(argument, place, context);
      return emitter.temporary(`${text} === 0 ? NaN : ${text}`);
    }
    const { n, d } = emitNumber(argument, place, context);
    if (!/^\d+$/.test(d)) throw new NoFastForm('an argument over a denominator that is no constant');
    this.denominator = d;
    return n;
  }
}

/** What the scan does with a value that may be NaN or one of the marks. */
function fold(name: AggregateName, value: string): string {
  if (name === 'count') return 'members++;';
  const guard = `if (${value} !== ${value}) continue;\nif (${value} === Infinity) { errored = true; continue; }\nif (${value} === -Infinity) { isOdd = true; continue; }`;
  switch (name) {
    case 'sum':
    case 'avg':
      return `${guard}\nmembers++; total += ${value}; if (total > ${HALF} || total < -${HALF}) return false;`;
    case 'min':
    case 'max':
      return `${guard}\nif (members++ === 0 || ${value} ${name === 'min' ? '<' : '>'} total) total = ${value};`;
    case 'distinct':
      return `${guard}
let i = 0; while (i < members && scratch[i] !== ${value}) i++;
if (i === members) { if (i === ${SCRATCH}) return false; scratch[i] = ${value}; members++; }`;
    case 'passed_through':
      return `${guard}
members++;
if (${value} > 0) { left += ${value}; if (left > ${HALF}) return false; }
else { const used = -${value} < left ? -${value} : left; left -= used; total += used; if (total > ${HALF}) return false; }`;
  }
}

function finish(name: AggregateName, denominator: string): string {
  const value = name === 'count' || name === 'distinct' ? 'members' : 'total';
  const d = name === 'avg' ? `members * ${denominator}` : name === 'count' || name === 'distinct' || name === 'passed_through' ? '1' : denominator;
  const nothing = name === 'count' || name === 'sum' ? '' : 'else if (members === 0) answer.n = NaN;';
  return `answer.d = 1;
if (errored) answer.n = Infinity;
else if (isOdd) answer.n = -Infinity;
${nothing}
else { answer.n = ${value}; answer.d = ${d}; }
return true;`;
}
