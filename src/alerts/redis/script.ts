import type { Redis } from 'ioredis';
import { KEYS_TOTAL } from './keys.ts';
import { claim } from './scripts/claim.ts';
import { counts } from './scripts/counts.ts';
import { deliver } from './scripts/deliver.ts';
import { extend } from './scripts/extend.ts';
import { get } from './scripts/get.ts';
import { list } from './scripts/list.ts';
import { note } from './scripts/note.ts';
import { release } from './scripts/release.ts';
import { reopen } from './scripts/reopen.ts';
import { resolve } from './scripts/resolve.ts';
import { standing } from './scripts/standing.ts';
import { takeOwnership } from './scripts/takeOwnership.ts';

const SCRIPTS = { takeOwnership, standing, deliver, claim, extend, release, resolve, reopen, note, get, list, counts } as const;
export type ScriptName = keyof typeof SCRIPTS;

/** Commands get a name of their own: `defineCommand('emit', …)` would silently replace the client's method. */
const commandName = (name: ScriptName): string => `moneytrail_${name}`;

type Command = (...args: readonly string[]) => Promise<unknown>;

export function defineScripts(redis: Redis): void {
  for (const [name, lua] of Object.entries(SCRIPTS)) redis.defineCommand(commandName(name as ScriptName), { lua, numberOfKeys: KEYS_TOTAL });
}

export function runScript(redis: Redis, name: ScriptName, keys: readonly string[], args: readonly string[]): Promise<unknown> {
  const command = (redis as unknown as Record<string, Command>)[commandName(name)]!;
  return command.call(redis, ...keys, ...args);
}
