/**
 * Where the tests find their Kafka and Redis: `KAFKA_BROKERS` and `REDIS_URL`; else containers, where Docker answers; else a `redis-server` and a
 * broker from Maven Central's jars on this machine. What is in none of these places is named in `missing`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaIsHere, startKafka } from './kafka.mjs';
import { redisIsHere, startRedis } from './redis.mjs';

const KAFKA_IMAGE = 'confluentinc/cp-kafka:8.1.1';
const REDIS_IMAGE = 'redis:7.4-alpine';

function dockerAnswers() {
  return spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

/**
 * @returns {Promise<{ env: Record<string, string>, how: string[], missing: string[], stop: () => Promise<void> }>} `env` is what the tests are to be given:
 *   `KAFKA_BROKERS` and `REDIS_URL` where found, and `MONEYTRAIL_TEST_LOCAL=kafka,redis` for the servers that suites may start, stop and kill themselves
 */
export async function findServers() {
  const env = {};
  const how = [];
  const missing = [];
  const stops = [];
  const docker = (!process.env.KAFKA_BROKERS || !process.env.REDIS_URL) && dockerAnswers();
  const dir = mkdtempSync(join(tmpdir(), 'moneytrail-servers-'));
  const found = (variable, value, place) => {
    env[variable] = value;
    how.push(`${variable}=${value} (${place})`);
  };

  if (process.env.REDIS_URL) found('REDIS_URL', process.env.REDIS_URL, 'environment');
  else if (docker) {
    const { RedisContainer } = await import('@testcontainers/redis');
    const container = await new RedisContainer(REDIS_IMAGE).start();
    stops.push(() => container.stop());
    found('REDIS_URL', container.getConnectionUrl(), 'container');
  } else if (redisIsHere()) {
    const redis = await startRedis({ dir: join(dir, 'redis') });
    stops.push(() => redis.stop());
    found('REDIS_URL', redis.url, 'redis-server');
  } else missing.push('redis');

  if (process.env.KAFKA_BROKERS) found('KAFKA_BROKERS', process.env.KAFKA_BROKERS, 'environment');
  else if (docker) {
    const { KafkaContainer } = await import('@testcontainers/kafka');
    const container = await new KafkaContainer(KAFKA_IMAGE).withKraft().start();
    stops.push(() => container.stop());
    found('KAFKA_BROKERS', `${container.getHost()}:${container.getMappedPort(9093)}`, 'container');
  } else if (kafkaIsHere()) {
    const kafka = await startKafka({ dir: join(dir, 'kafka') });
    stops.push(() => kafka.stop());
    found('KAFKA_BROKERS', kafka.brokers, "Maven Central's jars");
  } else missing.push('kafka');

  const local = [kafkaIsHere() && 'kafka', redisIsHere() && 'redis'].filter(Boolean);
  env.MONEYTRAIL_TEST_LOCAL = local.join(',');
  const stop = async () => {
    for (const one of stops.reverse()) await one();
    rmSync(dir, { recursive: true, force: true });
  };
  return { env, how, missing, stop };
}
