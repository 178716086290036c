import { hash } from 'node:crypto';
import { LEAVES } from './plan.ts';

const COLON = 58;
const NEWLINE = 10;
const MINUS = 45;
const ZERO = 48;
const VIEWS_MAX = 4096;
/** Below this a number is a small integer to the processor. */
const NINE_DIGITS = 1_000_000_000;
/** By rank: length of the path and its colon, and both as little-endian words of four bytes, which are written in a quarter of the time. */
const NAME_LENGTH = Int32Array.from(LEAVES, (leaf) => `${leaf.contentPath ?? ''}:`.length);
const NAME_WORDS = LEAVES.map((leaf) => {
  const bytes = Buffer.from(`${leaf.contentPath ?? ''}:`.padEnd(Math.ceil(NAME_LENGTH[leaf.rank]! / 4) * 4));
  return Int32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt32LE(i * 4));
});

/**
 * The canonical content of a transaction (S2) and its SHA-256: for each known field that is present, in ascending order of path,
 * `path:length:text` and a line feed, length in UTF-16 units, all of it UTF-8.
 */
export class ContentDigest {
  private bytes = Buffer.alloc(VIEWS_MAX * 2);
  private view = viewOf(this.bytes);
  private length = 0;
  /** Views on the beginning of `bytes` by length: making one costs as much as copying a record. */
  private readonly views: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(VIEWS_MAX).fill(undefined);

  begin(): void {
    this.length = 0;
  }

  /**
   * Adds a field, in ascending order of rank: its text from `start` to before `end` in padded bytes, `units` its length in UTF-16 units. Names and texts
   * are written in whole words; what the last one has too much is written over by what follows.
   */
  add(rank: number, text: DataView, start: number, end: number, units: number): void {
    let at = this.begun(rank, end - start);
    const { view } = this;
    if (units < 10) view.setUint8(at++, ZERO + units);
    else if (units < 100) {
      const tens = Math.trunc(units / 10);
      view.setUint16(at, ((ZERO + tens) << 8) | (ZERO + units - tens * 10));
      at += 2;
    } else at += this.bytes.write(String(units), at, 'latin1');
    view.setUint8(at++, COLON);
    const shift = at - start;
    for (let i = start; i < end; i += 4) view.setInt32(i + shift, text.getInt32(i, true), true);
    view.setUint8(end + shift, NEWLINE);
    this.length = end + shift + 1;
  }

  /** Adds a whole number by its decimal digits, with a minus sign where it is negative. */
  addInteger(rank: number, value: number): void {
    const size = Math.abs(value);
    const digits = digitsOf(size);
    const length = value < 0 ? digits + 1 : digits;
    let at = this.begun(rank, length);
    const { view } = this;
    if (length < 10) view.setUint8(at++, ZERO + length);
    else {
      view.setUint16(at, (((ZERO + 1) << 8) | (ZERO - 10)) + length);
      at += 2;
    }
    view.setUint8(at++, COLON);
    if (value < 0) view.setUint8(at++, MINUS);
    this.writeDigits(size, at, digits);
    view.setUint8(at + digits, NEWLINE);
    this.length = at + digits + 1;
  }

  /** Writes the 32 bytes of the digest. */
  finish(out: Uint8Array): void {
    const digest = hash('sha256', this.whole(), 'binary');
    for (let i = 0; i < 32; i++) out[i] = digest.charCodeAt(i);
  }

  /** Makes room, and writes the name and its colon. Answers the place behind. */
  private begun(rank: number, length: number): number {
    const name = NAME_WORDS[rank]!;
    const size = name.length * 4 + length + 16;
    if (this.length + size > this.bytes.length) this.grow(size);
    const { view, length: from } = this;
    for (let i = 0; i < name.length; i++) view.setInt32(from + i * 4, name[i]!, true);
    return from + NAME_LENGTH[rank]!;
  }

  private writeDigits(value: number, at: number, digits: number): void {
    let rest = value;
    let place = at + digits - 1;
    for (; rest >= NINE_DIGITS; place--) {
      const tens = Math.floor(rest / 10);
      this.view.setUint8(place, ZERO + rest - tens * 10);
      rest = tens;
    }
    for (let small = rest | 0; place >= at; place--) {
      const tens = (small / 10) | 0;
      this.view.setUint8(place, ZERO + small - tens * 10);
      small = tens;
    }
  }

  private grow(more: number): void {
    const bytes = Buffer.alloc((this.length + more) * 2);
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = viewOf(bytes);
    this.views.fill(undefined);
  }

  private whole(): Uint8Array {
    if (this.length >= VIEWS_MAX) return this.bytes.subarray(0, this.length);
    return (this.views[this.length] ??= this.bytes.subarray(0, this.length));
  }
}

/** Number of decimal digits of a whole number from 0 on. */
function digitsOf(value: number): number {
  let digits = 1;
  for (let power = 10; value >= power; power *= 10) digits++;
  return digits;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
