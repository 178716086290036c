// needs: kafka, redis

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Random } from '../../src/base/random.ts';
import { build, type Child, Deployment, until } from './support/deployment.ts';
import { type FeedRecord, makeFeed } from './support/feed.ts';
import { difference, foldFirehose, judge, standingAlerts } from './support/judge.ts';
import { client, produce, type Received, readTopic } from './support/kafka.ts';

jest.setTimeout(300_000);

const KILLS = process.env['VERIFY'] === '1' ? 60 : 20;
/** A kill with less than this in flight is a kill while idle, and not counted. */
const IN_FLIGHT_MIN = 1000;
const BURST_RECORDS = 1800;
const SEED = Number(process.env['MONEYTRAIL_SEED'] ?? 4711);

describe(`kill -9 at ${KILLS} random moments with work in flight, seed ${SEED}`, () => {
  const servers = { brokers: process.env['KAFKA_BROKERS']!, redisUrl: process.env['REDIS_URL']! };
  const deployment = new Deployment(servers);
  const kafka = client(servers.brokers);
  const random = new Random(SEED);
  const moments = { starting: 0, replaying: 0, live: 0 };
  let received: Received[];
  let malformed: Set<string>;
  let counted = 0;
  let finish: Awaited<Child['ended']>;

  /** Where the process was, by what it said last. */
  const momentOf = (run: Child): keyof typeof moments =>
    run.errors.includes('The state is rebuilt') || run.errors.includes('nothing was delivered before')
      ? 'live'
      : run.errors.includes('rebuilding the state')
        ? 'replaying'
        : 'starting';

  /** Each process joins a group of its own: one that was killed is still a member of the old one until its session ends, and waiting for that proves nothing. */
  async function startAndKill(i: number, burst: readonly FeedRecord[], sent: number): Promise<boolean> {
    const run = deployment.run({ MONEYTRAIL_GROUP: `${deployment.name}-${i}` });
    if (random.below(3) > 0) await until('it is live', () => momentOf(run) === 'live' || !run.isAlive, 60_000);
    const sending = produce(kafka, deployment.topic, burst);
    await sleep(random.below(1200));
    const moment = momentOf(run);
    expect(run.isAlive).toBe(true);
    await run.kill();
    await sending;
    const inFlight = sent + burst.length - Deployment.passed(await deployment.queue.standing());
    if (inFlight < IN_FLIGHT_MIN) return false;
    moments[moment]++;
    return true;
  }

  beforeAll(async () => {
    build();
    await deployment.applyTopics();
    const feed = makeFeed({ seed: SEED, records: BURST_RECORDS * 2 * KILLS, nowMs: Date.now() });
    malformed = new Set(feed.filter(({ nature, format }) => nature === 'malformed' && format === undefined).map(({ value }) => value.toString('base64')));
    let sent = 0;
    for (let i = 0; counted < KILLS && sent < feed.length; i++) {
      const burst = feed.slice(sent, sent + BURST_RECORDS);
      if (await startAndKill(i, burst, sent)) counted++;
      sent += burst.length;
    }
    received = await readTopic(kafka, deployment.topic);
    const last = deployment.run({ MONEYTRAIL_GROUP: `${deployment.name}-last` });
    await deployment.passes(received.length);
    finish = await last.stop();
  });
  afterAll(() => deployment.close());

  test('as many kills as wanted hit a process with work in flight, in every phase', () => {
    expect(counted).toBe(KILLS);
    expect(moments.live).toBeGreaterThan(KILLS / 4);
    expect(moments.starting + moments.replaying).toBeGreaterThan(0);
    expect(finish.status).toBe(0);
  });

  test("the alerts are the oracle's: nothing lost, nothing double, no revision missing", async () => {
    const isMalformed = ({ value, format }: Received): boolean => format !== undefined || malformed.has(value.toString('base64'));
    const judgement = judge(received, isMalformed);
    const alerts = await standingAlerts(deployment.queue);
    expect(difference(alerts, judgement.alerts)).toEqual([]);
    const { last, broken } = await foldFirehose(deployment.queue);
    expect(broken).toEqual([]);
    expect(last.size).toBe(judgement.alerts.size);
  });

  test('no malformed record was passed without having been told', async () => {
    const told = new Set((await readTopic(kafka, deployment.quarantine)).map(({ value }) => (JSON.parse(value.toString()) as { place: string }).place));
    const missing = received
      .filter(({ value, format }) => format !== undefined || malformed.has(value.toString('base64')))
      .filter(({ partition, offset }) => !told.has(`${deployment.topic}/${partition}/${offset}`));
    expect(missing).toEqual([]);
  });
});
