import { Redis, type RedisOptions } from 'ioredis';
import { EXIT, OperatingError } from '../../base/errors.ts';
import { redisError } from './errors.ts';

export interface RedisSecurity {
  readonly username?: string;
  readonly password?: string;
  /** Certificates in PEM. An authority or a client certificate makes the connection TLS, as `rediss:` does. */
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** Name in the server's certificate, where it is not the host of the URL. */
  readonly servername?: string;
}

/** A command that is not answered in this time fails as `redis-timeout`: the longest delivery takes a tenth of it. */
const COMMAND_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** How long a call waits for a connection that is being made again, before it fails as what kept it from being made. */
export const READY_TIMEOUT_MS = 3_000;
/** A command whose answer was lost is sent again at most so often: every script of the queue may be. */
const RETRIES_MAX = 2;
const RECONNECT_MS_MAX = 2_000;

/**
 * Options of a connection from `redis://user:password@host:port/database` (`rediss:` for TLS) and what is not in the URL; what is given beside it is stronger.
 * Throws OperatingError `redis-url-invalid`; the message does not repeat the URL, which may hold a password.
 */
export function redisConnection(url: string, security: RedisSecurity = {}): RedisOptions {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const database = /^\/?(\d{0,4})$/.exec(parsed?.pathname ?? '');
  if (parsed === null || !['redis:', 'rediss:'].includes(parsed.protocol) || parsed.hostname === '' || database === null) throw invalidUrl();
  const { ca, cert, key, servername } = security;
  const username = security.username ?? decoded(parsed.username);
  const password = security.password ?? decoded(parsed.password);
  const secured = parsed.protocol === 'rediss:' || ca !== undefined || cert !== undefined;
  return {
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? 6379 : Number(parsed.port),
    db: Number(database[1]),
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(secured ? { tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), ...(servername && { servername }) } } : {}),
  };
}

function invalidUrl(): OperatingError {
  const message = 'the Redis URL must read redis://[user:password@]host[:port][/database], or rediss:// for TLS';
  return new OperatingError('redis-url-invalid', message, { exitStatus: EXIT.wrongUse });
}

/** User and password stand percent-encoded in a URL. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidUrl();
  }
}

/** A connection as the queue needs it: it is made at the first call and made again for ever, and no call waits on it for long. */
export function openRedis(options: RedisOptions): Redis {
  const whole: RedisOptions & { replyMapping: 'legacy' } = {
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // Over a connection that a firewall has forgotten no answer would come for a quarter of an hour, while a new one works at once.
    socketTimeout: options.commandTimeout ?? COMMAND_TIMEOUT_MS,
    ...options,
    lazyConnect: true,
    replyMapping: 'legacy',
    enableOfflineQueue: false,
    maxRetriesPerRequest: RETRIES_MAX,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), RECONNECT_MS_MAX),
  };
  return new Redis(whole);
}

/** Knows why there is no connection, so that a call can say so instead of `Stream isn't writeable`. */
export class Link {
  private lastError: unknown = null;
  private waiting: Promise<void> | null = null;
  private readonly redis: Redis;
  private readonly onError = (error: unknown): void => {
    this.lastError = error;
  };
  private readonly onReady = (): void => {
    this.lastError = null;
  };

  constructor(redis: Redis) {
    this.redis = redis;
    redis.on('error', this.onError);
    redis.on('ready', this.onReady);
  }

  /** Waits until commands can be sent. Throws what keeps the connection from being made. */
  async ready(): Promise<void> {
    const { redis } = this;
    if (redis.status === 'ready') return;
    if (redis.status === 'wait') void redis.connect().catch(this.onError);
    this.waiting ??= this.wait().finally(() => {
      this.waiting = null;
    });
    await this.waiting;
  }

  private wait(): Promise<void> {
    const { redis } = this;
    return new Promise<void>((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        for (const [event, listener] of listeners) redis.off(event, listener);
      };
      const done = (): void => {
        settle();
        resolve();
      };
      const fail = (error: unknown): void => {
        settle();
        reject(redisError(error, `${redis.options.host ?? ''}:${redis.options.port ?? ''}`));
      };
      // Connected and still not ready: the client waits until the server has read its data.
      const giveUp = (): void => fail(this.lastError ?? new Error(redis.status === 'connect' ? 'LOADING' : 'Connection is closed.'));
      const onError = (error: unknown): void => {
        if (!redisError(error).retryable) fail(error);
      };
      const listeners = [
        ['ready', done],
        ['end', giveUp],
        ['error', onError],
      ] as const;
      for (const [event, listener] of listeners) redis.on(event, listener);
      const timer = setTimeout(giveUp, READY_TIMEOUT_MS);
      if (redis.status === 'end') giveUp();
    });
  }

  /** For a client that lives on. One that is closed keeps its listener, since its last error may still come. */
  release(): void {
    this.redis.off('error', this.onError);
    this.redis.off('ready', this.onReady);
  }
}
