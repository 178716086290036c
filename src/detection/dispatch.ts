import type { Program } from './compile/program.ts';
import type { Constants } from './constants.ts';
import type { Rows } from './rows.ts';

/** By side of the leg. */
type BySide = readonly Program[][];

const SIDES = 4;
const NONE: BySide = Array.from({ length: SIDES }, () => []);

/** Which programs of a subject an anchor has to be asked with: those whose guard it meets, found by the text in the guard's field and by its side. */
export class Dispatch {
  private readonly rows: Rows;
  private readonly always: BySide = noPrograms();
  private readonly slots: number[] = [];
  private readonly byText: Map<number, BySide>[] = [];

  constructor(rows: Rows) {
    this.rows = rows;
  }

  add(program: Program, constants: Constants): void {
    const { field, sides } = program.guard;
    const into = (programs: BySide): void => {
      for (let side = 0; side < SIDES; side++) if (sides.includes(side)) programs[side]!.push(program);
    };
    if (field === null) {
      into(this.always);
      return;
    }
    let at = this.slots.indexOf(field.slot);
    if (at < 0) {
      at = this.slots.push(field.slot) - 1;
      this.byText.push(new Map());
    }
    for (const text of field.texts) {
      const id = constants.id(text);
      const programs = this.byText[at]!.get(id) ?? noPrograms();
      this.byText[at]!.set(id, programs);
      into(programs);
    }
  }

  /** Number of groups to be asked, for `group`. */
  get groups(): number {
    return this.slots.length + 1;
  }

  group(i: number, row: number, side: number): readonly Program[] {
    if (i === 0) return this.always[side]!;
    return (this.byText[i - 1]!.get(this.rows.text(row, this.slots[i - 1]!)) ?? NONE)[side]!;
  }
}

function noPrograms(): BySide {
  return Array.from({ length: SIDES }, () => []);
}
