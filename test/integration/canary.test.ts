// needs: kafka, redis
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { CANARY, CANARY_SEEN, canaryRecords } from '../support/canaries.ts';
import { freePort } from '../support/servers/processes.mjs';
import { Deployment, type Ended, until } from './support/deployment.ts';
import { client, produce } from './support/kafka.ts';

// Each test starts processes.
jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'moneytrail-canary-'));
const deployment = new Deployment({ brokers: process.env['KAFKA_BROKERS']!, redisUrl: process.env['REDIS_URL']! });
afterAll(async () => {
  await deployment.close();
  rmSync(folder, { recursive: true });
});

const records = canaryRecords(Date.now() - 60_000);
const feed = join(folder, 'feed.jsonl');
writeFileSync(feed, Buffer.concat(records.flatMap((record) => [record, Buffer.from('\n')])));

/** The lines that hold the canary, at most three, so that a failure can be read. */
const seenIn = (...texts: readonly string[]): string[] =>
  texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => CANARY_SEEN.test(line))
    .map((line) => line.slice(0, 500))
    .slice(0, 3);
const printed = ({ out, err }: Ended): string[] => seenIn(out, err);

test('screen prints a summary without any value of a record; what it writes for people to look into has them', async () => {
  const [out, quarantine, late] = ['alerts', 'quarantine', 'late'].map((name) => join(folder, name));
  const ended = await deployment.command(['screen', feed, '--out', out!, '--quarantine', quarantine!, '--late', late!], { LOG_LEVEL: 'trace' });
  expect([ended.status, printed(ended)]).toEqual([0, []]);
  expect(ended.out + ended.err).toMatch(/reject|refus/i);
  const told = readFileSync(quarantine!, 'utf8').trim().split('\n');
  expect(told.length).toBeGreaterThan(100);
  const originals = told.map((line) => JSON.parse(line) as { code: string; field: string; reason: string; original?: string });
  expect(originals.filter(({ original = '' }) => CANARY_SEEN.test(Buffer.from(original, 'base64').toString())).length).toBeGreaterThan(100);
  expect(seenIn(...originals.map(({ code, field, reason }) => `${code} ${field} ${reason}`))).toEqual([]);
});

test('feed check tells record, field and reason, and no value', async () => {
  const ended = await deployment.command(['feed', 'check', feed], { LOG_LEVEL: 'trace' });
  expect([ended.status, printed(ended)]).toEqual([1, []]);
  expect(ended.out).toContain('not-json');
});

test('run says and serves nothing of a record at any level', async () => {
  await deployment.applyTopics();
  const port = await freePort();
  const run = deployment.run({ LOG_LEVEL: 'trace', MONEYTRAIL_HTTP_PORT: String(port) });
  await run.says('Owner of the input');
  await produce(
    client(deployment.servers.brokers),
    deployment.topic,
    records.map((value) => ({ value, nature: 'ordinary' as const })),
  );
  await deployment.passes(records.length);
  const page = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  await until('the refusals are counted', async () => /moneytrail_rejections_total\{code="not-json"\} [1-9]/.test(await page('/metrics')), 10_000);
  const [metrics, ready, health] = [await page('/metrics'), await page('/readyz'), await page('/healthz')];
  expect(seenIn(metrics, ready, health)).toEqual([]);
  const ended = await run.stop();
  expect([ended.status, printed(ended)]).toEqual([0, []]);
}, 60_000);

describe('a crash says where and not what', () => {
  /** Makes any command meet an exception that nobody catches, as soon as its code is loaded. */
  const crashing = (what: string): Record<string, string> => ({
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(`const wait = setInterval(() => { if (process.listenerCount('uncaughtException') > 0) { clearInterval(wait); ${what} } }, 20)`)}`,
    LOG_LEVEL: 'trace',
  });

  test.each([
    ['an exception', `throw new TypeError('${CANARY}\\n    at ${CANARY} (${CANARY}.js:1:1)')`],
    ['a rejection', `Promise.reject(new Error('${CANARY}', { cause: '${CANARY}' }))`],
    ['a thrown text', `throw '${CANARY}'`],
  ])(
    '%s',
    async (_name, what) => {
      await deployment.applyTopics();
      const ended = await deployment.command(['run'], crashing(what));
      expect([ended.status, printed(ended)]).toEqual([4, []]);
      expect(ended.err).toContain('internal error, the process ends');
    },
    30_000,
  );
});
