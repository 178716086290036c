import { closeSync, openSync, writeSync } from 'node:fs';
import { OperatingError } from '../base/errors.ts';

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  readonly errIsTerminal: boolean;
}

export const processIo: Io = {
  out: (text) => writeAll(1, text),
  err: (text) => writeAll(2, text),
  errIsTerminal: process.stderr.isTTY === true,
};

/** Written at once, so that nothing is lost when the process ends; a pipe that is full is waited for. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      // The reader has gone (`… | head`): there is nobody to write for.
      else if (code === 'EPIPE') process.exit(0);
      else throw error;
    }
  }
}

const FLUSH_CHARACTERS = 1 << 18;

/** Lines to a file, or to standard output where the path is undefined. Buffered; `close` writes the rest. */
export class LineWriter {
  private readonly fd: number;
  private readonly path: string | undefined;
  private buffer = '';

  constructor(path: string | undefined) {
    this.path = path;
    this.fd = path === undefined ? 1 : opened(path);
  }

  write(line: string): void {
    this.buffer += `${line}\n`;
    if (this.buffer.length >= FLUSH_CHARACTERS) this.flush();
  }

  close(): void {
    this.flush();
    if (this.path !== undefined) closeSync(this.fd);
  }

  private flush(): void {
    try {
      writeAll(this.fd, this.buffer);
    } catch (cause) {
      throw unwritable(this.path ?? 'standard output', cause);
    }
    this.buffer = '';
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): OperatingError {
  return new OperatingError('file-unwritable', `${path}: cannot be written (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, { cause });
}
