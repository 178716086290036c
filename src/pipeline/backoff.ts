const FIRST_MS = 100;
const MOST_MS = 5000;

/** Waiting times between tries: from 0.1 s doubling up to 5 s, each up to a fifth shorter by chance, so that many clients do not come at once. */
export class Backoff {
  private tries = 0;

  next(): number {
    const ms = Math.min(MOST_MS, FIRST_MS * 2 ** this.tries);
    if (ms < MOST_MS) this.tries++;
    return ms * (1 - Math.random() / 5);
  }

  reset(): void {
    this.tries = 0;
  }
}
