import type { Io } from './io.ts';

const FIRST_AFTER_MS = 1000;
const EVERY_MS = 200;

/** A line on a terminal that tells how far work has come, for work of more than a second. Elsewhere nothing. */
export class Progress {
  private readonly io: Io;
  private readonly startedMs = performance.now();
  private shownMs = 0;
  private width = 0;

  constructor(io: Io) {
    this.io = io;
  }

  show(text: () => string): void {
    const now = performance.now();
    if (!this.io.errIsTerminal || now - this.startedMs < FIRST_AFTER_MS || now - this.shownMs < EVERY_MS) return;
    this.shownMs = now;
    const line = text();
    this.io.err(`\r${line.padEnd(this.width)}`);
    this.width = line.length;
  }

  done(): void {
    if (this.width > 0) this.io.err(`\r${' '.repeat(this.width)}\r`);
    this.width = 0;
  }
}
