/** A real Apache Kafka in KRaft mode, one node, from Maven Central's jars. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificates } from './certificates.mjs';
import { kafkaClassPath, LOG4J } from './kafkaJars.mjs';
import { freePort, ServerProcess } from './processes.mjs';

export { kafkaIsHere } from './kafkaJars.mjs';

/** The one user of the listeners with SASL, for PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. */
export const KAFKA_USER = { username: 'moneytrail', password: 'correct-horse' };

/**
 * Starts a broker that keeps its data in `dir` (formatted where new) and answers when this returns; it can be stopped, killed and started again
 * on the same ports and data. `secure` adds a listener each with SASL, with TLS and with both. `properties` are further lines of its configuration.
 *
 * @param {{ dir: string, port?: number, secure?: boolean, heapMb?: number, properties?: Record<string, string> }} options
 */
export async function startKafka({ dir, port, secure = false, heapMb = 256, properties = {} }) {
  mkdirSync(dir, { recursive: true });
  const classPath = kafkaClassPath();
  const ports = { plain: port ?? (await freePort()), controller: await freePort() };
  if (secure) for (const name of ['sasl', 'tls', 'saslTls']) ports[name] = await freePort();
  const certificates = secure ? makeCertificates(join(dir, 'tls')) : null;
  const file = join(dir, 'server.properties');
  const settings = { ...baseSettings(dir, ports), ...(secure ? secureSettings(ports, certificates) : {}), ...properties };
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([k, v]) => `${k}=${v}\n`)
      .join(''),
  );
  if (!existsSync(join(dir, 'data/meta.properties'))) format(classPath, file, secure);
  const server = new ServerProcess(
    'java',
    [
      `-Xmx${heapMb}m`,
      '-Xms64m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      `-Dlog4j2.configurationFile=file:${LOG4J}`,
      '-cp',
      classPath,
      'kafka.Kafka',
      file,
    ],
    { logFile: join(dir, 'kafka.log'), port: ports.plain, cwd: dir },
  );
  await server.start();
  const address = (name) => `127.0.0.1:${ports[name]}`;
  return {
    port: ports.plain,
    brokers: address('plain'),
    secure: secure ? { sasl: address('sasl'), tls: address('tls'), saslTls: address('saslTls'), certificates } : null,
    start: () => server.start(),
    stop: () => server.stop(),
    kill: () => server.kill(),
    get pid() {
      return server.pid;
    },
  };
}

function baseSettings(dir, ports) {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${ports.plain},CONTROLLER://127.0.0.1:${ports.controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports.plain}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': join(dir, 'data'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    // Without it a small heap dies at the start.
    'log.cleaner.dedupe.buffer.size': '16777216',
  };
}

function secureSettings(ports, { keyStore, caFile }) {
  const plain = `org.apache.kafka.common.security.plain.PlainLoginModule required user_${KAFKA_USER.username}="${KAFKA_USER.password}";`;
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const perListener = Object.fromEntries(
    ['sasl', 'sasltls'].flatMap((name) => [
      [`listener.name.${name}.sasl.enabled.mechanisms`, 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512'],
      [`listener.name.${name}.plain.sasl.jaas.config`, plain],
      [`listener.name.${name}.scram-sha-256.sasl.jaas.config`, scram],
      [`listener.name.${name}.scram-sha-512.sasl.jaas.config`, scram],
    ]),
  );
  const all = `PLAINTEXT://127.0.0.1:${ports.plain},SASL://127.0.0.1:${ports.sasl},TLS://127.0.0.1:${ports.tls},SASLTLS://127.0.0.1:${ports.saslTls}`;
  return {
    listeners: `${all},CONTROLLER://127.0.0.1:${ports.controller}`,
    'advertised.listeners': all,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL,SASLTLS:SASL_SSL',
    ...perListener,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyStore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': caFile,
  };
}

function format(classPath, file, secure) {
  const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((m) => ['--add-scram', `${m}=[name=${KAFKA_USER.username},password=${KAFKA_USER.password}]`]);
  // Sixteen random bytes in base64url, as `StorageTool random-uuid` makes; a second JVM for that would cost a second.
  const id = Buffer.from(crypto.getRandomValues(new Uint8Array(16)))
    .toString('base64url')
    .replace(/^-/, 'A');
  const args = [
    '-Xmx128m',
    '-XX:TieredStopAtLevel=1',
    `-Dlog4j2.configurationFile=file:${LOG4J}`,
    '-cp',
    classPath,
    'kafka.tools.StorageTool',
    'format',
    '-t',
    id,
    '-c',
    file,
  ];
  const done = spawnSync('java', [...args, ...(secure ? users : [])], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`Kafka's storage could not be formatted:\n${done.stdout}${done.stderr}`);
}
