import { NUMBER_SLOT, TEXT_SLOT } from '../../transactions/fields.ts';
import { CHUNK_BITS, CHUNK_MASK, DOUBLE, STATE_WORD, STATUS_SHIFT } from '../rowLayout.ts';
import type { Rows } from '../rows.ts';

/** The names of a leg in generated code: its row and side, and its record (`Rows`): chunk of words, chunk of doubles, and first word. */
export interface LegNames {
  readonly row: string;
  readonly side: string;
  readonly words: string;
  readonly doubles: string;
  readonly at: string;
}

export const LEG: LegNames = { row: 'row', side: 'side', words: 'W', doubles: 'D', at: 'o' };
export const ANCHOR: LegNames = { row: 'A.row', side: 'A.side', words: 'aW', doubles: 'aD', at: 'ao' };

/**
 * Collects the lines of one generated unit and the constants that it refers to. Nothing of a file's text is ever written into code: texts are ids of the
 * text table, everything else is a number that the type checker has seen, or a constant handed over.
 */
export class Emitter {
  lines: string[] = [];
  /** Lines outside all functions. */
  readonly declarations: string[] = [];
  private readonly rows: Rows;
  private readonly constants: unknown[] = [];
  private temporaries = 0;

  constructor(rows: Rows) {
    this.rows = rows;
  }

  line(text: string): void {
    this.lines.push(text);
  }

  /** A new variable with a value. */
  temporary(value: string): string {
    const name = this.name('v');
    this.line(`let ${name} = ${value};`);
    return name;
  }

  name(prefix: string): string {
    return `${prefix}${this.temporaries++}`;
  }

  /** Declares the names of a leg's record, of which the row is known. */
  record({ row, words, doubles, at }: LegNames): string {
    return `const ${words} = WC[${row} >>> ${CHUNK_BITS}], ${doubles} = DC[${row} >>> ${CHUNK_BITS}], ${at} = (${row} & ${CHUNK_MASK}) * ${this.rows.stride};`;
  }

  time(leg: LegNames): string {
    return this.double(leg, DOUBLE.t);
  }

  amount(leg: LegNames): string {
    return this.double(leg, DOUBLE.amount);
  }

  /** Whether a row has any of some flags. */
  hasFlags(leg: LegNames, flags: number): string {
    return `(${leg.words}[${leg.at} + ${STATE_WORD}] & ${flags}) !== 0`;
  }

  status(leg: LegNames): string {
    return `((${leg.words}[${leg.at} + ${STATE_WORD}] >>> ${STATUS_SHIFT}) & 255)`;
  }

  /** Id of the text at a path, 0 where it is absent. */
  text(leg: LegNames, path: string): string {
    return `${leg.words}[${leg.at} + ${this.rows.textWord(TEXT_SLOT.get(path)!)}]`;
  }

  /** The number at a path, `NO_NUMBER` where it is absent. */
  number(leg: LegNames, path: string): string {
    return `${leg.words}[${leg.at} + ${this.rows.numberWord(NUMBER_SLOT.get(path)!)}]`;
  }

  constant(value: unknown): string {
    return `k${this.constants.push(value) - 1}`;
  }

  /** What `emit` writes, without adding it to the lines. */
  capture(emit: () => void): string[] {
    const outer = this.lines;
    this.lines = [];
    emit();
    const inner = this.lines;
    this.lines = outer;
    return inner;
  }

  /** Makes the unit: an object literal of functions. */
  build<T>(members: string): T {
    const source = ['"use strict";', ...this.constants.map((_, i) => `const k${i} = K[${i}];`), ...this.declarations, `return ${members};`].join('\n');
    return new Function('K', 'WC', 'DC', source)(this.constants, this.rows.words, this.rows.doubles) as T;
  }

  private double(leg: LegNames, double: number): string {
    return `${leg.doubles}[(${leg.at} >> 1) + ${double}]`;
  }
}

/** Whether this process may turn text into code; `--disallow-code-generation-from-strings` forbids it. */
export function canGenerate(): boolean {
  try {
    return new Function('return true')() === true;
  } catch (error) {
    if (error instanceof EvalError) return false;
    throw error;
  }
}
