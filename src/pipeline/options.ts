import type { AlertQueue } from '../alerts/queue.ts';
import type { Log } from '../base/log.ts';
import type { DetectionSettings } from '../detection/settings.ts';
import type { RateTable } from '../transactions/rateLookup.ts';
import type { RuleSet } from '../typologies/ruleSet.ts';
import type { Check } from './checks.ts';
import type { KafkaConnection } from './kafka/client.ts';
import type { TopicPlan } from './kafka/topics.ts';
import type { Metrics } from './metrics.ts';

export interface RunOptions {
  readonly kafka: KafkaConnection;
  readonly topics: Omit<TopicPlan, 'neededMs'>;
  readonly group: string;
  /** After this long without a sign of life another instance takes over; 6 s to 15 s are sensible. */
  readonly sessionTimeoutMs: number;
  /** Stays open when the run has ended. */
  readonly queue: AlertQueue;
  /** What the queue's server must fulfil, e.g. that it evicts nothing. */
  readonly storeChecks: () => Promise<readonly Check[]>;
  /** The active typologies of it run. */
  readonly ruleSet: RuleSet;
  readonly rates: RateTable;
  /** `place` is not used: a place is `topic/partition/offset`. */
  readonly settings: DetectionSettings;
  readonly prefixBySource?: ReadonlyMap<string, string>;
  /** Where a dying process leaves word for the next. */
  readonly stateDir: string;
  /** Prefix of the queue's keys, for messages. */
  readonly redisPrefix: string;
  /** The operator accepts that the log has lost records (S20). */
  readonly acceptGap?: boolean;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly tuning?: Partial<Tuning>;
}

export interface Tuning {
  /** How often ends of partitions are looked up and wm may advance without records. */
  readonly tickMs: number;
  /** What late records change is said within this time (S13). */
  readonly lateSayMs: number;
  /** How often offsets are committed, for tools that show the lag. */
  readonly commitMs: number;
  /** How long a stop tries to deliver what is done. */
  readonly stopMs: number;
  /** Longest wait of a fetch. */
  readonly maxWaitMs: number;
  readonly partitionBytesMax: number;
  /** Resident memory grows by four to six times this. */
  readonly fetchBytesMax: number;
  /** How soon new partitions are seen. */
  readonly metadataMaxAgeMs: number;
  /** Where nothing has moved for so long although there is something to do, the group is joined anew; longer than any wait for a server. */
  readonly stallMs: number;
}

export const DEFAULT_TUNING: Tuning = {
  tickMs: 1000,
  lateSayMs: 5000,
  commitMs: 1000,
  stopMs: 5000,
  maxWaitMs: 250,
  partitionBytesMax: 2 * 1024 * 1024,
  fetchBytesMax: 16 * 1024 * 1024,
  metadataMaxAgeMs: 30_000,
  stallMs: 60_000,
};
