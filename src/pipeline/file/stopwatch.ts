/** Where the time of a run went. Parse, check and detect are scaled up from samples, so they are estimates. */
export interface StageTimes {
  /** Waiting for bytes. */
  readonly readSeconds: number;
  /** Taking records apart: JSON to values. */
  readonly parseSeconds: number;
  /** What the values mean: types, limits, standards, money, times, interned texts, digest. */
  readonly checkSeconds: number;
  /** The engine, and what it had to say. */
  readonly detectSeconds: number;
}

const SAMPLE_EVERY = 61;

/** Times every 61st record at the borders of its stages, and whole waits and batches. */
export class Stopwatch {
  private readonly startedMs = performance.now();
  private readonly sums = { read: 0, parse: 0, check: 0, apply: 0, detect: 0 };
  private countdown = SAMPLE_EVERY;
  private markMs = Number.NaN;

  /** A record is about to be decoded. */
  record(): void {
    this.countdown--;
    const sampled = this.countdown === 0;
    this.markMs = sampled ? performance.now() : Number.NaN;
    if (sampled) this.countdown = SAMPLE_EVERY;
  }

  /** The record in hand has come to the end of a stage. A record that is refused ends none of the later ones. */
  stage(name: 'parse' | 'check' | 'apply'): void {
    if (Number.isNaN(this.markMs)) return;
    const now = performance.now();
    this.sums[name] += now - this.markMs;
    this.markMs = name === 'apply' ? Number.NaN : now;
  }

  /** A wait for bytes, or what a batch had to say, is over. */
  span(name: 'read' | 'detect', startedMs: number): void {
    this.sums[name] += performance.now() - startedMs;
  }

  seconds(): number {
    return (performance.now() - this.startedMs) / 1000;
  }

  times(): StageTimes {
    const { read, parse, check, apply, detect } = this.sums;
    return {
      readSeconds: read / 1000,
      parseSeconds: (parse * SAMPLE_EVERY) / 1000,
      checkSeconds: (check * SAMPLE_EVERY) / 1000,
      detectSeconds: (apply * SAMPLE_EVERY + detect) / 1000,
    };
  }
}
