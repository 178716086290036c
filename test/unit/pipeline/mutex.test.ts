import { setImmediate as turn } from 'node:timers/promises';
import { Mutex } from '../../../src/pipeline/mutex.ts';

describe('one at a time', () => {
  test('the second waits for the first, and does something meanwhile', async () => {
    const mutex = new Mutex();
    const order: string[] = [];
    let waits = 0;
    let release: () => void = () => undefined;
    const first = mutex.run(
      () =>
        new Promise<void>((resolve) => {
          release = () => {
            order.push('first');
            resolve();
          };
        }),
    );
    const second = mutex.run(
      async () => void order.push('second'),
      async () => {
        if (++waits === 2) release();
      },
    );
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
    expect(waits).toBeGreaterThanOrEqual(2);
  });

  test('is free again after a failure', async () => {
    const mutex = new Mutex();
    await expect(mutex.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(mutex.busy).toBe(false);
    expect(await mutex.run(async () => 1)).toBe(1);
  });

  test('who stops waiting does not work', async () => {
    const mutex = new Mutex();
    let release: () => void = () => undefined;
    const first = mutex.run(() => new Promise<void>((resolve) => (release = resolve)));
    let worked = false;
    const second = mutex.run(
      async () => void (worked = true),
      () => Promise.reject(new Error('enough')),
    );
    await expect(second).rejects.toThrow('enough');
    release();
    await first;
    await turn();
    expect(worked).toBe(false);
  });
});
