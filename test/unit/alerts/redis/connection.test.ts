import { redisConnection } from '../../../../src/alerts/redis/connection.ts';
import { queueKeys } from '../../../../src/alerts/redis/keys.ts';

test('reads what a URL says', () => {
  expect(redisConnection('redis://h')).toEqual({ host: 'h', port: 6379, db: 0 });
  expect(redisConnection('redis://u%40:p%3A%2F@h:1/3')).toEqual({ host: 'h', port: 1, db: 3, username: 'u@', password: 'p:/' });
  expect(redisConnection('redis://[::1]:7/')).toEqual({ host: '::1', port: 7, db: 0 });
  expect(redisConnection('rediss://h')).toEqual({ host: 'h', port: 6379, db: 0, tls: {} });
});

test('what is given beside the URL is stronger, and an authority means TLS', () => {
  const made = redisConnection('redis://u:p@h', { username: 'v', password: 'q', ca: 'CA', cert: 'C', key: 'K', servername: 'n' });
  expect(made).toEqual({ host: 'h', port: 6379, db: 0, username: 'v', password: 'q', tls: { ca: 'CA', cert: 'C', key: 'K', servername: 'n' } });
});

test.each(['', 'h:6379', 'http://h', 'redis://', 'redis://u:canary@h:port', 'redis://u:canary@h/x', 'redis://u:%E0%A4%A@h'])(
  'refuses %s without repeating it',
  (url) => {
    let failure: unknown = null;
    try {
      redisConnection(url);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ name: 'OperatingError', code: 'redis-url-invalid', exitStatus: 2 });
    expect((failure as Error).message).not.toContain('canary');
  },
);

test('all keys share one hash tag, and a prefix cannot break it', () => {
  const { all } = queueKeys('bank.a:prod');
  expect(new Set(all).size).toBe(all.length);
  for (const key of all) expect(key.startsWith('{bank.a:prod}:')).toBe(true);
  for (const prefix of ['', 'a}b', '{', 'a b', 'x'.repeat(101), 'a\n'])
    expect(() => queueKeys(prefix)).toThrow(expect.objectContaining({ code: 'redis-prefix-invalid' }));
});
