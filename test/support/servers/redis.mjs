/** A real Redis from the `redis-server` on the path. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, hasProgram, ServerProcess } from './processes.mjs';

export function redisIsHere() {
  return hasProgram('redis-server');
}

/**
 * Starts a Redis that keeps its data in `dir` (made where missing) and answers when this returns. `args` are further `redis-server`
 * arguments, e.g. `['--requirepass', 'x']`. The server handed back can be stopped, killed and started again on the same port and data.
 *
 * @param {{ dir: string, port?: number, args?: string[] }} options
 */
export async function startRedis({ dir, port, args = [] }) {
  mkdirSync(dir, { recursive: true });
  const chosen = port ?? (await freePort());
  const server = new ServerProcess(
    'redis-server',
    ['--port', String(chosen), '--bind', '127.0.0.1', '--dir', dir, '--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '', ...args],
    { logFile: join(dir, 'redis.log'), port: chosen },
  );
  await server.start();
  return {
    port: chosen,
    url: `redis://127.0.0.1:${chosen}`,
    start: () => server.start(),
    stop: () => server.stop(),
    kill: () => server.kill(),
    get pid() {
      return server.pid;
    },
  };
}
