// needs: kafka-process, redis-process
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { canaryRecords } from '../support/canaries.ts';
import { makeCertificates } from '../support/servers/certificates.mjs';
import { KAFKA_USER, startKafka } from '../support/servers/kafka.mjs';
import { freePort } from '../support/servers/processes.mjs';
import { startRedis } from '../support/servers/redis.mjs';
import { Deployment, type Ended, until } from './support/deployment.ts';

/** Servers that let nobody in without TLS, user and password, each on listeners of its own. */
const REDIS_USER = { username: 'scorer', password: 'p%40ss wörd' };
const folder = mkdtempSync(join(tmpdir(), 'moneytrail-secured-'));
type Certificates = ReturnType<typeof makeCertificates>;
let certificates: Certificates;
let kafka: Awaited<ReturnType<typeof startKafka>>;
let redis: Awaited<ReturnType<typeof startRedis>>;
let port: number;
const deployments: Deployment[] = [];

beforeAll(async () => {
  certificates = makeCertificates(join(folder, 'redis-tls'));
  port = await freePort();
  const tls = ['--port', '0', '--tls-port', String(port), '--tls-cert-file', certificates.certFile, '--tls-key-file', certificates.keyFile];
  const trust = ['--tls-ca-cert-file', certificates.caFile, '--tls-auth-clients', 'yes'];
  const users = ['--user', REDIS_USER.username, 'on', `>${REDIS_USER.password}`, '~*', '&*', '+@all', '--user', 'default', 'off'];
  redis = await startRedis({ dir: join(folder, 'redis'), port, args: [...tls, ...trust, ...users, '--maxmemory-policy', 'noeviction'] });
  kafka = await startKafka({ dir: join(folder, 'kafka'), secure: true });
}, 120_000);
afterAll(async () => {
  for (const deployment of deployments) await deployment.close();
  await kafka?.stop();
  await redis?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const redisTls = (): Record<string, string> => ({
  REDIS_TLS_CA: certificates.caFile,
  REDIS_TLS_CERT: certificates.clientCertFile,
  REDIS_TLS_KEY: certificates.clientKeyFile,
});
const redisUser = { REDIS_USERNAME: REDIS_USER.username, REDIS_PASSWORD: REDIS_USER.password };
const kafkaUser = (mechanism: string): Record<string, string> => ({
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: KAFKA_USER.username,
  KAFKA_SASL_PASSWORD: KAFKA_USER.password,
});

function deploy(brokers: string, more: Record<string, string>): Deployment {
  const deployment = new Deployment({ brokers, redisUrl: `rediss://127.0.0.1:${port}` }, more);
  deployments.push(deployment);
  return deployment;
}

/** No password of either server may be in what a command prints. */
function expectNoSecret({ out, err }: Ended): void {
  for (const secret of [REDIS_USER.password, encodeURIComponent(REDIS_USER.password), KAFKA_USER.password, 'wrong-password'])
    expect(out + err).not.toContain(secret);
}

describe('Kafka', () => {
  const listener = (name: 'sasl' | 'tls' | 'saslTls'): string => kafka.secure![name].replace('127.0.0.1', 'localhost');
  const ca = (): Record<string, string> => ({ KAFKA_TLS_CA: kafka.secure!.certificates!.caFile });

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
    'lets in by SASL %s',
    async (mechanism) => {
      const ended = await deploy(listener('sasl'), kafkaUser(mechanism)).command(['topics', 'apply']);
      expect([ended.status, ended.err]).toEqual([0, '']);
      expect(ended.out).toContain('transactions');
    },
    60_000,
  );

  test('lets in by TLS with its own authority', async () => {
    const ended = await deploy(listener('tls'), ca()).command(['topics', 'apply']);
    expect([ended.status, ended.err]).toEqual([0, '']);
  }, 60_000);

  test('lets in by SASL over TLS', async () => {
    const ended = await deploy(listener('saslTls'), { ...ca(), ...kafkaUser('scram-sha-512') }).command(['topics', 'apply']);
    expect([ended.status, ended.err]).toEqual([0, '']);
  }, 60_000);

  test.each<[string, 'sasl' | 'tls', () => Record<string, string>, RegExp]>([
    ['a wrong password', 'sasl', () => ({ ...kafkaUser('plain'), KAFKA_SASL_PASSWORD: 'wrong-password' }), /\[kafka-auth/],
    ['no user at all', 'sasl', () => ({}), /\[kafka-/],
    ['an authority that is not trusted', 'tls', () => ({ KAFKA_TLS: 'true' }), /certificate|TLS/i],
    ['no TLS where it is wanted', 'tls', () => ({}), /\[kafka-/],
  ])(
    '%s is a clear error',
    async (_name, at, more, says) => {
      const ended = await deploy(listener(at), more()).command(['topics', 'apply']);
      expect([ended.status, ended.err]).toEqual([3, expect.stringMatching(says)]);
      expectNoSecret(ended);
    },
    60_000,
  );
});

describe('Redis', () => {
  test('lets in by TLS, user and password', async () => {
    const ended = await deploy(kafka.brokers, { ...redisTls(), ...redisUser }).command(['alerts', 'list', '--json']);
    expect([ended.status, ended.err, ended.out]).toEqual([0, '', '']);
  }, 60_000);

  test('lets in by user and password in the URL', async () => {
    const url = `rediss://${REDIS_USER.username}:${encodeURIComponent(REDIS_USER.password)}@localhost:${port}/0`;
    const ended = await deploy(kafka.brokers, { ...redisTls(), REDIS_URL: url }).command(['alerts', 'list', '--json']);
    expect([ended.status, ended.err, ended.out]).toEqual([0, '', '']);
  }, 60_000);

  test.each<[string, () => Record<string, string>, RegExp]>([
    ['a wrong password', () => ({ ...redisTls(), ...redisUser, REDIS_PASSWORD: 'wrong-password' }), /\[redis-auth\]/],
    ['no user', () => redisTls(), /\[redis-auth\]/],
    ['no certificate of the client', () => ({ REDIS_TLS_CA: certificates.caFile, ...redisUser }), /\[redis-(tls|unreachable)\]/],
    ['an authority that is not trusted', () => ({ ...redisUser }), /\[redis-tls\]/],
    ['no TLS where it is wanted', () => ({ REDIS_URL: `redis://127.0.0.1:${port}`, ...redisUser }), /\[redis-/],
  ])(
    '%s is a clear error',
    async (_name, more, says) => {
      const ended = await deploy(kafka.brokers, more()).command(['alerts', 'list', '--json']);
      expect([ended.status, ended.err]).toEqual([3, expect.stringMatching(says)]);
      expectNoSecret(ended);
    },
    60_000,
  );
});

test('run works between the two, and prints no secret at any level', async () => {
  const brokers = kafka.secure!.saslTls.replace('127.0.0.1', 'localhost');
  const ca = { KAFKA_TLS_CA: kafka.secure!.certificates!.caFile };
  const deployment = deploy(brokers, { ...ca, ...kafkaUser('scram-sha-256'), ...redisTls(), ...redisUser, LOG_LEVEL: 'trace' });
  await deployment.applyTopics();
  const httpPort = await freePort();
  const run = deployment.run({ MONEYTRAIL_HTTP_PORT: String(httpPort) });
  await run.says('Owner of the input');
  const producer = new kafkajs.Kafka({ brokers: [kafka.brokers], logLevel: kafkajs.logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic: deployment.topic, messages: [{ partition: 0, value: canaryRecords(Date.now())[0]! }] });
  await producer.disconnect();
  const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
  await until('the record is counted', async () => /moneytrail_records_total\{.*\} 1/.test(await metrics()), 30_000);
  const ended = await run.stop();
  expect(ended.status).toBe(0);
  expectNoSecret(ended);
  const doctor = await deployment.command(['doctor', '--settings']);
  expect([doctor.status, doctor.out]).toEqual([0, expect.stringContaining('kafka.sasl.password = [secret] (environment variable KAFKA_SASL_PASSWORD)')]);
  expectNoSecret(doctor);
}, 90_000);
