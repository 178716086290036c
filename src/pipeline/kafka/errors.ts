import { OperatingError } from '../../base/errors.ts';

interface KafkaError extends Error {
  readonly type?: string;
  readonly retriable?: boolean;
}

/** The error at the bottom: kafkajs wraps what really happened, sometimes several times. */
export function rootOf(error: unknown): KafkaError {
  let root = error as KafkaError;
  for (let depth = 0; depth < 10 && root.cause instanceof Error; depth++) root = root.cause as KafkaError;
  return root;
}

const isNamed = (error: unknown, prefix: string): boolean => error instanceof Error && error.name.startsWith(prefix);

/** Whether kafkajs threw it. */
export function isKafkaError(error: unknown): boolean {
  return isNamed(error, 'KafkaJS');
}

/** Types at which the runner of kafkajs joins its group again. */
const REJOIN_TYPES = new Set(['REBALANCE_IN_PROGRESS', 'NOT_COORDINATOR_FOR_GROUP', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID']);

/** An error that makes the runner join the group again, whatever kind of error a commit gave: as it is, most of them would end the consumer. */
export function asRejoin(cause: unknown): Error {
  const { type } = rootOf(cause);
  return Object.assign(new Error('the group has to be joined again', { cause }), {
    name: 'KafkaJSProtocolError',
    type: type !== undefined && REJOIN_TYPES.has(type) ? type : 'REBALANCE_IN_PROGRESS',
  });
}

/** What an error says of itself; the message is also that of the error around it, where kafkajs sometimes keeps the cause. */
interface Facts {
  readonly name: string;
  readonly type: string;
  readonly message: string;
}

const AUTHENTICATION_TYPES = new Set(['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE']);
const TLS_WORDS = /certificate|self-signed|altnames|Hostname\/IP|ssl|tls|wrong version number/i;

/** What no further try mends. */
const REFUSALS: readonly (readonly [matches: (facts: Facts) => boolean, code: string, message: string])[] = [
  [
    ({ name, type }) => name === 'KafkaJSSASLAuthenticationError' || AUTHENTICATION_TYPES.has(type),
    'kafka-authentication',
    'Kafka refused the user, the password or the mechanism',
  ],
  [({ type }) => type.endsWith('_AUTHORIZATION_FAILED'), 'kafka-authorization', 'Kafka does not allow this user to do that'],
  [
    ({ type }) => type === 'INCONSISTENT_GROUP_PROTOCOL',
    'kafka-group-foreign',
    'the group in Kafka is in use by another kind of consumer; stop that, or give this one a group of its own (MONEYTRAIL_GROUP)',
  ],
  [
    ({ message }) => TLS_WORDS.test(message),
    'kafka-tls',
    'the encrypted connection to Kafka failed; look at the CA, the host names of the certificate and whether the port expects TLS',
  ],
];

/** What passes with an outage or an election though kafkajs calls it final. */
const PASSING_NAMES = new Set([
  'KafkaJSNumberOfRetriesExceeded',
  'KafkaJSBrokerNotFound',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSTimeout',
  'KafkaJSLockTimeout',
]);
const PASSING_TYPES = new Set([...REJOIN_TYPES, 'BROKER_NOT_AVAILABLE', 'UNKNOWN']);

/**
 * A failure of Kafka as an operating error with a stable code. Refusals are not retryable; everything that a broker, a network or an election can
 * cause is. What kafkajs did not throw is handed back as it is.
 */
export function kafkaError(error: unknown): unknown {
  if (!isKafkaError(error)) return error;
  const root = rootOf(error);
  const facts = { name: root.name, type: root.type ?? '', message: `${(error as Error).message} ${root.message}` };
  const refusal = REFUSALS.find(([matches]) => matches(facts));
  if (refusal !== undefined) return new OperatingError(refusal[1], refusal[2], { cause: error });
  // A broker that has just started does not know its topics for a moment; whether they are there at all is asked at the start.
  const isMissing = facts.type === 'UNKNOWN_TOPIC_OR_PARTITION';
  if (isMissing)
    return new OperatingError('kafka-topic-missing', 'a topic is missing in Kafka; `npx moneytrail topics apply` makes it', { retryable: true, cause: error });
  const retryable = root.retriable !== false || [error, root].some((one) => PASSING_NAMES.has((one as Error).name)) || PASSING_TYPES.has(facts.type);
  return new OperatingError('kafka-unavailable', `Kafka does not answer as it should (${facts.type || facts.name})`, { retryable, cause: error });
}

/** Longer than kafkajs tries, with all its repetitions, to reach a broker that does not answer. */
const ASK_MS_MAX = 45_000;

/**
 * Runs a call of kafkajs and gives its failures a code. Where it has not answered in time, it counts as one that may pass: what it waits for might never come,
 * and what it did may have been done. `limitMs` null: it may take as long as it likes.
 */
export async function asking<T>(call: () => Promise<T>, limitMs: number | null = ASK_MS_MAX): Promise<T> {
  try {
    return await (limitMs === null ? call() : within(limitMs, call(), () => new Unanswered()));
  } catch (error) {
    throw kafkaError(error);
  }
}

/** kafkajs itself has not come back in time. */
export class Unanswered extends OperatingError {
  constructor() {
    super('kafka-unavailable', 'Kafka does not answer as it should (no answer in time)', { retryable: true });
  }
}

/** Waits for `work`, and throws what `late` makes where that takes longer than `ms`. What was begun goes on unheard. */
export async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
