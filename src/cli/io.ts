import { closeSync, openSync, writeSync } from 'node:fs';
import { EXIT, OperatingError } from '../base/errors.ts';

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  readonly errIsTerminal: boolean;
  /** What of standard output decides how results are laid out; as for a file unless given. */
  readonly screen?: Screen;
}

export interface Screen {
  /** Whether colours may be used: on a terminal, unless NO_COLOR (no-color.org) or a dumb terminal forbids it. */
  readonly colour: boolean;
  /** Columns of the terminal; undefined where there is none, and lines may be as long as they need. */
  readonly columns: number | undefined;
}

/** The standard streams of this process. What cannot be written to standard output is an `OperatingError`. */
export const processIo: Io = {
  out: (text) => written('standard output', 1, text),
  // Words that nobody can get must not change what the command does: a full disk behind `2>` is no reason to lose the results.
  err: (text) => {
    try {
      writeAll(2, text);
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  },
  errIsTerminal: process.stderr.isTTY === true,
  screen: screenOf(process.stdout, process.env),
};

export function screenOf(stream: { readonly isTTY?: boolean; readonly columns?: number }, env: { readonly NO_COLOR?: string; readonly TERM?: string }): Screen {
  if (stream.isTTY !== true) return { colour: false, columns: undefined };
  return { colour: (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb', columns: stream.columns };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

/** Written at once, so that nothing is lost when the process ends; a pipe that is full is waited for. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function written(name: string, fd: number, text: string): void {
  try {
    writeAll(fd, text);
  } catch (cause) {
    // The reader has gone (`… | head`): there is nobody to write for.
    if (fd === 1 && (cause as NodeJS.ErrnoException).code === 'EPIPE') process.exit(EXIT.done);
    throw unwritable(name, cause);
  }
}

const FLUSH_CHARACTERS = 1 << 18;

/** Lines to a file, or to standard output where the path is undefined or `-`. Buffered; `close` writes the rest. */
export class LineWriter {
  private readonly fd: number;
  private readonly name: string;
  private buffer = '';

  constructor(path: string | undefined) {
    const toFile = path !== undefined && path !== '-';
    this.name = toFile ? path : 'standard output';
    this.fd = toFile ? opened(path) : 1;
  }

  write(line: string): void {
    this.buffer += `${line}\n`;
    if (this.buffer.length >= FLUSH_CHARACTERS) this.flush();
  }

  close(): void {
    this.flush();
    if (this.fd === 1) return;
    try {
      closeSync(this.fd);
    } catch (cause) {
      // Some file systems tell only now that there is no room.
      throw unwritable(this.name, cause);
    }
  }

  private flush(): void {
    written(this.name, this.fd, this.buffer);
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

/** What an error of the system means to whoever named the file. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'there is no room left'],
  ['ENOENT', 'there is no such folder'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'this user may not'],
  ['EROFS', 'the file system is read-only'],
  ['EPIPE', 'its reader has gone'],
]);

function unwritable(name: string, cause: unknown): OperatingError {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  return new OperatingError('file-unwritable', `${name}: cannot be written (${WORDS.get(code) ?? code})`, { cause });
}
