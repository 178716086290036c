import kafkajs, { type Admin } from 'kafkajs';
import { formatDuration } from '../../base/duration.ts';
import { type Check, failed, passed } from '../checks.ts';
import type { KafkaClient } from './client.ts';
import { asking } from './errors.ts';

/** Names of the topics, prefix included. */
export interface TopicNames {
  readonly transactions: string;
  readonly quarantine: string;
  readonly late: string;
}

export function topicNames(prefix: string): TopicNames {
  return { transactions: `${prefix}transactions`, quarantine: `${prefix}moneytrail.quarantine`, late: `${prefix}moneytrail.late` };
}

export interface TopicPlan {
  readonly names: TopicNames;
  /** Of the input, where it has to be made. */
  readonly partitions: number;
  /** Of every topic that has to be made, at most one a broker. */
  readonly replicationFactor: number;
  /** How long the input is to be kept, where it has to be made; raised to what is needed. */
  readonly retentionMs: number;
  /** How long the input must be kept so that the state can be rebuilt (`neededRetentionMs`). */
  readonly neededMs: number;
}

const DAY_MS = 86_400_000;
/** Kept longer than needed, so that an outage of a week costs nothing. */
const SPARE_MS = 7 * DAY_MS;
/** Quarantine and late records wait for people. */
const TOLD_RETENTION_MS = 90 * DAY_MS;
/** A record of 1 MB, the default of brokers, in base64 with its reason. */
const TOLD_BYTES_MAX = 2 * 1024 * 1024;
const TOLD_PARTITIONS = 1;
/** From so many replicas on, a write is acknowledged by two. */
const SAFE_REPLICAS = 3;

type Configs = Readonly<Record<string, string>>;

/** Makes what is missing and changes nothing that is there. Answers the names of what was made. */
export async function applyTopics(kafka: KafkaClient, plan: TopicPlan): Promise<string[]> {
  return withAdmin(kafka, async (admin) => {
    const existing = new Set(await asking(() => admin.listTopics()));
    const { brokers } = await asking(() => admin.describeCluster());
    const replicationFactor = Math.min(plan.replicationFactor, brokers.length);
    const safe: Configs = replicationFactor >= SAFE_REPLICAS ? { 'min.insync.replicas': '2' } : {};
    const input = {
      'message.timestamp.type': 'LogAppendTime',
      'cleanup.policy': 'delete',
      'retention.ms': String(Math.max(plan.retentionMs, plan.neededMs + SPARE_MS)),
      'retention.bytes': '-1',
    };
    const told = { 'cleanup.policy': 'delete', 'retention.ms': String(TOLD_RETENTION_MS), 'max.message.bytes': String(TOLD_BYTES_MAX) };
    const wanted = [
      { topic: plan.names.transactions, numPartitions: plan.partitions, configs: { ...safe, ...input } },
      { topic: plan.names.quarantine, numPartitions: TOLD_PARTITIONS, configs: { ...safe, ...told } },
      { topic: plan.names.late, numPartitions: TOLD_PARTITIONS, configs: { ...safe, ...told } },
    ].filter(({ topic }) => !existing.has(topic));
    const topics = wanted.map(({ topic, numPartitions, configs }) => ({
      topic,
      numPartitions,
      replicationFactor,
      configEntries: Object.entries(configs).map(([name, value]) => ({ name, value })),
    }));
    // Waiting for leaders inside kafkajs can fail on a broker just started, after the topics were made.
    if (topics.length > 0) await asking(() => admin.createTopics({ topics, waitForLeaders: false }));
    return topics.map(({ topic }) => topic);
  });
}

/** Whether the topics are there and set as they must be. Throws `OperatingError` where Kafka cannot be asked. */
export async function checkTopics(kafka: KafkaClient, plan: TopicPlan): Promise<Check[]> {
  return withAdmin(kafka, async (admin) => {
    const existing = new Set(await asking(() => admin.listTopics()));
    const present = Object.values(plan.names).map((topic) =>
      existing.has(topic)
        ? passed('topic-missing', `topic ${topic}`, 'it is there')
        : failed('topic-missing', `topic ${topic}`, `The topic ${topic} does not exist`, 'Make it with `npx moneytrail topics apply`'),
    );
    if (!existing.has(plan.names.transactions)) return present;
    return [...present, ...inputChecks(plan, await configsOf(admin, plan.names.transactions))];
  });
}

function inputChecks({ names: { transactions: topic }, neededMs }: TopicPlan, configs: Configs): Check[] {
  const set = (setting: string): string => `Set it: kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config ${setting}`;
  const timestamps = configs['message.timestamp.type'];
  const retention = Number(configs['retention.ms']);
  const policy = configs['cleanup.policy'];
  const bytes = configs['retention.bytes'];
  const keeps = retention < 0 || retention >= neededMs;
  const needed = formatDuration(neededMs);
  return [
    timestamps === 'LogAppendTime'
      ? passed('topic-timestamps', `receipt times of ${topic}`, 'the broker stamps each record')
      : failed(
          'topic-timestamps',
          `receipt times of ${topic}`,
          `The topic ${topic} has message.timestamp.type=${timestamps}: senders could say when a record was received`,
          set('message.timestamp.type=LogAppendTime'),
        ),
    keeps
      ? passed('topic-retention', `retention of ${topic}`, `records are kept for ${retention < 0 ? 'ever' : formatDuration(retention)}, ${needed} are needed`)
      : failed(
          'topic-retention',
          `retention of ${topic}`,
          `The topic ${topic} keeps records for ${formatDuration(retention)}; to rebuild the state, the typologies need ${needed}`,
          set(`retention.ms=${neededMs + SPARE_MS}`),
        ),
    bytes === '-1'
      ? passed('topic-retention-bytes', `size of ${topic}`, 'not bounded by size')
      : failed('topic-retention-bytes', `size of ${topic}`, `The topic ${topic} forgets records by size (retention.bytes=${bytes})`, set('retention.bytes=-1')),
    policy === 'delete'
      ? passed('topic-cleanup', `clean-up of ${topic}`, 'records are removed by age alone')
      : failed(
          'topic-cleanup',
          `clean-up of ${topic}`,
          `The topic ${topic} has cleanup.policy=${policy}: compaction would lose records`,
          set('cleanup.policy=delete'),
        ),
  ];
}

async function configsOf(admin: Admin, topic: string): Promise<Configs> {
  const { resources } = await asking(() =>
    admin.describeConfigs({ resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }], includeSynonyms: false }),
  );
  return Object.fromEntries((resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]));
}

async function withAdmin<T>(kafka: KafkaClient, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await asking(() => admin.connect());
  try {
    return await work(admin);
  } finally {
    await asking(() => admin.disconnect());
  }
}
