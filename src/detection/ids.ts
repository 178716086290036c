import { assert } from '../base/assert.ts';

const CHUNK_BITS = 20;
const CHUNK_BYTES = 1 << CHUNK_BITS;
/** Two bytes of length before the text. */
const HEADER_BYTES = 2;

/**
 * Identifiers of transactions, which hardly ever repeat, as UTF-8 bytes in chunks of 1 MiB: 22 bytes instead of a JavaScript string's 60.
 * A chunk is used again once everything in it was freed, which happens since rows are freed by time.
 */
export class IdArena {
  private readonly chunks: Buffer[] = [];
  private readonly live: number[] = [];
  private readonly empty: number[] = [];
  private current = -1;
  private used = CHUNK_BYTES;

  /** At most 128 characters (the decoder's bound), so at most 384 bytes. */
  add(text: string): number {
    const most = HEADER_BYTES + text.length * 3;
    if (this.used + most > CHUNK_BYTES) this.open();
    const chunk = this.chunks[this.current]!;
    const at = this.used;
    const length = write(chunk, at + HEADER_BYTES, text);
    chunk[at] = length >> 8;
    chunk[at + 1] = length & 0xff;
    this.used = at + HEADER_BYTES + length;
    this.live[this.current]!++;
    return this.current * CHUNK_BYTES + at;
  }

  free(address: number): void {
    const c = Math.floor(address / CHUNK_BYTES);
    const left = --this.live[c]!;
    assert(left >= 0, 'an identifier is freed once');
    if (left === 0 && c !== this.current) this.empty.push(c);
  }

  text(address: number): string {
    const chunk = this.chunk(address);
    const at = address % CHUNK_BYTES;
    return chunk.toString('utf8', at + HEADER_BYTES, at + HEADER_BYTES + length(chunk, at));
  }

  equals(address: number, text: string): boolean {
    const chunk = this.chunk(address);
    const at = address % CHUNK_BYTES;
    const n = length(chunk, at);
    if (n < text.length) return false;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c > 0x7f) return this.text(address) === text;
      if (chunk[at + HEADER_BYTES + i] !== c) return false;
    }
    return n === text.length;
  }

  /** What `Identities.hash` makes of the text, from a seed. */
  hash(address: number, seed: number): number {
    const chunk = this.chunk(address);
    const from = (address % CHUNK_BYTES) + HEADER_BYTES;
    const to = from + length(chunk, from - HEADER_BYTES);
    let h = seed;
    for (let i = from; i < to; i++) {
      const c = chunk[i]!;
      if (c > 0x7f) return hashText(this.text(address), seed);
      h = mixed(h, c);
    }
    return finished(h);
  }

  /** Order of the bytes. */
  compare(a: number, b: number): number {
    const [x, y] = [this.chunk(a), this.chunk(b)];
    const [i, j] = [(a % CHUNK_BYTES) + HEADER_BYTES, (b % CHUNK_BYTES) + HEADER_BYTES];
    return x.compare(y, j, j + length(y, j - HEADER_BYTES), i, i + length(x, i - HEADER_BYTES));
  }

  private chunk(address: number): Buffer {
    return this.chunks[Math.floor(address / CHUNK_BYTES)]!;
  }

  private open(): void {
    if (this.current >= 0 && this.live[this.current] === 0) this.empty.push(this.current);
    const free = this.empty.pop();
    if (free === undefined) {
      this.chunks.push(Buffer.allocUnsafe(CHUNK_BYTES));
      this.live.push(0);
      assert(this.chunks.length * CHUNK_BYTES <= 2 ** 32, 'identifiers take at most 4 GiB');
    }
    this.current = free ?? this.chunks.length - 1;
    this.used = 0;
  }
}

/** Murmur-like mixing of UTF-16 units; the seed keeps senders from choosing colliding identifiers. */
export function hashText(text: string, seed: number): number {
  let h = seed;
  for (let i = 0; i < text.length; i++) h = mixed(h, text.charCodeAt(i));
  return finished(h);
}

function mixed(h: number, unit: number): number {
  return Math.imul(h ^ unit, 0x5bd1e995) + (h >>> 15);
}

function finished(hash: number): number {
  const h = Math.imul(hash ^ (hash >>> 13), 0x5bd1e995);
  return (h ^ (h >>> 15)) >>> 0;
}

function length(chunk: Buffer, at: number): number {
  return (chunk[at]! << 8) | chunk[at + 1]!;
}

/** Plain ASCII is written byte by byte, which is faster than a call for short texts. */
function write(chunk: Buffer, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 0x7f) return chunk.write(text, at, 'utf8');
    chunk[at + i] = c;
  }
  return text.length;
}
