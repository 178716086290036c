import kafkajs, { type logCreator } from 'kafkajs';
import type { Log } from '../../base/log.ts';

/**
 * What kafkajs says, in words of ours: its texts are put together from what brokers answer. `ordinary`: rebalances tell it once for each waiting batch,
 * an outage several times a try; it does not belong among the errors.
 */
const TROUBLES: readonly (readonly [pattern: RegExp, word: string, ordinary: boolean])[] = [
  [/rebalanc/i, 'rebalancing', true],
  [/coordinator is (?:not available|loading)|not the (?:correct )?coordinator/i, 'coordinator-not-ready', true],
  [/not aware of this member|generation id/i, 'membership-lost', true],
  [/ECONNREFUSED/, 'connection-refused', true],
  [/Closed connection|Connection (?:error|timeout|closed)|ECONNRESET|EPIPE|socket hang up/i, 'connection-lost', true],
  [/no leader|leader for (?:this|that)|does not host|not the leader|leadership election/i, 'leader-moving', true],
  [/Offset out of range/i, 'offset-out-of-range', false],
  [/certificate|self-signed|altnames|ssl|tls/i, 'tls', false],
  [/SASL|authenticat/i, 'authentication', false],
  [/timed out|timeout/i, 'timeout', true],
  [/Crash/i, 'consumer-crashed', true],
  [/Restarting the consumer/i, 'consumer-restarting', true],
];

/** Parts of kafkajs that speak. */
const NAMESPACES = [
  'Admin',
  'Broker',
  'BrokerPool',
  'Cluster',
  'Connection',
  'Consumer',
  'ConsumerGroup',
  'FetchManager',
  'Producer',
  'Runner',
  'RequestQueue',
] as const;

/** Every word that this folder puts into logs; to be known to the log's vocabulary. */
export const KAFKA_LOG_WORDS: readonly string[] = [...TROUBLES.map(([, word]) => word), ...NAMESPACES, 'kafkajs'];

/** Writes what kafkajs says into ours, ordinary trouble as debug. */
export function kafkaLogs(log: Log): logCreator {
  return () =>
    ({ namespace, level, log: entry }) => {
      const text = `${entry.message} ${typeof entry['error'] === 'string' ? entry['error'] : ''}`;
      const [, word, ordinary] = TROUBLES.find(([pattern]) => pattern.test(text)) ?? [null, 'kafkajs', false];
      const fields = { namespace, cause: word };
      if (level >= kafkajs.logLevel.INFO || ordinary) log.debug(fields, 'The Kafka client reports');
      else if (level === kafkajs.logLevel.WARN) log.warn(fields, 'The Kafka client warns');
      else log.error(fields, 'The Kafka client reports an error');
    };
}
