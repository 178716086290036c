import { randomUUID } from 'node:crypto';
import { Redis, type RedisOptions } from 'ioredis';
import { assert } from '../../base/assert.ts';
import type { AlertChange } from '../../detection/content.ts';
import { FIREHOSE_LENGTH, TRIES_MAX } from '../limits.ts';
import { lineParts, timeText } from '../line.ts';
import type { AlertQueue, AlertState, DeliveryBatch, DeliveryResult, Disposition, Standing, StoredAlert, Transition } from '../queue.ts';
import { rankStart } from '../rank.ts';
import {
  assertBatch,
  byBytes,
  checkDisposition,
  checkFirehose,
  checkLease,
  checkName,
  checkNote,
  claimRequest,
  frontierText,
  listRequest,
} from '../requests.ts';
import { ALERT_STATES } from '../states.ts';
import { Link, openRedis } from './connection.ts';
import { standingOf, storedAlert, transitionOf } from './decode.ts';
import { redisError } from './errors.ts';
import { type QueueKeys, queueKeys } from './keys.ts';
import { defineScripts, runScript, type ScriptName } from './script.ts';

export interface RedisQueueOptions {
  /** An open client, which `close` leaves open, or the options of one that the queue opens and closes (`redisConnection`). */
  readonly redis: Redis | RedisOptions;
  /** Before every key, in braces. */
  readonly prefix: string;
  /** The server's own clock unless given: the analysts' machines need not agree. */
  readonly nowMs?: () => number;
  readonly triesMax?: number;
  readonly engineVersion: string;
  /** Lines that the firehose keeps, or some more. */
  readonly firehoseLength?: number;
}

/**
 * Bounds of one script call, during which Redis serves nobody else: about 0.3 s. A larger batch is applied in several calls, in order, each under the same
 * epoch and standing; only the last moves frontier and wm. If the owner dies in between, the alerts of the first calls are ahead of the frontier, and the next
 * owner, who replays to the frontier, says first what they are there (S20).
 */
const CALL_CHANGES_MAX = 10_000;
const CALL_CHARACTERS_MAX = 16 << 20;
/** Ids of one read of `notFinal`. */
const NOT_FINAL_PAGE = 10_000;

export function createRedisQueue(options: RedisQueueOptions): AlertQueue {
  return new RedisQueue(options);
}

/** The queue's port on Redis 7.0: one script a transition, all keys in one slot. Every error is an `OperatingError`, see errors.ts. */
class RedisQueue implements AlertQueue {
  private readonly redis: Redis;
  private readonly owned: boolean;
  private readonly link: Link;
  private readonly keys: QueueKeys;
  private readonly nowMs: (() => number) | null;
  private readonly triesMax: number;
  private readonly engineVersion: string;
  private readonly firehoseLength: number;

  constructor(options: RedisQueueOptions) {
    this.owned = !(options.redis instanceof Redis);
    this.keys = queueKeys(options.prefix);
    this.nowMs = options.nowMs ?? null;
    this.triesMax = options.triesMax ?? TRIES_MAX;
    this.engineVersion = options.engineVersion;
    this.firehoseLength = options.firehoseLength ?? FIREHOSE_LENGTH;
    assert(this.triesMax >= 1, 'an alert can be claimed at least once');
    this.redis = options.redis instanceof Redis ? options.redis : openRedis(options.redis);
    this.link = new Link(this.redis);
    defineScripts(this.redis);
  }

  async takeOwnership(owner: string): Promise<Standing> {
    const [fields, skip] = (await this.run('takeOwnership', '', [owner])) as [string[], string[]];
    return standingOf(fields, skip);
  }

  async standing(): Promise<Standing> {
    const [fields, skip] = (await this.run('standing', '', [])) as [string[], string[]];
    return standingOf(fields, skip);
  }

  async deliver(batch: DeliveryBatch): Promise<DeliveryResult> {
    assertBatch(batch);
    const calls = cut(batch.changes.map((change) => changeArgs(change, this.engineVersion)));
    const [epoch, before, after] = [String(batch.epoch), standingArgs(batch.before), standingArgs(batch.after)];
    let revisions = 0;
    for (const [i, args] of calls.entries()) {
      const last = i === calls.length - 1;
      const skip = last ? batch.skip : [];
      const moved = last ? after : before;
      const facts = [String(batch.firstReceiptMs), batch.rulesDigest, batch.ratesDigest, String(this.firehoseLength), String(skip.length), ...skip];
      const [applied, ...rest] = (await this.run('deliver', '', [epoch, ...before, ...moved, ...facts, ...args])) as [number, ...unknown[]];
      if (applied === 0) return { applied: false, stored: standingOf(rest[0] as string[], rest[1] as string[]) };
      revisions += rest[0] as number;
    }
    return { applied: true, revisions };
  }

  async notFinal(wmMs: number): Promise<string[]> {
    const ids: string[] = [];
    const from = wmMs === Infinity ? '+inf' : wmMs === -Infinity ? '-inf' : String(wmMs);
    for (let at = 0, page: string[] = []; at === 0 || page.length === NOT_FINAL_PAGE; at += page.length) {
      page = await this.call(() => this.redis.zrangebyscore(this.keys.final, from, '+inf', 'LIMIT', at, NOT_FINAL_PAGE));
      ids.push(...page);
      if (page.length === 0) break;
    }
    return ids.sort(byBytes);
  }

  async claim(options: Parameters<AlertQueue['claim']>[0]): Promise<StoredAlert[]> {
    const { by, lane, count, leaseMs, alertId } = claimRequest(options);
    const alerts = (await this.run('claim', randomUUID(), [by, lane, String(count), String(leaseMs), alertId ?? ''])) as unknown[];
    return alerts.map(storedAlert);
  }

  async extend(alertId: string, by: string, leaseMs: number): Promise<Transition> {
    checkName(by);
    checkLease(leaseMs);
    return this.step('extend', [alertId, by, String(leaseMs)]);
  }

  async release(alertId: string, by: string, note?: string): Promise<Transition> {
    checkName(by);
    if (note !== undefined) checkNote('the note', note);
    return this.step('release', [alertId, by, note ?? '']);
  }

  async resolve(alertId: string, by: string, disposition: Disposition, reason: string, options: { readonly rev?: number } = {}): Promise<Transition> {
    checkName(by);
    checkDisposition(disposition);
    checkNote('the reason', reason);
    return this.step('resolve', [alertId, by, disposition, reason, options.rev === undefined ? '' : String(options.rev)]);
  }

  async reopen(alertId: string, by: string, reason: string): Promise<Transition> {
    checkName(by);
    checkNote('the reason', reason);
    return this.step('reopen', [alertId, by, reason]);
  }

  async note(alertId: string, by: string, text: string): Promise<Transition> {
    checkName(by);
    checkNote('the note', text);
    return this.step('note', [alertId, by, text]);
  }

  async get(alertId: string): Promise<StoredAlert | null> {
    const reply = await this.run('get', '', [alertId]);
    return reply === null ? null : storedAlert(reply);
  }

  async list(options: Parameters<AlertQueue['list']>[0]): Promise<StoredAlert[]> {
    const { states, lanes, limit, afterLane, afterRank } = listRequest(options);
    const args = [String(limit), String(Math.max(afterLane, 0)), afterRank, String(states.length), ...states, ...lanes];
    return ((await this.run('list', '', args)) as unknown[]).map(storedAlert);
  }

  async counts(): Promise<Readonly<Record<AlertState, number>>> {
    const numbers = (await this.run('counts', '', [])) as number[];
    return Object.fromEntries(ALERT_STATES.map((state, i) => [state, numbers[i]!])) as Record<AlertState, number>;
  }

  async readFirehose(afterId: string, count: number): Promise<{ id: string; line: string }[]> {
    checkFirehose(afterId, count);
    const entries = await this.call(() => this.redis.xrange(this.keys.firehose, afterId === '' ? '-' : `(${afterId}`, '+', 'COUNT', count));
    return entries.map(([id, [, line]]) => ({ id, line: line! }));
  }

  async close(): Promise<void> {
    if (this.owned) this.redis.disconnect();
    else this.link.release();
  }

  private async step(name: ScriptName, args: readonly string[]): Promise<Transition> {
    return transitionOf(await this.run(name, randomUUID(), args));
  }

  private run(name: ScriptName, request: string, args: readonly string[]): Promise<unknown> {
    const common = [this.nowMs === null ? '' : String(this.nowMs()), String(this.triesMax), request];
    return this.call(() => runScript(this.redis, name, this.keys.all, [...common, ...args]));
  }

  private async call<T>(make: () => Promise<T>): Promise<T> {
    await this.link.ready();
    try {
      return await make();
    } catch (error) {
      throw redisError(error);
    }
  }
}

/** As many arguments as CHANGE_ARGS of scripts/deliver.ts says. */
function changeArgs(change: AlertChange, engineVersion: string): string[] {
  const { alertId, finalAtMs, content, contentDigest } = change;
  const start = [alertId, String(finalAtMs), timeText(finalAtMs)];
  if (content === null) return [...start, '', '', '', ''];
  const { head, middle, tail, hits } = lineParts(content, engineVersion);
  return [...start, contentDigest, content.route, rankStart(content), [head, middle, tail, ...hits].join('\n')];
}

function standingArgs(stands: { readonly frontier: Standing['frontier']; readonly wmMs: number | null }): [string, string] {
  return [frontierText(stands.frontier), stands.wmMs === null ? '' : String(stands.wmMs)];
}

/** The changes' arguments, cut into calls; one call at least, since a batch may hold no changes. */
function cut(changes: readonly string[][]): string[][] {
  const calls: string[][] = [[]];
  let [n, characters] = [0, 0];
  for (const args of changes) {
    const size = args.reduce((sum, arg) => sum + arg.length, 0);
    if (n > 0 && (n === CALL_CHANGES_MAX || characters + size > CALL_CHARACTERS_MAX)) {
      calls.push([]);
      [n, characters] = [0, 0];
    }
    calls.at(-1)!.push(...args);
    n++;
    characters += size;
  }
  return calls;
}
