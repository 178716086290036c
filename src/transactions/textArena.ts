import { assert } from '../base/assert.ts';
import { lastWord, type PaddedBytes } from './paddedBytes.ts';

/** Entries are counted in units of 8 bytes; an address is the place of one, counted from the first chunk on. */
const UNIT_BITS = 3;
const CHUNK_UNITS_BITS = 17;
const CHUNK_UNITS = 1 << CHUNK_UNITS_BITS;
const CHUNK_BYTES = CHUNK_UNITS << UNIT_BITS;
const UNIT_MASK = CHUNK_UNITS - 1;
/** The first chunk starts small, and doubles: most tables of a test hold little. */
const FIRST_CHUNK_BYTES = 1 << 12;
/** A word for the owner's number, one for the length and, in its upper byte, the mark. */
const HEADER_BYTES = 8;
const MARK_SHIFT = 24;
const LENGTH_MASK = (1 << MARK_SHIFT) - 1;

/** Bytes of the longest text: a chunk without a header. A record has a quarter of that. */
export const TEXT_BYTES_MAX = CHUNK_BYTES - HEADER_BYTES;

interface Chunk {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/**
 * Texts as UTF-8, each behind a header in chunks of 1 MiB, zeros behind it up to a whole unit: a text is compared a word at a time, lies beside those that came
 * with it, and is nothing that the garbage collector has to visit. A freed entry is used again for a text that needs the same number of units.
 */
export class TextArena {
  private readonly chunks: Chunk[] = [chunkOf(FIRST_CHUNK_BYTES)];
  /** By number of units: the first free entry, each of which holds the address of the next. */
  private readonly free = new Map<number, number>();
  /** Address 0 is none. */
  private top = 1;

  /** Copies the bytes from `start` to before `end` into an entry that belongs to `owner`. Answers its address. */
  add(owner: number, from: PaddedBytes, start: number, end: number): number {
    const length = end - start;
    assert(length <= TEXT_BYTES_MAX, 'a text is within the limit of the arena');
    const units = unitsFor(length);
    const address = this.take(units);
    const { bytes, view } = this.chunks[address >>> CHUNK_UNITS_BITS]!;
    const at = (address & UNIT_MASK) << UNIT_BITS;
    view.setUint32(at, owner, true);
    view.setUint32(at + 4, length, true);
    bytes.fill(0, at + HEADER_BYTES + length, at + (units << UNIT_BITS));
    from.bytes.copy(bytes, at + HEADER_BYTES, start, end);
    return address;
  }

  remove(address: number): void {
    const { view } = this.chunks[address >>> CHUNK_UNITS_BITS]!;
    const at = (address & UNIT_MASK) << UNIT_BITS;
    const units = unitsFor(view.getUint32(at + 4, true) & LENGTH_MASK);
    view.setUint32(at, this.free.get(units) ?? 0, true);
    this.free.set(units, address);
  }

  owner(address: number): number {
    return this.chunks[address >>> CHUNK_UNITS_BITS]!.view.getUint32((address & UNIT_MASK) << UNIT_BITS, true);
  }

  /** The owner, if the bytes from `start` to before `end` are the entry's; else 0. */
  ownerIf(address: number, other: DataView, start: number, end: number): number {
    const { view } = this.chunks[address >>> CHUNK_UNITS_BITS]!;
    const at = (address & UNIT_MASK) << UNIT_BITS;
    const length = end - start;
    if ((view.getUint32(at + 4, true) & LENGTH_MASK) !== length) return 0;
    const shift = at + HEADER_BYTES - start;
    let i = start;
    for (; i + 4 < end; i += 4) if (view.getUint32(i + shift, true) !== other.getUint32(i, true)) return 0;
    if (i < end && view.getUint32(i + shift, true) !== lastWord(other, i, end) >>> 0) return 0;
    return view.getUint32(at, true);
  }

  /** A number from 0 to 255 that is kept with an entry; 0 in a new one. */
  mark(address: number): number {
    return this.chunks[address >>> CHUNK_UNITS_BITS]!.view.getUint32(((address & UNIT_MASK) << UNIT_BITS) + 4, true) >>> MARK_SHIFT;
  }

  setMark(address: number, mark: number): void {
    const { view } = this.chunks[address >>> CHUNK_UNITS_BITS]!;
    const at = ((address & UNIT_MASK) << UNIT_BITS) + 4;
    view.setUint32(at, (view.getUint32(at, true) & LENGTH_MASK) | (mark << MARK_SHIFT), true);
  }

  text(address: number): string {
    const { bytes, view } = this.chunks[address >>> CHUNK_UNITS_BITS]!;
    const at = (address & UNIT_MASK) << UNIT_BITS;
    const start = at + HEADER_BYTES;
    return bytes.toString('utf8', start, start + (view.getUint32(at + 4, true) & LENGTH_MASK));
  }

  /** Copies an entry's bytes in place of what is held there. */
  copyTo(address: number, to: PaddedBytes): void {
    const { bytes, view } = this.chunks[address >>> CHUNK_UNITS_BITS]!;
    const at = (address & UNIT_MASK) << UNIT_BITS;
    const start = at + HEADER_BYTES;
    to.take(bytes.subarray(start, start + (view.getUint32(at + 4, true) & LENGTH_MASK)));
  }

  private take(units: number): number {
    const freed = this.free.get(units) ?? 0;
    if (freed !== 0) {
      this.free.set(units, this.owner(freed));
      return freed;
    }
    // No entry crosses the border of a chunk: what is left of it is too little, and stays unused.
    if ((this.top & UNIT_MASK) + units > CHUNK_UNITS) this.top = (this.top + UNIT_MASK) & ~UNIT_MASK;
    const address = this.top;
    this.top += units;
    assert(this.top <= 2 ** 31, 'interned texts take at most 16 GiB');
    this.makeRoom(address >>> CHUNK_UNITS_BITS, ((address & UNIT_MASK) + units) << UNIT_BITS);
    return address;
  }

  private makeRoom(index: number, bytesNeeded: number): void {
    const chunk = this.chunks[index];
    if (chunk === undefined) this.chunks.push(chunkOf(CHUNK_BYTES));
    else if (bytesNeeded > chunk.bytes.length) {
      const grown = chunkOf(Math.min(CHUNK_BYTES, 2 ** Math.ceil(Math.log2(bytesNeeded))));
      grown.bytes.set(chunk.bytes);
      this.chunks[index] = grown;
    }
  }
}

/** Header and bytes in whole units; long ones in steps of an eighth at most, so that freed entries find a text to hold. */
function unitsFor(length: number): number {
  const units = (length + HEADER_BYTES + 7) >>> UNIT_BITS;
  const step = Math.max(0, 28 - Math.clz32(units));
  return ((units + (1 << step) - 1) >>> step) << step;
}

function chunkOf(size: number): Chunk {
  const bytes = Buffer.alloc(size);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, size) };
}
