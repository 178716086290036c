import { OperatingError } from '../../base/errors.ts';

interface KafkaError extends Error {
  readonly type?: string;
  readonly retriable?: boolean;
}

/** The error at the bottom: kafkajs wraps what really happened, sometimes several times. */
function rootOf(error: unknown): KafkaError {
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

const NOT_RETRYABLE: readonly (readonly [matches: (root: KafkaError) => boolean, code: string, message: string])[] = [
  [(e) => isNamed(e, 'KafkaJSSASLAuthenticationError'), 'kafka-authentication', 'Kafka refused the user, the password or the mechanism'],
  [
    (e) => e.type === 'SASL_AUTHENTICATION_FAILED' || e.type === 'UNSUPPORTED_SASL_MECHANISM' || e.type === 'ILLEGAL_SASL_STATE',
    'kafka-authentication',
    'Kafka refused the user, the password or the mechanism',
  ],
  [(e) => e.type?.endsWith('_AUTHORIZATION_FAILED') ?? false, 'kafka-authorization', 'Kafka does not allow this user to do that'],
  [(e) => e.type === 'UNKNOWN_TOPIC_OR_PARTITION', 'kafka-topic-missing', 'a topic is missing in Kafka; `moneytrail topics apply` makes it'],
  [
    (e) => /certificate|self-signed|altnames|Hostname\/IP|ssl|tls|wrong version number/i.test(e.message),
    'kafka-tls',
    'the encrypted connection to Kafka failed; look at the CA, the host names of the certificate and whether the port expects TLS',
  ],
];

/**
 * A failure of Kafka as an operating error with a stable code. Refusals are not retryable; everything that a broker, a network or an election can
 * cause is. What kafkajs did not throw is handed back as it is.
 */
export function kafkaError(error: unknown): unknown {
  if (!isKafkaError(error)) return error;
  const root = rootOf(error);
  // Whether a retry helps: the message of "number of retries exceeded" holds the cause where `cause` does not.
  const seen = Object.assign(Object.create(null) as KafkaError, { name: root.name, type: root.type, message: `${(error as Error).message} ${root.message}` });
  for (const [matches, code, message] of NOT_RETRYABLE) {
    if (matches(Object.assign(new Error(seen.message), seen))) return new OperatingError(code, message, { cause: error });
  }
  const type = root.type === undefined ? root.name : root.type;
  const retryable = root.retriable !== false || isNamed(error, 'KafkaJSNumberOfRetriesExceeded') || isNamed(root, 'KafkaJSBrokerNotFound');
  return new OperatingError('kafka-unavailable', `Kafka does not answer as it should (${type})`, { retryable, cause: error });
}

/** Runs a call of kafkajs and gives its failures a code. */
export async function asking<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw kafkaError(error);
  }
}
