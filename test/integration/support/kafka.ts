import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import kafkajs, { type Kafka } from 'kafkajs';
import { registerCodecs } from '../../../src/pipeline/kafka/codecs.ts';
import { kafkaClassPath } from '../../support/servers/kafkaJars.mjs';
import type { FeedRecord } from './feed.ts';

/** One record of a topic as another client sees it. */
export interface Received {
  readonly partition: number;
  readonly offset: number;
  readonly r: number;
  readonly key: string | null;
  readonly value: Buffer;
  readonly format: string | undefined;
}

export function client(brokers: string): Kafka {
  registerCodecs();
  return new kafkajs.Kafka({ brokers: brokers.split(','), clientId: 'integration-tests', logLevel: kafkajs.logLevel.NOTHING });
}

const BATCH_RECORDS = 500;

/** Sends records through kafkajs, batch after batch, each to the next partition. `meanwhile` is awaited between. */
export async function produce(kafka: Kafka, topic: string, feed: readonly FeedRecord[], meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
  const producer = kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    retry: { retries: 30, maxRetryTime: 500 },
  });
  await producer.connect();
  const { topics } = await kafkaTopics(kafka, topic);
  const partitions = topics[0]!.partitions.length;
  for (let i = 0, batch = 0; i < feed.length; i += BATCH_RECORDS, batch++) {
    const messages = feed
      .slice(i, i + BATCH_RECORDS)
      .map(({ value, format }) => ({ partition: batch % partitions, value, ...(format === undefined ? {} : { headers: { format } }) }));
    await producer.send({ topic, messages, compression: batch % 2 === 0 ? kafkajs.CompressionTypes.GZIP : kafkajs.CompressionTypes.None });
    await meanwhile();
  }
  await producer.disconnect();
}

async function kafkaTopics(kafka: Kafka, topic: string): Promise<{ topics: { partitions: unknown[] }[] }> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await admin.fetchTopicMetadata({ topics: [topic] });
  } finally {
    await admin.disconnect();
  }
}

/** Sends lines through Kafka's own console producer. */
export async function produceByJava(brokers: string, topic: string, lines: readonly string[], compression: 'zstd' | 'lz4' | 'snappy' | 'gzip'): Promise<void> {
  const args = [
    '-Xmx128m',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    kafkaClassPath(),
    'org.apache.kafka.tools.ConsoleProducer',
    '--bootstrap-server',
    brokers,
    '--topic',
    topic,
    `--compression-codec=${compression}`,
  ];
  const child = spawn('java', args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const ended = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  child.stdin.end(`${lines.join('\n')}\n`);
  const status = await ended;
  if (status !== 0) throw new Error(`the console producer ended with ${status}:\n${err}`);
}

/** Everything that a topic holds now, partition by partition in the log's order; without `uncommitted`, what aborted transactions left is left out. */
export async function readTopic(kafka: Kafka, topic: string, uncommitted = true): Promise<Received[]> {
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const left = new Map(ends.filter(({ high, low }) => Number(high) > Number(low)).map(({ partition, high }) => [partition, Number(high)]));
  const received: Received[] = [];
  if (left.size === 0) return received;
  const consumer = kafka.consumer({ groupId: `reader-${randomUUID()}`, maxWaitTimeInMs: 100, readUncommitted: uncommitted });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, batchSize, lastOffset } }) => {
      // Only markers and aborted records: the handler never sees them.
      if (batchSize === 0 && Number(lastOffset) >= (left.get(partition) ?? 0) - 1) left.delete(partition);
      if (left.size === 0) resolve();
    });
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          const { partition, messages } = batch;
          for (const { offset, timestamp, key, value, headers } of messages) {
            if (Number(offset) >= (left.get(partition) ?? 0)) continue;
            const format = headers?.['format']?.toString();
            received.push({ partition, offset: Number(offset), r: Number(timestamp), key: key?.toString() ?? null, value: value ?? Buffer.alloc(0), format });
          }
          if (Number(batch.lastOffset()) >= (left.get(partition) ?? 0) - 1) left.delete(partition);
          if (left.size === 0) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return received.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}
