// needs: redis
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { alertLine } from '../../src/alerts/line.ts';
import type { AlertQueue } from '../../src/alerts/queue.ts';
import { redisConnection } from '../../src/alerts/redis/connection.ts';
import { queueKeys } from '../../src/alerts/redis/keys.ts';
import { createRedisQueue } from '../../src/alerts/redis/queue.ts';
import { runCli } from '../../src/cli/program.ts';
import { changeOf, deliver, idOf } from './alertsFixtures.ts';

/** The analyst's commands on a real queue, as a shell starts them. */
const [A, B, C] = [idOf(1), idOf(2), idOf(3)];
const client = new Redis({ ...redisConnection(process.env['REDIS_URL'] ?? ''), lazyConnect: true, replyMapping: 'legacy' });
afterAll(() => client.disconnect());

async function withQueue(work: (queue: AlertQueue) => Promise<void>): Promise<void> {
  const prefix = `test-${randomUUID()}`;
  process.env['MONEYTRAIL_REDIS_PREFIX'] = prefix;
  const queue = createRedisQueue({ redis: client, prefix, engineVersion: '0.1.0' });
  try {
    await queue.takeOwnership('one');
    await deliver(queue, [
      changeOf(A, { severity: 'high', title: 'first' }),
      changeOf(B, { severity: 'low', title: 'second' }),
      changeOf(C, { route: 'person-at-risk' }),
    ]);
    await work(queue);
  } finally {
    delete process.env['MONEYTRAIL_REDIS_PREFIX'];
    await queue.close();
    await client.del(...queueKeys(prefix).all);
  }
}

interface Told {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function alerts(...args: readonly string[]): Promise<Told> {
  const said = { out: '', err: '' };
  const status = await runCli(['alerts', ...args], { out: (text) => void (said.out += text), err: (text) => void (said.err += text), errIsTerminal: false });
  return { status, ...said };
}

/** What a command that must succeed said. */
async function good(...args: readonly string[]): Promise<string> {
  const { status, out, err } = await alerts(...args);
  expect({ args, status, err }).toEqual({ args, status: 0, err: '' });
  return out;
}

/** The code of the refusal of a command that must be refused, as wrong use and without a word on standard output. */
async function refused(...args: readonly string[]): Promise<string> {
  const { status, out, err } = await alerts(...args);
  expect({ args, status, out }).toEqual({ args, status: 2, out: '' });
  return err;
}

const lines = (out: string): { alertId: string; rev: number; op: string }[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { alertId: string; rev: number; op: string });

test('list --json has each alert as it is stored, people at risk first, all of them; by state, lane and number', () =>
  withQueue(async (queue) => {
    const out = await good('list', '--json');
    expect(lines(out).map((l) => l.alertId)).toEqual([C, A, B]);
    const stored = await Promise.all([C, A, B].map(async (id) => (await queue.get(id))!));
    expect(out).toBe(stored.map((alert) => `${alertLine(alert, alert.engineVersion)}\n`).join(''));
    expect(lines(await good('list', '--json', '--lane', 'standard', '--limit', '1')).map((l) => l.alertId)).toEqual([A]);
    expect(await good('list', '--json', '--state', 'dead')).toBe('');
    expect(await good('list', '--state', 'dead')).toBe('No alerts.\n');
    await queue.claim({ by: 'ann', alertId: B });
    expect(lines(await good('list', '--json', '--state', 'claimed')).map((l) => l.alertId)).toEqual([B]);
    expect(lines(await good('list', '--json', '--state', 'any')).map((l) => l.alertId)).toEqual([C, A, B]);
  }));

test('list in words says when there are more than it shows', () =>
  withQueue(async (queue) => {
    const { out, err } = await alerts('list', '--limit', '2');
    expect([out.includes(C), out.includes(A), out.includes(B), err]).toEqual([true, true, false, 'These are the first 2; --limit shows more.\n']);
    expect((await alerts('list', '--limit', '3')).err).toBe('');
    await deliver(
      queue,
      Array.from({ length: 1200 }, (_, n) => changeOf(idOf(n + 10), {})),
    );
    expect((await alerts('list')).err).toBe('These are the first 100; --limit shows more.\n');
    expect(lines(await good('list', '--json'))).toHaveLength(1203);
  }));

test('one alert from claim to resolution and back, and what each step leaves on it', () =>
  withQueue(async (queue) => {
    expect(await good('claim', '--as', 'ann')).toContain('first');
    expect(await good('extend', A, '--as', 'ann', '--lease', '2h')).toContain('held by ann until');
    expect(await good('note', A, 'asked the bank\nby phone', '--as', 'bob')).toContain(A);
    expect(await good('release', A, '--as', 'ann', '--note', 'holiday')).toContain('ready');
    expect(lines(await good('claim', A, '--as', 'bob', '--lease', '5m', '--json'))).toMatchObject([{ alertId: A, rev: 1, op: 'open' }]);
    expect(await good('resolve', A, '--as', 'bob', '--disposition', 'reported', '--reason', 'STR 1', '--rev', '1')).toContain('resolved');
    const shown = await good('show', A);
    for (const words of [
      'resolved as reported by bob',
      'because: STR 1',
      '      asked the bank\n      by phone\n',
      'ann  extend',
      'holiday',
      'given back 1 time',
    ])
      expect(shown).toContain(words);
    expect(await good('reopen', A, '--as', 'cid', '--reason', 'wrong file')).toContain('ready');
    expect((await queue.get(A))?.history.map(({ by, action }) => `${by} ${action}`)).toEqual([
      'ann claim',
      'ann extend',
      'bob note',
      'ann release',
      'bob claim',
      'bob resolve',
      'cid reopen',
    ]);
  }));

test('whoever comes second is told why', () =>
  withQueue(async (queue) => {
    await good('claim', A, '--as', 'ann\u202e');
    expect(await refused('claim', A, '--as', 'bob')).toMatch(/it is claimed by ann\\u\{202e\} until \S+Z \[alert-wrong-state\]/);
    expect(await refused('extend', A, '--as', 'bob')).toContain('[alert-not-holder]');
    expect(await refused('resolve', A, '--as', 'bob', '--disposition', 'reported', '--reason', 'x')).toContain('[alert-not-holder]');
    await deliver(queue, [changeOf(A, { severity: 'high', title: 'third', hits: ['h1', 'h2'] })]);
    expect(await good('show', A)).toContain('CHANGED since it was claimed');
    expect(await refused('resolve', A, '--as', 'ann\u202e', '--disposition', 'reported', '--reason', 'x', '--rev', '1')).toContain('[alert-changed]');
    await deliver(queue, [changeOf(A, null), changeOf(B, null)]);
    expect(await good('show', A)).toContain('WITHDRAWN');
    expect(await good('show', B)).toBe(`Alert ${B}, revision 2, was retracted: it has no hits any more, and nothing else of it is kept.\n`);
    expect(lines(await good('show', B, '--json'))).toMatchObject([{ alertId: B, rev: 2, op: 'retract' }]);
    expect(await refused('claim', B, '--as', 'bob')).toContain('[alert-not-found]');
    expect(await good('claim', '--as', 'bob')).toBe('Nothing is ready in the lane standard; there is work in person-at-risk (--lane person-at-risk).\n');
    await good('claim', C, '--as', 'bob');
    expect(await good('claim', '--as', 'bob')).toBe('Nothing is ready in the lane standard.\n');
    expect(await good('claim', '--as', 'bob', '--json')).toBe('');
  }));

test('wrong use is told before anything is done', () =>
  withQueue(async (queue) => {
    const long = 'x'.repeat(2001);
    for (const [words, args] of [
      ['--as', ['claim']],
      ['must not be empty', ['claim', '--as', ' ']],
      ['control characters', ['claim', '--as', 'a\u001b[31m']],
      ['from 1 to 100', ['claim', '--as', 'a', '--count', '101']],
      ['from 1ms to 24h', ['claim', '--as', 'a', '--lease', '25h']],
      ['from 1ms to 24h', ['claim', '--as', 'a', '--lease', '0ms']],
      ['longer than 2000', ['note', A, long, '--as', 'a']],
      ['longer than 2000', ['resolve', A, '--as', 'a', '--disposition', 'reported', '--reason', long]],
      ['one of: reported', ['resolve', A, '--as', 'a', '--disposition', 'guilty', '--reason', 'x']],
      ['--reason', ['reopen', A, '--as', 'a']],
      ['alert-not-found', ['note', 'none', 'x', '--as', 'a']],
      ['alert-not-found', ['show', '\u001b[2J\u202e']],
      ['alert-wrong-state', ['release', A, '--as', 'a']],
      ['alert-wrong-state', ['reopen', A, '--as', 'a', '--reason', 'x']],
      ['too many arguments', ['show', A, B]],
      ['ready, claimed', ['list', '--state', 'open']],
    ] as const) {
      const err = await refused(...args);
      expect(err).toContain(words);
      if (args[0] === 'show') expect(err).not.toMatch(/[\u001b\u202e]/);
    }
    expect(await queue.counts()).toMatchObject({ ready: 3, claimed: 0 });
    expect((await queue.get(A))?.history).toEqual([]);
  }));
