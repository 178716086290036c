import { createMemoryQueue } from '../../../src/alerts/memory/queue.ts';
import type { AlertQueue, DeliveryBatch } from '../../../src/alerts/queue.ts';
import { OperatingError } from '../../../src/base/errors.ts';
import { createLog } from '../../../src/base/log.ts';
import { Vocabulary } from '../../../src/base/vocabulary.ts';
import { NO_METRICS } from '../../../src/pipeline/metrics.ts';
import { Pipeline, type PipelineOptions } from '../../../src/pipeline/pipeline.ts';
import type { Told } from '../../../src/pipeline/told.ts';
import { detector, NOW_MS, payment, record } from './records.ts';

const BEHIND_MS = 49 * 3_600_000;
const log = createLog({ level: 'silent', vocabulary: new Vocabulary() });
const unavailable = (): OperatingError => new OperatingError('redis-unreachable', 'it is gone', { retryable: true });

interface Setting {
  readonly queue: AlertQueue;
  /** Stands between pipeline and queue. */
  readonly deliver?: AlertQueue['deliver'];
  readonly tell?: PipelineOptions['tell'];
  readonly poisoned?: readonly string[];
}

function memory(): AlertQueue {
  return createMemoryQueue({ engineVersion: '0.1.0', nowMs: () => NOW_MS });
}

/** A new owner. */
async function own({ queue, deliver = (batch) => queue.deliver(batch), tell = async () => undefined, poisoned = [] }: Setting): Promise<Pipeline> {
  const standing = await queue.takeOwnership('tests');
  const pipeline = new Pipeline(
    {
      detector: detector(),
      queue: { deliver },
      tell,
      topic: 't',
      place: (p, o) => `t/${p}/${o}`,
      behindMs: BEHIND_MS,
      lateSayMs: 5000,
      rulesDigest: 'sha256:r',
      ratesDigest: () => 'rates',
      metrics: NO_METRICS,
      log,
    },
    standing,
    poisoned,
    NOW_MS,
  );
  if (pipeline.marks.size === 0) pipeline.addPartition(0, 0);
  if (pipeline.firstReceiptMs === null) pipeline.setFirstReceipt(NOW_MS);
  return pipeline;
}

/** Takes the records and delivers. */
async function go(pipeline: Pipeline, records: readonly ReturnType<typeof record>[]): Promise<boolean> {
  for (const one of records) pipeline.take(one);
  pipeline.close(NOW_MS, true);
  return pipeline.flush();
}

/** What a new owner does with the log behind its frontier. */
async function replay(pipeline: Pipeline, records: readonly ReturnType<typeof record>[]): Promise<void> {
  pipeline.detector.beginReplay();
  for (const one of records) if (one.offset < pipeline.mark(0).next) pipeline.take(one);
  pipeline.endReplay();
  pipeline.takeOver([]);
  await pipeline.flush();
}

const all = (queue: AlertQueue): Promise<string[]> =>
  queue.list({ state: 'any' }).then((alerts) => alerts.map(({ alertId, rev }) => `${alertId} ${rev}`).sort());

test('is as far behind as the last record delivered is old, and never further than the first receipt', async () => {
  const pipeline = await own({ queue: memory() });
  expect(pipeline.delayMs(NOW_MS + 7)).toBe(7);
  pipeline.take(record(0, payment('a')));
  const other = record(5, payment('b'));
  pipeline.take(other);
  expect(pipeline.delayMs(NOW_MS + 7)).toBe(7);
  await go(pipeline, []);
  expect(pipeline.delayMs(other.r + 7)).toBe(7);
  expect(pipeline.delayMs(other.r - 1)).toBe(0);
});

describe('a delivery (S20)', () => {
  test('carries frontier, wm and alerts together', async () => {
    const queue = memory();
    const pipeline = await own({ queue });
    expect(await go(pipeline, [record(0, payment('a')), record(1, payment('b'))])).toBe(true);
    const standing = await queue.standing();
    expect(standing.frontier).toEqual({ 't/0': 2, 't/0:first': 0, 't/0:r': NOW_MS + 1 });
    expect(standing).toMatchObject({
      epoch: pipeline.epoch,
      wmMs: NOW_MS + 1 - BEHIND_MS,
      firstReceiptMs: NOW_MS,
      rulesDigest: 'sha256:r',
      ratesDigest: 'rates',
    });
    expect(await all(queue)).toHaveLength(2);
    expect(pipeline.deliveredPositions).toEqual(new Map([[0, 2]]));
  });

  test('is tried again as it was where it failed, and nothing is made on top of it', async () => {
    const queue = memory();
    const batches: DeliveryBatch[] = [];
    const pipeline = await own({
      queue,
      deliver: async (batch) => {
        batches.push(batch);
        if (batches.length < 3) throw unavailable();
        return queue.deliver(batch);
      },
    });
    expect(await go(pipeline, [record(0, payment('a'))])).toBe(false);
    expect(pipeline.undelivered).toBe(1);
    expect(pipeline.wantsClose(NOW_MS + 60_000)).toBe(false);
    expect(() => pipeline.close(NOW_MS, true)).toThrow('delivered before the next');
    expect(await pipeline.flush()).toBe(false);
    expect(await pipeline.flush()).toBe(true);
    expect(new Set(batches).size).toBe(1);
    expect(await all(queue)).toHaveLength(1);
  });

  test('whose answer was lost was applied, and goes on', async () => {
    const queue = memory();
    let lose = true;
    const pipeline = await own({
      queue,
      deliver: async (batch) => {
        const result = await queue.deliver(batch);
        if (!lose) return result;
        lose = false;
        throw unavailable();
      },
    });
    expect(await go(pipeline, [record(0, payment('a'))])).toBe(false);
    expect(await pipeline.flush()).toBe(true);
    expect(await go(pipeline, [record(1, payment('b'))])).toBe(true);
    expect((await all(queue)).map((alert) => alert.split(' ')[1])).toEqual(['1', '1']);
  });

  test('of an old owner is refused, whether the new one has delivered or not', async () => {
    const queue = memory();
    const old = await own({ queue });
    await go(old, [record(0, payment('a'))]);
    const next = await own({ queue });
    await expect(go(old, [record(1, payment('b'))])).rejects.toMatchObject({ code: 'superseded', retryable: false });
    await replay(next, [record(0, payment('a'))]);
    expect(await go(next, [record(1, payment('b'))])).toBe(true);
    await expect(old.flush()).rejects.toMatchObject({ code: 'superseded' });
    expect(await all(queue)).toHaveLength(2);
  });

  test('that cannot pass is not tried again', async () => {
    const queue = memory();
    const pipeline = await own({ queue, deliver: () => Promise.reject(new OperatingError('redis-auth', 'no')) });
    await expect(go(pipeline, [record(0, payment('a'))])).rejects.toMatchObject({ code: 'redis-auth' });
  });

  test('waits for what has to be told, which is told again where that failed', async () => {
    const queue = memory();
    const told: Told[][] = [];
    const pipeline = await own({
      queue,
      tell: async (some) => {
        told.push([...some]);
        if (told.length === 1) throw unavailable();
      },
    });
    expect(await go(pipeline, [record(0, Buffer.from('{'))])).toBe(false);
    expect((await queue.standing()).frontier).toEqual({});
    expect(await pipeline.flush()).toBe(true);
    expect(told.map((some) => some.map(({ place }) => place))).toEqual([['t/0/0'], ['t/0/0']]);
    expect((await queue.standing()).frontier).toMatchObject({ 't/0': 1 });
  });

  test('is not made where nothing happened', async () => {
    const queue = memory();
    const pipeline = await own({ queue });
    await go(pipeline, [record(0, payment('a'))]);
    pipeline.close(NOW_MS, true);
    expect(pipeline.undelivered).toBe(0);
    expect(pipeline.wantsClose(NOW_MS)).toBe(false);
  });
});

describe('wm without records', () => {
  test('advances when the other partitions are seen at their end, by an empty batch', async () => {
    const queue = memory();
    const pipeline = await own({ queue });
    pipeline.addPartition(1, 0);
    await go(pipeline, [record(0, payment('a'))]);
    expect(pipeline.deliveredWmMs).toBe(0);
    const { greatestMs } = pipeline;
    pipeline.ended(1, 5, greatestMs);
    expect(pipeline.wantsClose(NOW_MS)).toBe(false);
    pipeline.ended(1, 0, greatestMs);
    expect(pipeline.wantsClose(NOW_MS)).toBe(true);
    pipeline.close(NOW_MS, false);
    await pipeline.flush();
    expect((await queue.standing()).wmMs).toBe(NOW_MS - BEHIND_MS);
  });
});

describe('a new owner', () => {
  const log = [record(0, payment('a')), record(1, Buffer.from('{')), record(2, payment('b')), record(3, payment('c'))];

  test('rebuilds the state silently, revises nothing, and goes on', async () => {
    const queue = memory();
    const first = await own({ queue });
    await go(first, log.slice(0, 3));
    const before = await all(queue);
    const told: Told[] = [];
    const second = await own({ queue, tell: async (some) => void told.push(...some) });
    expect(second.epoch).toBeGreaterThan(first.epoch);
    await replay(second, log);
    expect(await all(queue)).toEqual(before);
    expect(told).toEqual([]);
    await go(second, [record(3, payment('a')), record(4, payment('c'))]);
    expect(await all(queue)).toHaveLength(3);
  });

  test('withdraws what stands in the queue and the log does not say', async () => {
    const queue = memory();
    const first = await own({ queue });
    await go(first, [record(0, payment('a'))]);
    const [stored] = await queue.list({ state: 'any' });
    const second = await own({ queue });
    second.detector.beginReplay();
    expect(second.endReplay().size).toBe(0);
    expect(second.endReplay().size).toBe(0);
    second.takeOver([{ alertId: stored!.alertId, finalAtMs: stored!.finalAtMs }]);
    await second.flush();
    expect(await all(queue)).toEqual([]);
  });

  test('whose log has a gap takes nothing back', async () => {
    const queue = memory();
    await go(await own({ queue }), [record(0, payment('a'))]);
    const before = await all(queue);
    const second = await own({ queue });
    second.detector.beginReplay();
    second.endReplay();
    second.forgetReplay();
    expect(second.undelivered).toBe(0);
    await go(second, [record(1, payment('b'))]);
    expect(await all(queue)).toEqual(expect.arrayContaining(before));
  });

  test('delivers a large difference in pieces, without moving the frontier', async () => {
    const many = Array.from({ length: 450 }, (_, i) => record(i, payment(`m${i}`)));
    const queue = memory();
    await go(await own({ queue }), many);
    const before = await queue.standing();
    const batches: DeliveryBatch[] = [];
    const second = await own({
      queue,
      deliver: (batch) => {
        batches.push(batch);
        return queue.deliver(batch);
      },
    });
    await replay(second, many);
    expect(batches.map(({ changes }) => changes.length)).toEqual([200, 200, 50]);
    expect((await queue.standing()).frontier).toEqual(before.frontier);
    expect((await all(queue)).every((alert) => alert.endsWith(' 1'))).toBe(true);
  });

  test('skips what the old one skipped: places of skewed clocks are stored with the frontier', async () => {
    const queue = memory();
    const first = await own({ queue });
    await go(first, [record(0, payment('a'), NOW_MS)]);
    await go(first, [record(1, payment('b'), NOW_MS + 60 * 3_600_000)]);
    // b was received 60 hours later, so that wm has passed an hour after a; c is as old as a, and its own receipt says that it is in time.
    await go(first, [record(2, payment('c'), NOW_MS + 1)]);
    expect(first.skewSeen).toBe(true);
    expect((await queue.standing()).skip).toEqual(['t/0/2']);
    const second = await own({ queue });
    await replay(second, [record(0, payment('a'), NOW_MS), record(1, payment('b'), NOW_MS + 60 * 3_600_000), record(2, payment('c'), NOW_MS + 1)]);
    expect(second.detector.engine.stats.rows).toBeLessThan(3);
  });

  test('skips a record that twice ended the process, tells it, and stores its place', async () => {
    const queue = memory();
    const told: Told[] = [];
    const pipeline = await own({ queue, poisoned: ['t/0/0'], tell: async (some) => void told.push(...some) });
    await go(pipeline, [record(0, payment('a')), record(1, payment('b'))]);
    expect(told.map(({ code, place }) => [code, place])).toEqual([['engine-fault', 't/0/0']]);
    expect((await queue.standing()).skip).toEqual(['t/0/0']);
    expect(await all(queue)).toHaveLength(1);
  });

  test('skips, tells and stores it behind the frontier too', async () => {
    const queue = memory();
    await go(await own({ queue }), [record(0, payment('a')), record(1, payment('b'))]);
    const told: Told[] = [];
    const second = await own({ queue, poisoned: ['t/0/0'], tell: async (some) => void told.push(...some) });
    await replay(second, [record(0, payment('a')), record(1, payment('b'))]);
    expect(told.map(({ code, place }) => [code, place])).toEqual([['engine-fault', 't/0/0']]);
    expect((await queue.standing()).skip).toEqual(['t/0/0']);
    const third = await own({ queue, poisoned: ['t/0/0'], tell: async (some) => void told.push(...some) });
    await replay(third, [record(0, payment('a')), record(1, payment('b'))]);
    expect(third.isSkipStored).toBe(true);
    expect(told).toHaveLength(1);
  });

  test('stores what it skips even where nothing else is to be said', async () => {
    const queue = memory();
    await go(await own({ queue }), [record(0, Buffer.from('{'))]);
    const second = await own({ queue, poisoned: ['t/0/0'] });
    await replay(second, [record(0, Buffer.from('{'))]);
    expect(second.isSkipStored).toBe(false);
    expect(second.wantsClose(NOW_MS)).toBe(true);
    second.close(NOW_MS, false);
    await second.flush();
    expect((await queue.standing()).skip).toEqual(['t/0/0']);
    expect(second.wantsClose(NOW_MS)).toBe(false);
  });

  test('passes what is no record', async () => {
    const queue = memory();
    const pipeline = await own({ queue });
    pipeline.passed(0, 4);
    pipeline.passed(0, 2);
    pipeline.close(NOW_MS, false);
    await pipeline.flush();
    expect((await queue.standing()).frontier).toMatchObject({ 't/0': 4 });
  });
});
