import type { Program } from './compile/program.ts';
import type { Constants } from './constants.ts';
import type { Rows } from './rows.ts';

const NONE: readonly Program[] = [];

/** Which programs of a subject an anchor has to be asked with: those whose guard it meets, found by the text in the guard's field. */
export class Dispatch {
  private readonly rows: Rows;
  private readonly always: Program[] = [];
  private readonly slots: number[] = [];
  private readonly byText: Map<number, Program[]>[] = [];

  constructor(rows: Rows) {
    this.rows = rows;
  }

  add(program: Program, constants: Constants): void {
    const { guard } = program;
    if (guard === null) {
      this.always.push(program);
      return;
    }
    let at = this.slots.indexOf(guard.slot);
    if (at < 0) {
      at = this.slots.push(guard.slot) - 1;
      this.byText.push(new Map());
    }
    for (const text of guard.texts) {
      const id = constants.id(text);
      const programs = this.byText[at]!.get(id);
      if (programs === undefined) this.byText[at]!.set(id, [program]);
      else programs.push(program);
    }
  }

  /** Number of groups to be asked, for `group`. */
  get groups(): number {
    return this.slots.length + 1;
  }

  group(i: number, row: number): readonly Program[] {
    if (i === 0) return this.always;
    return this.byText[i - 1]!.get(this.rows.text(row, this.slots[i - 1]!)) ?? NONE;
  }
}
