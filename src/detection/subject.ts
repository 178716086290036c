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
  private readonly rows: Rows;
  private readonly sides: readonly { readonly side: number; readonly slots: readonly number[] }[];
  /** What keeps a key besides its legs: alerts, overfull days, legs of losing contents. */
  private readonly holds = new Map<number, number>();

  constructor(spec: SubjectSpec, rows: Rows, aggregates: Aggregates, reserve: number) {
    this.rows = rows;
    this.aggregates = aggregates;
    this.dispatch = new Dispatch(rows);
    this.keys = Keys.of(rows.table, spec.paths.length);
    this.histories = new Histories(rows, reserve);
    const slots = (party: 'debtor' | 'creditor'): number[] => keyPaths(spec, party).map((path) => TEXT_SLOT.get(path)!);
    this.sides =
      spec.sides === 'both'
        ? [
            { side: SIDE.out, slots: slots('debtor') },
            { side: SIDE.in, slots: slots('creditor') },
          ]
        : [{ side: SIDE[spec.sides], slots: slots('debtor') }];
  }

  static nameOf(spec: SubjectSpec): string {
    return `${spec.sides} ${spec.paths.join('+')}`;
  }

  /**
   * The legs that a row's content gives (S0), whatever its status, into `legKeys` and `legSides`; answers how many. Keys that are not open are opened
   * with `open`, and left out without.
   */
  findLegs(row: number, open: boolean): number {
    let n = 0;
    for (const { side, slots } of this.sides) {
      if (!this.fillParts(row, slots)) continue;
      let key = this.keys.find();
      if (key < 0) {
        if (!open) continue;
        key = this.keys.open();
        this.histories.open(key);
      }
      if (n === 1 && this.legKeys[0] === key) {
        this.legSides[0] = SIDE.self;
        continue;
      }
      this.legKeys[n] = key;
      this.legSides[n] = side;
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
    if (!this.keys.isOpen(key) || this.histories.end(key) > this.histories.first(key) || this.holds.has(key)) return;
    if (this.histories.hot[key] !== 0) for (const aggregate of this.aggregates.all) aggregate.forget(key);
    this.histories.close(key);
    this.keys.close(key);
  }

  private fillParts(row: number, slots: readonly number[]): boolean {
    for (let i = 0; i < slots.length; i++) {
      const id = this.rows.texts[slots[i]!]![row]!;
      if (id === 0) return false;
      this.keys.parts[i] = id;
    }
    return true;
  }
}
