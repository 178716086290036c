import type { InputBatch, KafkaInput } from './kafka/input.ts';
import type { Patient } from './patience.ts';
import { clearFaults, fits, type OwnerParts, type Tenure } from './tenure.ts';

/** Takes one batch of the replay, up to the frontier. False: it is read again from the right place. */
export async function replayBatch(parts: OwnerParts, tenure: Tenure, input: KafkaInput, batch: InputBatch, patient: Patient): Promise<boolean> {
  const { pipeline, intake, replay } = tenure;
  const expected = replay.get(batch.partition);
  if (expected === undefined || !(await fits(parts, input, batch, expected, patient))) return false;
  const until = pipeline.mark(batch.partition).next;
  // There are suspects in a careful replay only.
  await intake.take(batch, expected, until, async () => intake.probe());
  replay.set(batch.partition, batch.nextOffset);
  if (batch.nextOffset >= until) input.pause([batch.partition]);
  return true;
}

/**
 * Ends the replay where every partition has reached the frontier, and says first what differs from the queue; answers whether it did. Broken off,
 * it can be done again.
 */
export async function finishReplay(parts: OwnerParts, tenure: Tenure, patient: Patient): Promise<boolean> {
  const { pipeline, intake, replay, hasGap } = tenure;
  for (const [partition, next] of replay) if (next < pipeline.mark(partition).next) return false;
  if (!pipeline.isReplayOver) {
    const said = intake.endReplay();
    const stale = hasGap ? [] : await staleAlerts(parts, tenure, said, patient);
    parts.options.log.info({ epoch: pipeline.epoch, alerts: said.size, count: stale.length }, 'The replay has reached the frontier');
    if (hasGap) pipeline.forgetReplay();
    else pipeline.takeOver(stale);
  }
  await parts.patience.deliver(pipeline, patient);
  clearFaults(parts, pipeline);
  replay.clear();
  parts.options.log.info({ epoch: pipeline.epoch }, 'The state is rebuilt; going on');
  return true;
}

/** What stands in the queue as not final and was not said by the replay. */
async function staleAlerts(
  { options: { queue }, patience }: OwnerParts,
  { pipeline }: Tenure,
  said: ReadonlySet<string>,
  patient: Patient,
): Promise<{ alertId: string; finalAtMs: number }[]> {
  const stale: { alertId: string; finalAtMs: number }[] = [];
  for (const alertId of await patience.persist(() => queue.notFinal(pipeline.deliveredWmMs!), patient)) {
    if (said.has(alertId)) continue;
    patience.steps++;
    const alert = await patience.persist(() => queue.get(alertId), patient);
    if (alert !== null && alert.content !== null && !alert.withdrawn) stale.push({ alertId, finalAtMs: alert.finalAtMs });
  }
  return stale;
}
