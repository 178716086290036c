import { EventEmitter } from 'node:events';
import kafkajs, { type Consumer, type EachBatchPayload } from 'kafkajs';
import type { KafkaClient } from '../../../../src/pipeline/kafka/client.ts';
import { NOW_MS } from '../records.ts';

export const TOPIC = 'transactions';
/** When the first record was received; each later one a millisecond after. */
export const RECEIVED_MS = NOW_MS;

/** What kafkajs throws where it finds no broker. */
export const lostConnection = (): Error => new kafkajs.KafkaJSConnectionError('Connection error: connect ECONNREFUSED 127.0.0.1:9092');

/** Whether kafkajs joins its group again at this error of a handler: it does so at a few only. */
export const rejoins = (error: unknown): boolean => ['REBALANCE_IN_PROGRESS', 'UNKNOWN_MEMBER_ID'].includes((error as { type?: string }).type ?? '');

/** A consumer of kafkajs as far as the input uses it, which does what the test says. */
export class FakeConsumer {
  readonly events = { GROUP_JOIN: 'join', CRASH: 'crash', END_BATCH_PROCESS: 'end', COMMIT_OFFSETS: 'commit' };
  readonly calls: string[] = [];
  isRunning = false;
  /** What a commit does: true, it is made; false, nothing, as where the consumer does not run; an error, it is thrown. */
  commits: boolean | Error = true;
  private readonly emitter = new EventEmitter();
  private eachBatch: (payload: EachBatchPayload) => Promise<void> = async () => undefined;

  on(event: string, listener: (event: unknown) => void): void {
    this.emitter.on(event, listener);
  }
  /** What connecting ends with. */
  connects: () => Promise<void> = async () => undefined;
  connect = (): Promise<void> => this.connects();
  subscribe = async (): Promise<void> => undefined;

  async run({ eachBatch }: { eachBatch: (payload: EachBatchPayload) => Promise<void> }): Promise<void> {
    this.eachBatch = eachBatch;
    this.join();
  }

  async disconnect(): Promise<void> {
    this.calls.push('disconnect');
    this.isRunning = false;
  }
  async commitOffsets(): Promise<void> {
    this.calls.push('commit');
    if (this.commits instanceof Error) throw this.commits;
    if (this.commits) this.emitter.emit('commit', { payload: {} });
  }
  seek = (): void => this.control('seek');
  pause = (): void => this.control('pause');
  resume = (): void => this.control('resume');

  private control(name: string): void {
    if (!this.isRunning) throw new kafkajs.KafkaJSNonRetriableError('Consumer group was not initialized, consumer#run must be called first');
    this.calls.push(name);
  }

  join(): void {
    this.isRunning = true;
    this.emitter.emit('join', { payload: { memberAssignment: { [TOPIC]: [0] } } });
  }

  /** Comes to its end, as kafkajs does at some errors for good. */
  crash(error: Error): void {
    this.isRunning = false;
    this.emitter.emit('crash', { payload: { error, restart: false } });
  }

  /** Hands out a batch of one record; answers the error that kafkajs sees, or whether the record was taken. */
  async hand(offset = 0, value: Uint8Array = Buffer.from(''), heartbeat: () => Promise<void> = async () => undefined): Promise<unknown> {
    let taken = false;
    const message = { offset: String(offset), timestamp: String(RECEIVED_MS + offset), value };
    const batch = { topic: TOPIC, partition: 0, messages: [message], lastOffset: () => String(offset) };
    const payload = { batch, heartbeat, resolveOffset: () => (taken = true) } as unknown as EachBatchPayload;
    return this.eachBatch(payload).then(
      () => taken,
      (error: unknown) => error,
    );
  }
}

const AGE_MS = 60_000;

/** An admin client of kafkajs: of one partition that ends at `high`. `made` > 0: made anew so often, its first record a minute younger each time. */
export function fakeAdmin(log: { readonly high: number; readonly made?: number }): object {
  const firstMs = (): number => RECEIVED_MS + (log.made ?? 0) * AGE_MS;
  return {
    connect: async () => undefined,
    disconnect: async () => undefined,
    fetchTopicOffsets: async () => [{ partition: 0, low: '0', high: String(log.high) }],
    fetchTopicOffsetsByTimestamp: async (_: string, ms: number) => [{ partition: 0, offset: String(Math.max(0, Math.min(log.high, ms - firstMs()))) }],
    fetchOffsets: async () => [{ topic: TOPIC, partitions: [] }],
  };
}

/** Consumers as they are asked for, put into `consumers`. `prepare` is called with each before it is used. */
export function fakeKafka(
  consumers: FakeConsumer[],
  admin: object = {},
  prepare: (consumer: FakeConsumer, nth: number) => void = () => undefined,
): KafkaClient {
  const consumer = (): Consumer => {
    const made = new FakeConsumer();
    prepare(made, consumers.push(made));
    return made as unknown as Consumer;
  };
  return { consumer, admin: () => admin } as unknown as KafkaClient;
}
