// needs: kafka, redis, kafka-process, redis-process

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import kafkajs from 'kafkajs';
import { DEFAULT_SETTINGS } from '../../src/detection/settings.ts';
import { ALERT_KEY, build, Deployment, type Ended, RULES, until } from './support/deployment.ts';
import { makeFeed } from './support/feed.ts';
import { runInProcess } from './support/inProcess.ts';
import { difference, judge, standingAlerts } from './support/judge.ts';
import { client, produce, readTopic } from './support/kafka.ts';
import { OwnServers } from './support/ownServers.ts';

jest.setTimeout(120_000);

const servers = { brokers: process.env['KAFKA_BROKERS']!, redisUrl: process.env['REDIS_URL']! };
const kafka = client(servers.brokers);
const own = new OwnServers();
const open: { close(): Promise<void> }[] = [];
const UNREACHABLE = 3;

function deployment(more: Readonly<Record<string, string>> = {}, redisUrl: string = servers.redisUrl): Deployment {
  const made = new Deployment({ ...servers, redisUrl }, more);
  open.push(made);
  return made;
}

const ordinary = (records: number) => makeFeed({ seed: 5, records, nowMs: Date.now() }).filter(({ nature }) => nature === 'ordinary');

async function withAdmin<T>(work: (admin: ReturnType<typeof kafka.admin>) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function makeTopic(topic: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  await withAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions: 2, replicationFactor: 1, configEntries }], waitForLeaders: false }));
}

/** Runs until so many records are passed, then stops. */
async function runThrough(d: Deployment, records: number): Promise<void> {
  const run = d.run();
  await d.passes(records);
  expect((await run.stop()).status).toBe(0);
}

/** `run` must end by itself, quickly, with one clear line. */
async function refused(d: Deployment, code: string, words: string, args: readonly string[] = ['run']): Promise<Ended> {
  const ended = await d.command(args);
  expect(ended.err).toContain(`[${code}]`);
  expect(ended.err).toContain(words);
  expect(ended.status).toBe(UNREACHABLE);
  return ended;
}

beforeAll(build);
afterAll(async () => {
  for (const one of open) await one.close();
  await own.stop();
});

describe('run refuses, and says what to do', () => {
  test('a missing topic', async () => {
    const d = deployment();
    await refused(d, 'topic-missing', 'npx moneytrail topics apply');
    const doctor = await d.command(['doctor']);
    expect(doctor.status).toBe(1);
    expect(doctor.out).toContain(`The topic ${d.topic} does not exist`);
  });

  test.each([
    ['that lets senders say when a record was received', 'topic-timestamps', { 'message.timestamp.type': 'CreateTime', 'retention.ms': '-1' }],
    ['that forgets records before the windows do', 'topic-retention', { 'message.timestamp.type': 'LogAppendTime', 'retention.ms': '86400000' }],
    [
      'that forgets records by size',
      'topic-retention-bytes',
      { 'message.timestamp.type': 'LogAppendTime', 'retention.ms': '-1', 'retention.bytes': '1000000' },
    ],
    ['that is compacted', 'topic-cleanup', { 'message.timestamp.type': 'LogAppendTime', 'retention.ms': '-1', 'cleanup.policy': 'compact' }],
  ])('a topic %s', async (_, code, settings) => {
    const d = deployment();
    await makeTopic(d.topic, settings as unknown as Record<string, string>);
    await d.command(['topics', 'apply']);
    await refused(d, code, 'kafka-configs.sh');
    const applied = await d.command(['topics', 'apply']);
    expect(applied.status).toBe(1);
  });

  test('a Redis that evicts', async () => {
    const redis = await own.redis(['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru']);
    const d = deployment({}, redis.url);
    await d.applyTopics();
    const ended = await d.command(['run']);
    expect(ended.status).toBe(UNREACHABLE);
    expect(ended.err).toContain('noeviction');
  });

  test('a group that another kind of consumer uses', async () => {
    const d = deployment();
    await d.applyTopics();
    const consumer = kafka.consumer({ groupId: d.name });
    await consumer.connect();
    await consumer.subscribe({ topics: [d.topic] });
    await consumer.run({ eachMessage: async () => undefined });
    try {
      await refused(d, 'kafka-group-foreign', 'MONEYTRAIL_GROUP');
    } finally {
      await consumer.disconnect();
    }
  });

  test('a state folder in which a dying process could leave no word', async () => {
    const d = deployment({ MONEYTRAIL_STATE_DIR: '/sys/nowhere' });
    await refused(d, 'state-dir-unwritable', 'MONEYTRAIL_STATE_DIR');
    expect((await d.command(['doctor'])).out).toContain('/sys/nowhere cannot be written');
  });

  test('brokers and a Redis that are not there', async () => {
    const d = deployment({ KAFKA_BROKERS: '127.0.0.1:1' });
    await refused(d, 'kafka-unavailable', 'Kafka');
    const e = deployment({}, 'redis://127.0.0.1:1');
    const ended = await e.command(['run']);
    expect(ended.status).toBe(UNREACHABLE);
    expect(ended.err).toContain('Redis cannot be reached');
  });
});

describe('what stands in the queue', () => {
  test('a topic made anew under it is refused', async () => {
    const d = deployment();
    await d.applyTopics();
    await produce(kafka, d.topic, ordinary(1200));
    await runThrough(d, 1000);
    await withAdmin((admin) => admin.deleteTopics({ topics: [d.topic] }));
    await until('the topic is gone', () => withAdmin(async (admin) => !(await admin.listTopics()).includes(d.topic)), 20_000);
    await d.command(['topics', 'apply']);
    await refused(d, 'topic-renewed', 'is not the one that was read before');
    // Grown beyond the frontier it looks right by its offsets alone.
    await produce(kafka, d.topic, ordinary(3000));
    await refused(d, 'topic-renewed', 'is not the one that was read before');
  });

  test('a topic made anew under a run that lives: it waits while there is none, and ends', async () => {
    const d = deployment();
    await d.applyTopics();
    await produce(kafka, d.topic, ordinary(1200));
    const run = d.run();
    await d.passes(1000);
    await withAdmin((admin) => admin.deleteTopics({ topics: [d.topic] }));
    await run.says('kafka-topic-missing');
    expect(run.isAlive).toBe(true);
    await d.command(['topics', 'apply']);
    const { status, err } = await run.ended;
    expect(err).toContain('[topic-renewed]');
    expect(status).toBe(UNREACHABLE);
  });

  test('records that were lost before they were read are refused, until the gap is accepted', async () => {
    const d = deployment();
    await d.applyTopics();
    const feed = ordinary(2400);
    await produce(kafka, d.topic, feed.slice(0, 1000));
    await runThrough(d, 1000);
    const before = await standingAlerts(d.queue);
    await produce(kafka, d.topic, feed.slice(1000, 2000));
    await withAdmin(async (admin) => {
      const ends = await admin.fetchTopicOffsets(d.topic);
      await admin.deleteTopicRecords({
        topic: d.topic,
        partitions: ends.filter(({ high }) => Number(high) > 10).map(({ partition, high }) => ({ partition, offset: String(Number(high) - 10) })),
      });
    });
    await refused(d, 'log-lost', 'npx moneytrail run --accept-gap');
    const run = d.child(['run', '--accept-gap']);
    await d.passes(2000);
    expect((await run.stop()).status).toBe(0);
    // What the lost records had led to is not taken back.
    const after = await standingAlerts(d.queue);
    expect([...before.keys()].filter((id) => !after.has(id))).toEqual([]);
  });

  test('other rules are refused with the command that starts afresh, and rates may be appended', async () => {
    const d = deployment();
    await d.applyTopics();
    await produce(kafka, d.topic, ordinary(600));
    await runThrough(d, 500);
    const rules = mkdtempSync(join(tmpdir(), 'moneytrail-rules-'));
    try {
      cpSync(RULES, rules, { recursive: true });
      const file = join(rules, 'layering/it-alone.yaml');
      writeFileSync(file, readFileSync(file, 'utf8').replace('900 EUR', '901 EUR'));
      const ended = await d.command(['run'], { MONEYTRAIL_RULES: rules });
      expect(ended.err).toContain('[rules-changed]');
      expect(ended.err).toContain(`MONEYTRAIL_REDIS_PREFIX=${d.name}-2 npx moneytrail run`);
    } finally {
      rmSync(rules, { recursive: true });
    }
    const rates = d.env()['MONEYTRAIL_RATES']!;
    const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
    writeFileSync(rates, `${readFileSync(rates, 'utf8')}${day(Date.now() + 86_400_000)},GBP,0.9\n`);
    const run = d.run();
    await run.says('The state is rebuilt');
    expect((await run.stop()).status).toBe(0);
    writeFileSync(rates, `${readFileSync(rates, 'utf8')}${day(Date.now())},GBP,0.9\n`);
    await refused(d, 'rates-changed', 'starts afresh'.replace('starts', 'start'));
  });
});

describe('while it runs', () => {
  test('a full Redis stops it without losing anything, and it goes on when there is room', async () => {
    const redis = await own.redis(['--maxmemory', '3mb', '--maxmemory-policy', 'noeviction']);
    const admin = new Redis(redis.url);
    const d = deployment({}, redis.url);
    try {
      await d.applyTopics();
      const run = d.run();
      await run.says('Owner of the input');
      await produce(kafka, d.topic, ordinary(6000));
      await run.says('redis-full', 60_000);
      const cpu = run.cpuSeconds();
      await sleep(3000);
      expect(run.isAlive).toBe(true);
      expect(run.cpuSeconds() - cpu).toBeLessThan(2);
      await admin.config('SET', 'maxmemory', '0');
      const received = await readTopic(kafka, d.topic);
      await d.passes(received.length);
      expect((await run.stop()).status).toBe(0);
      expect(difference(await standingAlerts(d.queue), judge(received, () => false).alerts)).toEqual([]);
    } finally {
      admin.disconnect();
    }
  });

  test('a second instance stands by and leaves the first undisturbed, then takes over when it leaves', async () => {
    const d = deployment();
    await d.applyTopics();
    const feed = ordinary(4000);
    const first = d.run();
    await first.says('Owner of the input');
    await produce(kafka, d.topic, feed.slice(0, 1000));
    await d.passes(1000);
    const { epoch } = await d.queue.standing();
    const second = d.run();
    await second.says('Standing by');
    await produce(kafka, d.topic, feed.slice(1000, 2000));
    await d.passes(2000);
    expect((await d.queue.standing()).epoch).toBe(epoch);
    expect(first.errors).not.toContain('starting again');
    expect((await first.stop()).status).toBe(0);
    await second.says('The state is rebuilt');
    await produce(kafka, d.topic, feed.slice(2000, 3000));
    await d.passes(3000);
    expect((await d.queue.standing()).epoch).toBe(epoch + 1);
    expect((await second.stop()).status).toBe(0);
    const received = await readTopic(kafka, d.topic);
    expect(difference(await standingAlerts(d.queue), judge(received, () => false).alerts)).toEqual([]);
  });

  test('an instance that stands by takes over from one that was killed', async () => {
    const d = deployment();
    await d.applyTopics();
    const feed = ordinary(3000);
    const first = d.run();
    await first.says('Owner of the input');
    const second = d.run();
    await second.says('Standing by');
    await produce(kafka, d.topic, feed.slice(0, 2000));
    await first.kill();
    await d.passes(2000);
    expect(second.errors).toContain('Owner of the input');
    expect((await second.stop()).status).toBe(0);
    const received = await readTopic(kafka, d.topic);
    expect(difference(await standingAlerts(d.queue), judge(received, () => false).alerts)).toEqual([]);
  });

  test('an engine that is full takes nothing more and drops nothing; with room it goes on', async () => {
    const d = deployment({ MONEYTRAIL_ROWS_RESERVE: '1000', MONEYTRAIL_ROWS_MAX: '1000' });
    await d.applyTopics();
    const run = d.run();
    await run.says('Owner of the input');
    await produce(kafka, d.topic, ordinary(3000));
    await run.says('Intake has stopped');
    await sleep(1500);
    expect(run.isAlive).toBe(true);
    expect(Deployment.passed(await d.queue.standing())).toBe(1000);
    expect((await run.stop()).status).toBe(0);
    const again = d.run({ MONEYTRAIL_ROWS_MAX: '100000' });
    const received = await readTopic(kafka, d.topic);
    await d.passes(received.length);
    expect((await again.stop()).status).toBe(0);
    expect(difference(await standingAlerts(d.queue), judge(received, () => false).alerts)).toEqual([]);
  });

  test('partitions that are added are read from their beginning, under the same ownership', async () => {
    const d = deployment({ KAFKA_PARTITIONS: '1' });
    await d.applyTopics();
    const feed = ordinary(1800);
    const stateDir = mkdtempSync(join(tmpdir(), 'moneytrail-it-partitions-'));
    const run = runInProcess(d, stateDir, { tuning: { metadataMaxAgeMs: 500 }, settings: { ...DEFAULT_SETTINGS, alertKey: ALERT_KEY } });
    try {
      await run.start();
      await produce(kafka, d.topic, feed.slice(0, 500));
      await d.passes(500);
      const { epoch } = await d.queue.standing();
      await withAdmin((admin) => admin.createPartitions({ topicPartitions: [{ topic: d.topic, count: 3 }] }));
      // A partition that is being made has no leader yet, which the broker calls an error that passes.
      const partitions = (): Promise<number> =>
        withAdmin(async (admin) => (await admin.fetchTopicOffsets(d.topic)).length).catch((error: { retriable?: boolean }) => {
          if (error.retriable === true) return 0;
          throw error;
        });
      await until('the partitions are there', async () => (await partitions()) === 3, 20_000);
      await produce(kafka, d.topic, feed.slice(500, 1500));
      await d.passes(1500);
      const standing = await d.queue.standing();
      expect(standing.epoch).toBe(epoch);
      expect(Object.keys(standing.frontier).filter((key) => /\/\d+$/.test(key))).toHaveLength(3);
      await until('wm is past the silence of the third partition', async () => ((await d.queue.standing()).wmMs ?? 0) > 0, 20_000);
    } finally {
      await run.stop();
      rmSync(stateDir, { recursive: true });
    }
  });

  test('an old owner that was asleep is fenced: what it does late changes nothing', async () => {
    const d = deployment();
    await d.applyTopics();
    const feed = ordinary(4000);
    const first = d.run();
    await first.says('Owner of the input');
    await produce(kafka, d.topic, feed.slice(0, 1000));
    await d.passes(500);
    first.process.kill('SIGSTOP');
    // A group of its own stands for a group coordinator that has given up the sleeper.
    const second = d.run({ MONEYTRAIL_GROUP: `${d.name}-b` });
    await second.says('The state is rebuilt');
    await produce(kafka, d.topic, feed.slice(1000, 2000));
    await d.passes(1500);
    const stopped = await second.stop();
    expect(stopped.status).toBe(0);
    const { epoch } = await d.queue.standing();
    first.process.kill('SIGCONT');
    await produce(kafka, d.topic, feed.slice(2000, 3000));
    await d.passes(3000);
    expect((await first.stop()).status).toBe(0);
    expect((await d.queue.standing()).epoch).toBeGreaterThan(epoch);
    const received = await readTopic(kafka, d.topic);
    expect(difference(await standingAlerts(d.queue), judge(received, () => false).alerts)).toEqual([]);
  });

  test('aborted and open transactions of a producer: nothing of them counts, and the rest goes on', async () => {
    const d = deployment();
    await d.applyTopics();
    const feed = ordinary(1500);
    const run = d.run();
    await run.says('Owner of the input');
    const producer = kafka.producer({
      transactionalId: d.name,
      maxInFlightRequests: 1,
      idempotent: true,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    const send = async (from: number, to: number, commit: boolean): Promise<void> => {
      const transaction = await producer.transaction();
      await transaction.send({ topic: d.topic, messages: feed.slice(from, to).map(({ value }) => ({ partition: 0, value })) });
      await (commit ? transaction.commit() : transaction.abort());
    };
    await send(0, 300, true);
    await send(300, 600, false);
    await send(600, 900, true);
    await send(900, 1000, false);
    await producer.disconnect();
    // 1,000 records and four markers.
    await d.passes(1004);
    expect((await run.stop()).status).toBe(0);
    const again = d.run();
    await again.says('The state is rebuilt');
    expect((await again.stop()).status).toBe(0);
    const received = await readTopic(kafka, d.topic, false);
    expect(received).toHaveLength(600);
    expect(difference(await standingAlerts(d.queue), judge(received, () => false).alerts)).toEqual([]);
  });
});
