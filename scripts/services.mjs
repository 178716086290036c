/**
 * `npm run services`: a real Kafka and a real Redis on this machine, without Docker, until told to stop. Data are kept in `.cache/services/`.
 * Ports: KAFKA_PORT (9092) and REDIS_PORT (6379); MONEYTRAIL_SERVICES_DIR for another place of the data.
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kafkaIsHere, startKafka } from '../test/support/servers/kafka.mjs';
import { redisIsHere, startRedis } from '../test/support/servers/redis.mjs';

const EXIT_UNREACHABLE = 3;

function portOf(name, fallback) {
  const port = Number(process.env[name] ?? fallback);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  console.error(`${name} is no port`);
  process.exit(2);
}

const missing = [];
if (!redisIsHere()) missing.push('redis-server (on Debian: apt-get install redis-server)');
if (!kafkaIsHere()) missing.push('Java 17 or newer with Maven (on Debian: apt-get install openjdk-17-jre-headless maven)');
if (missing.length > 0) {
  console.error(`Missing: ${missing.join('; ')}.`);
  process.exit(EXIT_UNREACHABLE);
}

const dir = resolve(process.env.MONEYTRAIL_SERVICES_DIR ?? join(dirname(fileURLToPath(import.meta.url)), '../.cache/services'));
const started = [];
try {
  console.error('Starting Redis and Kafka (the first time Kafka is fetched from Maven Central, 54 MB) …');
  const redis = await startRedis({ dir: join(dir, 'redis'), port: portOf('REDIS_PORT', 6379), args: ['--maxmemory-policy', 'noeviction'] });
  started.push(redis);
  const kafka = await startKafka({ dir: join(dir, 'kafka'), port: portOf('KAFKA_PORT', 9092), heapMb: 512 });
  started.push(kafka);
  console.log(`export KAFKA_BROKERS=${kafka.brokers}\nexport REDIS_URL=${redis.url}`);
  console.error('Ready. Ctrl-C stops both; their data stay.');
} catch (error) {
  console.error(error.message);
  await stopAll();
  process.exit(EXIT_UNREACHABLE);
}

async function stopAll() {
  for (const server of started.reverse()) await server.stop();
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await stopAll();
    process.exit(0);
  });
}
