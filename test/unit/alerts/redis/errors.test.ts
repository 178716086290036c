import { redisError } from '../../../../src/alerts/redis/errors.ts';
import { OperatingError } from '../../../../src/base/errors.ts';

const withCode = (code: string, message = `connect ${code} 127.0.0.1:6379`): Error => Object.assign(new Error(message), { code });

test.each([
  ['OOM command not allowed when used memory > maxmemory. script: 1, on @user_script:1.', 'redis-full', true],
  ["READONLY You can't write against a read only replica.", 'redis-read-only', true],
  ['LOADING Redis is loading the dataset in memory', 'redis-loading', true],
  ['BUSY Redis is busy running a script.', 'redis-busy', true],
  ['MASTERDOWN Link with MASTER is down', 'redis-failing-over', true],
  ['CLUSTERDOWN The cluster is down', 'redis-failing-over', true],
  ['TRYAGAIN Multiple keys request during rehashing of slot', 'redis-failing-over', true],
  ['NOREPLICAS Not enough good replicas to write.', 'redis-failing-over', true],
  ['MISCONF Redis is configured to save RDB snapshots', 'redis-cannot-persist', true],
  ['WRONGPASS invalid username-password pair or user is disabled.', 'redis-auth', false],
  ['NOAUTH Authentication required.', 'redis-auth', false],
  ['ERR AUTH <password> called without any password configured for the default user.', 'redis-auth', false],
  ["NOPERM this user has no permissions to run the 'eval' command", 'redis-permission', false],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', 'redis-foreign-data', false],
  ['ERR max number of clients reached', 'redis-unreachable', true],
  ['Command timed out', 'redis-timeout', true],
  ["Socket timeout. Expecting data, but didn't receive any in 10000ms.", 'redis-timeout', true],
  ['Connection is closed.', 'redis-unreachable', true],
  ["Stream isn't writeable and enableOfflineQueue options is false", 'redis-unreachable', true],
  ['Reached the max retries per request limit (which is 2).', 'redis-unreachable', true],
  ['Command aborted due to connection close', 'redis-unreachable', true],
  ['ERR unknown command', 'redis-failed', false],
  ['', 'redis-failed', false],
])('%s is %s', (message, code, retryable) => {
  expect(redisError(new Error(message))).toMatchObject({ name: 'OperatingError', code, retryable, exitStatus: 3 });
});

test.each([
  ['ECONNREFUSED', 'redis-unreachable', true],
  ['ECONNRESET', 'redis-unreachable', true],
  ['ENOTFOUND', 'redis-unreachable', true],
  ['ETIMEDOUT', 'redis-unreachable', true],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'redis-tls', false],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'redis-tls', false],
  ['CERT_HAS_EXPIRED', 'redis-tls', false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'redis-tls', false],
])('the code %s is %s', (code, mapped, retryable) => {
  expect(redisError(withCode(code))).toMatchObject({ code: mapped, retryable });
});

test('keeps nothing of the command that failed', () => {
  const failure = Object.assign(new Error('WRONGPASS invalid'), { command: { name: 'hello', args: ['3', 'AUTH', 'default', 'canary'] } });
  const mapped = redisError(failure);
  expect(JSON.stringify([mapped, mapped.message, mapped.stack, mapped.cause, Object.values(mapped.cause as object)])).not.toContain('canary');
});

test('leaves an operating error as it is, and takes what is no error', () => {
  const error = new OperatingError('x', 'y');
  expect(redisError(error)).toBe(error);
  expect(redisError('gone')).toMatchObject({ code: 'redis-failed' });
});

test('a server that cannot be reached is named by its place, since several may be meant', () => {
  expect(redisError(withCode('ECONNREFUSED'), 'redis.example:6380').message).toBe('Redis cannot be reached at redis.example:6380');
  expect(redisError(withCode('WRONGPASS', 'WRONGPASS no'), 'redis.example:6380').message).not.toContain('redis.example');
});
