// needs: kafka, redis

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Run } from '../../src/pipeline/run.ts';
import type { RateTable } from '../../src/transactions/rateLookup.ts';
import { NO_RATES } from '../../src/transactions/rates.ts';
import { build, Deployment, until } from './support/deployment.ts';
import { makeFeed } from './support/feed.ts';
import { runInProcess } from './support/inProcess.ts';
import { standingAlerts } from './support/judge.ts';
import { client, produce, readTopic } from './support/kafka.ts';

jest.setTimeout(120_000);

const servers = { brokers: process.env['KAFKA_BROKERS']!, redisUrl: process.env['REDIS_URL']! };
/** An amount in kronor at which our rate table has a bug. */
const POISON_MINOR = 66_613;

class Bug extends Error {}

/** A part of ours that is wrong on purpose: the engine cannot be made to fail by any record that we know of. */
const faultyRates: RateTable = {
  digest: NO_RATES.digest,
  digestThrough: (ms) => NO_RATES.digestThrough(ms),
  convert: (amountMinor, from, to, timeMs) => {
    if (amountMinor === POISON_MINOR && from === 'SEK') throw new Bug('a bug');
    return NO_RATES.convert(amountMinor, from, to, timeMs);
  },
};

describe('a record at which the process ends', () => {
  const deployment = new Deployment(servers);
  const stateDir = mkdtempSync(join(tmpdir(), 'moneytrail-it-faults-'));
  const kafka = client(servers.brokers);
  const feed = makeFeed({ seed: 3, records: 2000, nowMs: Date.now() }).filter(({ nature }) => nature === 'ordinary');
  const template = JSON.parse(feed[700]!.value.toString()) as Record<string, unknown>;
  const poison = Buffer.from(JSON.stringify({ ...template, id: 'w0-poison', amount: { value: '666.13', currency: 'SEK' } }));
  let endings: unknown[];
  let last: Run;

  const start = (): Run => runInProcess(deployment, stateDir, { rates: faultyRates, tuning: { tickMs: 100, lateSayMs: 500 } });

  /** All is passed, and some time later the process still lives: what late records change is asked behind the frontier. */
  async function stays(): Promise<null> {
    await deployment.passes(1401, 15_000).catch(() => null);
    await sleep(3000);
    return null;
  }

  beforeAll(async () => {
    build();
    await deployment.applyTopics();
    const records = [...feed.slice(0, 700), { nature: 'ordinary' as const, value: poison }, ...feed.slice(700, 1400)];
    await produce(kafka, deployment.topic, records);
    endings = [];
    for (;;) {
      last = start();
      await last.start();
      const ended = await Promise.race([
        last.finished.then(
          () => null,
          (error: unknown) => error,
        ),
        stays(),
      ]);
      if (ended === null || endings.push(ended) === 5) break;
    }
  });
  afterAll(async () => {
    await last?.stop();
    await deployment.close();
    rmSync(stateDir, { recursive: true });
  });

  test('ends it twice or, where the record has to be searched for in its batch, three times, each time as a fault and not as a stop', () => {
    expect(endings.length).toBeGreaterThanOrEqual(2);
    expect(endings.length).toBeLessThanOrEqual(3);
    for (const error of endings) expect(error).toBeInstanceOf(Bug);
  });

  test('is then quarantined with its bytes, raises an alarm, and everything else goes on', async () => {
    const told = (await readTopic(kafka, deployment.quarantine)).map(({ value }) => JSON.parse(value.toString()) as { code: string; original: string });
    const faults = told.filter(({ code }) => code === 'engine-fault');
    expect(new Set(faults.map(({ original }) => original))).toEqual(new Set([poison.toString('base64')]));
    expect(last.status()).toMatchObject({ ready: true, alarms: ['engine-fault'] });
    expect((await deployment.queue.standing()).skip).toHaveLength(1);
    expect((await standingAlerts(deployment.queue)).size).toBeGreaterThan(0);
  });

  test('is skipped by the replay of the next process, which forgets the fault', async () => {
    await last?.stop();
    last = start();
    await last.start();
    await until('the next process is live', () => last.status().state === 'live', 30_000);
    const left = join(stateDir, 'faults.json');
    expect(existsSync(left) ? JSON.parse(readFileSync(left, 'utf8')) : { places: {}, suspects: {} }).toEqual({ places: {}, suspects: {} });
    expect((await deployment.queue.standing()).skip).toHaveLength(1);
  });
});
