import type { Standing } from '../alerts/queue.ts';
import { type Check, failed, passed } from './checks.ts';
import type { Ends } from './kafka/topicLog.ts';
import { type Marks, marksOf } from './marks.ts';

/** What the log must still hold for a stored standing. */
export interface LogView {
  readonly topic: string;
  /** By partition. */
  readonly ends: ReadonlyMap<number, Ends>;
  /** By partition: the first offset with r ≥ the start of the replay. */
  readonly replayFrom: ReadonlyMap<number, number>;
  /** By partition with a mark: the first offset with r greater than all that were ever consumed before the frontier. */
  readonly afterGreatest: ReadonlyMap<number, number>;
}

/** Whether rules and rates are those under which the stored alerts were made (S16, S17). `ratesDigest` covers the days that progress had reached. */
export function checkDigests(standing: Standing, rulesDigest: string, ratesDigest: (stored: string) => string, redisPrefix: string): Check[] {
  const afresh = `To start afresh, with a queue of its own that is filled from the beginning of the log: MONEYTRAIL_REDIS_PREFIX=${redisPrefix}-2 npx moneytrail run`;
  const sameRules = standing.rulesDigest === null || standing.rulesDigest === rulesDigest;
  const sameRates = standing.ratesDigest === null || standing.ratesDigest === ratesDigest(standing.ratesDigest);
  return [
    sameRules
      ? passed('rules-changed', 'rules', standing.rulesDigest === null ? 'nothing was delivered under other rules' : 'those of the stored alerts')
      : failed('rules-changed', 'rules', `The rules (${rulesDigest}) are not those under which the stored alerts were made (${standing.rulesDigest})`, afresh),
    sameRates
      ? passed(
          'rates-changed',
          'rates',
          standing.ratesDigest === null ? 'nothing was delivered under other rates' : 'those of the stored alerts, for the days in use',
        )
      : failed(
          'rates-changed',
          'rates',
          'The rate table has other rows than the one under which the stored alerts were made, for days that are in use',
          afresh,
        ),
  ];
}

/** Whether the log still is the one that the standing speaks of, and whole enough to rebuild the state (S20). `acceptGap`: the operator accepts what is lost. */
export function checkLog(standing: Standing, view: LogView, acceptGap: boolean): Check[] {
  const marks = marksOf(standing.frontier, view.topic);
  return [checkIdentity(marks, view), checkBeginning(marks, view, acceptGap)];
}

/** Whether the log is the one that was read up to these marks. */
export function checkIdentity(marks: Marks, { topic, ends, afterGreatest }: LogView): Check {
  const name = `identity of ${topic}`;
  for (const [partition, { next }] of marks) {
    const end = ends.get(partition);
    // All that was consumed has r up to a known one. In another log everything is younger, from its first record on.
    const isYounger = end !== undefined && end.low < next && (afterGreatest.get(partition) ?? next) <= end.low;
    const renewed = end === undefined || end.high < next || isYounger;
    if (!renewed) continue;
    const message = `The topic ${topic} is not the one that was read before: partition ${partition} does not go on where offset ${next} stood`;
    return failed('topic-renewed', name, message, 'If it was made anew on purpose, start with a queue of its own: set another MONEYTRAIL_REDIS_PREFIX');
  }
  return passed('topic-renewed', name, marks.size === 0 ? 'nothing was read before' : 'it goes on where it was read to');
}

function checkBeginning(marks: Marks, { topic, ends, replayFrom }: LogView, acceptGap: boolean): Check {
  const name = `beginning of ${topic}`;
  for (const [partition, { next, first }] of marks) {
    const low = ends.get(partition)?.low ?? 0;
    const lostSinceStart = low > first;
    // Where the time index answers the very beginning of what is left, records that the replay needs may have been before it.
    const needed = low > next || (replayFrom.get(partition) ?? low) <= low;
    if (!lostSinceStart || !needed || acceptGap) continue;
    const message = `The topic ${topic} has lost its beginning: partition ${partition} now begins at offset ${low}, and records before it are needed`;
    return failed('log-lost', name, message, 'Restore the records, or accept that their alerts are missing: npx moneytrail run --accept-gap');
  }
  return passed('log-lost', name, acceptGap ? 'a gap is accepted' : 'all that a replay needs is there');
}

/** Partitions whose stored frontier lies behind what the group committed: the queue was set back, and alerts with it. */
export function rolledBack(marks: Marks, committed: ReadonlyMap<number, number>): number[] {
  return [...committed].filter(([partition, offset]) => offset > (marks.get(partition)?.next ?? 0)).map(([partition]) => partition);
}
