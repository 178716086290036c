import { type Movement, Watch } from '../../../src/pipeline/watch.ts';

const STALL_MS = 10_000;

/** Looks once a second at what stands, and answers after how many seconds it was time to act. */
function actsWithin(watch: Watch, seconds: number, movement: (second: number) => Movement, stepMs = 1000): number[] {
  const acts: number[] = [];
  for (let second = 0; second <= seconds; second++) if (watch.look(second * stepMs, movement(second))) acts.push(second);
  return acts;
}

describe('a watch over work that should go on', () => {
  test('acts where something is to be done and nothing moves, ever more rarely', () => {
    const watch = new Watch(STALL_MS);
    expect(actsWithin(watch, 80, () => ({ mark: 'a', isDue: true }))).toEqual([10, 30, 70]);
    expect(watch.isStalled).toBe(true);
    expect(watch.standsMs).toBe(80_000);
  });

  test('does not while anything moves, however slowly', () => {
    const watch = new Watch(STALL_MS);
    expect(actsWithin(watch, 100, (second) => ({ mark: String(Math.floor(second / 9)), isDue: true }))).toEqual([]);
  });

  test('does not where nothing is to be done, and forgets what it saw then', () => {
    const watch = new Watch(STALL_MS);
    expect(actsWithin(watch, 100, (second) => ({ mark: 'a', isDue: second % 10 > 0 }))).toEqual([]);
    expect(watch.isStalled).toBe(false);
  });

  test('begins anew once something has moved', () => {
    const watch = new Watch(STALL_MS);
    actsWithin(watch, 12, () => ({ mark: 'a', isDue: true }));
    expect(watch.isStalled).toBe(true);
    watch.look(13_000, { mark: 'b', isDue: true });
    expect(watch.isStalled).toBe(false);
    expect(watch.look(22_000, { mark: 'b', isDue: true })).toBe(false);
  });

  test('takes a long silence of its own, as of a process that was asleep, for a short one', () => {
    const watch = new Watch(STALL_MS);
    expect(actsWithin(watch, 3, () => ({ mark: 'a', isDue: true }), 3_600_000)).toEqual([2]);
    expect(new Watch(STALL_MS).look(3_600_000, { mark: 'a', isDue: true })).toBe(false);
  });
});
