// needs: kafka-process, redis-process

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { makeCertificates } from '../support/servers/certificates.mjs';
import { KAFKA_USER } from '../support/servers/kafka.mjs';
import { freePort } from '../support/servers/processes.mjs';
import { build, Deployment } from './support/deployment.ts';
import { makeFeed } from './support/feed.ts';
import { standingAlerts } from './support/judge.ts';
import { client, produce } from './support/kafka.ts';
import { type OwnKafka, OwnServers } from './support/ownServers.ts';

jest.setTimeout(120_000);

const UNREACHABLE = 3;
const SECRET = 'a-secret-that-must-not-be-shown';

describe('servers that require more than an address', () => {
  const servers = new OwnServers();
  const dir = mkdtempSync(join(tmpdir(), 'moneytrail-tls-'));
  const open: Deployment[] = [];
  let kafka: OwnKafka;
  let redisUrl: string;

  beforeAll(async () => {
    build();
    kafka = await servers.kafka({ secure: true });
    redisUrl = (await servers.redis()).url;
  });
  afterAll(async () => {
    for (const one of open) await one.close();
    await servers.stop();
    rmSync(dir, { recursive: true });
  });

  function deployment(more: Readonly<Record<string, string>>, url: string = redisUrl): Deployment {
    const made = new Deployment({ brokers: kafka.brokers, redisUrl: url }, more);
    open.push(made);
    return made;
  }

  const sasl = (mechanism: string): Record<string, string> => ({
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: KAFKA_USER.username,
    KAFKA_SASL_PASSWORD: KAFKA_USER.password,
  });

  /** Topics, a run and a feed; alerts must come out. */
  async function works(d: Deployment): Promise<void> {
    await d.applyTopics();
    const run = d.run();
    const feed = makeFeed({ seed: 1, records: 600, nowMs: Date.now() });
    await produce(client(kafka.brokers), d.topic, feed);
    await d.passes(600);
    const ended = await run.stop();
    expect(ended.status).toBe(0);
    expect((await standingAlerts(d.queue)).size).toBeGreaterThan(0);
    expect(ended.err + ended.out).not.toContain(KAFKA_USER.password);
    expect(ended.err + ended.out).not.toContain(SECRET);
  }

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('Kafka with SASL %s', async (mechanism) => {
    await works(deployment({ KAFKA_BROKERS: kafka.secure!.sasl, ...sasl(mechanism) }));
  });

  test('Kafka with TLS of an authority of its own', async () => {
    await works(deployment({ KAFKA_BROKERS: kafka.secure!.tls, KAFKA_TLS_CA: kafka.secure!.certificates.caFile }));
  });

  test('Kafka with both', async () => {
    await works(deployment({ KAFKA_BROKERS: kafka.secure!.saslTls, KAFKA_TLS_CA: kafka.secure!.certificates.caFile, ...sasl('scram-sha-512') }));
  });

  test.each([
    ['a wrong password', 'kafka-authentication', () => ({ KAFKA_BROKERS: kafka.secure!.sasl, ...sasl('plain'), KAFKA_SASL_PASSWORD: SECRET })],
    [
      'a wrong user',
      'kafka-authentication',
      () => ({ KAFKA_BROKERS: kafka.secure!.sasl, ...sasl('scram-sha-256'), KAFKA_SASL_USERNAME: 'nobody', KAFKA_SASL_PASSWORD: SECRET }),
    ],
    ['an authority that it does not know', 'kafka-tls', () => ({ KAFKA_BROKERS: kafka.secure!.tls, KAFKA_TLS: 'true' })],
  ])('%s ends run and doctor with a clear word, and shows no secret', async (_, code, env) => {
    const d = deployment(env());
    const run = await d.command(['run']);
    expect(run.status).toBe(UNREACHABLE);
    expect(run.err).toContain(`[${code}]`);
    const doctor = await d.command(['doctor']);
    expect(doctor.status).toBe(1);
    expect(doctor.out).toContain('BAD  Kafka');
    expect(run.err + run.out + doctor.out + doctor.err).not.toContain(SECRET);
  });

  test('Redis with TLS, a user and a password', async () => {
    const { caFile, certFile, keyFile } = makeCertificates(dir);
    const port = await freePort();
    const tls = ['--tls-port', String(port), '--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', caFile, '--tls-auth-clients', 'no'];
    const redis = await servers.redis([...tls, '--user', 'alerts', 'on', `>${SECRET}`, '~*', '&*', '+@all']);
    const secured = { REDIS_URL: `rediss://localhost:${port}`, REDIS_USERNAME: 'alerts', REDIS_PASSWORD: SECRET, REDIS_TLS_CA: caFile };
    // The test itself looks at the queue through the port without TLS.
    await works(deployment(secured, redis.url));
    const wrong = await deployment({ ...secured, REDIS_PASSWORD: 'another-secret' }, redis.url).command(['run']);
    expect(wrong.err).toContain('[redis-auth]');
    expect(wrong.err).not.toContain('another-secret');
    const { REDIS_TLS_CA: _, ...withoutCa } = secured;
    expect((await deployment(withoutCa, redis.url).command(['run'])).err).toContain('[redis-tls]');
  });
});
