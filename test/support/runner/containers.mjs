/** Pulling an image over a slow line takes minutes; beyond this the next way is tried. */
const START_MS_MAX = 240_000;
const KAFKA_IMAGE = 'confluentinc/cp-kafka:8.1.0';
const REDIS_IMAGE = 'redis:7.0.15';

/** Whether a container engine answers. Without one this takes milliseconds. */
async function engineAnswers() {
  try {
    const { getContainerRuntimeClient } = await import('testcontainers');
    await getContainerRuntimeClient();
    return true;
  } catch (error) {
    if (/container runtime/.test(error.message)) return false;
    throw error;
  }
}

export async function startRedisContainer() {
  if (!(await engineAnswers())) return null;
  const { RedisContainer } = await import('@testcontainers/redis');
  const container = await new RedisContainer(REDIS_IMAGE).withStartupTimeout(START_MS_MAX).start();
  return { address: container.getConnectionUrl(), how: `Docker, ${REDIS_IMAGE}`, stop: () => container.stop() };
}

export async function startKafkaContainer() {
  if (!(await engineAnswers())) return null;
  const { KafkaContainer } = await import('@testcontainers/kafka');
  const container = await new KafkaContainer(KAFKA_IMAGE).withKraft().withStartupTimeout(START_MS_MAX).start();
  return { address: `${container.getHost()}:${container.getMappedPort(9093)}`, how: `Docker, ${KAFKA_IMAGE}`, stop: () => container.stop() };
}
