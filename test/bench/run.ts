import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import kafkajs, { type Producer } from 'kafkajs';
import type { AlertQueue } from '../../src/alerts/queue.ts';
import { redisConnection } from '../../src/alerts/redis/connection.ts';
import { createRedisQueue } from '../../src/alerts/redis/queue.ts';
import { ownCases } from '../../src/app/paths.ts';
import { generateFeed } from '../../src/simulation/feed.ts';
import { latencyLine } from './support/latencyFeed.ts';

/**
 * `run` on a real Kafka and a real Redis, all on this machine: first it drains a full topic (records a second, from the first delivery to the last), then
 * records come at a steady rate, and the time from a record's append to the revision that it causes is read off the firehose (p50, p99; the records carry
 * the time at which they are sent, so sending is counted in). Kafka and Redis are started apart from any that run here.
 * Arguments: records to drain (600,000 unless given), records a second of the second part (10,000), its seconds (30).
 */
const [drainCount, rate, seconds] = [process.argv[2] ?? '600000', process.argv[3] ?? '10000', process.argv[4] ?? '30'].map(Number) as [number, number, number];
const PARTITIONS = 8;
const SEND_RECORDS = 800;
const DAY_MS = 86_400_000;
const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

interface Server {
  stop(): Promise<void>;
}
interface Servers {
  startKafka(options: { dir: string; heapMb: number }): Promise<Server & { brokers: string }>;
  startRedis(options: { dir: string }): Promise<Server & { url: string }>;
}

async function servers(): Promise<Servers> {
  const folder = join(process.cwd(), 'test/support/servers');
  const [kafka, redis] = await Promise.all(['kafka.mjs', 'redis.mjs'].map((name) => import(join(folder, name)) as Promise<object>));
  return { ...kafka, ...redis } as Servers;
}

class Deployment {
  private readonly env: NodeJS.ProcessEnv;
  private child: ChildProcess | null = null;
  readonly queue: AlertQueue;

  constructor(env: Record<string, string>) {
    this.env = { ...process.env, ...env };
    this.queue = createRedisQueue({ redis: redisConnection(env['REDIS_URL']!), prefix: env['MONEYTRAIL_REDIS_PREFIX']!, engineVersion: '' });
  }

  cli(args: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [CLI, ...args], { env: this.env, stdio: 'inherit' });
      child.once('exit', (status) => (status === 0 ? resolve() : reject(new Error(`${args[0]} ended with ${status}`))));
    });
  }

  start(): void {
    this.child = spawn(process.execPath, [CLI, 'run'], { env: { ...this.env, LOG_LEVEL: 'warn' }, stdio: 'inherit' });
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child === null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  /** Records below the frontier, by the topic's own offsets. */
  async consumed(topic: string): Promise<number> {
    const { frontier } = await this.queue.standing();
    return Object.entries(frontier).reduce((sum, [place, next]) => sum + (new RegExp(`^${topic}/\\d+$`).test(place) ? next : 0), 0);
  }
}

async function drain(deployment: Deployment, producer: Producer, topic: string): Promise<void> {
  const startMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS;
  const { lines } = generateFeed({ seed: 11, events: drainCount, parameters: ownCases(), startMs, days: 1 });
  const waiting: { value: string }[][] = Array.from({ length: PARTITIONS }, () => []);
  const send = async (partition: number): Promise<void> => {
    const messages = waiting[partition]!.splice(0).map((message) => ({ ...message, partition }));
    if (messages.length > 0) await producer.send({ topic, messages });
  };
  let i = 0;
  for (const line of lines) {
    const partition = i++ % PARTITIONS;
    waiting[partition]!.push({ value: line });
    if (waiting[partition]!.length === SEND_RECORDS) await send(partition);
  }
  for (let partition = 0; partition < PARTITIONS; partition++) await send(partition);
  deployment.start();
  const first = await reached(deployment, topic, 1);
  const last = await reached(deployment, topic, drainCount);
  const perSecond = (last.records - first.records) / ((last.atMs - first.atMs) / 1000);
  console.log(`drain            ${drainCount.toLocaleString('en')} records, ${Math.round(perSecond).toLocaleString('en')} a second`);
}

async function reached(deployment: Deployment, topic: string, records: number): Promise<{ atMs: number; records: number }> {
  for (;;) {
    const consumed = await deployment.consumed(topic);
    if (consumed >= records) return { atMs: performance.now(), records: consumed };
    await sleep(20);
  }
}

async function latency(deployment: Deployment, producer: Producer, topic: string): Promise<void> {
  let cursor = await endOfFirehose(deployment.queue);
  const startedMs = Date.now();
  let sent = 0;
  while (Date.now() - startedMs < seconds * 1000) {
    const due = Math.min(Math.floor(((Date.now() - startedMs) / 1000) * rate), sent + rate);
    const partition = Math.floor(sent / 100) % PARTITIONS;
    const messages = Array.from({ length: Math.max(0, Math.min(due - sent, 200)) }, (_, i) => ({ value: latencyLine(sent + i, Date.now()), partition }));
    if (messages.length === 0) {
      await sleep(2);
      continue;
    }
    await producer.send({ topic, messages });
    sent += messages.length;
  }
  await reached(deployment, topic, drainCount + sent);
  const delays: number[] = [];
  for (let page = await deployment.queue.readFirehose(cursor, 1000); page.length > 0; page = await deployment.queue.readFirehose(cursor, 1000)) {
    for (const { id, line } of page) if (line.includes('latency-')) delays.push(delayOf(id, line));
    cursor = page.at(-1)!.id;
  }
  delays.sort((a, b) => a - b);
  const at = (share: number): string => `${delays[Math.min(delays.length - 1, Math.floor(delays.length * share))]} ms`;
  const actual = Math.round(sent / ((Date.now() - startedMs) / 1000));
  console.log(`append to alert  at ${actual.toLocaleString('en')} records a second: p50 ${at(0.5)}, p99 ${at(0.99)}, ${delays.length} revisions`);
}

async function endOfFirehose(queue: AlertQueue): Promise<string> {
  let cursor = '0';
  for (let page = await queue.readFirehose(cursor, 1000); page.length > 0; page = await queue.readFirehose(cursor, 1000)) cursor = page.at(-1)!.id;
  return cursor;
}

/** From the latest hit's time, which is when its record was sent, to the revision in the stream, whose id begins with Redis's time. */
function delayOf(id: string, line: string): number {
  const { hits } = JSON.parse(line) as { hits: { time: string }[] };
  return Number.parseInt(id, 10) - Math.max(...hits.map((hit) => Date.parse(hit.time)));
}

const dir = mkdtempSync(join(tmpdir(), 'moneytrail-bench-'));
const { startKafka, startRedis } = await servers();
const redis = await startRedis({ dir: join(dir, 'redis') });
const kafka = await startKafka({ dir: join(dir, 'kafka'), heapMb: 512 });
const deployment = new Deployment({
  KAFKA_BROKERS: kafka.brokers,
  REDIS_URL: redis.url,
  MONEYTRAIL_REDIS_PREFIX: 'bench',
  MONEYTRAIL_STATE_DIR: join(dir, 'state'),
});
try {
  await deployment.cli(['topics', 'apply']);
  const producer = new kafkajs.Kafka({ brokers: [kafka.brokers], logLevel: kafkajs.logLevel.ERROR }).producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  await drain(deployment, producer, 'transactions');
  await latency(deployment, producer, 'transactions');
  await producer.disconnect();
} finally {
  await deployment.stop();
  await deployment.queue.close();
  await kafka.stop();
  await redis.stop();
  rmSync(dir, { recursive: true });
}
