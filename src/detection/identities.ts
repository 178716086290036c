import { hashText } from './ids.ts';
import type { Rows } from './rows.ts';

const SEGMENT_BITS = 8;
const SEGMENTS = 1 << SEGMENT_BITS;
/** An identifier that stands under so many times is looked up by time: a sender who numbers nothing must not stop the others. */
const CROWD = 16;

/**
 * Finds rows by (source, id). One source and identifier can have several rows, under different times. Hashes are seeded at random, so that no sender can
 * choose colliding identifiers; on equal hashes the bytes are compared. A table holds pairs of hash and row, so that neither a search that fails nor
 * growing touches the rows; segments grow one at a time, to keep pauses short.
 */
export class Identities {
  private readonly rows: Rows;
  private readonly seed = (Math.random() * 0x7fffffff) | 0;
  /** Pairs of hash and row + 1; 0 is empty. */
  private readonly segments: Uint32Array[] = Array.from({ length: SEGMENTS }, () => new Uint32Array(16));
  private readonly used = new Uint32Array(SEGMENTS);
  /** Rows by time, of each source and identifier that stands under very many. */
  private readonly crowds = new Map<string, Map<number, number>>();
  /** How many rows of the same identifier `find` passed. */
  private passed = 0;
  /** Whether the identifier that `find` looked for last stands under another time, as far as that was seen. */
  isReused = false;

  constructor(rows: Rows) {
    this.rows = rows;
  }

  hash(source: number, id: string): number {
    return hashText(id, this.seed ^ source);
  }

  /** The row of (source, id, t), or −1. */
  find(hash: number, source: number, id: string, timeMs: number): number {
    this.isReused = false;
    this.passed = 0;
    const crowd = this.crowdOf(source, id);
    if (crowd !== undefined) {
      const row = crowd.get(timeMs);
      this.isReused = row === undefined;
      return row ?? -1;
    }
    const table = this.segments[hash >>> (32 - SEGMENT_BITS)]!;
    const mask = table.length / 2 - 1;
    for (let i = hash & mask; table[2 * i + 1] !== 0; i = (i + 1) & mask) {
      if (table[2 * i] !== hash) continue;
      const row = table[2 * i + 1]! - 1;
      if (!this.rows.sameIdentifier(row, source, id)) continue;
      if (this.rows.t(row) === timeMs) return row;
      this.isReused = true;
      this.passed++;
    }
    return -1;
  }

  /** All rows of (source, id), whatever their time. */
  all(source: number, id: string): number[] {
    const crowd = this.crowdOf(source, id);
    if (crowd !== undefined) return [...crowd.values()];
    const hash = this.hash(source, id);
    const found: number[] = [];
    const table = this.segments[hash >>> (32 - SEGMENT_BITS)]!;
    const mask = table.length / 2 - 1;
    for (let i = hash & mask; table[2 * i + 1] !== 0; i = (i + 1) & mask) {
      const row = table[2 * i + 1]! - 1;
      if (table[2 * i] === hash && this.rows.sameIdentifier(row, source, id)) found.push(row);
    }
    return found;
  }

  /** Adds the row of an identity that `find` did not find just now. */
  add(hash: number, row: number): void {
    const crowd = this.passed >= CROWD ? this.gather(row) : this.crowdOfRow(row);
    if (crowd !== undefined) {
      crowd.set(this.rows.t(row), row);
      return;
    }
    const s = hash >>> (32 - SEGMENT_BITS);
    if ((this.used[s]! + 1) * 8 > this.segments[s]!.length * 3) this.grow(s);
    place(this.segments[s]!, hash, row + 1);
    this.used[s]!++;
  }

  /** Lets another row stand for an identity. */
  replace(row: number, other: number): void {
    const crowd = this.crowdOfRow(row);
    if (crowd !== undefined) {
      crowd.set(this.rows.t(row), other);
      return;
    }
    const hash = this.hashOf(row);
    const table = this.segments[hash >>> (32 - SEGMENT_BITS)]!;
    table[2 * slotOf(table, hash, row + 1) + 1] = other + 1;
  }

  remove(row: number): void {
    const crowd = this.crowdOfRow(row);
    if (crowd === undefined) {
      this.removeFromTable(row);
      return;
    }
    crowd.delete(this.rows.t(row));
    if (crowd.size === 0) this.crowds.delete(nameOf(this.rows.sourceId(row), this.rows.id(row)));
  }

  private crowdOf(source: number, id: string): Map<number, number> | undefined {
    return this.crowds.size === 0 ? undefined : this.crowds.get(nameOf(source, id));
  }

  private crowdOfRow(row: number): Map<number, number> | undefined {
    return this.crowds.size === 0 ? undefined : this.crowdOf(this.rows.sourceId(row), this.rows.id(row));
  }

  /** Takes all rows of a row's identifier out of the table, into a crowd. */
  private gather(row: number): Map<number, number> {
    const [source, id] = [this.rows.sourceId(row), this.rows.id(row)];
    const crowd = new Map<number, number>();
    for (const other of this.all(source, id)) {
      this.removeFromTable(other);
      crowd.set(this.rows.t(other), other);
    }
    this.passed = 0;
    this.crowds.set(nameOf(source, id), crowd);
    return crowd;
  }

  /** Removes by shifting back what follows, so that no tombstones gather. */
  private removeFromTable(row: number): void {
    const hash = this.hashOf(row);
    const s = hash >>> (32 - SEGMENT_BITS);
    const table = this.segments[s]!;
    const mask = table.length / 2 - 1;
    let hole = slotOf(table, hash, row + 1);
    for (let i = (hole + 1) & mask; table[2 * i + 1] !== 0; i = (i + 1) & mask) {
      const home = table[2 * i]! & mask;
      if (((i - home) & mask) < ((i - hole) & mask)) continue;
      table[2 * hole] = table[2 * i]!;
      table[2 * hole + 1] = table[2 * i + 1]!;
      hole = i;
    }
    table[2 * hole] = 0;
    table[2 * hole + 1] = 0;
    this.used[s]!--;
  }

  private hashOf(row: number): number {
    return this.rows.hashId(row, this.seed ^ this.rows.sourceId(row));
  }

  private grow(s: number): void {
    const old = this.segments[s]!;
    const table = new Uint32Array(old.length * 2);
    for (let i = 0; i < old.length; i += 2) if (old[i + 1] !== 0) place(table, old[i]!, old[i + 1]!);
    this.segments[s] = table;
  }
}

function nameOf(source: number, id: string): string {
  return `${source} ${id}`;
}

function place(table: Uint32Array, hash: number, entry: number): void {
  const mask = table.length / 2 - 1;
  let i = hash & mask;
  while (table[2 * i + 1] !== 0) i = (i + 1) & mask;
  table[2 * i] = hash;
  table[2 * i + 1] = entry;
}

function slotOf(table: Uint32Array, hash: number, entry: number): number {
  const mask = table.length / 2 - 1;
  let i = hash & mask;
  while (table[2 * i + 1] !== entry) i = (i + 1) & mask;
  return i;
}
