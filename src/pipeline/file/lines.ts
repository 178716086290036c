import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { OperatingError } from '../../base/errors.ts';
import { whyUnreadable } from '../../base/unreadable.ts';

const NEWLINE = 10;
const CHUNK_BYTES = 1 << 20;

/**
 * Lines of a file, of a `.gz` file or of standard input (`-`), as bytes without their end (`\n` or `\r\n`). Memory is bounded by a chunk and one
 * line: of a line longer than `lineBytesMax` only that much and one byte more is kept, which tells its length apart from an allowed one.
 *
 * Pull: `next()` until it answers undefined, then `await fill()`, which answers false at the end.
 */
export class LineReader {
  readonly path: string;
  private readonly lineBytesMax: number;
  private readonly chunks: AsyncIterator<Buffer>;
  private readonly close: () => void;
  private readonly raw: Readable & { readonly bytesRead?: number };
  private chunk: Buffer = Buffer.alloc(0);
  private at = 0;
  private carry: Buffer | undefined;
  private ended = false;
  /** Number of the line handed out last, from 1. */
  line = 0;

  constructor(path: string, lineBytesMax: number) {
    this.path = path;
    this.lineBytesMax = lineBytesMax;
    const raw: Readable = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES });
    this.raw = raw;
    const stream = path.endsWith('.gz') ? unzipped(raw) : raw;
    this.chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.close = () => {
      if (path !== '-') raw.destroy();
    };
  }

  /** Bytes of the file that were read so far, packed ones of a `.gz`; 0 where it is standard input. */
  get bytesRead(): number {
    return this.raw.bytesRead ?? 0;
  }

  /** The next line that is complete in memory. The bytes hold until the next `fill`. */
  next(): Buffer | undefined {
    const end = this.chunk.indexOf(NEWLINE, this.at);
    if (end < 0) return undefined;
    const piece = this.chunk.subarray(this.at, end);
    this.at = end + 1;
    return this.finish(piece);
  }

  /** Reads on. At the end the rest without a newline is a line of its own. */
  async fill(): Promise<boolean> {
    if (this.ended) return false;
    this.keep(this.chunk.subarray(this.at));
    const read = await this.read();
    this.at = 0;
    if (read !== undefined) {
      this.chunk = read;
      return true;
    }
    this.ended = true;
    this.chunk = this.carry === undefined ? Buffer.alloc(0) : Buffer.from([NEWLINE]);
    return this.carry !== undefined;
  }

  destroy(): void {
    this.ended = true;
    this.close();
  }

  private async read(): Promise<Buffer | undefined> {
    try {
      const { value, done } = await this.chunks.next();
      return done === true ? undefined : value;
    } catch (cause) {
      throw new OperatingError('file-unreadable', `${this.path}: ${whyUnreadable(cause)}`, { cause });
    }
  }

  private keep(rest: Buffer): void {
    if (rest.length === 0) return;
    const room = this.lineBytesMax + 2 - (this.carry?.length ?? 0);
    if (room <= 0) return;
    // Copied, since the chunk goes away.
    this.carry = Buffer.concat([this.carry ?? Buffer.alloc(0), rest.subarray(0, room)]);
  }

  private finish(piece: Buffer): Buffer {
    this.line++;
    let line = piece;
    if (this.carry !== undefined) {
      this.keep(piece);
      line = this.carry;
      this.carry = undefined;
    }
    if (line.length > 0 && line[line.length - 1] === 13) line = line.subarray(0, line.length - 1);
    return line.length > this.lineBytesMax ? line.subarray(0, this.lineBytesMax + 1) : line;
  }
}

function unzipped(raw: Readable): Readable {
  const gunzip = createGunzip();
  raw.on('error', (error) => gunzip.destroy(error));
  return raw.pipe(gunzip);
}

/** Whether a line holds nothing but blanks: such lines are skipped. */
export function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 32 && byte !== 9 && byte !== 13) return false;
  return true;
}
