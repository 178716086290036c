// needs: kafka-process, redis-process

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { build, type Child, Deployment } from './support/deployment.ts';
import { makeFeed } from './support/feed.ts';
import { difference, foldFirehose, type Judgement, judge, standingAlerts } from './support/judge.ts';
import { client, produce, type Received, readTopic } from './support/kafka.ts';
import { type OwnKafka, type OwnRedis, OwnServers } from './support/ownServers.ts';

jest.setTimeout(400_000);

const RECORDS = process.env['VERIFY'] === '1' ? 60_000 : 15_000;
/** How long after the last outage all must be passed. */
const PASSED_MS = 60_000;
const KAFKA_DOWN_MS = 3000;
/** Longer than a call waits for its connection to come back. */
const REDIS_DOWN_MS = 6500;
const SEED = Number(process.env['MONEYTRAIL_SEED'] ?? 99);

/** Each server goes away and comes back in the middle of the work, first politely, then by a kill. */
describe(`outages of Redis and Kafka over ${RECORDS} records, seed ${SEED}`, () => {
  const servers = new OwnServers();
  let deployment: Deployment;
  let run: Child;
  let received: Received[];
  let judgement: Judgement;
  let pid: number | undefined;
  let deliveriesFailed = 0;
  let cpuShare = 0;

  const failures = (): number => run.errors.split('"A delivery failed').length - 1;

  async function withoutRedis(redis: OwnRedis): Promise<void> {
    const [before, cpu, startedMs] = [failures(), run.cpuSeconds(), Date.now()];
    await redis.stop();
    await sleep(REDIS_DOWN_MS);
    cpuShare = ((run.cpuSeconds() - cpu) * 1000) / (Date.now() - startedMs);
    await redis.start();
    deliveriesFailed = failures() - before;
  }

  async function withoutKafka(kafka: OwnKafka): Promise<void> {
    await kafka.stop();
    await sleep(KAFKA_DOWN_MS);
    await kafka.start();
  }

  async function live(): Promise<void> {
    const [kafka, redis] = await Promise.all([servers.kafka(), servers.redis()]);
    deployment = new Deployment({ brokers: kafka.brokers, redisUrl: redis.url });
    await deployment.applyTopics();
    const feed = makeFeed({ seed: SEED, records: RECORDS, nowMs: Date.now() });
    const malformed = new Set(feed.filter(({ nature, format }) => nature === 'malformed' && format === undefined).map(({ value }) => value.toString('base64')));
    run = deployment.run();
    pid = run.process.pid;
    await run.says('Owner of the input');
    const faults: (() => Promise<void>)[] = [
      () => withoutRedis(redis),
      () => withoutKafka(kafka),
      async () => {
        await redis.kill();
        await redis.start();
      },
      async () => {
        await kafka.kill();
        await kafka.start();
      },
    ];
    // Records are sent through the outages of Redis, and up to and again after those of Kafka.
    const share = Math.ceil(feed.length / (faults.length + 1));
    for (let i = 0; i <= faults.length; i++) {
      const sending = produce(client(kafka.brokers), deployment.topic, feed.slice(i * share, (i + 1) * share));
      if (i % 2 === 0) await Promise.all([sending, faults[i]?.()]);
      else {
        await sending;
        await faults[i]?.();
      }
    }
    received = await readTopic(client(kafka.brokers), deployment.topic);
    await deployment.passes(received.length, PASSED_MS, run);
    const ended = await run.stop();
    expect(ended.status).toBe(0);
    judgement = judge(received, ({ value, format }) => format !== undefined || malformed.has(value.toString('base64')));
  }

  beforeAll(async () => {
    build();
    await live();
  });
  afterAll(async () => {
    await deployment?.close();
    await servers.stop();
  });

  test('one process lived through all of them', () => {
    expect(run.process.pid).toBe(pid);
    expect(received.length).toBeGreaterThanOrEqual(RECORDS);
  });

  test('it waited while Redis was away, and neither gave up nor turned in circles', () => {
    expect(deliveriesFailed).toBeGreaterThan(0);
    expect(deliveriesFailed).toBeLessThan(50);
    expect(cpuShare).toBeLessThan(0.6);
  });

  test('nothing is lost and nothing double', async () => {
    expect(difference(await standingAlerts(deployment.queue), judgement.alerts)).toEqual([]);
    const { last, broken } = await foldFirehose(deployment.queue);
    expect(broken).toEqual([]);
    expect(last.size).toBe(judgement.alerts.size);
  });
});
