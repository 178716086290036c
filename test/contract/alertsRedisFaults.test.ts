// needs: redis-process
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { AlertQueue } from '../../src/alerts/queue.ts';
import { redisConnection } from '../../src/alerts/redis/connection.ts';
import { redisFacts } from '../../src/alerts/redis/facts.ts';
import { createRedisQueue } from '../../src/alerts/redis/queue.ts';
import { makeCertificates } from '../support/servers/certificates.mjs';
import { startProxy } from '../support/servers/proxy.mjs';
import { startRedis } from '../support/servers/redis.mjs';
import { batchAfter, changeOf, deliver, idOf } from './alertsFixtures.ts';

type Server = Awaited<ReturnType<typeof startRedis>>;

const ended: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'moneytrail-faults-'));
  ended.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function server(args: string[] = []): Promise<Server> {
  const redis = await startRedis({ dir: folder(), args });
  ended.push(() => redis.stop());
  return redis;
}

function queueAt(url: string, security: Parameters<typeof redisConnection>[1] = {}, options: object = {}): AlertQueue {
  const queue = createRedisQueue({ redis: { ...redisConnection(url, security), ...options }, prefix: 'alerts', engineVersion: '0.1.0' });
  ended.push(() => queue.close());
  return queue;
}

function clientAt(url: string): Redis {
  const client = new Redis({ ...redisConnection(url), replyMapping: 'legacy' as const });
  ended.push(() => client.disconnect());
  return client;
}

const refusedWith = (code: string, retryable: boolean) => expect.objectContaining({ name: 'OperatingError', code, retryable, exitStatus: 3 });
const big = (n: number) => Array.from({ length: 100 }, (_, i) => changeOf(idOf(n * 100 + i), { title: 'x'.repeat(4000) }));

test('a full Redis is a retryable error, nothing is half applied, and delivery goes on when there is room', async () => {
  const redis = await server(['--maxmemory', '4mb', '--maxmemory-policy', 'noeviction']);
  const queue = queueAt(redis.url);
  await queue.takeOwnership('one');
  let failure: unknown = null;
  for (let n = 0; failure === null && n < 100; n++)
    failure = await deliver(queue, big(n)).then(
      () => null,
      (error: unknown) => error,
    );
  expect(failure).toEqual(refusedWith('redis-full', true));
  const stands = await queue.standing();
  expect((await queue.counts()).ready).toBe(stands.frontier['transactions/0']! * 100);
  await clientAt(redis.url).config('SET', 'maxmemory', '100mb');
  expect(await deliver(queue, big(stands.frontier['transactions/0']!))).toBe(100);
});

test('a connection over which nothing passes any more is given up, and the next call makes another', async () => {
  const redis = await server();
  const proxy = await startProxy(redis.port);
  ended.push(() => proxy.close());
  const queue = queueAt(`redis://127.0.0.1:${proxy.port}`, {}, { commandTimeout: 300 });
  await queue.takeOwnership('one');
  proxy.mute();
  await expect(queue.standing()).rejects.toEqual(refusedWith('redis-timeout', true));
  await expect(queue.standing()).resolves.toMatchObject({ epoch: 1 });
});

test('a lease that runs out while Redis is full is not half ended', async () => {
  const redis = await server(['--maxmemory-policy', 'noeviction']);
  let nowMs = 1_772_000_000_000;
  const client = clientAt(redis.url);
  const queue = createRedisQueue({ redis: client, prefix: 'alerts', engineVersion: '0.1.0', nowMs: () => nowMs });
  ended.push(() => queue.close());
  await queue.takeOwnership('one');
  await deliver(queue, [changeOf(idOf(1), {})]);
  await queue.claim({ by: 'ann', leaseMs: 10 });
  nowMs += 10;
  await client.config('SET', 'maxmemory', '1');
  const answer = await queue.get(idOf(1)).catch((error: unknown) => error);
  await client.config('SET', 'maxmemory', '0');
  if (answer instanceof Error) expect(answer).toEqual(refusedWith('redis-full', true));
  expect(await queue.counts()).toEqual({ ready: 1, claimed: 0, resolved: 0, withdrawn: 0, dead: 0 });
  expect(await queue.claim({ by: 'bea' })).toHaveLength(1);
});

test('an answer that is lost does not make anything happen twice', async () => {
  const redis = await server();
  const proxy = await startProxy(redis.port);
  ended.push(() => proxy.close());
  const queue = queueAt(`redis://127.0.0.1:${proxy.port}`);
  const direct = queueAt(redis.url);
  await queue.takeOwnership('one');

  /** The request arrives, its answer does not: the connection is cut once the server has done it, told by a second client. */
  const losing = async <T>(ask: () => Promise<T>, done: () => Promise<boolean>): Promise<T> => {
    await queue.standing();
    proxy.faults.dropReplies = true;
    const answer = ask();
    while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 5));
    proxy.cut();
    proxy.faults.dropReplies = false;
    return answer;
  };

  const many = Array.from({ length: 5 }, (_, n) => changeOf(idOf(n), {}));
  const batch = batchAfter(await queue.standing(), many);
  const delivered = await losing(
    () => queue.deliver(batch),
    async () => (await direct.counts()).ready === 5,
  );
  expect(delivered).toMatchObject({ applied: false, stored: { epoch: batch.epoch, ...batch.after } });
  expect(await direct.readFirehose('', 100)).toHaveLength(5);

  const claimed = await losing(
    () => queue.claim({ by: 'ann', count: 2 }),
    async () => (await direct.counts()).claimed > 0,
  );
  expect(claimed.map(({ alertId }) => alertId)).toEqual([idOf(0), idOf(1)]);
  expect((await direct.counts()).claimed).toBe(2);

  const noted = await losing(
    () => queue.note(idOf(0), 'ann', 'once'),
    async () => (await direct.get(idOf(0)))!.history.length > 1,
  );
  expect(noted).toMatchObject({ ok: true });
  expect((await direct.get(idOf(0)))!.history.filter(({ action }) => action === 'note')).toHaveLength(1);

  const resolved = await losing(
    () => queue.resolve(idOf(0), 'ann', 'reported', 'x'),
    async () => (await direct.counts()).resolved > 0,
  );
  expect(resolved).toMatchObject({ ok: true, alert: { state: 'resolved' } });

  const released = await losing(
    () => queue.release(idOf(1), 'ann'),
    async () => (await direct.counts()).claimed === 0,
  );
  expect(released).toMatchObject({ ok: true, alert: { state: 'ready', tries: 1 } });
});

test('an answer that does not come in time is a retryable error, and the queue works on', async () => {
  const redis = await server();
  const proxy = await startProxy(redis.port);
  ended.push(() => proxy.close());
  const queue = queueAt(`redis://127.0.0.1:${proxy.port}`, {}, { commandTimeout: 200 });
  await queue.takeOwnership('one');
  proxy.faults.dropReplies = true;
  await expect(queue.standing()).rejects.toEqual(refusedWith('redis-timeout', true));
  proxy.faults.dropReplies = false;
  proxy.cut();
  expect((await queue.standing()).epoch).toBe(1);
});

test('a server that is stopped is unreachable, and found again with what it held', async () => {
  const redis = await server();
  const queue = queueAt(redis.url, {}, {});
  await queue.takeOwnership('one');
  await deliver(queue, [changeOf(idOf(1), {})]);
  await redis.stop();
  await expect(queue.counts()).rejects.toEqual(refusedWith('redis-unreachable', true));
  await redis.start();
  expect((await queue.counts()).ready).toBe(1);
  expect(await deliver(queue, [changeOf(idOf(1), { score: 61 })])).toBe(1);
}, 30_000);

test('a server that is still reading its data says so', async () => {
  const dir = folder();
  const before = await startRedis({ dir });
  const client = clientAt(before.url);
  for (let n = 0; n < 2000; n++) void client.set(`key-${n}`, n);
  await client.set('last', 1);
  await before.stop();
  const slow = ['--key-load-delay', '10000', '--loading-process-events-interval-bytes', '1024'];
  const redis = await startRedis({ dir, args: slow });
  ended.push(() => redis.kill());
  await expect(queueAt(redis.url).standing()).rejects.toEqual(refusedWith('redis-loading', true));
}, 30_000);

test('a server that never was is unreachable', async () => {
  const redis = await server();
  await redis.stop();
  await expect(queueAt(redis.url).takeOwnership('one')).rejects.toEqual(refusedWith('redis-unreachable', true));
}, 30_000);

test('a replica takes no writes, and says so', async () => {
  const redis = await server();
  const queue = queueAt(redis.url);
  await queue.takeOwnership('one');
  await clientAt(redis.url).replicaof('127.0.0.1', '1');
  await expect(deliver(queue, [changeOf(idOf(1), {})])).rejects.toEqual(refusedWith('redis-read-only', true));
  await clientAt(redis.url).replicaof('NO', 'ONE');
  expect(await deliver(queue, [changeOf(idOf(1), {})])).toBe(1);
});

test('keys of somebody else under the prefix are not overwritten', async () => {
  const redis = await server();
  await clientAt(redis.url).set('{alerts}:standing', 'mine');
  await expect(queueAt(redis.url).takeOwnership('one')).rejects.toEqual(refusedWith('redis-foreign-data', false));
});

test('a server tells what decides whether it may keep the queue', async () => {
  const redis = await server(['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru']);
  expect(await redisFacts(redisConnection(redis.url))).toEqual({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    maxmemoryBytes: 64 << 20,
    usedMemoryBytes: expect.any(Number),
    maxmemoryPolicy: 'allkeys-lru',
    appendOnly: true,
    role: 'master',
  });
  await redis.stop();
  await expect(redisFacts(redisConnection(redis.url))).rejects.toEqual(refusedWith('redis-unreachable', true));
});

describe('a server that asks who we are', () => {
  const password = 'canary-pass-1';

  test('lets in by password, and refuses none or a wrong one at once, without telling it', async () => {
    const redis = await server(['--requirepass', password]);
    expect((await queueAt(redis.url, { password }).takeOwnership('one')).epoch).toBe(1);
    expect((await queueAt(redis.url.replace('//', `//:${password}@`)).takeOwnership('two')).epoch).toBe(2);
    for (const security of [{}, { password: `${password}x` }]) {
      const failure = await queueAt(redis.url, security)
        .takeOwnership('three')
        .catch((error: unknown) => error);
      expect(failure).toEqual(refusedWith('redis-auth', false));
      expect(everyWord(failure)).not.toContain('canary');
    }
  });

  test('lets in by user, and says where the user may not do what the queue needs', async () => {
    const redis = await server();
    const client = clientAt(redis.url);
    await client.call('ACL', 'SETUSER', 'queue', 'on', `>${password}`, '~*', '+@all');
    await client.call('ACL', 'SETUSER', 'reader', 'on', `>${password}`, '~*', '+@read', '+@connection');
    expect((await queueAt(redis.url, { username: 'queue', password }).takeOwnership('one')).epoch).toBe(1);
    await expect(queueAt(redis.url, { username: 'reader', password }).takeOwnership('one')).rejects.toEqual(refusedWith('redis-permission', false));
    await expect(queueAt(redis.url, { username: 'nobody', password }).takeOwnership('one')).rejects.toEqual(refusedWith('redis-auth', false));
  });

  test('speaks TLS with an authority of its own, and asks for our certificate', async () => {
    const certificates = makeCertificates(folder());
    const plain = await server();
    await plain.stop();
    const port = plain.port;
    const tls = ['--tls-port', String(port), '--port', '0', '--tls-cert-file', certificates.certFile, '--tls-key-file', certificates.keyFile];
    const redis = await startRedis({ dir: folder(), port, args: [...tls, '--tls-ca-cert-file', certificates.caFile, '--tls-auth-clients', 'yes'] });
    ended.push(() => redis.stop());
    const [ca, cert, key] = await Promise.all([certificates.caFile, certificates.clientCertFile, certificates.clientKeyFile].map((file) => readFile(file)));
    const url = `rediss://localhost:${port}`;
    expect((await queueAt(url, { ca: ca!, cert: cert!, key: key! }).takeOwnership('one')).epoch).toBe(1);
    await expect(queueAt(url, { cert: cert!, key: key! }).takeOwnership('one')).rejects.toEqual(refusedWith('redis-tls', false));
  });
});

test('all keys of a script lie in one slot of a Redis Cluster, and no script touches another key', async () => {
  const redis = await server(['--cluster-enabled', 'yes']);
  const client = clientAt(redis.url);
  await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await new Promise((resolve) => setTimeout(resolve, 20));
  const queue = queueAt(redis.url);
  await queue.takeOwnership('one');
  await deliver(queue, [changeOf(idOf(1), {}), changeOf(idOf(2), { route: 'person-at-risk' })]);
  await queue.claim({ by: 'ann' });
  await queue.extend(idOf(1), 'ann', 1000);
  await queue.note(idOf(1), 'ann', 'x');
  await queue.resolve(idOf(1), 'ann', 'reported', 'x');
  await queue.reopen(idOf(1), 'ann', 'x');
  await queue.claim({ by: 'ann' });
  await queue.release(idOf(1), 'ann');
  await deliver(queue, [changeOf(idOf(1), null), changeOf(idOf(2), null)]);
  expect(await queue.list({ state: 'any' })).toMatchObject([{ state: 'withdrawn' }]);
  expect(await queue.notFinal(0)).toEqual([]);
  expect(await queue.readFirehose('', 10)).toHaveLength(4);
  const slots = new Set(await Promise.all((await client.keys('*')).map((key) => client.cluster('KEYSLOT', key))));
  expect(slots.size).toBe(1);
});

test('a batch beyond one call is applied in several, and moves the frontier last', async () => {
  const redis = await server();
  const queue = queueAt(redis.url);
  const stands = await queue.takeOwnership('one');
  const client = clientAt(redis.url);
  const many = Array.from({ length: 10_001 }, (_, n) => changeOf(idOf(n), {}));
  expect(await queue.deliver(batchAfter(stands, many))).toEqual({ applied: true, revisions: 10_001 });
  expect((await queue.counts()).ready).toBe(10_001);
  const calls = String(await client.info('commandstats')).match(/cmdstat_evalsha?:calls=(\d+)/g);
  expect(calls).not.toBeNull();
  expect(await queue.deliver(batchAfter(stands, many))).toMatchObject({ applied: false, stored: { wmMs: 1000 } });
}, 60_000);

/** Everything that somebody might print of an error. */
function everyWord(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return [
    error.message,
    error.stack,
    JSON.stringify(error),
    ...Object.values(error).map((v) => JSON.stringify(v)),
    error.cause === undefined ? '' : everyWord(error.cause),
  ].join(' ');
}
