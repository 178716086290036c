import type { Redis, RedisOptions } from 'ioredis';
import { Link, openRedis } from './connection.ts';
import { redisError } from './errors.ts';

/** How to reach a server. */
export type ConnectionOptions = RedisOptions;

/** What of a server decides whether it may keep the queue. */
export interface RedisFacts {
  readonly version: string;
  /** 0: no bound. */
  readonly maxmemoryBytes: number;
  readonly usedMemoryBytes: number;
  /** Such as `noeviction`. */
  readonly maxmemoryPolicy: string;
  /** Whether an append-only file is kept. */
  readonly appendOnly: boolean;
  /** `master` or `slave`. */
  readonly role: string;
}

/** Asks a server about itself, by INFO, which managed services allow too. Throws `OperatingError` where it cannot be asked. */
export async function redisFacts(options: ConnectionOptions): Promise<RedisFacts> {
  const redis: Redis = openRedis(options);
  const link = new Link(redis);
  try {
    await link.ready();
    const info = factsOf(await redis.info());
    return {
      version: info.get('redis_version') ?? 'unknown',
      maxmemoryBytes: Number(info.get('maxmemory') ?? 0),
      usedMemoryBytes: Number(info.get('used_memory') ?? 0),
      maxmemoryPolicy: info.get('maxmemory_policy') ?? 'unknown',
      appendOnly: info.get('aof_enabled') === '1',
      role: info.get('role') ?? 'unknown',
    };
  } catch (error) {
    throw redisError(error);
  } finally {
    redis.disconnect();
  }
}

function factsOf(info: string): ReadonlyMap<string, string> {
  const lines = info.split('\r\n').filter((line) => line.includes(':') && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const));
}
