import { EXIT, OperatingError } from '../../base/errors.ts';

interface Trouble {
  readonly code: string;
  readonly retryable: boolean;
  readonly says: string;
}

const UNREACHABLE: Trouble = { code: 'redis-unreachable', retryable: true, says: 'Redis cannot be reached' };
const TIMEOUT: Trouble = { code: 'redis-timeout', retryable: true, says: 'Redis did not answer in time; what was asked may have been done' };
const AUTH: Trouble = { code: 'redis-auth', retryable: false, says: 'Redis refuses the user or password' };
const TLS: Trouble = { code: 'redis-tls', retryable: false, says: 'the TLS connection to Redis cannot be made: certificate or authority do not fit' };

/** By the word with which a server's error begins. */
const BY_REPLY: ReadonlyMap<string, Trouble> = new Map([
  ['OOM', { code: 'redis-full', retryable: true, says: 'Redis is full (maxmemory); give it more memory or remove other data' }],
  ['READONLY', { code: 'redis-read-only', retryable: true, says: 'this Redis is a replica and takes no writes' }],
  ['LOADING', { code: 'redis-loading', retryable: true, says: 'Redis is still reading its data from disk' }],
  ['BUSY', { code: 'redis-busy', retryable: true, says: 'Redis is busy with a long script' }],
  ['MASTERDOWN', { code: 'redis-failing-over', retryable: true, says: 'Redis has lost its master' }],
  ['CLUSTERDOWN', { code: 'redis-failing-over', retryable: true, says: 'the Redis Cluster is down' }],
  ['TRYAGAIN', { code: 'redis-failing-over', retryable: true, says: 'the Redis Cluster is moving data' }],
  ['NOREPLICAS', { code: 'redis-failing-over', retryable: true, says: 'Redis has too few replicas' }],
  ['MISCONF', { code: 'redis-cannot-persist', retryable: true, says: 'Redis cannot write its data to disk and takes no writes' }],
  ['WRONGPASS', AUTH],
  ['NOAUTH', AUTH],
  ['NOPERM', { code: 'redis-permission', retryable: false, says: 'the Redis user may not run a command that the queue needs' }],
  ['WRONGTYPE', { code: 'redis-foreign-data', retryable: false, says: 'under the Redis prefix lie keys that are not of this queue' }],
]);

const CONNECTION_CODES = new Set(['ETIMEDOUT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT']);
const CONNECTION_MESSAGES = /^(?:Connection is closed|Stream isn't writeable|Reached the max retries per request|Command aborted due to connection close)/;
const TLS_CODE = /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT|UNABLE_TO_|EPROTO$)/;

/**
 * What the client or the server says, as an `OperatingError` with a stable code. The cause keeps no more than the words: the client's own errors carry the
 * command's arguments, which may hold a password or an alert. `place` is where the server was looked for, host and port.
 */
export function redisError(error: unknown, place?: string): OperatingError {
  if (error instanceof OperatingError) return error;
  const { message = '', code } = typeof error === 'object' && error !== null ? (error as { message?: string; code?: string }) : { message: String(error) };
  const trouble = troubleOf(message, code);
  const options = { retryable: trouble.retryable, exitStatus: EXIT.unreachable, cause: new Error(message) };
  const says = trouble === UNREACHABLE && place !== undefined ? `${trouble.says} at ${place}` : trouble.says;
  return new OperatingError(trouble.code, says, options);
}

function troubleOf(message: string, code: string | undefined): Trouble {
  const byReply = BY_REPLY.get(/^[A-Z]+/.exec(message)?.[0] ?? '');
  if (byReply !== undefined) return byReply;
  if (message.startsWith('ERR AUTH') || message.includes('invalid password')) return AUTH;
  if (message === 'ERR max number of clients reached') return UNREACHABLE;
  if (message === 'Command timed out' || message.startsWith('Socket timeout')) return TIMEOUT;
  if (code !== undefined && TLS_CODE.test(code)) return TLS;
  if ((code !== undefined && CONNECTION_CODES.has(code)) || CONNECTION_MESSAGES.test(message)) return UNREACHABLE;
  return { code: 'redis-failed', retryable: false, says: 'Redis refused a command of the queue' };
}
