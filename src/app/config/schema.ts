import { z } from 'zod';
import { LOG_LEVELS } from '../../base/log.ts';
import { brokers, choice, duration, type Form, flag, name, path, redisUrl, schemaOf, secret, wholeNumber } from './forms.ts';

/** What the documentation and the messages say of one setting. */
export interface SettingFacts {
  /** The environment variable, which wins over the file; null where only the file can say it. */
  readonly variable: string | null;
  /** One or two sentences: what it does, and why one would change it. */
  readonly about: string;
  readonly form: Form<unknown>;
  readonly default: string | null;
}

export const SETTINGS = z.registry<SettingFacts>();

type Leaf<T> = z.ZodType<T, string>;

/** A setting that can be left out. */
function optional<T>(variable: string | null, form: Form<T>, about: string): z.ZodOptional<Leaf<T>> {
  const leaf = schemaOf(form);
  SETTINGS.add(leaf, { variable, about, form, default: null });
  return leaf.optional();
}

function setting<T>(variable: string | null, form: Form<T>, byDefault: string, about: string): z.ZodPrefault<Leaf<T>> {
  const leaf = schemaOf(form);
  SETTINGS.add(leaf, { variable, about, form, default: byDefault });
  return leaf.prefault(byDefault);
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const topicPart = name('letters, digits, ".", "_" and "-", at most 200', /^[A-Za-z0-9._-]{0,200}$/);
const groupName = name('letters, digits, ".", "_", ":" and "-", 1 to 200', /^[A-Za-z0-9._:-]{1,200}$/);
const redisPrefix = name('letters, digits, ".", "_", ":" and "-", 1 to 100', /^[A-Za-z0-9._:-]{1,100}$/);
const userName = name('1 to 256 characters', /^[^\r\n\0]{1,256}$/);
const lateness = duration(0, 366 * DAY_MS);

const tls = (server: string, prefix: string) =>
  z
    .strictObject({
      enabled: optional(`${prefix}_TLS`, flag, `Whether to speak TLS to ${server}. It is on where one of the three files below is given.`),
      ca: optional(`${prefix}_TLS_CA`, path, 'File with the certificates (PEM) of the authorities to trust; those of Node.js unless given.'),
      cert: optional(`${prefix}_TLS_CERT`, path, 'File with the certificate chain (PEM) that this client shows, where the server asks for one.'),
      key: optional(`${prefix}_TLS_KEY`, path, 'File with the private key (PEM) of that certificate.'),
    })
    .prefault({});

/** Every setting there is, in the order in which the documentation lists them. `strict`: what is not here is a mistake. */
export const configSchema = z.strictObject({
  rules: optional('MONEYTRAIL_RULES', path, "Folder of the typologies; the project's own unless given."),
  rates: optional('MONEYTRAIL_RATES', path, "Rate table, a CSV file or a folder of them; the project's own unless given."),
  mode: setting(
    'MONEYTRAIL_MODE',
    choice(['eager', 'final']),
    'eager',
    'eager: every changed alert at the end of a batch. final: only alerts that nothing can change any more, once.',
  ),
  lateness: setting(
    'MONEYTRAIL_LATENESS',
    lateness,
    '48h',
    'How long after its time a record may be received and still count. Later ones go to the late topic.',
  ),
  reportingCurrency: setting(
    'MONEYTRAIL_REPORTING_CURRENCY',
    name('an ISO 4217 code such as EUR', /^[A-Z]{3}$/),
    'EUR',
    'Currency in which money is compared where a typology names none.',
  ),
  returnHorizon: setting(
    'MONEYTRAIL_RETURN_HORIZON',
    duration(0, 366 * DAY_MS),
    '10d',
    'How long after a transaction its return may come. Histories are kept for as long.',
  ),
  alertKey: optional(
    'MONEYTRAIL_ALERT_KEY',
    secret(16),
    'Key of the deployment from which the ids of alerts are made, so that an id does not give an account away. Without it the published key is used. Changing it changes every id.',
  ),
  stateDir: setting(
    'MONEYTRAIL_STATE_DIR',
    path,
    '.moneytrail',
    'Folder in which a process that is ended by a fault notes the place of the record that it was at.',
  ),
  sources: z
    .record(
      z.string().regex(/^[^\r\n\0]{1,128}$/, 'is no name of a source: it must have 1 to 128 characters'),
      z.strictObject({
        lateness: optional(null, lateness, 'The lateness of this source, instead of the general one.'),
        prefix: optional(
          null,
          name('1 to 32 characters without blanks', /^\S{1,32}$/),
          'Put before every account, party and device of this source that is not an IBAN, so that local numbers of two sources do not clash.',
        ),
      }),
    )
    .prefault({}),
  memory: z
    .strictObject({
      rowsMax: setting(
        'MONEYTRAIL_ROWS_MAX',
        wholeNumber(1_000, 2 ** 27),
        '20000000',
        'Transactions held at once, 140 to 240 bytes each with what the rules keep of them. At the limit intake stops and readiness fails.',
      ),
      rowsReserve: setting(
        'MONEYTRAIL_ROWS_RESERVE',
        wholeNumber(1_000, 2 ** 27),
        '1048576',
        'Transactions for which room is set aside from the start; it is used only as it fills, and beyond it grows step by step without a pause.',
      ),
      dayLegsMax: setting(
        'MONEYTRAIL_DAY_LEGS_MAX',
        wholeNumber(1, 10_000_000),
        '100000',
        'Transactions that one key may have on one UTC day. Beyond, the key is overfull on that day and its verdicts are errored.',
      ),
    })
    .prefault({}),
  kafka: z
    .strictObject({
      brokers: setting('KAFKA_BROKERS', brokers, '127.0.0.1:9092', 'Where to find the cluster. A list in the file is as good as commas.'),
      clientId: setting('KAFKA_CLIENT_ID', groupName, 'moneytrail', 'What the brokers call this client in their logs and quotas.'),
      group: setting(
        'MONEYTRAIL_GROUP',
        groupName,
        'moneytrail',
        'Consumer group. Processes of one group share one input; one of them owns it, the others stand by.',
      ),
      topicPrefix: setting('MONEYTRAIL_TOPIC_PREFIX', topicPart, '', "Put before every topic's name, the input's included."),
      partitions: setting('KAFKA_PARTITIONS', wholeNumber(1, 1_000), '8', 'Partitions of the input topic where topics apply makes it.'),
      replicationFactor: setting(
        'KAFKA_REPLICATION_FACTOR',
        wholeNumber(1, 15),
        '1',
        'Copies of each partition where topics apply makes a topic: 3 in earnest.',
      ),
      retention: setting(
        'KAFKA_RETENTION',
        duration(HOUR_MS, 3_660 * DAY_MS),
        '90d',
        'How long topics apply tells Kafka to keep the input. run refuses a shorter one than the windows need.',
      ),
      sessionTimeout: setting(
        'KAFKA_SESSION_TIMEOUT',
        duration(6_000, 300_000),
        '10s',
        'How long the group waits for a silent member; also the length of a takeover after a kill.',
      ),
      tls: tls('Kafka', 'KAFKA'),
      sasl: z
        .strictObject({
          mechanism: optional('KAFKA_SASL_MECHANISM', choice(['plain', 'scram-sha-256', 'scram-sha-512']), 'How to authenticate; without it nothing is sent.'),
          username: optional('KAFKA_SASL_USERNAME', userName, 'The user.'),
          password: optional('KAFKA_SASL_PASSWORD', secret(1), 'Its password.'),
        })
        .prefault({}),
    })
    .prefault({}),
  redis: z
    .strictObject({
      url: setting('REDIS_URL', redisUrl, 'redis://127.0.0.1:6379', 'Where the alert queue lives. User and password can stand in it, or below.'),
      prefix: setting('MONEYTRAIL_REDIS_PREFIX', redisPrefix, 'moneytrail', 'Put before every key, so that deployments can share a server.'),
      username: optional('REDIS_USERNAME', userName, 'The user, where the server has more than the default one.'),
      password: optional('REDIS_PASSWORD', secret(1), 'Its password.'),
      tls: tls('Redis', 'REDIS'),
    })
    .prefault({}),
  http: z
    .strictObject({
      port: setting('MONEYTRAIL_HTTP_PORT', wholeNumber(0, 65_535), '0', 'Port of /metrics, /healthz and /readyz while run is running; 0 is off.'),
      host: setting('MONEYTRAIL_HTTP_HOST', name('an address or host name', /^[A-Za-z0-9.:_-]{1,253}$/), '127.0.0.1', 'Address to listen on; 0.0.0.0 for all.'),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: setting('LOG_LEVEL', choice(LOG_LEVELS), 'info', 'The least urgent lines to write, to standard error.'),
    })
    .prefault({}),
});

export type ConfigValues = z.output<typeof configSchema>;

/** One setting with its place in the file, `kafka.tls.ca`; `*` stands for the name of a source. */
export interface Setting extends SettingFacts {
  readonly key: string;
}

/** Every setting, in order. */
export const ALL_SETTINGS: readonly Setting[] = settingsUnder(configSchema, []);

function settingsUnder(schema: z.core.$ZodType, keys: readonly string[]): Setting[] {
  const facts = SETTINGS.get(schema);
  if (facts !== undefined) return [{ key: keys.join('.'), ...facts }];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) return settingsUnder(schema.def.innerType, keys);
  if (schema instanceof z.ZodRecord) return settingsUnder(schema.def.valueType, [...keys, '*']);
  if (schema instanceof z.ZodObject) return Object.entries(schema.shape).flatMap(([key, inner]) => settingsUnder(inner, [...keys, key]));
  return [];
}
