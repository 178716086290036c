import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaInput } from './kafka/input.ts';
import type { Pipeline } from './pipeline.ts';
import type { OwnerParts, Tenure } from './tenure.ts';

const STOP_NAP_MS = 100;
/** A stop waits no longer for Kafka to note how far all is delivered. */
const LAST_COMMIT_MS_MAX = 2000;

/** Says all that is to be said and delivers it. Answers whether that was done in time. */
export async function sayAll({ options: { log } }: OwnerParts, { pipeline, intake }: Tenure, input: KafkaInput, untilMs: number): Promise<boolean> {
  if (!(await flushUntil(pipeline, untilMs))) return false;
  intake.close(true);
  if (!(await flushUntil(pipeline, untilMs))) return false;
  try {
    await input.commit(pipeline.deliveredPositions, LAST_COMMIT_MS_MAX);
  } catch (error) {
    log.debug({ error }, 'The last commit failed; it only serves lag tools');
  }
  return true;
}

async function flushUntil(pipeline: Pipeline, untilMs: number): Promise<boolean> {
  while (!(await pipeline.flush())) {
    if (Date.now() > untilMs) return false;
    await sleep(STOP_NAP_MS);
  }
  return true;
}
