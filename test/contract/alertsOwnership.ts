import { alertLine } from '../../src/alerts/line.ts';
import type { AlertQueue, DeliveryBatch } from '../../src/alerts/queue.ts';
import { type OpenBench, withBench } from './alertsBench.ts';
import { batchAfter, changeOf, deliver, FINAL_AT_MS, idOf } from './alertsFixtures.ts';

const [A, B] = [idOf(1), idOf(2)];

async function lines(queue: AlertQueue): Promise<string[]> {
  return (await queue.readFirehose('', 1000)).map(({ line }) => line);
}

/** Clause S20: who may deliver, and what stands after it. */
export function ownershipContract(open: OpenBench): void {
  const on = (name: string, run: Parameters<typeof withBench>[2]): void => void test(name, () => withBench(open, {}, run));

  on('an empty queue stands before the first batch', async ({ queue }) => {
    const empty = { epoch: 0, frontier: {}, wmMs: null, firstReceiptMs: null, rulesDigest: null, ratesDigest: null, skip: [] };
    expect(await queue.standing()).toEqual(empty);
    expect(await queue.takeOwnership('one')).toEqual({ ...empty, epoch: 1 });
  });

  on('a batch moves frontier, wm, digests, places to skip and alerts together', async ({ queue, other }) => {
    const { epoch } = await queue.takeOwnership('one');
    const batch: DeliveryBatch = {
      epoch,
      before: { frontier: {}, wmMs: null },
      after: { frontier: { 'transactions/1': 2 ** 53 - 1, 'transactions/0': 7 }, wmMs: 1_772_000_000_123 },
      firstReceiptMs: 1_771_000_000_001,
      rulesDigest: 'sha256:r',
      ratesDigest: 'sha256:q',
      skip: ['transactions/1/5', 'transactions/0/12'],
      changes: [changeOf(A, {}), changeOf(B, null)],
    };
    expect(await queue.deliver(batch)).toEqual({ applied: true, revisions: 1 });
    const stands = {
      epoch: 1,
      frontier: { 'transactions/0': 7, 'transactions/1': 2 ** 53 - 1 },
      wmMs: 1_772_000_000_123,
      firstReceiptMs: 1_771_000_000_001,
      rulesDigest: 'sha256:r',
      ratesDigest: 'sha256:q',
      skip: ['transactions/0/12', 'transactions/1/5'],
    };
    expect(await other.standing()).toEqual(stands);
    expect(await other.get(B)).toBeNull();
    const next = await other.deliver({ ...batchAfter(stands, []), skip: ['transactions/0/12', 'transactions/0/13'] });
    expect(next).toEqual({ applied: true, revisions: 0 });
    expect((await queue.standing()).skip).toEqual(['transactions/0/12', 'transactions/0/13', 'transactions/1/5']);
  });

  on('the order of a frontier does not count', async ({ queue }) => {
    const stands = await queue.takeOwnership('one');
    await queue.deliver({ ...batchAfter(stands, []), after: { frontier: { b: 1, a: 2 }, wmMs: 1 } });
    const batch = batchAfter(await queue.standing(), []);
    expect((await queue.deliver({ ...batch, before: { frontier: { a: 2, b: 1 }, wmMs: 1 } })).applied).toBe(true);
  });

  on('wm at the end of recorded input is infinite', async ({ queue }) => {
    const batch = batchAfter(await queue.takeOwnership('one'), [changeOf(A, {})]);
    await queue.deliver({ ...batch, after: { ...batch.after, wmMs: Number.POSITIVE_INFINITY } });
    expect((await queue.standing()).wmMs).toBe(Number.POSITIVE_INFINITY);
  });

  on('an old owner is refused from the moment a new one has begun, and changes nothing', async ({ queue, other }) => {
    const old = await queue.takeOwnership('old');
    await queue.deliver(batchAfter(old, [changeOf(A, {})]));
    const zombie = batchAfter(await queue.standing(), [changeOf(A, { hits: ['h1', 'h2'] }), changeOf(B, {})]);
    const stands = await other.takeOwnership('new');
    expect(stands.epoch).toBe(2);
    expect(await queue.deliver(zombie)).toEqual({ applied: false, stored: stands });
    expect(await queue.get(B)).toBeNull();
    expect((await queue.get(A))?.rev).toBe(1);
    expect(await lines(queue)).toHaveLength(1);
    expect((await other.deliver({ ...zombie, epoch: 2 })).applied).toBe(true);
    expect((await queue.deliver(zombie)).applied).toBe(false);
  });

  on('an epoch that is not below the stored one may deliver', async ({ queue }) => {
    const stands = await queue.takeOwnership('one');
    expect((await queue.deliver({ ...batchAfter(stands, []), epoch: 5 })).applied).toBe(true);
    expect((await queue.standing()).epoch).toBe(5);
    expect((await queue.deliver({ ...batchAfter(await queue.standing(), []), epoch: 4 })).applied).toBe(false);
  });

  const unfit: readonly [string, (batch: DeliveryBatch) => DeliveryBatch['before']][] = [
    ['another offset', ({ before }) => ({ ...before, frontier: { 'transactions/0': 9 } })],
    ['a partition more', ({ before }) => ({ ...before, frontier: { ...before.frontier, 'transactions/1': 0 } })],
    ['no partitions', ({ before }) => ({ ...before, frontier: {} })],
    ['another wm', ({ before }) => ({ ...before, wmMs: before.wmMs! - 1 })],
    ['no wm', ({ before }) => ({ ...before, wmMs: null })],
  ];
  for (const [name, before] of unfit)
    on(`a batch whose before has ${name} is refused as a whole`, async ({ queue }) => {
      await queue.takeOwnership('one');
      await deliver(queue, [changeOf(A, {})]);
      const stands = await queue.standing();
      const batch = batchAfter(stands, [changeOf(B, {})]);
      expect(await queue.deliver({ ...batch, before: before(batch) })).toEqual({ applied: false, stored: stands });
      expect(await queue.get(B)).toBeNull();
    });

  on('a batch that is sent again is refused, and what stands is its own after', async ({ queue }) => {
    const batch = batchAfter(await queue.takeOwnership('one'), [changeOf(A, {})]);
    expect((await queue.deliver(batch)).applied).toBe(true);
    const again = await queue.deliver(batch);
    expect(again).toMatchObject({ applied: false, stored: { epoch: batch.epoch, ...batch.after } });
    expect(await lines(queue)).toHaveLength(1);
  });

  on('equal content makes no revision, a place or another time of finality included', async ({ queue }) => {
    await queue.takeOwnership('one');
    expect(await deliver(queue, [changeOf(A, {})])).toBe(1);
    expect(await deliver(queue, [changeOf(A, { place: 'transactions/3/1' })])).toBe(0);
    expect(await deliver(queue, [changeOf(A, {}, FINAL_AT_MS + 1)])).toBe(0);
    expect(await queue.get(A)).toMatchObject({ rev: 1, op: 'open', finalAtMs: FINAL_AT_MS + 1 });
    expect(await queue.notFinal(FINAL_AT_MS + 1)).toEqual([A]);
    expect(await deliver(queue, [changeOf(A, { score: 61 })])).toBe(1);
    expect(await queue.get(A)).toMatchObject({ rev: 2, op: 'update', contentDigest: changeOf(A, { score: 61 }).contentDigest });
    expect(await lines(queue)).toHaveLength(2);
  });

  on('a retraction leaves id and revision, and hitting again is opening anew', async ({ queue, clock }) => {
    await queue.takeOwnership('one');
    const [opened, none] = [changeOf(A, {}), changeOf(A, null)];
    await deliver(queue, [opened]);
    expect(await deliver(queue, [none])).toBe(1);
    expect(await queue.get(A)).toMatchObject({ rev: 2, op: 'retract', state: 'retracted', content: null, contentDigest: '', history: [], createdAtMs: 0 });
    expect(await queue.list({ state: 'any' })).toEqual([]);
    expect(await queue.notFinal(0)).toEqual([]);
    expect(await deliver(queue, [none])).toBe(0);
    expect(JSON.parse((await lines(queue)).at(-1)!)).toEqual({ schema: 'alert/1', alertId: A, rev: 2, op: 'retract', finalAt: '2026-03-15T00:00:00Z' });
    clock.nowMs += 5;
    expect(await deliver(queue, [opened])).toBe(1);
    expect(await queue.get(A)).toMatchObject({ rev: 3, op: 'open', state: 'ready', createdAtMs: clock.nowMs });
  });

  on('the firehose tells every revision in order, as lists and lines do', async ({ queue }) => {
    await queue.takeOwnership('one');
    await deliver(queue, [changeOf(A, {}), changeOf(B, { severity: 'critical' })]);
    await queue.claim({ by: 'ann', alertId: A });
    await deliver(queue, [changeOf(A, { hits: ['h1', 'h2'] })]);
    await deliver(queue, [changeOf(A, null)]);
    const told = (await queue.readFirehose('0', 1000)).map(({ line }) => JSON.parse(line));
    expect(told.map(({ alertId, rev, op, withdrawn }) => [alertId, rev, op, withdrawn])).toEqual([
      [A, 1, 'open', false],
      [B, 1, 'open', false],
      [A, 2, 'update', false],
      [A, 3, 'update', true],
    ]);
    for (const id of [A, B]) {
      const alert = (await queue.get(id))!;
      expect((await lines(queue)).findLast((line) => JSON.parse(line).alertId === id)).toBe(alertLine(alert, alert.engineVersion));
    }
    const [first] = await queue.readFirehose('', 1);
    expect((await queue.readFirehose(first!.id, 2)).map(({ line }) => JSON.parse(line).rev)).toEqual([1, 2]);
    expect(await queue.readFirehose((await queue.readFirehose('', 1000)).at(-1)!.id, 10)).toEqual([]);
  });

  test('the firehose keeps its latest lines, or some more, and goes on counting', () =>
    withBench(open, { firehoseLength: 100 }, async ({ queue }) => {
      await queue.takeOwnership('one');
      for (let n = 0; n < 500; n += 50)
        await deliver(
          queue,
          Array.from({ length: 50 }, (_, i) => changeOf(idOf(n + i), {})),
        );
      const kept = await queue.readFirehose('', 1000);
      const numbers = kept.map(({ line }) => Number.parseInt(JSON.parse(line).alertId, 16));
      expect(numbers.length).toBeGreaterThanOrEqual(100);
      expect(numbers.length).toBeLessThanOrEqual(300);
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => 500 - numbers.length + i));
      expect((await queue.readFirehose(kept.at(-3)!.id, 10)).map(({ id }) => id)).toEqual(kept.slice(-2).map(({ id }) => id));
    }));

  on('a batch of thousands is applied as one', async ({ queue }) => {
    await queue.takeOwnership('one');
    const many = Array.from({ length: 3000 }, (_, n) => changeOf(idOf(n), { score: n % 100 }));
    expect(await deliver(queue, many)).toBe(3000);
    expect((await queue.counts()).ready).toBe(3000);
    expect(await deliver(queue, many)).toBe(0);
    expect((await queue.notFinal(FINAL_AT_MS)).length).toBe(3000);
    expect(await queue.notFinal(FINAL_AT_MS + 1)).toEqual([]);
  });

  on('a batch that tells an alert twice or turns wm back is our own mistake', async ({ queue }) => {
    const stands = await queue.takeOwnership('one');
    await expect(queue.deliver(batchAfter(stands, [changeOf(A, {}), changeOf(A, null)]))).rejects.toThrow('tells each alert once');
    await queue.deliver(batchAfter(stands, []));
    const batch = batchAfter(await queue.standing(), []);
    await expect(queue.deliver({ ...batch, after: { ...batch.after, wmMs: batch.before.wmMs! - 1 } })).rejects.toThrow('never falls');
    await expect(queue.deliver(batchAfter(await queue.standing(), [changeOf('not hex', {})]))).rejects.toThrow('hexadecimal');
  });
}
