import { statSync } from 'node:fs';
import type { Io } from './io.ts';

const FIRST_AFTER_MS = 1000;
const EVERY_MS = 200;
const BAR_COLUMNS = 24;

/** A bar on a terminal that tells how far work has come, for work of more than a second. Elsewhere nothing. */
export class Progress {
  private readonly io: Io;
  private readonly startedMs = performance.now();
  private shownMs = 0;
  private width = 0;

  constructor(io: Io) {
    this.io = io;
  }

  /** `share`: what is done, 0 to 1; null where nobody knows how much there is. */
  show(text: () => string, share: () => number | null): void {
    const now = performance.now();
    if (!this.io.errIsTerminal || now - this.startedMs < FIRST_AFTER_MS || now - this.shownMs < EVERY_MS) return;
    this.shownMs = now;
    const done = share();
    const line = done === null ? text() : `${bar(done)} ${text()}`;
    this.io.err(`\r${line.padEnd(this.width)}`);
    this.width = line.length;
  }

  done(): void {
    if (this.width > 0) this.io.err(`\r${' '.repeat(this.width)}\r`);
    this.width = 0;
  }
}

function bar(share: number): string {
  const within = Math.min(Math.max(share, 0), 1);
  const full = Math.floor(within * BAR_COLUMNS);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_COLUMNS - full)}] ${String(Math.floor(within * 100)).padStart(3)} %`;
}

/** Bytes of the files together; null where one is standard input, a pipe, or not there. */
export function bytesOf(paths: readonly string[]): number | null {
  let bytes = 0;
  for (const path of paths) {
    const stats = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile() || stats.size === 0) return null;
    bytes += stats.size;
  }
  return bytes;
}
