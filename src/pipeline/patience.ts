import { setTimeout as sleep } from 'node:timers/promises';
import { OperatingError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { Backoff } from './backoff.ts';
import type { Metrics } from './metrics.ts';
import type { Pipeline } from './pipeline.ts';

/** Thrown where work was overtaken by a stop or another join. It is no failure. */
export class Abandoned extends Error {}

/** `check` throws `Abandoned` where there is no use any more; `wait` tells the group that this process lives, and throws where it has to be joined again. */
export interface Patient {
  readonly check: () => void;
  readonly wait: () => Promise<void>;
}

/** Longest piece of a wait between two signs of life. */
const NAP_MS = 100;

/** Tries again and again what may pass, with growing waits, and knows since when it has been failing. */
export class Patience {
  private readonly log: Log;
  private readonly metrics: Metrics;
  private readonly backoff = new Backoff();
  private sinceMs: number | null = null;
  /** As long as it grows, who waits here for a server does not hang: failed tries, and steps of long work that show nowhere else. */
  steps = 0;

  constructor(log: Log, metrics: Metrics) {
    this.log = log;
    this.metrics = metrics;
  }

  /** How long it has been failing, 0 where it is not. */
  failingMs(nowMs: number): number {
    return this.sinceMs === null ? 0 : nowMs - this.sinceMs;
  }

  failed(error: OperatingError | null): void {
    this.steps++;
    this.sinceMs ??= Date.now();
    if (error !== null) this.metrics.count('moneytrail_retries_total', 1, { what: 'server', code: error.code });
  }

  succeeded(): void {
    this.sinceMs = null;
    this.backoff.reset();
  }

  /** Throws what is not retryable. */
  async persist<T>(work: () => Promise<T>, patient: Patient): Promise<T> {
    for (;;) {
      try {
        const result = await work();
        patient.check();
        this.succeeded();
        return result;
      } catch (error) {
        if (!(error instanceof OperatingError && error.retryable)) throw error;
        this.failed(error);
        this.log.warn({ error }, 'A server does not answer; trying again');
        await this.nap(patient);
      }
    }
  }

  /** Delivers all that waits in the pipeline. */
  async deliver(pipeline: Pipeline, patient: Patient): Promise<void> {
    while (!(await pipeline.flush())) {
      this.failed(null);
      await this.nap(patient);
    }
    this.succeeded();
  }

  /** The next, longer, wait. */
  async nap({ check, wait }: Patient): Promise<void> {
    for (let left = this.backoff.next(); left > 0; left -= NAP_MS) {
      await sleep(Math.min(left, NAP_MS));
      check();
      await wait();
    }
  }
}
