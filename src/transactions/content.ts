import { hash } from 'node:crypto';
import { LEAVES } from './plan.ts';

const COLON = 58;
const NEWLINE = 10;
const MINUS = 45;
const VIEWS_MAX = 4096;
/** By rank: length of the path and its colon, and both as little-endian words of four bytes, which are written in a quarter of the time. */
const NAME_LENGTH = Int32Array.from(LEAVES, (leaf) => `${leaf.contentPath ?? ''}:`.length);
const NAME_WORDS = LEAVES.map((leaf) => {
  const bytes = Buffer.from(`${leaf.contentPath ?? ''}:`.padEnd(Math.ceil(NAME_LENGTH[leaf.rank]! / 4) * 4));
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(i * 4));
});

/**
 * The canonical content of a transaction (S2) and its SHA-256: for each known field that is present, in ascending order of path,
 * `path:length:text` and a line feed, length in UTF-16 units, all of it UTF-8.
 */
export class ContentDigest {
  private bytes = Buffer.alloc(VIEWS_MAX * 2);
  private words = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
  private length = 0;
  private readonly digits = new Uint8Array(20);
  /** Views on the beginning of `bytes` by length: making one costs as much as copying a record. */
  private readonly views: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(VIEWS_MAX).fill(undefined);

  begin(): void {
    this.length = 0;
  }

  /** Adds a field, in ascending order of rank. `units` is the length of the text in UTF-16 units. */
  add(rank: number, text: Uint8Array, start: number, end: number, units: number): void {
    const name = NAME_WORDS[rank]!;
    const size = name.length * 4 + end - start + 12;
    if (this.length + size > this.bytes.length) this.grow(size);
    const bytes = this.bytes;
    const from = this.length;
    for (let i = 0; i < name.length; i++) this.words.setUint32(from + i * 4, name[i]!, true);
    let at = this.writeDigits(units, from + NAME_LENGTH[rank]!);
    bytes[at++] = COLON;
    for (let i = start; i < end; i++) bytes[at++] = text[i]!;
    bytes[at++] = NEWLINE;
    this.length = at;
  }

  /** Adds a whole number by its decimal digits, with a minus sign where it is negative. */
  addInteger(rank: number, value: number): void {
    const digits = this.digits;
    let at = digits.length;
    let rest = Math.abs(value);
    do {
      const tens = Math.floor(rest / 10);
      digits[--at] = 48 + rest - tens * 10;
      rest = tens;
    } while (rest > 0);
    if (value < 0) digits[--at] = MINUS;
    this.add(rank, digits, at, digits.length, digits.length - at);
  }

  /** Writes the 32 bytes of the digest. */
  finish(out: Uint8Array): void {
    const digest = hash('sha256', this.view(), 'binary');
    for (let i = 0; i < 32; i++) out[i] = digest.charCodeAt(i);
  }

  private writeDigits(value: number, at: number): number {
    if (value >= 100) return at + this.bytes.write(String(value), at, 'latin1');
    if (value < 10) {
      this.bytes[at] = 48 + value;
      return at + 1;
    }
    const tens = Math.trunc(value / 10);
    this.bytes[at] = 48 + tens;
    this.bytes[at + 1] = 48 + value - tens * 10;
    return at + 2;
  }

  private grow(more: number): void {
    const bytes = Buffer.alloc((this.length + more) * 2);
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.views.fill(undefined);
  }

  private view(): Uint8Array {
    if (this.length >= VIEWS_MAX) return this.bytes.subarray(0, this.length);
    return (this.views[this.length] ??= this.bytes.subarray(0, this.length));
  }
}
