// needs: kafka, redis

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { DEFAULT_SETTINGS } from '../../src/detection/settings.ts';
import { ALERT_KEY, Deployment, until } from './support/deployment.ts';
import { makeFeed } from './support/feed.ts';
import { runInProcess } from './support/inProcess.ts';
import { difference, judge, standingAlerts } from './support/judge.ts';
import { client, produce, readTopic } from './support/kafka.ts';

jest.setTimeout(120_000);

const servers = { brokers: process.env['KAFKA_BROKERS']!, redisUrl: process.env['REDIS_URL']! };
const kafka = client(servers.brokers);
const d = new Deployment(servers, { KAFKA_PARTITIONS: '1' });
const stateDir = mkdtempSync(join(tmpdir(), 'moneytrail-it-stalls-'));
afterAll(async () => {
  await d.close();
  rmSync(stateDir, { recursive: true });
});

/** What stands still for a while from outside: records behind the position that nobody may read yet. */
test('a run before which records wait that do not come says so, joins anew with its state, and goes on when they come', async () => {
  await d.applyTopics();
  // A run in this process has no rates.
  const isInEuro = (value: Buffer): boolean => value.includes('"EUR"');
  const feed = makeFeed({ seed: 11, records: 1400, nowMs: Date.now() }).filter(({ nature, value }) => nature === 'ordinary' && isInEuro(value));
  const run = runInProcess(d, stateDir, { tuning: { stallMs: 2000, tickMs: 200 }, settings: { ...DEFAULT_SETTINGS, alertKey: ALERT_KEY } });
  const partitioner = { createPartitioner: kafkajs.Partitioners.DefaultPartitioner };
  const producer = kafka.producer({ transactionalId: d.name, maxInFlightRequests: 1, idempotent: true, ...partitioner });
  try {
    await run.start();
    await produce(kafka, d.topic, feed.slice(0, 500));
    await d.passes(500);
    const { epoch } = await d.queue.standing();
    expect(run.status()).toMatchObject({ state: 'live', ready: true });

    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic: d.topic, messages: feed.slice(500, 1000).map(({ value }) => ({ partition: 0, value })) });
    await until('it says that it stands still', () => run.status().reasons.includes('input-stalled'), 30_000);
    await transaction.commit();
    await d.passes(1001);
    await until('it is ready again', () => run.status().ready, 10_000);
    expect((await d.queue.standing()).epoch).toBe(epoch);
    await run.stop();
    const received = await readTopic(kafka, d.topic);
    expect(difference(await standingAlerts(d.queue), judge(received, () => false).alerts)).toEqual([]);
  } finally {
    await producer.disconnect();
    await run.stop();
  }
});
