import type { Standing } from '../alerts/queue.ts';
import { type DetectionSettings, SLACK_MS } from '../detection/settings.ts';
import type { RateTable } from '../transactions/rateLookup.ts';
import type { TopicLog } from './kafka/topicLog.ts';
import { marksOf } from './marks.ts';
import { replayStartMs } from './replay.ts';
import type { LogView } from './standing.ts';

const DAY_MS = 86_400_000;

/** Greatest lateness of any source, and the slack (S3): how far wm is behind progress. */
export function behindMs(settings: DetectionSettings): number {
  return latenessMaxMs(settings) + SLACK_MS;
}

/** D of S3. */
export function latenessMaxMs({ latenessMs, latenessBySource }: DetectionSettings): number {
  return Math.max(latenessMs, ...latenessBySource.values());
}

/** What the log still holds for a standing, or for where a process stands; `retentionMs` is the engine's reach + F + P. */
export async function viewLog(log: TopicLog, topic: string, standing: Pick<Standing, 'frontier' | 'wmMs'>, retentionMs: number): Promise<LogView> {
  const ends = await log.ends();
  const marks = marksOf(standing.frontier, topic);
  const lows = new Map([...ends].map(([partition, { low }]) => [partition, low]));
  const replayFrom = standing.wmMs === null ? lows : await log.offsetsAt(replayStartMs(standing.wmMs, retentionMs));
  const afterGreatest = new Map<number, number>();
  for (const greatestMs of new Set([...marks.values()].map((mark) => mark.greatestMs))) {
    if (greatestMs === Number.NEGATIVE_INFINITY) continue;
    const offsets = await log.offsetsAt(greatestMs + 1);
    for (const [partition, mark] of marks) if (mark.greatestMs === greatestMs) afterGreatest.set(partition, offsets.get(partition) ?? 0);
  }
  return { topic, ends, replayFrom, afterGreatest };
}

/**
 * The rates in use as they are stored with the frontier: `YYYY-MM-DD sha256:…`, the rows up to that day. Later rows may be appended while a run is stopped;
 * for a day that progress has reached the table stands (S17).
 */
export function ratesInUse(rates: RateTable, receivedMs: number): string {
  const ms = Math.max(0, receivedMs);
  return `${new Date(ms).toISOString().slice(0, 10)} ${rates.digestThrough(ms)}`;
}

/** The same again and again, worked out once a day. */
export function ratesInUseOf(rates: RateTable): (receivedMs: number) => string {
  let [day, text] = [Number.NaN, ''];
  return (receivedMs) => {
    const today = Math.floor(Math.max(0, receivedMs) / DAY_MS);
    if (today !== day) [day, text] = [today, ratesInUse(rates, receivedMs)];
    return text;
  };
}

/** The same of another table for the day of a stored one; '' where the stored text is none of ours. */
export function ratesLike(rates: RateTable, stored: string): string {
  const ms = Date.parse(stored.slice(0, 10));
  return Number.isNaN(ms) ? '' : ratesInUse(rates, ms);
}
