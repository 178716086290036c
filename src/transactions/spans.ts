import { PaddedBytes } from './paddedBytes.ts';
import { LEAVES } from './plan.ts';

/**
 * Where the values of one record lie as UTF-8: by rank of `LEAVES`, from `start` to before `end` in `record`. It is what both ways of reading a
 * record hand over, so that what the values mean is decided in one place.
 */
export class LeafSpans {
  readonly record: PaddedBytes;
  /** -1 where the record has no such field. Ranks beyond `LEAVES` are names that the model does not know. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** Whether all values are ASCII, so that bytes, characters and UTF-16 units are the same. */
  ascii = true;
  unknownFields = 0;
  /** Whether every text is known to be within its limits. */
  measured = false;

  constructor(unknownMax = 0) {
    this.record = new PaddedBytes(16 * 1024);
    this.start = new Int32Array(LEAVES.length + unknownMax);
    this.end = new Int32Array(LEAVES.length + unknownMax);
  }

  begin(): void {
    this.start.fill(-1);
    this.ascii = true;
    this.unknownFields = 0;
  }

  has(rank: number): boolean {
    return this.start[rank]! >= 0;
  }

  text(rank: number): string {
    return this.record.bytes.toString(this.ascii ? 'latin1' : 'utf8', this.start[rank], this.end[rank]);
  }
}

/** Length of UTF-8 in UTF-16 units: one for each character, two for those of four bytes. */
export function utf16Length(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  for (let i = start; i < end; i++) {
    const b = bytes[i]!;
    if ((b & 0xc0) !== 0x80) units += b >= 0xf0 ? 2 : 1;
  }
  return units;
}

/** Length of UTF-8 in characters (code points). */
export function characterLength(bytes: Uint8Array, start: number, end: number): number {
  let characters = 0;
  for (let i = start; i < end; i++) if ((bytes[i]! & 0xc0) !== 0x80) characters++;
  return characters;
}
