import kafkajs, { type Message, type Producer } from 'kafkajs';
import type { Told } from '../told.ts';
import { type KafkaClient, RETRY } from './client.ts';
import { asking, rootOf } from './errors.ts';
import { Renewed } from './renewed.ts';
import type { TopicNames } from './topics.ts';

/** Bytes of one send: a partition's messages become one batch, and brokers refuse batches above 1 MB unless told otherwise. */
const SEND_BYTES_MAX = 512 * 1024;

interface Sending {
  readonly topic: string;
  readonly partition: number;
  readonly told: Told[];
  bytes: number;
}

/** Writes to the quarantine and late topics, keyed by source. */
export class Teller {
  private readonly producer: Renewed<Producer>;
  private readonly kafka: KafkaClient;
  private readonly topics: Readonly<Record<Told['to'], string>>;
  private readonly partitioner = kafkajs.Partitioners.DefaultPartitioner();
  private readonly partitions = new Map<string, number>();

  constructor(kafka: KafkaClient, { quarantine, late }: TopicNames) {
    this.kafka = kafka;
    this.topics = { quarantine, late };
    const options = { allowAutoTopicCreation: false, createPartitioner: kafkajs.Partitioners.DefaultPartitioner, retry: RETRY };
    this.producer = new Renewed(() => kafka.producer(options));
  }

  async connect(): Promise<void> {
    const admin = this.kafka.admin();
    await asking(() => admin.connect());
    try {
      const { topics } = await asking(() => admin.fetchTopicMetadata({ topics: Object.values(this.topics) }));
      for (const { name, partitions } of topics) this.partitions.set(name, partitions.length);
    } finally {
      await asking(() => admin.disconnect());
    }
    await this.producer.connect();
  }

  async disconnect(): Promise<void> {
    await this.producer.disconnect();
  }

  /** Resolves when all of them are acknowledged; where it throws, some may be, and all are to be told again. */
  async tell(told: readonly Told[]): Promise<void> {
    for (const sending of this.plan(told)) await this.send(sending);
  }

  /** One partition a send: one to several resolves for records that are in no log when a leader moves (kafkajs #1303). */
  private plan(told: readonly Told[]): Sending[] {
    const sendings: Sending[] = [];
    const open = new Map<string, Sending>();
    for (const one of told) {
      const topic = this.topics[one.to];
      const partition = this.partitionOf(topic, one);
      const key = `${topic}/${partition}`;
      let sending = open.get(key);
      if (sending === undefined || sending.bytes + one.json.length > SEND_BYTES_MAX) {
        sending = { topic, partition, told: [], bytes: 0 };
        sendings.push(sending);
        open.set(key, sending);
      }
      sending.told.push(one);
      sending.bytes += one.json.length;
    }
    return sendings;
  }

  private partitionOf(topic: string, told: Told): number {
    const count = this.partitions.get(topic) ?? 1;
    if (told.source === null) return 0;
    const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
      partitionErrorCode: 0,
      partitionId,
      leader: 0,
      replicas: [],
      isr: [],
      offlineReplicas: [],
    }));
    return this.partitioner({ topic, partitionMetadata, message: { key: told.source, value: null } });
  }

  private async send({ topic, partition, told }: Sending): Promise<void> {
    const message = (one: Told, json: string): Message => ({ partition, key: one.source, value: json });
    const write = (messages: Message[]): Promise<unknown> => this.producer.ask((producer) => producer.send({ topic, acks: -1, messages }));
    try {
      await write(told.map((one) => message(one, one.json)));
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      // The topic takes less than `topics apply` would set. The reason and the place are worth more than the bytes, which lie at the place.
      for (const one of told) await write([message(one, withoutOriginal(one.json))]);
    }
  }
}

function isTooLarge(error: unknown): boolean {
  const { type } = rootOf(error);
  return type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE';
}

function withoutOriginal(json: string): string {
  const { original: _, ...rest } = JSON.parse(json) as { original?: string };
  return JSON.stringify({ ...rest, originalLeftOut: true });
}
