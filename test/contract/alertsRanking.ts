import type { AlertQueue } from '../../src/alerts/queue.ts';
import { listCursor } from '../../src/alerts/rank.ts';
import { type OpenBench, withBench } from './alertsBench.ts';
import { changeOf, deliver, idOf, type Sketch } from './alertsFixtures.ts';

const ids = (alerts: readonly { alertId: string }[]): number[] => alerts.map(({ alertId }) => Number.parseInt(alertId, 16));

/** Sketches in the order in which they must be worked on; all of one moment unless told otherwise. */
const RANKED: readonly Sketch[] = [
  { severity: 'critical', score: 0 },
  { severity: 'high', score: 1_000_000_000 },
  { severity: 'high', score: 100 },
  { severity: 'high', score: 99.5 },
  { severity: 'high', score: 99 },
  { severity: 'medium', score: 100 },
  { severity: 'medium', score: 9 },
  { severity: 'medium', score: 9 },
  { severity: 'low', score: 1000 },
  { severity: 'low', score: 0 },
  { severity: 'low', score: -5 },
];

export function rankingContract(open: OpenBench): void {
  const on = (name: string, run: (queue: AlertQueue, clock: { nowMs: number }) => Promise<void>): void =>
    void test(name, () =>
      withBench(open, {}, async ({ queue, clock }) => {
        await queue.takeOwnership('one');
        await run(queue, clock);
      }),
    );

  on('severity, then score, then age, then id', async (queue, clock) => {
    // Delivered backwards, so that neither arrival nor id gives the order away; equal ones are older where they rank first.
    const order = RANKED.map((sketch, n) => ({ sketch, n }));
    for (const { sketch, n } of order) {
      clock.nowMs += 1;
      await deliver(queue, [changeOf(idOf(500 - n), sketch)]);
    }
    const wanted = order.map(({ n }) => 500 - n);
    expect(ids(await queue.list({ state: 'ready' }))).toEqual(wanted);
    expect(ids(await queue.claim({ by: 'ann', count: 3 }))).toEqual(wanted.slice(0, 3));
    expect(ids(await queue.claim({ by: 'bea', count: 100 }))).toEqual(wanted.slice(3));
    expect(await queue.claim({ by: 'bea' })).toEqual([]);
    expect(ids(await queue.list({ state: 'claimed' }))).toEqual(wanted);
  });

  on('alerts of one moment rank by id, and a change moves an alert', async (queue) => {
    await deliver(
      queue,
      [3, 1, 2].map((n) => changeOf(idOf(n), {})),
    );
    expect(ids(await queue.list({ state: 'ready' }))).toEqual([1, 2, 3]);
    await deliver(queue, [changeOf(idOf(3), { score: 61 })]);
    expect(ids(await queue.list({ state: 'ready' }))).toEqual([3, 1, 2]);
    await deliver(queue, [changeOf(idOf(2), { severity: 'high', score: 1 })]);
    expect(ids(await queue.claim({ by: 'ann', count: 2 }))).toEqual([2, 3]);
  });

  on('persons at risk have a ranking of their own', async (queue) => {
    const atRisk = { route: 'person-at-risk' } as const;
    await deliver(queue, [
      changeOf(idOf(1), { severity: 'critical' }),
      changeOf(idOf(2), { ...atRisk, severity: 'low' }),
      changeOf(idOf(3), { ...atRisk, severity: 'high' }),
    ]);
    expect(ids(await queue.list({ state: 'ready' }))).toEqual([3, 2, 1]);
    expect(ids(await queue.list({ state: 'ready', lane: 'standard' }))).toEqual([1]);
    expect(ids(await queue.list({ state: 'any', lane: 'person-at-risk' }))).toEqual([3, 2]);
    expect(ids(await queue.claim({ by: 'ann', count: 5 }))).toEqual([1]);
    expect(ids(await queue.claim({ by: 'ann', count: 1, lane: 'person-at-risk' }))).toEqual([3]);
    await deliver(queue, [changeOf(idOf(2), { severity: 'low' })]);
    expect(ids(await queue.claim({ by: 'ann', lane: 'standard' }))).toEqual([2]);
  });

  on('pages go on behind the last alert, whatever became of it', async (queue) => {
    const all = Array.from({ length: 25 }, (_, n) => changeOf(idOf(n + 1), { score: 100 - n, route: n % 2 === 0 ? 'standard' : 'person-at-risk' }));
    await deliver(queue, all);
    await queue.claim({ by: 'ann', count: 2 });
    const whole = ids(await queue.list({ state: 'any', limit: 1000 }));
    expect(whole).toHaveLength(25);
    const first = await queue.list({ state: 'any', limit: 10 });
    const second = await queue.list({ state: 'any', limit: 10, after: listCursor(first.at(-1)!) });
    expect(ids([...first, ...second])).toEqual(whole.slice(0, 20));
    const paged: number[] = [];
    for (let after: string | undefined; ; ) {
      const page = await queue.list({ state: 'any', limit: 4, ...(after === undefined ? {} : { after }) });
      if (page.length === 0) break;
      paged.push(...ids(page));
      after = listCursor(page.at(-1)!);
      await deliver(queue, [changeOf(page.at(-1)!.alertId, null)]);
    }
    expect(paged).toEqual(whole);
  });
}
