import { AssertionError } from '../../../src/base/assert.ts';
import { Progress } from '../../../src/pipeline/progress.ts';

const BEHIND_MS = 1000;
const NOTHING = Number.NEGATIVE_INFINITY;

describe('progress (S3)', () => {
  test('is the least of the partitions, and wm lies behind it by lateness and slack', () => {
    const progress = new Progress([0, 1], BEHIND_MS);
    progress.consumed(0, 5000);
    expect(progress.wmMs).toBe(NOTHING);
    progress.consumed(1, 4000);
    expect(progress.wmMs).toBe(3000);
    progress.consumed(1, 9000);
    expect(progress.wmMs).toBe(4000);
  });

  test('within a partition is the greatest receipt, which may fall a little', () => {
    const progress = new Progress([0], BEHIND_MS);
    progress.consumed(0, 5000);
    progress.consumed(0, 4990);
    expect(progress.wmMs).toBe(4000);
    expect(progress.greatestMs).toBe(5000);
  });

  test('of a partition that was read to its end is what was consumed anywhere before that moment, and no more', () => {
    const progress = new Progress([0, 1, 2], BEHIND_MS);
    progress.consumed(0, 5000);
    const before = progress.greatestMs;
    progress.consumed(0, 8000);
    progress.readToEnd(1, before);
    progress.readToEnd(2, before);
    expect(progress.wmMs).toBe(4000);
    progress.readToEnd(1);
    progress.readToEnd(2);
    expect(progress.wmMs).toBe(7000);
  });

  test('an empty partition holds nothing back once it was seen at its end', () => {
    const progress = new Progress([0, 1], BEHIND_MS);
    progress.readToEnd(1);
    progress.consumed(0, 5000);
    expect(progress.wmMs).toBe(NOTHING);
    progress.readToEnd(1);
    expect(progress.wmMs).toBe(4000);
  });

  test('wm never falls: neither when a partition is added nor behind what it was before a restart', () => {
    const progress = new Progress([0], BEHIND_MS, 3500);
    expect(progress.wmMs).toBe(3500);
    progress.consumed(0, 4000);
    expect(progress.wmMs).toBe(3500);
    progress.consumed(0, 6000);
    expect(progress.wmMs).toBe(5000);
    progress.add(1);
    expect(progress.wmMs).toBe(5000);
    progress.consumed(1, 5500);
    expect(progress.wmMs).toBe(5000);
  });

  test('adding a known partition changes nothing', () => {
    const progress = new Progress([0], BEHIND_MS);
    progress.consumed(0, 4000);
    progress.add(0);
    expect(progress.wmMs).toBe(3000);
  });

  test('in total silence nothing settles, and without partitions there is no progress', () => {
    const progress = new Progress([0], BEHIND_MS);
    progress.readToEnd(0);
    expect(progress.wmMs).toBe(NOTHING);
    expect(new Progress([], BEHIND_MS).wmMs).toBe(NOTHING);
  });

  test('at the end of recorded input wm is without bound', () => {
    const progress = new Progress([0], BEHIND_MS);
    progress.end();
    expect(progress.wmMs).toBe(Number.POSITIVE_INFINITY);
  });

  test('a record of an unknown partition is our own mistake', () => {
    expect(() => new Progress([0], BEHIND_MS).consumed(1, 1)).toThrow(AssertionError);
    expect(() => new Progress([0], BEHIND_MS).readToEnd(1)).toThrow(AssertionError);
  });
});
