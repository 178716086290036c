import { TEXT_SLOT } from '../transactions/fields.ts';
import type { Subject as SubjectSpec } from '../typologies/ast.ts';
import type { Program } from './compile/program.ts';
import { keyPaths } from './compile/walk.ts';
import { Dispatch } from './dispatch.ts';
import { Histories, SIDE } from './histories.ts';
import { Keys } from './keys.ts';
import { OverfullDays } from './overfullDays.ts';
import type { Rows } from './rows.ts';
import type { Aggregates } from './windows/aggregates.ts';

/** What the typologies of one subject share: the keys, and the legs of each. */
export class Subject {
  readonly histories: Histories;
  readonly keys: Keys;
  readonly overfull = new OverfullDays();
  readonly programs: Program[] = [];
  readonly dispatch: Dispatch;
  readonly aggregates: Aggregates;
  /** The longest window of its typologies. */
  reachMs = 0;
  /** Whether a typology reads `status`, so that it matters how far a transaction that stands has come. */
  readsStatus = false;
  /** What `findLegs` found. */
  readonly legKeys = new Int32Array(2);
  readonly legSides = new Int32Array(2);
  private readonly sides: readonly number[];
  /** By side: the words of a row that make up the key. */
  private readonly words: readonly (readonly number[])[];
  private readonly rows: Rows;
  /** What keeps a key besides its legs: alerts, overfull days, legs of losing contents. */
  private readonly holds = new Map<number, number>();

  constructor(spec: SubjectSpec, rows: Rows, aggregates: Aggregates) {
    this.aggregates = aggregates;
    this.dispatch = new Dispatch(rows);
    this.keys = Keys.of(rows.table, spec.paths.length);
    this.histories = new Histories(rows);
    const slots = (party: 'debtor' | 'creditor'): number[] => keyPaths(spec, party).map((path) => TEXT_SLOT.get(path)!);
    const slotsBySide = spec.sides === 'both' ? [slots('debtor'), slots('creditor')] : [slots('debtor')];
    this.sides = spec.sides === 'both' ? [SIDE.out, SIDE.in] : [SIDE[spec.sides]];
    this.rows = rows;
    this.words = slotsBySide.map((list) => list.map((slot) => rows.textWord(slot)));
  }

  static nameOf(spec: SubjectSpec): string {
    return `${spec.sides} ${spec.paths.join('+')}`;
  }

  /**
   * The legs that a row's content gives (S0), whatever its status, into `legKeys` and `legSides`; answers how many. Keys that are not open are opened
   * with `open`, and left out without.
   */
  findLegs(row: number, open: boolean): number {
    const { keys, words } = this;
    let n = 0;
    for (let s = 0; s < words.length; s++) {
      if (!this.fillParts(row, words[s]!)) continue;
      let key = keys.find();
      if (key < 0) {
        if (!open) continue;
        key = keys.open();
        this.histories.open(key);
      }
      if (n === 1 && this.legKeys[0] === key) {
        this.legSides[0] = SIDE.self;
        continue;
      }
      this.legKeys[n] = key;
      this.legSides[n] = this.sides[s]!;
      n++;
    }
    return n;
  }

  hold(key: number): void {
    this.holds.set(key, (this.holds.get(key) ?? 0) + 1);
  }

  release(key: number): void {
    const n = this.holds.get(key)! - 1;
    if (n > 0) this.holds.set(key, n);
    else this.holds.delete(key);
    this.closeIfIdle(key);
  }

  isHeld(key: number): boolean {
    return this.holds.has(key);
  }

  closeIfIdle(key: number): void {
    if (!this.keys.isOpen(key) || this.histories.count(key) > 0 || this.isHeld(key)) return;
    if (this.histories.isHot(key)) for (const aggregate of this.aggregates.all) aggregate.forget(key);
    this.histories.close(key);
    this.keys.close(key);
  }

  private fillParts(row: number, words: readonly number[]): boolean {
    const { parts } = this.keys;
    for (let i = 0; i < words.length; i++) {
      const id = this.rows.word(row, words[i]!);
      if (id === 0) return false;
      parts[i] = id;
    }
    return true;
  }
}
