import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaIsHere, startKafka } from '../servers/kafka.mjs';
import { kafkaClassPath } from '../servers/kafkaJars.mjs';
import { redisIsHere, startRedis } from '../servers/redis.mjs';
import { startKafkaContainer, startRedisContainer } from './containers.mjs';

/** The variable in which a test finds the address of a server. */
export const VARIABLES = { kafka: 'KAFKA_BROKERS', redis: 'REDIS_URL' };

/**
 * Where the real servers come from, in this order: an address that the caller gives, Docker, programs of this machine. Each way answers
 * `{ address, how, stop }`, or null where it is not to be had here. A way that is there and fails says so, and the next is tried.
 */
const WAYS = {
  kafka: [
    () => given(VARIABLES.kafka),
    startKafkaContainer,
    () => (kafkaIsHere() ? inFolder('kafka', startKafka, (server) => ({ address: server.brokers, how: "Apache Kafka from Maven Central's jars" })) : null),
  ],
  redis: [
    () => given(VARIABLES.redis),
    startRedisContainer,
    () => (redisIsHere() ? inFolder('redis', startRedis, (server) => ({ address: server.url, how: 'redis-server of this machine' })) : null),
  ],
};

/** Whether a suite can start, kill and restart a server of its own: that takes a program of this machine, whatever address was given. */
const OWN_PROCESS = { 'kafka-process': kafkaCanStart, 'redis-process': redisIsHere };

/** Java and Maven are not enough: without a network the jars cannot be fetched, and the suites are left out like those without Java. */
function kafkaCanStart(found) {
  if (!kafkaIsHere()) return false;
  try {
    kafkaClassPath();
    return true;
  } catch (error) {
    found.push(`kafka-process: ${error.message.trim()}`);
    return false;
  }
}

function given(variable) {
  const address = process.env[variable];
  return address === undefined || address === '' ? null : { address, how: variable, stop: async () => undefined };
}

async function inFolder(name, start, answerOf) {
  const dir = mkdtempSync(join(tmpdir(), `moneytrail-${name}-`));
  const remove = () => rmSync(dir, { recursive: true, force: true });
  try {
    const server = await start({ dir });
    const stop = async () => {
      await server.stop();
      remove();
    };
    return { ...answerOf(server), stop };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Starts what is needed. Answers which names can be had, their addresses, lines that say where each comes from, and `stop`. */
export async function findServers(names) {
  const found = [];
  const available = new Set(names.filter((name) => OWN_PROCESS[name]?.(found)));
  const addresses = {};
  const started = [];
  for (const name of names.filter((n) => n in WAYS)) {
    const server = await firstOf(name, found);
    if (server === null) continue;
    available.add(name);
    addresses[VARIABLES[name]] = server.address;
    started.push(server);
    found.push(`${name}: ${server.how}`);
  }
  const stop = async () => {
    for (const server of started.splice(0)) await server.stop();
  };
  return { available, addresses, found, stop };
}

async function firstOf(name, found) {
  for (const way of WAYS[name]) {
    try {
      const server = await way();
      if (server !== null) return server;
    } catch (error) {
      found.push(`${name}: one way failed: ${error.message}`);
    }
  }
  return null;
}
