import { assert } from '../../base/assert.ts';
import { NUMBER_SLOT, TEXT_SLOT } from '../../transactions/fields.ts';
import type { Rows } from '../rows.ts';

/** Columns that generated code can read, by the name that they have there. */
type FixedColumn = 't' | 'flags' | 'amount' | 'status';

/**
 * Collects the lines of one generated unit, the columns of `Rows` that it reads and the constants that it refers to. Nothing of a file's text is ever
 * written into code: texts are ids of the text table, everything else is a number that the type checker has seen, or a constant handed over.
 */
export class Emitter {
  lines: string[] = [];
  /** Lines outside all functions. */
  readonly declarations: string[] = [];
  private readonly columns = new Map<string, string>();
  private readonly constants: unknown[] = [];
  private temporaries = 0;

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

  column(name: FixedColumn): string {
    this.columns.set(name, `R.${name}`);
    return name;
  }

  textColumn(path: string): string {
    const slot = TEXT_SLOT.get(path);
    assert(slot !== undefined, 'a text path of the tree has a slot');
    this.columns.set(`c${slot}`, `R.texts[${slot}]`);
    return `c${slot}`;
  }

  numberColumn(path: string): string {
    const slot = NUMBER_SLOT.get(path);
    assert(slot !== undefined, 'a number path of the tree has a slot');
    this.columns.set(`n${slot}`, `R.numbers[${slot}]`);
    return `n${slot}`;
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

  /** Makes the unit. `members` is an object literal of functions; what it answers is that object, whose columns follow `rows` as these grow. */
  build<T>(rows: Rows, members: string): T {
    const names = [...this.columns.keys()];
    const source = [
      '"use strict";',
      ...this.constants.map((_, i) => `const k${i} = K[${i}];`),
      names.length > 0 ? `let ${names.join(', ')};` : '',
      `function bind(R) { ${[...this.columns].map(([name, from]) => `${name} = ${from};`).join(' ')} }`,
      ...this.declarations,
      `return { bind, unit: ${members} };`,
    ].join('\n');
    const { bind, unit } = new Function('K', source)(this.constants) as { bind: (rows: Rows) => void; unit: T };
    rows.onColumns(() => bind(rows));
    return unit;
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
