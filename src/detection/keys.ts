import type { TextTable } from '../transactions/texts.ts';

/** From the texts of a key to its number and back. A key retains its texts while it is open. */
export interface Keys {
  /** Number of open keys. */
  readonly size: number;
  /** Texts of a key. */
  readonly width: number;
  texts(key: number): string[];
  close(key: number): void;
}

/** Keys of one text: the number is the text's id, so that nothing has to be looked up. */
export class SingleKeys implements Keys {
  readonly width = 1;
  private readonly table: TextTable;
  private live = 0;

  constructor(table: TextTable) {
    this.table = table;
  }

  get size(): number {
    return this.live;
  }

  open(id: number): void {
    this.table.retain(id);
    this.live++;
  }

  close(key: number): void {
    this.table.release(key);
    this.live--;
  }

  texts(key: number): string[] {
    return [this.table.text(key)];
  }
}

const SEGMENT_BITS = 6;

/** Keys of several texts: dense numbers, found in a hash table; the number of a closed key is used again. */
export class CompositeKeys implements Keys {
  readonly width: number;
  /** The text ids to find or open, to be filled by the caller. */
  readonly parts: Int32Array;
  private readonly table: TextTable;
  private held: Int32Array;
  private readonly closed: number[] = [];
  private top = 0;
  private live = 0;
  private readonly seed = (Math.random() * 0x7fffffff) | 0;
  /** Pairs of hash and key + 1; 0 is empty. */
  private readonly segments: Uint32Array[] = Array.from({ length: 1 << SEGMENT_BITS }, () => new Uint32Array(16));
  private readonly used = new Uint32Array(1 << SEGMENT_BITS);

  constructor(table: TextTable, width: number) {
    this.table = table;
    this.width = width;
    this.parts = new Int32Array(width);
    this.held = new Int32Array(width * 64);
  }

  get size(): number {
    return this.live;
  }

  /** The number of the key whose text ids are in `parts`, or −1. */
  find(): number {
    let hash = this.seed;
    for (let i = 0; i < this.width; i++) hash = mixed(hash, this.parts[i]!);
    hash = finished(hash);
    const table = this.segments[hash >>> (32 - SEGMENT_BITS)]!;
    const mask = table.length / 2 - 1;
    for (let i = hash & mask; table[2 * i + 1] !== 0; i = (i + 1) & mask) {
      if (table[2 * i] === hash && this.isHeld(table[2 * i + 1]! - 1)) return table[2 * i + 1]! - 1;
    }
    return -1;
  }

  /** Opens the key whose text ids are in `parts`; it must not be open. */
  open(): number {
    const { parts, width } = this;
    const key = this.closed.pop() ?? this.top++;
    if ((key + 1) * width > this.held.length) {
      const grown = new Int32Array(this.held.length * 2);
      grown.set(this.held);
      this.held = grown;
    }
    for (let i = 0; i < width; i++) {
      this.held[key * width + i] = parts[i]!;
      this.table.retain(parts[i]!);
    }
    this.live++;
    this.link(key);
    return key;
  }

  close(key: number): void {
    this.unlink(key);
    for (let i = 0; i < this.width; i++) this.table.release(this.part(key, i));
    this.closed.push(key);
    this.live--;
  }

  texts(key: number): string[] {
    return Array.from(this.parts, (_, i) => this.table.text(this.part(key, i)));
  }

  private part(key: number, i: number): number {
    return this.held[key * this.width + i]!;
  }

  private link(key: number): void {
    const hash = this.hashOf(key);
    const s = hash >>> (32 - SEGMENT_BITS);
    if ((this.used[s]! + 1) * 4 > this.segments[s]!.length) this.grow(s);
    put(this.segments[s]!, hash, key + 1);
    this.used[s]!++;
  }

  /** Removes by shifting back what follows, so that no tombstones gather. */
  private unlink(key: number): void {
    const hash = this.hashOf(key);
    const s = hash >>> (32 - SEGMENT_BITS);
    const table = this.segments[s]!;
    const mask = table.length / 2 - 1;
    let hole = hash & mask;
    while (table[2 * hole + 1] !== key + 1) hole = (hole + 1) & mask;
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

  private isHeld(key: number): boolean {
    for (let i = 0; i < this.width; i++) if (this.part(key, i) !== this.parts[i]) return false;
    return true;
  }

  private hashOf(key: number): number {
    let hash = this.seed;
    for (let i = 0; i < this.width; i++) hash = mixed(hash, this.part(key, i));
    return finished(hash);
  }

  private grow(s: number): void {
    const old = this.segments[s]!;
    const table = new Uint32Array(old.length * 2);
    for (let i = 0; i < old.length; i += 2) if (old[i + 1] !== 0) put(table, old[i]!, old[i + 1]!);
    this.segments[s] = table;
  }
}

function mixed(hash: number, part: number): number {
  const h = Math.imul(hash ^ part, 0x5bd1e995);
  return h ^ (h >>> 15);
}

function finished(hash: number): number {
  const h = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b);
  return (h ^ (h >>> 16)) >>> 0;
}

function put(table: Uint32Array, hash: number, entry: number): void {
  const mask = table.length / 2 - 1;
  let i = hash & mask;
  while (table[2 * i + 1] !== 0) i = (i + 1) & mask;
  table[2 * i] = hash;
  table[2 * i + 1] = entry;
}
