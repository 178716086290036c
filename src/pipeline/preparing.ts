import type { Standing } from '../alerts/queue.ts';
import { requireAll } from './checks.ts';
import { createDetector } from './createDetector.ts';
import { Intake } from './intake.ts';
import { frontierOf } from './marks.ts';
import type { Patient } from './patience.ts';
import { Pipeline } from './pipeline.ts';
import { checkDigests, checkIdentity, checkLog, type LogView, rolledBack } from './standing.ts';
import { behindMs, ratesInUseOf, ratesLike, viewLog } from './takeover.ts';
import type { OwnerParts, Tenure } from './tenure.ts';

/**
 * Takes the input over (S20): raises the epoch, looks whether rules, rates and log still fit what stands in the queue, and plans the replay. Throws
 * `OperatingError` where they do not.
 */
export async function takeOwnership(parts: OwnerParts, place: (partition: number, offset: number) => string, patient: Patient): Promise<Tenure> {
  const { options, faults, ownerName, patience, topicLog } = parts;
  const { queue, ruleSet, rates } = options;
  const topic = options.topics.names.transactions;
  const standing = await patience.persist(() => queue.takeOwnership(ownerName), patient);
  requireAll(checkDigests(standing, ruleSet.digest, (stored) => ratesLike(rates, stored), options.redisPrefix));
  const detector = createDetector({
    typologies: ruleSet.typologies.filter((typology) => typology.status === 'active'),
    rates,
    settings: { ...options.settings, place },
    ...(options.prefixBySource === undefined ? {} : { prefixBySource: options.prefixBySource }),
  });
  const view = await patience.persist(() => viewLog(topicLog, topic, standing, detector.engine.retentionMs), patient);
  requireAll(checkLog(standing, view, options.acceptGap ?? false));
  const pipeline = new Pipeline(
    {
      detector,
      queue,
      tell: parts.tell,
      topic,
      place,
      behindMs: behindMs(options.settings),
      lateSayMs: parts.tuning.lateSayMs,
      rulesDigest: ruleSet.digest,
      ratesDigest: ratesInUseOf(rates),
      metrics: options.metrics,
      log: options.log,
    },
    standing,
    faults.poisoned,
    Date.now(),
  );
  // What the operator accepted as lost is passed.
  for (const [partition, { low }] of view.ends) if (pipeline.marks.has(partition)) pipeline.passed(partition, low);
  await warnOfRollBack(parts, pipeline, patient);
  options.metrics.count('moneytrail_takeovers_total');
  const hasGap = checkLog(standing, view, false).some((check) => !check.ok);
  return { pipeline, intake: new Intake(pipeline, faults, place), replay: planReplay(parts, pipeline, standing, view), hasGap };
}

/** After another join, with the state at hand: whether the log still is the one that it was made of. Throws `OperatingError` where a topic was made anew. */
export async function checkSameLog({ patience, topicLog, options }: OwnerParts, pipeline: Pipeline, patient: Patient): Promise<void> {
  const topic = options.topics.names.transactions;
  const stands = { frontier: frontierOf(pipeline.marks, topic), wmMs: pipeline.deliveredWmMs };
  const view = await patience.persist(() => viewLog(topicLog, topic, stands, pipeline.detector.engine.retentionMs), patient);
  requireAll([checkIdentity(pipeline.marks, view)]);
}

/** By partition, where the replay begins; none where everything before the frontier is too old to matter. */
function planReplay({ faults, options: { log } }: OwnerParts, pipeline: Pipeline, standing: Standing, view: LogView): Map<number, number> {
  const replay = new Map<number, number>();
  if (standing.wmMs === null) {
    log.info({ epoch: standing.epoch }, 'Owner of the input; nothing was delivered before');
    return replay;
  }
  pipeline.detector.beginReplay(!faults.isEmpty);
  let records = 0;
  for (const [partition, { next }] of pipeline.marks) {
    const from = view.replayFrom.get(partition) ?? next;
    if (from >= next) continue;
    replay.set(partition, from);
    records += next - from;
  }
  log.info({ epoch: standing.epoch, records }, 'Owner of the input; rebuilding the state from the log');
  return replay;
}

async function warnOfRollBack({ patience, topicLog, options, alarm }: OwnerParts, pipeline: Pipeline, patient: Patient): Promise<void> {
  const committed = await patience.persist(() => topicLog.committed(options.group), patient);
  const partitions = rolledBack(pipeline.marks, committed);
  if (partitions.length === 0) return;
  alarm('queue-rolled-back');
  options.log.error(
    { code: 'queue-rolled-back', partitions: partitions.length },
    'The queue is behind what was committed: it was set back, and what analysts did since is lost',
  );
}
