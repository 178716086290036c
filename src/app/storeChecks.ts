import { type RedisFacts, redisFacts } from '../alerts/redis/facts.ts';
import { type Check, failed, passed } from '../pipeline/checks.ts';
import type { Config } from './config/types.ts';
import { redisOptions } from './queue.ts';

/** The scripts use nothing newer (`docs/queue.md`). */
const VERSION_MIN = 7;

/** What the queue's server must fulfil. Throws `OperatingError` where it cannot be asked. */
export async function storeChecks(config: Config): Promise<Check[]> {
  const facts = await redisFacts(redisOptions(config));
  return [passed('redis-unreachable', 'Redis', `version ${facts.version} answers`), version(facts), eviction(facts), durability(facts), master(facts)];
}

function version({ version: found }: RedisFacts): Check {
  const name = 'version of Redis';
  if (Number.parseInt(found, 10) >= VERSION_MIN) return passed('redis-too-old', name, found);
  return failed(
    'redis-too-old',
    name,
    `Redis is of version ${found}; the queue needs ${VERSION_MIN}.0 or newer`,
    'Upgrade it, or name another server: REDIS_URL',
  );
}

/** A server without a bound evicts nothing, whatever its policy. */
function eviction({ maxmemoryBytes, maxmemoryPolicy }: RedisFacts): Check {
  const name = 'eviction in Redis';
  if (maxmemoryBytes === 0) return passed('redis-evicts', name, 'no memory bound is set, so that nothing is evicted');
  if (maxmemoryPolicy === 'noeviction') return passed('redis-evicts', name, 'noeviction');
  const message = `Redis has maxmemory-policy ${maxmemoryPolicy}: when it is full it would drop alerts`;
  return failed('redis-evicts', name, message, 'Set it: redis-cli CONFIG SET maxmemory-policy noeviction, and in redis.conf');
}

/** Not a condition: what Redis forgets, the log and the frontier bring back (S20), but what analysts did is only there. */
function durability({ appendOnly }: RedisFacts): Check {
  const message = appendOnly
    ? 'an append-only file is kept'
    : 'no append-only file is kept: what analysts did since the last snapshot is lost in a crash; set appendonly yes';
  return passed('redis-durability', 'durability of Redis', message);
}

function master({ role }: RedisFacts): Check {
  if (role !== 'slave') return passed('redis-read-only', 'role of Redis', role);
  return failed('redis-read-only', 'role of Redis', 'This Redis is a replica and takes no writes', 'Name its master: REDIS_URL');
}
