import type { Admin } from 'kafkajs';
import type { KafkaClient } from './client.ts';
import { Renewed } from './renewed.ts';

/** First offset that is kept and next one to be written. */
export interface Ends {
  readonly low: number;
  readonly high: number;
}

/** Far enough behind any receipt time to be its upper bound. */
const FAR_MS = 4_102_444_800_000;

/** What the brokers know of the input topic, apart from its records. Every failure has a code. */
export class TopicLog {
  private readonly admin: Renewed<Admin>;
  private readonly topic: string;

  constructor(kafka: KafkaClient, topic: string) {
    this.admin = new Renewed(() => kafka.admin());
    this.topic = topic;
  }

  async connect(): Promise<void> {
    await this.admin.connect();
  }

  async disconnect(): Promise<void> {
    await this.admin.disconnect();
  }

  /** By partition. `high` is the high watermark, records of open transactions included. */
  async ends(): Promise<Map<number, Ends>> {
    const offsets = await this.admin.ask((admin) => admin.fetchTopicOffsets(this.topic));
    return new Map(offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]));
  }

  /** By partition, the offset of the first record with r ≥ `ms`; where there is none, the high watermark. */
  async offsetsAt(ms: number): Promise<Map<number, number>> {
    const offsets = await this.admin.ask((admin) => admin.fetchTopicOffsetsByTimestamp(this.topic, Math.max(0, ms)));
    return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /** Offsets that the group committed, by partition; only where it did. */
  async committed(groupId: string): Promise<Map<number, number>> {
    const [answer] = await this.admin.ask((admin) => admin.fetchOffsets({ groupId, topics: [this.topic] }));
    const offsets = (answer?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)] as const);
    return new Map(offsets.filter(([, offset]) => offset >= 0));
  }

  /** The least r over the first records of all partitions that have one (B of S18); null where the topic is empty. Found by the time index alone. */
  async firstReceiptMs(): Promise<number | null> {
    const filled = [...(await this.ends())].filter(([, { low, high }]) => low < high);
    if (filled.length === 0) return null;
    let [least, most] = [0, FAR_MS];
    // Up to B every partition answers its first record.
    while (least < most) {
      const middle = Math.ceil((least + most) / 2);
      const offsets = await this.offsetsAt(middle);
      if (filled.every(([partition, { low }]) => (offsets.get(partition) ?? 0) <= low)) least = middle;
      else most = middle - 1;
    }
    return least;
  }
}
