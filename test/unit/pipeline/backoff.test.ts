import { Backoff } from '../../../src/pipeline/backoff.ts';

describe('waiting times between tries', () => {
  test('double from a tenth of a second up to five, each up to a fifth shorter, and begin again after a success', () => {
    const backoff = new Backoff();
    for (const most of [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]) {
      const ms = backoff.next();
      expect(ms).toBeLessThanOrEqual(most);
      expect(ms).toBeGreaterThanOrEqual(most * 0.8);
    }
    backoff.reset();
    expect(backoff.next()).toBeLessThanOrEqual(100);
  });
});
