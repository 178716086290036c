import type { AlertQueue } from '../../src/alerts/queue.ts';

/** One queue under test. `other` is a second handle on the same store, as another process would hold it. */
export interface Bench {
  readonly queue: AlertQueue;
  readonly other: AlertQueue;
  readonly clock: { nowMs: number };
  done(): Promise<void>;
}
export interface BenchOptions {
  readonly triesMax?: number;
  readonly firehoseLength?: number;
}
/** A fresh and empty queue, with the engine version `0.1.0`. */
export type OpenBench = (options?: BenchOptions) => Promise<Bench>;

/** Runs one test on a queue of its own. */
export async function withBench(open: OpenBench, options: BenchOptions, test: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = await open(options);
  try {
    await test(bench);
  } finally {
    await bench.done();
  }
}
