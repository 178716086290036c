// needs: kafka-process, redis-process

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { build, type Child, Deployment, until } from './support/deployment.ts';
import { type FeedRecord, makeFeed } from './support/feed.ts';
import { difference, judge, standingAlerts } from './support/judge.ts';
import { client, produce, readTopic } from './support/kafka.ts';
import { OwnServers, type ServerProxy } from './support/ownServers.ts';

jest.setTimeout(120_000);

/** Far longer than it takes, and shorter than the watch over a run that stands still waits. */
const PASSED_MS = 40_000;
/** Longer than leaving the group may take. */
const STOPPED_MS = 20_000;
/** A member is given up after this, so that it stays one over what happens here. */
const SESSION_MS = 15_000;
/** A delivery that finds no Redis takes 3 s, and a heartbeat follows it. */
const BEFORE_HEARTBEAT_MS = 2500;
/** Until after the heartbeat, and not so long that kafkajs would begin anew of itself. */
const AWAY_MS = 2000;

/** Connections that break at the moment at which it hurts most, found in a long loop of real outages. The servers themselves live on. */
describe('a connection that breaks', () => {
  const servers = new OwnServers();
  let kafka: ServerProxy;
  let redis: ServerProxy;
  let deployment: Deployment;
  let feed: readonly FeedRecord[];
  let run: Child;

  beforeAll(async () => {
    build();
    [kafka, redis] = await Promise.all([servers.kafkaBehindProxy(), servers.redisBehindProxy()]);
  });
  afterAll(async () => {
    await servers.stop();
  });

  /** A run that has passed 500 records. */
  beforeEach(async () => {
    deployment = new Deployment(
      { brokers: `127.0.0.1:${kafka.port}`, redisUrl: `redis://127.0.0.1:${redis.port}` },
      { KAFKA_SESSION_TIMEOUT: `${SESSION_MS}ms` },
    );
    await deployment.applyTopics();
    feed = makeFeed({ seed: 4, records: 3200, nowMs: Date.now() }).filter(({ nature }) => nature === 'ordinary');
    run = deployment.run();
    await run.says('Owner of the input');
    await send(0, 500);
    await deployment.passes(500);
  });
  afterEach(async () => {
    Object.assign(kafka.faults, { cutReplyOver: 0, dropReplies: false });
    redis.faults.refuse = false;
    await deployment.close();
  });

  const send = (from: number, to: number): Promise<void> => produce(client(deployment.servers.brokers), deployment.topic, feed.slice(from, to));

  async function endsWell(): Promise<void> {
    const received = await readTopic(client(deployment.servers.brokers), deployment.topic);
    await deployment.passes(received.length, PASSED_MS, run);
    expect((await run.stop()).status).toBe(0);
    expect(difference(await standingAlerts(deployment.queue), judge(received, () => false).alerts)).toEqual([]);
  }

  test('so that a heartbeat fails in the middle of a batch, while the group goes on as if nothing had been', async () => {
    redis.faults.refuse = true;
    redis.cut();
    await send(500, 1500);
    await until('two deliveries have failed', () => run.errors.split('A delivery failed').length > 2, 20_000);
    await sleep(BEFORE_HEARTBEAT_MS);
    await kafka.away();
    await sleep(AWAY_MS);
    await kafka.back();
    redis.faults.refuse = false;
    await endsWell();
  });

  test('so that no answer of Kafka arrives holds up no stop', async () => {
    kafka.faults.dropReplies = true;
    // Kafka's client waits 15 s for each answer, and tries again.
    const stopped = run.stop();
    await until('the process has ended', () => !run.isAlive, STOPPED_MS);
    expect((await stopped).status).toBe(0);
  });

  test('in the middle of an answer with records', async () => {
    const sending = send(500, 2500);
    // Pieces of so many bytes hold records.
    kafka.faults.cutReplyOver = 5000;
    await sending;
    expect(kafka.faults.cutReplyOver).toBe(0);
    await endsWell();
  });
});
