import type { Rows } from './rows.ts';

const SEGMENT_BITS = 8;
const SEGMENTS = 1 << SEGMENT_BITS;

/**
 * Finds rows by (source, id). One source and identifier can have several rows, under different times. Hashes are seeded at random, so that no
 * sender can choose colliding identifiers; on equal hashes the bytes are compared. Segments grow one at a time, to keep pauses short.
 */
export class Identities {
  private readonly rows: Rows;
  private readonly seed = (Math.random() * 0x7fffffff) | 0;
  /** Row + 1; 0 is empty. */
  private readonly segments: Uint32Array[] = Array.from({ length: SEGMENTS }, () => new Uint32Array(8));
  private readonly used = new Uint32Array(SEGMENTS);

  constructor(rows: Rows) {
    this.rows = rows;
  }

  hash(source: number, id: string): number {
    let h = this.seed ^ source;
    for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x5bd1e995) + (h >>> 15);
    h ^= h >>> 13;
    h = Math.imul(h, 0x5bd1e995);
    return (h ^ (h >>> 15)) >>> 0;
  }

  /** The row of (source, id, t), or −1. `reused` tells whether the identifier stands under another time. */
  find(hash: number, source: number, id: string, timeMs: number): { row: number; reused: boolean } {
    let reused = false;
    const table = this.segments[hash >>> (32 - SEGMENT_BITS)]!;
    const mask = table.length - 1;
    for (let i = hash & mask; table[i] !== 0; i = (i + 1) & mask) {
      const row = table[i]! - 1;
      if (this.rows.hash[row] !== hash || !this.rows.sameIdentifier(row, source, id)) continue;
      if (this.rows.t[row] === timeMs) return { row, reused: false };
      reused = true;
    }
    return { row: -1, reused };
  }

  /** All rows of (source, id), whatever their time. */
  all(source: number, id: string): number[] {
    const hash = this.hash(source, id);
    const found: number[] = [];
    const table = this.segments[hash >>> (32 - SEGMENT_BITS)]!;
    const mask = table.length - 1;
    for (let i = hash & mask; table[i] !== 0; i = (i + 1) & mask) {
      const row = table[i]! - 1;
      if (this.rows.hash[row] === hash && this.rows.sameIdentifier(row, source, id)) found.push(row);
    }
    return found;
  }

  add(row: number): void {
    const hash = this.rows.hash[row]!;
    const s = hash >>> (32 - SEGMENT_BITS);
    if ((this.used[s]! + 1) * 4 > this.segments[s]!.length * 3) this.grow(s);
    place(this.segments[s]!, hash, row + 1);
    this.used[s]!++;
  }

  /** Removes by shifting back what follows, so that no tombstones gather. */
  remove(row: number): void {
    const hash = this.rows.hash[row]!;
    const s = hash >>> (32 - SEGMENT_BITS);
    const table = this.segments[s]!;
    const mask = table.length - 1;
    let hole = hash & mask;
    while (table[hole] !== row + 1) hole = (hole + 1) & mask;
    for (let i = (hole + 1) & mask; table[i] !== 0; i = (i + 1) & mask) {
      const home = this.rows.hash[table[i]! - 1]! & mask;
      if (((i - home) & mask) < ((i - hole) & mask)) continue;
      table[hole] = table[i]!;
      hole = i;
    }
    table[hole] = 0;
    this.used[s]!--;
  }

  private grow(s: number): void {
    const old = this.segments[s]!;
    const table = new Uint32Array(old.length * 2);
    for (const entry of old) if (entry !== 0) place(table, this.rows.hash[entry - 1]!, entry);
    this.segments[s] = table;
  }
}

function place(table: Uint32Array, hash: number, entry: number): void {
  const mask = table.length - 1;
  let i = hash & mask;
  while (table[i] !== 0) i = (i + 1) & mask;
  table[i] = entry;
}
