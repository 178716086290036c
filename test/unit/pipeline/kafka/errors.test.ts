import kafkajs from 'kafkajs';
import { OperatingError } from '../../../../src/base/errors.ts';
import { asking, asRejoin, isKafkaError, kafkaError } from '../../../../src/pipeline/kafka/errors.ts';

/** The types of kafkajs leave some constructors' arguments out. */
const errors = kafkajs as unknown as Record<string, new (...args: unknown[]) => Error>;
const protocol = (type: string, retriable: boolean): Error => new errors['KafkaJSProtocolError']!(Object.assign(new Error(type), { type, retriable, code: 1 }));
const wrapped = (cause: Error): Error => new errors['KafkaJSNumberOfRetriesExceeded']!(cause, { retryCount: 5, retryTime: 1 });

describe('failures of Kafka', () => {
  test.each([
    ['a refused password', new errors['KafkaJSSASLAuthenticationError']!('SASL PLAIN authentication failed'), 'kafka-authentication', false],
    ['a mechanism that is not enabled', protocol('UNSUPPORTED_SASL_MECHANISM', false), 'kafka-authentication', false],
    ['an action that is not allowed', protocol('TOPIC_AUTHORIZATION_FAILED', false), 'kafka-authorization', false],
    ['a missing topic', protocol('UNKNOWN_TOPIC_OR_PARTITION', true), 'kafka-topic-missing', true],
    [
      'a foreign certificate',
      wrapped(new errors['KafkaJSConnectionError']!('Connection error: self-signed certificate in certificate chain')),
      'kafka-tls',
      false,
    ],
    ['a broker that is gone', wrapped(new errors['KafkaJSConnectionError']!('Connection error: connect ECONNREFUSED 127.0.0.1:1')), 'kafka-unavailable', true],
    ['a coordinator that is not found while the broker starts', new errors['KafkaJSGroupCoordinatorNotFound']!('none'), 'kafka-unavailable', true],
    ['another client in the group', protocol('INCONSISTENT_GROUP_PROTOCOL', false), 'kafka-group-foreign', false],
    ['an election', protocol('LEADER_NOT_AVAILABLE', true), 'kafka-unavailable', true],
    ['a batch that is too large', protocol('MESSAGE_TOO_LARGE', false), 'kafka-unavailable', false],
  ])('%s has a code and says whether it may pass', (_, error, code, retryable) => {
    expect(kafkaError(error)).toMatchObject({ code, retryable, cause: error });
    expect(kafkaError(error)).toBeInstanceOf(OperatingError);
  });

  test('what kafkajs did not throw stays what it is', async () => {
    const error = new Error('ours');
    expect(kafkaError(error)).toBe(error);
    expect(isKafkaError(error)).toBe(false);
    await expect(asking(() => Promise.reject(error))).rejects.toBe(error);
    await expect(asking(async () => 3)).resolves.toBe(3);
  });
});

describe('a commit that failed', () => {
  test('makes the group be joined again, with the type that the runner knows', () => {
    const buried = new errors['KafkaJSNonRetriableError']!('x', { cause: protocol('UNKNOWN_MEMBER_ID', false) });
    expect(asRejoin(buried)).toMatchObject({ name: 'KafkaJSProtocolError', type: 'UNKNOWN_MEMBER_ID', cause: buried });
    expect(asRejoin(protocol('ILLEGAL_GENERATION', false))).toMatchObject({ type: 'ILLEGAL_GENERATION' });
    expect(asRejoin(new errors['KafkaJSBrokerNotFound']!('Broker 2 not found'))).toMatchObject({ type: 'REBALANCE_IN_PROGRESS' });
    expect(isKafkaError(asRejoin(new Error('any')))).toBe(true);
  });
});
