import { assert } from '../base/assert.ts';

/** Block sizes in legs: 3, 8, 12, 16, 24, 32 … so that at most a third of a longer block is unused, and few legs are moved often. */
export const BLOCK_LEGS: readonly number[] = [3, ...Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? 8 : 12) * 2 ** (i >> 1))];

/** The arena is made of chunks of so many legs, so that it grows without copying. A larger block has a chunk of its own. */
const CHUNK_BITS = 18;
const CHUNK = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK - 1;

/** Blocks of legs of a few sizes. A block is named by its address; one that is freed is used again. */
export class LegArena {
  private readonly chunks: Int32Array[] = [new Int32Array(CHUNK)];
  /** The chunk that new blocks are taken from, and what of it is taken. */
  private current = 0;
  private used = 0;
  private readonly free: number[][] = BLOCK_LEGS.map(() => []);

  /** Where the legs of a block lie: its first at `indexOf` in its chunk. */
  chunkOf(address: number): Int32Array {
    return this.chunks[address >>> CHUNK_BITS]!;
  }

  indexOf(address: number): number {
    return address & CHUNK_MASK;
  }

  /** A block of a size, as an index of `BLOCK_LEGS`. */
  take(size: number): number {
    return this.free[size]!.pop() ?? this.cut(BLOCK_LEGS[size]!);
  }

  release(address: number, size: number): void {
    this.free[size]!.push(address);
  }

  /** Copies the first legs of a block to another. */
  copy(from: number, to: number, legs: number): void {
    const [source, target] = [this.chunkOf(from), this.chunkOf(to)];
    const [a, b] = [this.indexOf(from), this.indexOf(to)];
    // Most blocks are small: copying them here is faster than a call.
    if (legs > 16) target.set(source.subarray(a, a + legs), b);
    else for (let i = 0; i < legs; i++) target[b + i] = source[a + i]!;
  }

  private cut(legs: number): number {
    if (legs >= CHUNK) return this.addChunk(legs) * CHUNK;
    if (this.used + legs > CHUNK) {
      this.current = this.addChunk(CHUNK);
      this.used = 0;
    }
    const address = this.current * CHUNK + this.used;
    this.used += legs;
    return address;
  }

  private addChunk(legs: number): number {
    assert(this.chunks.length < 2 ** 31 / CHUNK, 'the legs of one subject are addressed in 31 bits');
    return this.chunks.push(new Int32Array(legs)) - 1;
  }
}
