import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { ALL_SETTINGS } from '../../../src/app/config/schema.ts';
import type { Config } from '../../../src/app/config/types.ts';
import { describeConfig, loadConfig } from '../../../src/app/config.ts';
import { OperatingError } from '../../../src/base/errors.ts';
import { CONFIG_BYTES_MAX } from '../../../src/base/limits.ts';

const folder = mkdtempSync(join(tmpdir(), 'moneytrail-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string, name = 'moneytrail.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const load = (env: Record<string, string>, text?: string): Config => loadConfig(env, text === undefined ? undefined : file(text)).config;

/** The problems as they are printed, without the folder and the first line. */
function problems(env: Record<string, string>, text?: string, name?: string): string[] {
  try {
    loadConfig(env, text === undefined ? undefined : file(text, name));
  } catch (error) {
    expect(error).toBeInstanceOf(OperatingError);
    expect(error).toMatchObject({ code: 'config-invalid', exitStatus: 2 });
    return (error as Error).message.replaceAll(`${folder}/`, '').split('\n  ').slice(1);
  }
  return [];
}

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n';

describe('where a value comes from', () => {
  test('nothing given: the defaults', () => {
    expect(load({})).toMatchObject({
      mode: 'eager',
      latenessMs: 48 * 3_600_000,
      returnHorizonMs: 240 * 3_600_000,
      reportingCurrency: 'EUR',
      alertKey: null,
      stateDir: resolve('.moneytrail'),
      kafka: { brokers: ['127.0.0.1:9092'], topicPrefix: '', group: 'moneytrail', tls: null, sasl: null },
      redis: { host: '127.0.0.1', port: 6379, database: 0, prefix: 'moneytrail', username: null, password: null, tls: null },
      http: { port: 0, host: '127.0.0.1' },
      memory: { dayLegsMax: 100_000 },
      logLevel: 'info',
    });
    expect(load({}).rules).toMatch(/rules$/);
  });

  test('every setting can be said by its variable, and every one by its key in the file', () => {
    const samples: Record<string, [text: string, pick: (config: Config) => unknown, value: unknown]> = {
      rules: ['/r', (c) => c.rules, '/r'],
      rates: ['/q', (c) => c.rates, '/q'],
      mode: ['final', (c) => c.mode, 'final'],
      lateness: ['1d12h', (c) => c.latenessMs, 129_600_000],
      reportingCurrency: ['GBP', (c) => c.reportingCurrency, 'GBP'],
      returnHorizon: ['5d', (c) => c.returnHorizonMs, 432_000_000],
      alertKey: ['0123456789abcdef', (c) => c.alertKey?.reveal(), '0123456789abcdef'],
      stateDir: ['/s', (c) => c.stateDir, '/s'],
      'memory.rowsMax': ['2000000', (c) => c.memory.rowsMax, 2_000_000],
      'memory.rowsReserve': ['5000', (c) => c.memory.rowsReserve, 5_000],
      'memory.dayLegsMax': ['77', (c) => c.memory.dayLegsMax, 77],
      'kafka.brokers': ['a:1,[::1]:2', (c) => c.kafka.brokers, ['a:1', '[::1]:2']],
      'kafka.clientId': ['me', (c) => c.kafka.clientId, 'me'],
      'kafka.group': ['g', (c) => c.kafka.group, 'g'],
      'kafka.topicPrefix': ['test.', (c) => c.kafka.topicPrefix, 'test.'],
      'kafka.partitions': ['3', (c) => c.kafka.partitions, 3],
      'kafka.replicationFactor': ['2', (c) => c.kafka.replicationFactor, 2],
      'kafka.retention': ['30d', (c) => c.kafka.retentionMs, 30 * 86_400_000],
      'kafka.sessionTimeout': ['15s', (c) => c.kafka.sessionTimeoutMs, 15_000],
      'kafka.tls.enabled': ['true', (c) => c.kafka.tls, { ca: null, cert: null, key: null }],
      'kafka.tls.ca': [file(CERTIFICATE, 'ca.pem'), (c) => c.kafka.tls?.ca, CERTIFICATE],
      'kafka.tls.cert': [file(CERTIFICATE, 'cert.pem'), (c) => c.kafka.tls?.cert, CERTIFICATE],
      'kafka.tls.key': [file(KEY, 'key.pem'), (c) => c.kafka.tls?.key?.reveal(), KEY],
      'kafka.sasl.mechanism': ['scram-sha-256', (c) => c.kafka.sasl?.mechanism, 'scram-sha-256'],
      'kafka.sasl.username': ['ann', (c) => c.kafka.sasl?.username, 'ann'],
      'kafka.sasl.password': ['p', (c) => c.kafka.sasl?.password.reveal(), 'p'],
      'redis.url': ['redis://h:1/2', (c) => [c.redis.host, c.redis.port, c.redis.database], ['h', 1, 2]],
      'redis.prefix': ['mt', (c) => c.redis.prefix, 'mt'],
      'redis.username': ['bob', (c) => c.redis.username, 'bob'],
      'redis.password': ['q', (c) => c.redis.password?.reveal(), 'q'],
      'redis.tls.enabled': ['true', (c) => c.redis.tls, { ca: null, cert: null, key: null }],
      'redis.tls.ca': [file(CERTIFICATE, 'ca.pem'), (c) => c.redis.tls?.ca, CERTIFICATE],
      'redis.tls.cert': [file(CERTIFICATE, 'cert.pem'), (c) => c.redis.tls?.cert, CERTIFICATE],
      'redis.tls.key': [file(KEY, 'key.pem'), (c) => c.redis.tls?.key?.reveal(), KEY],
      'http.port': ['9464', (c) => c.http.port, 9464],
      'http.host': ['0.0.0.0', (c) => c.http.host, '0.0.0.0'],
      'log.level': ['debug', (c) => c.logLevel, 'debug'],
    };
    // Settings that go only together are said together.
    const partners: Record<string, string[]> = {
      'kafka.sasl.mechanism': ['kafka.sasl.username', 'kafka.sasl.password'],
      'kafka.sasl.username': ['kafka.sasl.mechanism', 'kafka.sasl.password'],
      'kafka.sasl.password': ['kafka.sasl.username', 'kafka.sasl.mechanism'],
      'kafka.tls.cert': ['kafka.tls.key'],
      'kafka.tls.key': ['kafka.tls.cert'],
      'redis.tls.cert': ['redis.tls.key'],
      'redis.tls.key': ['redis.tls.cert'],
      'redis.username': ['redis.password'],
    };
    const variableOf = new Map(ALL_SETTINGS.map(({ key, variable }) => [key, variable]));
    expect(Object.keys(samples).sort()).toEqual(
      [...variableOf]
        .filter(([, v]) => v !== null)
        .map(([key]) => key)
        .sort(),
    );
    for (const [key, [, pick, value]] of Object.entries(samples)) {
      const said = [key, ...(partners[key] ?? [])];
      const env = Object.fromEntries(said.map((k) => [variableOf.get(k)!, samples[k]![0]]));
      expect([key, pick(load(env))]).toEqual([key, value]);
      const tree = said.reduce((t, k) => place(t, k.split('.'), samples[k]![0]), {});
      expect([key, pick(load({}, JSON.stringify(tree, null, 2)))]).toEqual([key, value]);
    }
  });

  test('the environment wins over the file, the file over the default, and nothing is not a value', () => {
    const text = 'lateness: 24h\nkafka: { group: from-file }\n';
    expect(load({ MONEYTRAIL_LATENESS: '12h', MONEYTRAIL_GROUP: '' }, text)).toMatchObject({ latenessMs: 43_200_000, kafka: { group: 'from-file' } });
  });

  test('the file can be named by the environment, and --config wins', () => {
    const [a, b] = [file('mode: final', 'a.yaml'), file('mode: eager', 'b.yaml')];
    expect(loadConfig({ MONEYTRAIL_CONFIG: a }).config.mode).toBe('final');
    expect(loadConfig({ MONEYTRAIL_CONFIG: a }, b).config.mode).toBe('eager');
  });

  test('the variables that users rely on', () => {
    const known = ALL_SETTINGS.map(({ variable }) => variable);
    const promised = 'KAFKA_BROKERS REDIS_URL MONEYTRAIL_RULES MONEYTRAIL_RATES MONEYTRAIL_LATENESS MONEYTRAIL_TOPIC_PREFIX MONEYTRAIL_GROUP';
    const more = 'MONEYTRAIL_REDIS_PREFIX MONEYTRAIL_HTTP_PORT MONEYTRAIL_ALERT_KEY MONEYTRAIL_STATE_DIR LOG_LEVEL';
    for (const name of `${promised} ${more}`.split(' ')) expect(known).toContain(name);
  });

  test('paths of the file start at its folder, those of the environment at the working directory', () => {
    expect(load({ MONEYTRAIL_RATES: 'rates' }, 'rules: my/rules')).toMatchObject({ rules: join(folder, 'my/rules'), rates: resolve('rates') });
  });

  test('sources have a lateness and a prefix of their own', () => {
    const { latenessMsBySource, prefixBySource } = load({}, "sources:\n  bank-a: { lateness: 72h }\n  'wallet firm': { prefix: 'w:' }\n  other: {}\n");
    expect([...latenessMsBySource]).toEqual([['bank-a', 259_200_000]]);
    expect([...prefixBySource]).toEqual([['wallet firm', 'w:']]);
  });

  test('brokers can be a list', () => expect(load({}, 'kafka:\n  brokers:\n    - a:1\n    - b:2\n').kafka.brokers).toEqual(['a:1', 'b:2']));
  test('an empty file says nothing', () => expect(load({}, '').mode).toBe('eager'));
  test('JSON with tabs, as editors write it', () =>
    expect(load({}, '{\n\t"kafka": {\n\t\t"group": "g"\n\t},\n\t"http": { "port": 8080 }\n}\n')).toMatchObject({
      kafka: { group: 'g' },
      http: { port: 8080 },
    }));
});

function place(tree: Record<string, unknown>, [key, ...rest]: string[], value: string): Record<string, unknown> {
  return { ...tree, [key!]: rest.length === 0 ? value : place((tree[key!] ?? {}) as Record<string, unknown>, rest, value) };
}

describe('connections', () => {
  test('Redis with user, password and TLS in its URL', () => {
    const { redis } = load({ REDIS_URL: 'rediss://ann:p%40ss@example.org:6380/3' });
    expect(redis).toMatchObject({ host: 'example.org', port: 6380, database: 3, username: 'ann', tls: { ca: null, cert: null, key: null } });
    expect(redis.password?.reveal()).toBe('p@ss');
  });

  test('Redis with a password alone', () => expect(load({ REDIS_URL: 'redis://:only@h' }).redis.password?.reveal()).toBe('only'));
  test('an address of version 6', () => expect(load({ REDIS_URL: 'redis://[::1]:7000' }).redis).toMatchObject({ host: '::1', port: 7000 }));
  test('certificates turn TLS on', () =>
    expect(load({ KAFKA_TLS_CA: file(CERTIFICATE, 'ca.pem') }).kafka.tls).toEqual({ ca: CERTIFICATE, cert: null, key: null }));

  test.each([
    [
      'a certificate without its key',
      { KAFKA_TLS_CERT: 'ca.pem' },
      'environment variable KAFKA_TLS_CERT: kafka.tls.cert is given alone. A certificate and its private key belong together.',
    ],
    ['certificates with TLS off', { KAFKA_TLS: 'false', KAFKA_TLS_CA: 'ca.pem' }, 'kafka.tls.enabled is false, and certificates are given.'],
    ['rediss with TLS off', { REDIS_TLS: 'false', REDIS_URL: 'rediss://h' }, 'redis.tls.enabled is false, and the URL begins with rediss:.'],
    ['a file that is not there', { REDIS_TLS_CA: 'no.pem' }, 'environment variable REDIS_TLS_CA: redis.tls.ca cannot be read from no.pem (ENOENT).'],
    ['a key in place of a certificate', { KAFKA_TLS_CA: 'key.pem' }, 'kafka.tls.ca names key.pem, which holds no PEM of the kind wanted.'],
    [
      'a certificate in place of a key',
      { KAFKA_TLS_CERT: 'ca.pem', KAFKA_TLS_KEY: 'ca.pem' },
      'kafka.tls.key names ca.pem, which holds no PEM of the kind wanted.',
    ],
    ['half of SASL', { KAFKA_SASL_USERNAME: 'ann' }, 'kafka.sasl.mechanism is missing. mechanism, username and password belong together.'],
    ['two passwords', { REDIS_URL: 'redis://:a@h', REDIS_PASSWORD: 'b' }, 'redis.password is given, and the URL holds a password too. Keep one of the two.'],
    ['two users', { REDIS_URL: 'redis://a:a@h', REDIS_USERNAME: 'b' }, 'redis.username is given, and the URL names a user too. Keep one of the two.'],
    ['a user without a password', { REDIS_USERNAME: 'b' }, 'redis.username is given without a password.'],
  ])('%s', (_name, env, sentence) => {
    file(CERTIFICATE, 'ca.pem');
    file(KEY, 'key.pem');
    const absolute = Object.fromEntries(Object.entries(env).map(([k, v]) => [k, v!.endsWith('.pem') ? join(folder, v!) : v!]));
    expect(problems(absolute).join('\n')).toContain(sentence);
  });
});

describe('problems', () => {
  test('all at once, each with its place', () => {
    const text = 'lateness: 4 days\nkafka:\n  brokers: nowhere\n  retension: 30d\nhttp: { port: 70000 }\nmode: fast\n';
    expect(problems({ MONEYTRAIL_GROUP: 'a b', LOG_LEVEL: 'loud' }, text)).toEqual([
      'moneytrail.yaml:6:1: mode is "fast", and must be one of eager, final.',
      'moneytrail.yaml:1:1: lateness is "4 days", and must be a duration such as 36h or 1d12h, from 0ms to 366d.',
      'moneytrail.yaml:3:3: kafka.brokers is "nowhere", and must be one or more of host:port, separated by commas.',
      'environment variable MONEYTRAIL_GROUP: kafka.group is "a b", and must be letters, digits, ".", "_", ":" and "-", 1 to 200.',
      'moneytrail.yaml:4:3: kafka.retension is no setting. Did you mean retention?',
      'moneytrail.yaml:5:9: http.port is "70000", and must be a whole number from 0 to 65535.',
      'environment variable LOG_LEVEL: log.level is "loud", and must be one of trace, debug, info, warn, error, fatal, silent.',
    ]);
  });

  test.each([
    ['a key in the wrong place', 'brokers: a:1', 'moneytrail.yaml:1:1: brokers is no setting. Did you mean kafka.brokers?'],
    ['a variable as a key', 'KAFKA_BROKERS: a:1', 'moneytrail.yaml:1:1: KAFKA_BROKERS is no setting. Did you mean kafka.brokers?'],
    ['a key without any likeness', 'colour: red', 'moneytrail.yaml:1:1: colour is no setting. The keys here are rules, rates,'],
    [
      'a slip in a key of a source',
      'sources: { bank-a: { latness: 1h } }',
      'moneytrail.yaml:1:22: sources.bank-a.latness is no setting. Did you mean lateness?',
    ],
    ['a slip in the key of a secret', 'alertkeyFile: x', 'moneytrail.yaml:1:1: alertkeyFile is no setting. Did you mean alertKeyFile?'],
    ['__proto__', '__proto__: { mode: final }', 'moneytrail.yaml:1:1: __proto__ cannot be used as a name.'],
    ['__proto__ as a source', 'sources: { __proto__: { lateness: 1h } }', 'moneytrail.yaml:1:12: sources.__proto__ cannot be used as a name.'],
    ['constructor as a key', 'kafka: { constructor: 1 }', 'moneytrail.yaml:1:10: kafka.constructor is no setting.'],
    ['a text where keys belong', 'kafka: a:1', 'moneytrail.yaml:1:1: kafka must be a mapping of keys to values.'],
    ['keys where a text belongs', 'mode: { a: 1 }', 'moneytrail.yaml:1:1: mode must be one of eager, final.'],
    ['a list where a text belongs', 'mode: [final]', 'moneytrail.yaml:1:1: mode must be one of eager, final.'],
    ['a list as the whole', '- mode', 'moneytrail.yaml:1:1: The file must be a mapping of keys to values.'],
    ['a key twice', 'mode: final\nmode: eager', 'moneytrail.yaml:2:1: The key mode is written twice.'],
    ['broken YAML', 'mode: [', 'moneytrail.yaml:1:'],
    ['an alias', 'a: &a 1\nb: *a', 'Anchors and aliases (& and *) are not allowed.'],
    ['no value', 'mode:', 'mode is "", and must be one of eager, final.'],
    ['a broker without a port', 'kafka: { brokers: [a] }', 'kafka.brokers is "a", and must be'],
    ['a broker with a comma in a list', 'kafka: { brokers: ["a:1,b:2"] }', 'kafka.brokers must be'],
    ['a broker twice', 'kafka: { brokers: [a:1, a:1] }', 'kafka.brokers is "a:1,a:1", and must be'],
    ['more room than allowed', 'memory: { rowsMax: 2000, rowsReserve: 3000 }', 'memory.rowsReserve must not exceed memory.rowsMax, which is 2000.'],
  ])('%s', (_name, text, sentence) => expect(problems({}, text).join('\n')).toContain(sentence));

  test.each([
    ['a slip in a variable', { MONEYTRAIL_LATENES: '1h' }, 'environment variable MONEYTRAIL_LATENES: is none of ours. Did you mean MONEYTRAIL_LATENESS?'],
    ['one letter too few', { KAFKA_BROKER: 'a:1' }, 'environment variable KAFKA_BROKER: is none of ours. Did you mean KAFKA_BROKERS?'],
  ])('%s', (_name, env, sentence) => expect(problems(env as unknown as Record<string, string>)).toEqual([sentence]));

  test('variables of others are theirs', () => {
    expect(
      problems({
        MONEYTRAIL_PORT: 'tcp://1',
        MONEYTRAIL_SERVICE_HOST: '1',
        REDIS_PORT_6379_TCP: 'tcp://1',
        KAFKA_HEAP_OPTS: '1',
        HOME: '1',
        MONEYTRAIL_TESTS: 'all',
      }),
    ).toEqual([]);
  });

  test('many problems are told up to a limit', () => {
    const text = Array.from({ length: 80 }, (_, i) => `k${i}: 1`).join('\n');
    const told = problems({}, text);
    expect([told.length, told.at(-1)]).toEqual([51, '… and 30 more']);
  });

  test.each([
    ['is not there', () => join(folder, 'no.yaml'), 'ENOENT'],
    ['is a folder', () => folder, 'EISDIR'],
    ['is too large', () => file('#'.repeat(CONFIG_BYTES_MAX + 1), 'large.yaml'), 'it is larger than'],
  ])('a file that %s is out of reach', (_name, path, reason) => {
    expect(() => loadConfig({}, path())).toThrow(
      expect.objectContaining({ code: 'config-unreadable', exitStatus: 3, message: expect.stringContaining(reason) }),
    );
  });
});

describe('secrets', () => {
  const SECRET = 'correct-horse-battery';
  const secretVariables = ALL_SETTINGS.filter(({ form }) => form.secret).map(({ key, variable }) => [key, variable!] as const);

  test('there are three', () => expect(secretVariables.map(([key]) => key)).toEqual(['alertKey', 'kafka.sasl.password', 'redis.password']));

  test.each(secretVariables)('%s can be read from a file that the environment names', (key, variable) => {
    const partners = key.startsWith('kafka') ? { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u' } : {};
    const { config } = loadConfig({ ...partners, [`${variable}_FILE`]: file(`${SECRET}\n`, 'secret') });
    const found = [config.alertKey, config.kafka.sasl?.password, config.redis.password].map((s) => s?.reveal());
    expect(found.filter((s) => s !== undefined)).toEqual([SECRET]);
  });

  test('a secret can be read from a file that the configuration names, from its folder on', () => {
    file(`${SECRET}\r\n`, 'secret');
    expect(load({}, 'alertKeyFile: secret\nredis: { passwordFile: ./secret }')).toMatchObject({ redis: { username: null } });
    expect(load({}, 'alertKeyFile: secret').alertKey?.reveal()).toBe(SECRET);
  });

  test.each([
    [
      'both in the environment',
      { MONEYTRAIL_ALERT_KEY: SECRET, MONEYTRAIL_ALERT_KEY_FILE: 'x' },
      undefined,
      'alertKey is given both as MONEYTRAIL_ALERT_KEY and as MONEYTRAIL_ALERT_KEY_FILE.',
    ],
    ['both in the file', {}, `alertKey: ${SECRET}\nalertKeyFile: x`, 'alertKey is given both as alertKey and as alertKeyFile.'],
    [
      'a file that is not there',
      { REDIS_PASSWORD_FILE: '/none/such' },
      undefined,
      'environment variable REDIS_PASSWORD_FILE: redis.password cannot be read from /none/such (ENOENT).',
    ],
    ['too short', { MONEYTRAIL_ALERT_KEY: 'short' }, undefined, 'alertKey must be a text of at least 16 characters without line breaks.'],
    ['of two lines', { MONEYTRAIL_ALERT_KEY: `${SECRET}\n${SECRET}` }, undefined, 'alertKey must be a text of at least 16 characters without line breaks.'],
    ['a URL that is none', { REDIS_URL: `redis//u:${SECRET}@h` }, undefined, 'redis.url must be a URL such as redis://host:6379/0, or rediss:// for TLS.'],
    ['a file that is a list', {}, 'alertKeyFile: [x]', 'alertKeyFile must be a path.'],
  ])('%s', (_name, env, text, sentence) => {
    const told = problems(env as Record<string, string>, text).join('\n');
    expect(told).toContain(sentence);
    expect(told).not.toContain(SECRET);
    expect(told).not.toContain('short');
  });

  test('are never printed', () => {
    const env = {
      MONEYTRAIL_ALERT_KEY: SECRET,
      REDIS_URL: `redis://ann:${SECRET}@h:1/0`,
      KAFKA_SASL_PASSWORD: SECRET,
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_MECHANISM: 'plain',
    };
    const loaded = loadConfig(env);
    for (const text of [describeConfig(loaded), JSON.stringify(loaded), inspect(loaded, { depth: null, showHidden: true }), String(loaded.config.alertKey)]) {
      expect(text).not.toContain(SECRET);
    }
    expect(describeConfig(loaded)).toContain('redis.url = redis://ann:[secret]@h:1/0 (environment variable REDIS_URL)\n');
    expect(describeConfig(loaded)).toContain('alertKey = [secret] (environment variable MONEYTRAIL_ALERT_KEY)\n');
    expect(describeConfig(loaded)).toContain('lateness = "48h" (default)\n');
  });
});
