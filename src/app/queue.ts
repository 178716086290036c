import type { AlertQueue } from '../alerts/queue.ts';
import type { ConnectionOptions } from '../alerts/redis/facts.ts';
import { createRedisQueue } from '../alerts/redis/queue.ts';
import type { Config } from './config/types.ts';
import { packageVersion } from './paths.ts';

/** The alert queue that the configuration names. Nothing is connected before the first call. */
export function openQueue(config: Config): AlertQueue {
  return createRedisQueue({ redis: redisOptions(config), prefix: config.redis.prefix, engineVersion: packageVersion() });
}

export function redisOptions({ redis }: Config): ConnectionOptions {
  const { host, port, database, username, password, tls } = redis;
  return {
    host,
    port,
    db: database,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password: password.reveal() }),
    ...(tls === null ? {} : { tls: { ...(tls.ca && { ca: tls.ca }), ...(tls.cert && { cert: tls.cert }), ...(tls.key && { key: tls.key.reveal() }) } }),
  };
}
