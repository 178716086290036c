// needs: redis
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { redisConnection } from '../../src/alerts/redis/connection.ts';
import { queueKeys } from '../../src/alerts/redis/keys.ts';
import { createRedisQueue } from '../../src/alerts/redis/queue.ts';
import { alertQueueContract } from './alertQueue.ts';

const url = process.env['REDIS_URL'] ?? '';
const client = new Redis({ ...redisConnection(url), lazyConnect: true, replyMapping: 'legacy' });
afterAll(() => client.disconnect());

alertQueueContract('Redis', async (options = {}) => {
  const clock = { nowMs: 1_772_000_000_000 };
  const prefix = `test-${randomUUID()}`;
  const settings = { redis: client, prefix, nowMs: () => clock.nowMs, engineVersion: '0.1.0', ...options };
  const [queue, other] = [createRedisQueue(settings), createRedisQueue(settings)];
  const done = async (): Promise<void> => {
    await queue.close();
    await other.close();
    await client.del(...queueKeys(prefix).all);
  };
  return { queue, other, clock, done };
});
