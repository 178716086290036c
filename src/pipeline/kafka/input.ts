import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, IHeaders } from 'kafkajs';
import { OperatingError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { Backoff } from '../backoff.ts';
import { oneOwner } from './assigner.ts';
import { type KafkaClient, RETRY } from './client.ts';
import { asking, asRejoin, isKafkaError, kafkaError, within } from './errors.ts';

export interface InputSettings {
  readonly topic: string;
  readonly group: string;
  /** After this long without a sign of life another member takes over; also how long a killed one is waited for. */
  readonly sessionTimeoutMs: number;
  /** Longest wait for a record; a planned stop, a rejoin and a resume wait for it too. */
  readonly maxWaitMs: number;
  readonly partitionBytesMax: number;
  readonly fetchBytesMax: number;
  /** How soon new partitions are seen. */
  readonly metadataMaxAgeMs: number;
}

/** One record as it came. */
export interface InputMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly value: Buffer | null;
  readonly headers?: IHeaders;
}

/** Records of one partition, in the log's order, one or more. */
export interface InputBatch {
  readonly partition: number;
  readonly firstOffset: number;
  /** The offset behind the batch, markers of transactions included. */
  readonly nextOffset: number;
  readonly messages: readonly InputMessage[];
  /** A sign of life, when it is time for one. To be awaited often while working; throws where the group has to be joined again. */
  readonly keepAlive: () => Promise<void>;
}

export interface InputHandlers {
  /** Epoch under which the state is held, 0 without: who claims most keeps all partitions. */
  claim(): number;
  /** The group was joined: these are all partitions, or none. All are paused until they are sought and resumed. */
  joined(partitions: readonly number[]): void;
  /** False: not taken, and nothing moves on. */
  batch(batch: InputBatch): Promise<boolean>;
  /** Only markers lay before `next`. */
  passed(partition: number, next: number): void;
  /** The consumer has ended and does not come back. */
  failed(error: unknown): void;
}

const STOP_MS_MAX = 8000;
/** Longer than a request to a broker may take. */
const HEARTBEAT_MS_MAX = 30_000;
const COMMIT_MS_MAX = 30_000;
/** A consumer that has lived so long has not come to its end by what ended the one before. */
const LIVED_MS = 30_000;
const JOIN_ENDS_MS_MAX = 1000;
/** Longest piece of a wait in which a stop is not seen. */
const NAP_MS = 100;

/**
 * The consumer group behind guards: kafkajs goes on handing out batches after a rebalance, ends for good at the wrong kind of error, lets Node.js exit
 * with 0 then, and restarts itself after a stop. Whoever uses this sees none of it.
 */
export class KafkaInput {
  private consumer: Consumer;
  private readonly kafka: KafkaClient;
  private readonly settings: InputSettings;
  private readonly handlers: InputHandlers;
  private readonly log: Log;
  private readonly heartbeatMs: number;
  private partitions: readonly number[] = [];
  /** Set from the first trouble with the group until it is joined again: batches that still come are not taken. */
  private latched = false;
  private stopping = false;
  /** While the group is being joined with a client made anew. */
  private renewing: Promise<void> | null = null;
  /** The last consumer that came to its end. */
  private ended: Consumer | null = null;
  private endedAtMs = 0;
  private readonly backoff = new Backoff();
  private lastBeatMs = 0;
  private commits = 0;

  constructor(kafka: KafkaClient, settings: InputSettings, handlers: InputHandlers, log: Log) {
    this.kafka = kafka;
    this.settings = settings;
    this.handlers = handlers;
    this.log = log;
    this.heartbeatMs = Math.floor(settings.sessionTimeoutMs / 6);
    this.consumer = this.make();
  }

  /** Joins the group. Throws where Kafka cannot be reached or the topic is missing. */
  async start(): Promise<void> {
    await this.join(this.consumer);
  }

  /** Leaves the group and joins it with a client made anew, again and again until that is done: where this one has ended, or stands still. */
  renew(): void {
    this.latched = true;
    this.renewing ??= this.joinAnew()
      .catch((error: unknown) => this.handlers.failed(error))
      .finally(() => {
        this.renewing = null;
        // It may have come to its end at this very moment.
        if (this.ended === this.consumer && !this.stopping) this.renew();
      });
  }

  private async joinAnew(): Promise<void> {
    for (let isJoined = false; !isJoined; ) {
      for (let left = this.backoff.next(); left > 0 && !this.stopping; left -= NAP_MS) await sleep(Math.min(left, NAP_MS));
      if (this.stopping) return;
      const old = this.consumer;
      this.consumer = this.make();
      await this.leave(old);
      try {
        if (!this.stopping) await this.join(this.consumer);
        // What ends it while it joins is told by an event.
        isJoined = this.ended !== this.consumer;
      } catch (error) {
        if (!(error instanceof OperatingError && error.retryable)) throw error;
        this.log.warn({ error }, 'The group could not be joined; trying again');
      }
    }
  }

  private onCrash(consumer: Consumer, cause: Error): void {
    if (this.stopping || this.consumer !== consumer) return;
    const error = kafkaError(cause);
    if (!(error instanceof OperatingError && error.retryable)) {
      this.handlers.failed(error);
      return;
    }
    this.log.warn({ error }, 'The Kafka consumer lost its connection; joining again');
    const nowMs = Date.now();
    if (nowMs - this.endedAtMs > LIVED_MS) this.backoff.reset();
    [this.ended, this.endedAtMs] = [consumer, nowMs];
    this.renew();
  }

  private make(): Consumer {
    const { settings } = this;
    return this.kafka.consumer({
      groupId: settings.group,
      partitionAssigners: [oneOwner(() => this.handlers.claim())],
      sessionTimeout: settings.sessionTimeoutMs,
      rebalanceTimeout: Math.max(settings.sessionTimeoutMs, 10_000),
      heartbeatInterval: this.heartbeatMs,
      metadataMaxAge: settings.metadataMaxAgeMs,
      allowAutoTopicCreation: false,
      maxBytesPerPartition: settings.partitionBytesMax,
      maxBytes: settings.fetchBytesMax,
      minBytes: 1,
      maxWaitTimeInMs: settings.maxWaitMs,
      // It restarts at the wrong errors, ten times a second, and also after a stop.
      retry: { ...RETRY, restartOnFailure: async () => false },
    });
  }

  private async join(consumer: Consumer): Promise<void> {
    const { GROUP_JOIN, CRASH, END_BATCH_PROCESS, COMMIT_OFFSETS } = consumer.events;
    const isCurrent = (): boolean => this.consumer === consumer;
    consumer.on(GROUP_JOIN, ({ payload }) => {
      if (isCurrent()) this.onJoin(payload.memberAssignment[this.settings.topic] ?? []);
    });
    consumer.on(CRASH, ({ payload: { error } }) => this.onCrash(consumer, error));
    consumer.on(END_BATCH_PROCESS, ({ payload: { partition, batchSize, lastOffset } }) => {
      if (batchSize === 0 && !this.latched && isCurrent()) this.handlers.passed(partition, Number(lastOffset) + 1);
    });
    consumer.on(COMMIT_OFFSETS, () => {
      this.commits++;
    });
    await asking(() => consumer.connect());
    await asking(() => consumer.subscribe({ topics: [this.settings.topic], fromBeginning: true }));
    const eachBatch = async (payload: EachBatchPayload): Promise<void> => {
      if (isCurrent()) await this.onBatch(payload);
    };
    if (this.stopping) return;
    // Joining may wait for other members, and ends in one of the events above.
    await asking(() => consumer.run({ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 1, eachBatch }), null);
  }

  seek(partition: number, offset: number): void {
    const { topic } = this.settings;
    if (this.partitions.includes(partition)) this.steer((consumer) => consumer.seek({ topic, partition, offset: String(offset) }));
  }

  pause(partitions: readonly number[]): void {
    const { topic } = this.settings;
    if (partitions.length > 0) this.steer((consumer) => consumer.pause([{ topic, partitions: [...partitions] }]));
  }

  resume(partitions: readonly number[]): void {
    const { topic } = this.settings;
    const own = partitions.filter((partition) => this.partitions.includes(partition));
    if (own.length > 0) this.steer((consumer) => consumer.resume([{ topic, partitions: own }]));
  }

  /**
   * Commits, for tools that show the lag. Throws an error that makes the group be joined again, since most that kafkajs throws here would end the consumer;
   * also where nothing was committed because the consumer is not running, or in time.
   */
  async commit(offsets: ReadonlyMap<number, number>, limitMs: number = COMMIT_MS_MAX): Promise<void> {
    const { topic } = this.settings;
    const { commits } = this;
    try {
      const positions = [...offsets].map(([partition, offset]) => ({ topic, partition, offset: String(offset) }));
      await within(limitMs, this.consumer.commitOffsets(positions), () => asRejoin(new Error('no answer to a commit')));
    } catch (error) {
      throw isKafkaError(error) ? asRejoin(error) : error;
    }
    if (offsets.size > 0 && this.commits === commits) throw asRejoin(new Error('the consumer is not running'));
  }

  /** Leaves the group, so that the next owner need not wait for this one's session to end. Bounded in time: an outage must not hold up a stop. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.leave(this.consumer);
    // Where it joins at this moment it sees the stop before long, or waits for a broker that does not answer.
    if (this.renewing !== null) await Promise.race([this.renewing, sleep(JOIN_ENDS_MS_MAX)]);
  }

  private async leave(consumer: Consumer): Promise<void> {
    const tooLate = new Error('too late');
    try {
      await within(STOP_MS_MAX, consumer.disconnect(), () => tooLate);
    } catch (error) {
      if (error === tooLate) this.log.warn({}, 'The Kafka consumer did not leave its group in time');
      else this.log.warn({ error }, 'The Kafka consumer could not leave its group');
    }
  }

  /** Between a lost connection and the next join a consumer cannot be steered; the join pauses all partitions, and whoever has them sets them again. */
  private steer(how: (consumer: Consumer) => void): void {
    try {
      how(this.consumer);
    } catch (error) {
      if (!isKafkaError(error)) throw error;
      this.log.debug({ error }, 'The Kafka consumer is not running');
    }
  }

  private onJoin(partitions: readonly number[]): void {
    this.latched = false;
    this.partitions = partitions;
    this.lastBeatMs = Date.now();
    this.pause(partitions);
    this.handlers.joined(partitions);
  }

  private async onBatch(payload: EachBatchPayload): Promise<void> {
    if (this.stopping) return;
    // Where joining failed, kafkajs goes on reading as the member that it was, and would never join again.
    if (this.latched) throw asRejoin(new Error('the group is not joined yet'));
    const { batch } = payload;
    const first = batch.messages[0];
    if (first === undefined) return;
    const keepAlive = async (): Promise<void> => {
      const nowMs = Date.now();
      if (nowMs - this.lastBeatMs < this.heartbeatMs) return;
      this.lastBeatMs = nowMs;
      await within(HEARTBEAT_MS_MAX, payload.heartbeat(), () => asRejoin(new Error('no answer to a heartbeat')));
    };
    const { partition, messages } = batch;
    const firstOffset = Number(first.offset);
    const nextOffset = Number(batch.lastOffset()) + 1;
    try {
      const taken = await this.handlers.batch({ partition, firstOffset, nextOffset, messages, keepAlive });
      if (taken) payload.resolveOffset(messages[messages.length - 1]!.offset);
    } catch (error) {
      this.latched = true;
      // Whatever it was, also a connection that was lost for a moment: only a join ends the latch.
      if (isKafkaError(error)) throw asRejoin(error);
      this.pause(this.partitions);
      this.handlers.failed(error);
    }
  }
}
