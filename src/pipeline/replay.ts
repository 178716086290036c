import { SLACK_MS } from '../detection/settings.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** r of the first record that a silent replay needs (S20): one hour and the slack before the UTC day of wm − (reach + F + P). */
export function replayStartMs(wmMs: number, retentionMs: number): number {
  return Math.floor((wmMs - retentionMs) / DAY_MS) * DAY_MS - HOUR_MS - SLACK_MS;
}

/** How long the log must keep a record so that a replay is possible at any time; `latenessMs` is the greatest. */
export function neededRetentionMs(retentionMs: number, latenessMs: number): number {
  return latenessMs + SLACK_MS + retentionMs + DAY_MS + HOUR_MS + SLACK_MS;
}
