import type { Typology } from '../typologies/ast.ts';
import { sightOf } from './compile/guard.ts';
import type { Constants } from './constants.ts';
import type { Rows } from './rows.ts';

/** Which transactions the typologies of a subject can see at all, as far as one field of each tells: none of them asks or counts a leg of any other. */
export class Sight {
  private readonly rows: Rows;
  /** Words of rows, and by text id whether a typology sees a row that holds it there. */
  private readonly words: number[] = [];
  private readonly seen: Uint8Array[] = [];
  private seesAll = false;

  constructor(rows: Rows) {
    this.rows = rows;
  }

  /** Whether there are transactions that none of the typologies sees. */
  get isNarrow(): boolean {
    return !this.seesAll;
  }

  add(typology: Typology, constants: Constants): void {
    const guard = sightOf(typology);
    if (guard === null) {
      this.seesAll = true;
      return;
    }
    const ids = guard.texts.map((text) => constants.id(text));
    const word = this.rows.textWord(guard.slot);
    let at = this.words.indexOf(word);
    if (at < 0) {
      at = this.words.push(word) - 1;
      this.seen.push(new Uint8Array(0));
    }
    const known = this.seen[at]!;
    const seen = new Uint8Array(Math.max(known.length, ...ids.map((id) => id + 1)));
    seen.set(known);
    for (const id of ids) seen[id] = 1;
    this.seen[at] = seen;
  }

  sees(row: number): boolean {
    if (this.seesAll) return true;
    for (let i = 0; i < this.words.length; i++) if (this.seen[i]![this.rows.word(row, this.words[i]!)] === 1) return true;
    return false;
  }
}
