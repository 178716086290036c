import { TEXT_SLOT } from '../transactions/fields.ts';
import type { Subject as SubjectSpec } from '../typologies/ast.ts';
import type { Program } from './compile/program.ts';
import { keyPaths } from './compile/walk.ts';
import { Dispatch } from './dispatch.ts';
import { Histories, SIDE } from './histories.ts';
import { CompositeKeys, type Keys, SingleKeys } from './keys.ts';
import { OverfullDays } from './overfullDays.ts';
import type { Rows } from './rows.ts';
import { Sight } from './sight.ts';
import type { Aggregates } from './windows/aggregates.ts';

/** What the typologies of one subject share: the keys, and the legs of each. */
export class Subject {
  readonly histories: Histories;
  readonly keys: Keys;
  readonly overfull = new OverfullDays();
  readonly programs: Program[] = [];
  readonly dispatch: Dispatch;
  readonly aggregates: Aggregates;
  readonly sight: Sight;
  /** The longest window of its typologies. */
  reachMs = 0;
  /** Whether a typology reads `status`, so that it matters how far a transaction that stands has come. */
  readsStatus = false;
  /** What `findLegs` found. */
  readonly legKeys = new Int32Array(2);
  readonly legSides = new Int32Array(2);
  private readonly single: SingleKeys | null;
  private readonly composite: CompositeKeys | null;
  private readonly sides: readonly number[];
  /** By side: the words of a row that make up the key. */
  private readonly words: readonly (readonly number[])[];
  private readonly rows: Rows;
  /** What keeps a key besides its legs: alerts, overfull days, legs of losing contents. */
  private readonly holds = new Map<number, number>();

  constructor(spec: SubjectSpec, rows: Rows, aggregates: Aggregates) {
    this.aggregates = aggregates;
    this.dispatch = new Dispatch(rows);
    this.sight = new Sight(rows);
    this.single = spec.paths.length === 1 ? new SingleKeys(rows.table) : null;
    this.composite = spec.paths.length === 1 ? null : new CompositeKeys(rows.table, spec.paths.length);
    this.keys = this.single ?? this.composite!;
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
    const { words } = this;
    let n = 0;
    for (let s = 0; s < words.length; s++) {
      const key = this.single === null ? this.findComposite(row, words[s]!, open) : this.findSingle(row, words[s]![0]!, open);
      if (key < 0) continue;
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

  /** Sides of a transaction that can give a leg. */
  get sidesCount(): number {
    return this.words.length;
  }

  /** A hash of the key that a side of a row's content gives; −1 where it gives none. Equal keys that stand in rows at one time have equal hashes. */
  hashOf(row: number, side: number): number {
    let hash = 0;
    for (const word of this.words[side]!) {
      const id = this.rows.word(row, word);
      if (id === 0) return -1;
      hash = Math.imul(hash ^ id, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash >>> 1;
  }

  /** The key of some texts, or −1. */
  keyOf(texts: readonly string[]): number {
    if (texts.length !== this.keys.width) return -1;
    const ids = texts.map((text) => this.rows.table.find(text));
    if (ids.includes(0)) return -1;
    if (this.composite === null) return this.histories.isOpen(ids[0]!) ? ids[0]! : -1;
    this.composite.parts.set(ids);
    return this.composite.find();
  }

  private findSingle(row: number, word: number, open: boolean): number {
    const id = this.rows.word(row, word);
    if (id === 0) return -1;
    if (this.histories.isOpen(id)) return id;
    if (!open) return -1;
    this.single!.open(id);
    this.histories.open(id);
    return id;
  }

  private findComposite(row: number, words: readonly number[], open: boolean): number {
    const keys = this.composite!;
    for (let i = 0; i < words.length; i++) {
      const id = this.rows.word(row, words[i]!);
      if (id === 0) return -1;
      keys.parts[i] = id;
    }
    let key = keys.find();
    if (key < 0 && open) {
      key = keys.open();
      this.histories.open(key);
    }
    return key;
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
    if (!this.histories.isOpen(key) || this.histories.count(key) > 0 || this.isHeld(key)) return;
    if (this.histories.isHot(key)) for (const aggregate of this.aggregates.all) aggregate.forget(key);
    this.histories.close(key);
    this.keys.close(key);
  }
}
