import { Vocabulary } from '../base/vocabulary.ts';
import { REFUSALS } from '../pipeline/detector.ts';
import { KAFKA_LOG_WORDS } from '../pipeline/kafka/logs.ts';
import { topicNames } from '../pipeline/kafka/topics.ts';
import { FINDING_CODES, REJECTION_CODES } from '../transactions/codes.ts';
import type { Config } from './config/types.ts';
import { packageVersion } from './paths.ts';
import { ALARMS, UNREADY } from './readiness.ts';

/** What the pipeline says in logs and labels beside codes that have a table of their own. */
const PIPELINE_WORDS = [
  // outcomes of records
  ...['applied', 'duplicate', 'conflict', 'late', 'refused', 'clockSkew', 'engineFault'],
  // codes and topics of what is told
  ...['quarantine', 'too-late'],
  // results of deliveries, and what is tried again
  ...['applied-before', 'delivery', 'server'],
  // causes of operations notices
  ...['missing-rate', 'overflow', 'overfull-day'],
  ...['eager', 'final', 'SIGINT', 'SIGTERM'],
] as const;

/** The words that may stand in logs and metrics of one process: those of the code, and what the operator and the rules call things. */
export function vocabularyOf(config: Config, typologies: readonly string[]): Vocabulary {
  const { group, topicPrefix, brokers } = config.kafka;
  const operator = [group, ...brokers, ...Object.values(topicNames(topicPrefix))];
  const names = [...operator, ...typologies, packageVersion()];
  return new Vocabulary(
    REJECTION_CODES,
    FINDING_CODES,
    Object.keys(REFUSALS),
    Object.keys(UNREADY),
    Object.keys(ALARMS),
    PIPELINE_WORDS,
    KAFKA_LOG_WORDS,
    names,
  );
}
