import { assert } from '../base/assert.ts';
import { lastWord, PaddedBytes } from './paddedBytes.ts';
import { TextArena } from './textArena.ts';

/**
 * Interned texts: every distinct text is held once and named by a small integer from 1 on; 0 means "absent".
 * Texts are counted: a text that no stored row retains is forgotten, so that memory is bounded by what is kept.
 * Hashing is seeded at random, so that a sender cannot choose colliding texts. Ids are local to the process.
 *
 * The hash table is split into segments that grow one at a time, since growing one table of millions stops the process.
 */
const SEGMENT_BITS = 8;
const SEGMENTS = 1 << SEGMENT_BITS;
/** A segment is chosen by the upper bits of a hash, a place in it by the lower ones. */
const SEGMENT_SHIFT = 32 - SEGMENT_BITS;
/** Texts whose JavaScript string is kept, since some, such as currencies, are asked for again and again. */
const STRINGS_MAX = 1024;

export class TextTable {
  private readonly seed = randomWord();
  private readonly first = randomWord() | 1;
  private readonly second = randomWord() | 1;
  private readonly arena = new TextArena();
  /** By id: the address in the arena (0 where the id is free), and how often the text is retained. */
  private refs = new Uint32Array(2048);
  /** One more than the greatest id ever given. */
  private ids = 1;
  /** Pairs of an address (0 is free) and its hash, side by side, since what costs is the way to memory. */
  private readonly segments: Uint32Array[] = Array.from({ length: SEGMENTS }, () => new Uint32Array(16));
  private readonly used = new Uint32Array(SEGMENTS);
  private readonly free: number[] = [];
  private readonly fresh: number[] = [];
  private readonly strings = new Map<number, string>();
  private readonly scratch = new PaddedBytes(256);
  private live = 0;

  /** Number of texts held. */
  get size(): number {
    return this.live;
  }

  /** One more than the greatest id ever given. */
  get idsMax(): number {
    return this.ids;
  }

  /** The id of a text, new if it has none. It must be retained before the next `sweep`, or it may be forgotten there. */
  intern(text: string): number {
    this.scratch.takeText(text);
    return this.internBytes(this.scratch, 0, this.scratch.length);
  }

  /** As `intern`, of UTF-8 from `start` to before `end`. */
  internBytes(from: PaddedBytes, start: number, end: number): number {
    const { view } = from;
    const hash = this.hash(view, start, end);
    const table = this.segments[hash >>> SEGMENT_SHIFT]!;
    const mask = table.length - 1;
    for (let i = (hash << 1) & mask; ; i = (i + 2) & mask) {
      const address = table[i]!;
      if (address === 0) return this.add(from, start, end, hash, i);
      if (table[i + 1] !== hash) continue;
      const id = this.arena.ownerIf(address, view, start, end);
      if (id !== 0) return id;
    }
  }

  /** The id of a text, or 0 where it is not held. */
  find(text: string): number {
    this.scratch.takeText(text);
    const { view, length } = this.scratch;
    const hash = this.hash(view, 0, length);
    const table = this.segments[hash >>> SEGMENT_SHIFT]!;
    const mask = table.length - 1;
    for (let i = (hash << 1) & mask; ; i = (i + 2) & mask) {
      const address = table[i]!;
      if (address === 0) return 0;
      const id = table[i + 1] === hash ? this.arena.ownerIf(address, view, 0, length) : 0;
      if (id !== 0) return id;
    }
  }

  /** The text of an id that was given and not forgotten. */
  text(id: number): string {
    const known = this.strings.get(id);
    if (known !== undefined) return known;
    const text = this.arena.text(this.addressOf(id));
    if (this.strings.size >= STRINGS_MAX) this.strings.clear();
    this.strings.set(id, text);
    return text;
  }

  /** What was noted about a text with `setMark`; 0 for one that was interned since. It lives and goes with the text. */
  mark(id: number): number {
    return this.arena.mark(this.addressOf(id));
  }

  /** Notes a number from 0 to 255. */
  setMark(id: number, mark: number): void {
    this.arena.setMark(this.addressOf(id), mark);
  }

  retain(id: number): void {
    if (id !== 0) this.refs[2 * id + 1]!++;
  }

  release(id: number): void {
    if (id === 0) return;
    const count = this.refs[2 * id + 1]!;
    assert(count > 0, 'a text is released once for each time it was retained');
    this.refs[2 * id + 1] = count - 1;
    if (count === 1) this.forget(id);
  }

  /** Forgets the texts interned since the last sweep that nothing retained: those of records that were not kept. */
  sweep(): void {
    for (const id of this.fresh) if (this.refs[2 * id] !== 0 && this.refs[2 * id + 1] === 0) this.forget(id);
    this.fresh.length = 0;
  }

  private addressOf(id: number): number {
    const address = id > 0 && id < this.ids ? this.refs[2 * id]! : 0;
    if (address === 0) assert(false, `no text has id ${id}`);
    return address;
  }

  /** Every word is mixed in through two secret multipliers, upper bits brought down between them, so that no difference can be chosen that the next word takes back. */
  private hash(view: DataView, start: number, end: number): number {
    const { first, second } = this;
    let h = this.seed ^ (end - start);
    let i = start;
    for (; i + 4 < end; i += 4) {
      h = Math.imul(h ^ view.getUint32(i, true), first);
      h = Math.imul(h ^ (h >>> 15), second);
    }
    if (i < end) h = Math.imul(h ^ lastWord(view, i, end), first);
    h = Math.imul(h ^ (h >>> 15), second);
    return (h ^ (h >>> 15)) >>> 0;
  }

  private add(from: PaddedBytes, start: number, end: number, hash: number, at: number): number {
    const id = this.free.pop() ?? this.ids++;
    if (2 * id >= this.refs.length) this.growRefs();
    const address = this.arena.add(id, from, start, end);
    this.refs[2 * id] = address;
    this.refs[2 * id + 1] = 0;
    this.fresh.push(id);
    this.live++;
    const s = hash >>> SEGMENT_SHIFT;
    const table = this.segments[s]!;
    table[at] = address;
    table[at + 1] = hash;
    // Two thirds of the pairs at most.
    if (++this.used[s]! * 3 > table.length) this.growSegment(s);
    return id;
  }

  private growRefs(): void {
    const refs = new Uint32Array(this.refs.length * 2);
    refs.set(this.refs);
    this.refs = refs;
  }

  private growSegment(s: number): void {
    const old = this.segments[s]!;
    const table = new Uint32Array(old.length * 2);
    const mask = table.length - 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue;
      let i = (old[from + 1]! << 1) & mask;
      while (table[i] !== 0) i = (i + 2) & mask;
      table[i] = old[from]!;
      table[i + 1] = old[from + 1]!;
    }
    this.segments[s] = table;
  }

  private forget(id: number): void {
    const address = this.refs[2 * id]!;
    this.arena.copyTo(address, this.scratch);
    this.removeFromTable(address, this.hash(this.scratch.view, 0, this.scratch.length));
    this.arena.remove(address);
    this.refs[2 * id] = 0;
    this.strings.delete(id);
    this.free.push(id);
    this.live--;
  }

  /** Removes by shifting back what follows, so that no tombstones gather. */
  private removeFromTable(address: number, hash: number): void {
    const s = hash >>> SEGMENT_SHIFT;
    const table = this.segments[s]!;
    const mask = table.length - 1;
    let hole = (hash << 1) & mask;
    while (table[hole] !== address) hole = (hole + 2) & mask;
    for (let i = (hole + 2) & mask; table[i] !== 0; i = (i + 2) & mask) {
      const home = (table[i + 1]! << 1) & mask;
      if (((i - home) & mask) < ((i - hole) & mask)) continue;
      table[hole] = table[i]!;
      table[hole + 1] = table[i + 1]!;
      hole = i;
    }
    table[hole] = 0;
    this.used[s]!--;
  }
}

function randomWord(): number {
  return (Math.random() * 2 ** 32) | 0;
}
