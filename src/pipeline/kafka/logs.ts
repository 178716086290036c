import kafkajs, { type logCreator } from 'kafkajs';
import type { PipelineLog } from '../log.ts';

/**
 * What belongs to ordinary life and not into the log of errors: rebalances tell it once for each waiting batch, an outage several times a try.
 */
const ORDINARY =
  /rebalancing|coordinator is (?:not available|loading)|not aware of this member|generation id|ECONNREFUSED|Connection (?:error|timeout)|Closed connection|not the coordinator|no leader|does not host|not the leader/i;

/** Fields of kafkajs's entries that are safe and of use; anything else it might add stays out. */
const FIELDS = ['groupId', 'memberId', 'topic', 'partition', 'broker', 'correlationId', 'retryCount', 'retryTime', 'offset'] as const;

/** Writes what kafkajs says into ours, ordinary trouble as debug. */
export function kafkaLogs(log: PipelineLog): logCreator {
  return () =>
    ({ namespace, level, log: entry }) => {
      const fields: Record<string, unknown> = { kafkajs: namespace };
      for (const name of FIELDS) if (entry[name] !== undefined) fields[name] = entry[name];
      const text = `${entry.message} ${typeof entry['error'] === 'string' ? entry['error'] : ''}`.trim();
      if (level >= kafkajs.logLevel.INFO || ORDINARY.test(text)) log.debug(fields, text);
      else if (level === kafkajs.logLevel.WARN) log.warn(fields, text);
      else log.error(fields, text);
    };
}
