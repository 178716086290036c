import { neededRetentionMs, replayStartMs } from '../../../src/pipeline/replay.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SLACK_MS = 60_000;

describe('a replay (S20)', () => {
  test('begins an hour and the slack before the UTC day of wm less what is kept', () => {
    const wmMs = Date.UTC(2026, 2, 10, 15, 30);
    expect(replayStartMs(wmMs, 2 * DAY_MS)).toBe(Date.UTC(2026, 2, 8) - HOUR_MS - SLACK_MS);
    expect(replayStartMs(Date.UTC(2026, 2, 10), 2 * DAY_MS)).toBe(Date.UTC(2026, 2, 8) - HOUR_MS - SLACK_MS);
    expect(replayStartMs(Date.UTC(2026, 2, 10) - 1, 2 * DAY_MS)).toBe(Date.UTC(2026, 2, 7) - HOUR_MS - SLACK_MS);
  });

  test('needs a log that is kept from its start on, however late in the day wm is and however far behind the present', () => {
    const [latenessMs, retentionMs] = [48 * HOUR_MS, 30 * DAY_MS];
    const needed = neededRetentionMs(retentionMs, latenessMs);
    for (const nowMs of [Date.UTC(2026, 2, 10), Date.UTC(2026, 2, 10, 23, 59, 59, 999), Date.UTC(2026, 2, 10, 12)]) {
      const wmMs = nowMs - latenessMs - SLACK_MS;
      expect(nowMs - replayStartMs(wmMs, retentionMs)).toBeLessThanOrEqual(needed);
    }
  });
});
