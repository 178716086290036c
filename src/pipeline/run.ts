import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, OperatingError } from '../base/errors.ts';
import { requireAll } from './checks.ts';
import type { Detector } from './detector.ts';
import { checkStateDir, retentionOf } from './doctor.ts';
import { FaultFile } from './faults.ts';
import { createKafka } from './kafka/client.ts';
import { KafkaInput } from './kafka/input.ts';
import { Teller } from './kafka/teller.ts';
import { TopicLog } from './kafka/topicLog.ts';
import { checkTopics } from './kafka/topics.ts';
import { DEFAULT_TUNING, type RunOptions, type Tuning } from './options.ts';
import { Owner, type OwnerState } from './owner.ts';
import { Patience } from './patience.ts';
import { neededRetentionMs } from './replay.ts';
import { CountReporter } from './report.ts';
import { latenessMaxMs } from './takeover.ts';
import { Watch } from './watch.ts';

export type { RunOptions, Tuning } from './options.ts';

export interface RunStatus {
  readonly state: 'starting' | OwnerState | 'stopped';
  /** Owner or standby, and nothing is in the way. */
  readonly ready: boolean;
  /** Stable codes of what is in the way, e.g. `engine-full`, `clock-skew`, `servers-unreachable`. */
  readonly reasons: readonly string[];
  /** Codes of what an operator should look at although the run goes on. */
  readonly alarms: readonly string[];
}

export interface Run {
  /** Checks, connects and joins. Throws `OperatingError` where the run must not start. */
  start(): Promise<void>;
  /** Resolves after `stop`; rejects with what ended the run. */
  readonly finished: Promise<void>;
  /** Drains, says what is to be said, leaves the group. */
  stop(): Promise<void>;
  status(): RunStatus;
}

/** Failing longer than this makes the run unready. */
const UNREADY_MS = 10_000;

/** Kafka in, alerts to the queue, until told to stop. */
export function createRun(options: RunOptions): Run {
  return new LiveRun(options);
}

class LiveRun implements Run {
  readonly finished: Promise<void>;
  private readonly options: RunOptions;
  private readonly tuning: Tuning;
  private readonly owner: Owner;
  private readonly patience: Patience;
  private readonly watch: Watch;
  private readonly alarms = new Set<string>();
  private readonly topicLog: TopicLog;
  private readonly teller: Teller;
  private readonly input: KafkaInput;
  private readonly ended = new AbortController();
  private readonly kafka: ReturnType<typeof createKafka>;
  private settle: { resolve: () => void; reject: (error: unknown) => void } = { resolve: () => undefined, reject: () => undefined };
  private phase: 'starting' | 'running' | 'stopping' | 'stopped' = 'starting';
  private reporter: { of: Detector; counts: CountReporter } | null = null;
  private stopped: Promise<void> | null = null;

  constructor(options: RunOptions) {
    this.options = options;
    this.tuning = { ...DEFAULT_TUNING, ...options.tuning };
    const { log, topics } = options;
    this.kafka = createKafka(options.kafka, log);
    this.patience = new Patience(log, options.metrics);
    this.watch = new Watch(this.tuning.stallMs);
    this.topicLog = new TopicLog(this.kafka, topics.names.transactions);
    this.teller = new Teller(this.kafka, topics.names);
    this.owner = new Owner({
      options,
      tuning: this.tuning,
      ownerName: `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`,
      topicLog: this.topicLog,
      faults: new FaultFile(options.stateDir),
      patience: this.patience,
      tell: (told) => this.teller.tell(told),
      alarm: (code) => this.alarms.add(code),
      fail: (error) => this.fail(error),
    });
    const { maxWaitMs, partitionBytesMax, fetchBytesMax, metadataMaxAgeMs } = this.tuning;
    const settings = {
      topic: topics.names.transactions,
      group: options.group,
      sessionTimeoutMs: options.sessionTimeoutMs,
      maxWaitMs,
      partitionBytesMax,
      fetchBytesMax,
      metadataMaxAgeMs,
    };
    this.input = new KafkaInput(this.kafka, settings, this.owner, log);
    this.owner.attach(this.input);
    this.finished = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // Whoever awaits `finished` sees the rejection; without a listener in time Node.js would end the process before the clean-up.
    this.finished.catch(() => undefined);
  }

  async start(): Promise<void> {
    try {
      const neededMs = neededRetentionMs(retentionOf(this.options), latenessMaxMs(this.options.settings));
      requireAll([checkStateDir(this.options.stateDir)]);
      requireAll(await this.options.storeChecks());
      requireAll(await checkTopics(this.kafka, { ...this.options.topics, neededMs }));
      await this.topicLog.connect();
      await this.teller.connect();
      await this.input.start();
    } catch (error) {
      await this.disconnect();
      this.phase = 'stopped';
      this.settle.reject(error);
      throw error;
    }
    // Joining may have ended the run already.
    if (this.stopped !== null) return this.finished;
    this.phase = 'running';
    void this.again(async () => {
      await this.owner.tick();
      this.report();
    });
    // Apart from the ticks, which may be what stands still.
    void this.again(async () => this.lookWhetherItMoves());
  }

  stop(): Promise<void> {
    this.stopped ??= this.shutDown(null);
    return this.finished;
  }

  status(): RunStatus {
    if (this.phase !== 'running')
      return { state: this.phase === 'starting' ? 'starting' : 'stopped', ready: false, reasons: [this.phase], alarms: [...this.alarms] };
    const { state } = this.owner;
    const reasons: string[] = [];
    if (state === 'preparing' || state === 'replaying') reasons.push(state);
    if (state === 'blocked') reasons.push('engine-full');
    if (this.owner.current?.skewSeen === true) reasons.push('clock-skew');
    if (this.watch.isStalled) reasons.push('input-stalled');
    if (this.patience.failingMs(Date.now()) > UNREADY_MS) reasons.push('servers-unreachable');
    return { state, ready: reasons.length === 0, reasons, alarms: [...this.alarms] };
  }

  private fail(error: unknown): void {
    if (this.stopped !== null) return;
    this.options.log.error({ error }, 'The run ends');
    this.stopped = this.shutDown(error);
  }

  private async shutDown(failure: unknown): Promise<void> {
    this.phase = 'stopping';
    this.options.metrics.gauge('moneytrail_ready', 0);
    this.ended.abort();
    try {
      if (failure === null) await this.owner.finish();
      this.report();
    } catch (error) {
      this.options.log.error({ error }, 'The stop did not say all; the next start does');
    }
    await this.input.stop();
    await this.disconnect();
    this.phase = 'stopped';
    if (failure === null) this.settle.resolve();
    else this.settle.reject(failure);
  }

  private async disconnect(): Promise<void> {
    for (const part of [this.teller, this.topicLog]) {
      await part.disconnect().catch((error: unknown) => this.options.log.debug({ error }, 'A connection to Kafka did not close cleanly'));
    }
  }

  private async again(work: () => Promise<void>): Promise<void> {
    const { signal } = this.ended;
    while (!signal.aborted) {
      await sleep(this.tuning.tickMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await work();
      } catch (error) {
        this.fail(error);
      }
    }
  }

  /** A wait that never ends makes no error. Where it is Kafka's client that waits, it is replaced; where it is our own work, the run ends. */
  private lookWhetherItMoves(): void {
    const { log, metrics } = this.options;
    const isTimeToAct = this.watch.look(Date.now(), this.owner.movement);
    metrics.gauge('moneytrail_stalled_seconds', Math.round(this.watch.standsMs / 1000));
    metrics.gauge('moneytrail_event_delay_seconds', this.owner.delayMs(Date.now()) / 1000);
    metrics.gauge('moneytrail_ready', this.status().ready ? 1 : 0);
    if (!isTimeToAct) return;
    if (this.owner.isBusy)
      throw new OperatingError('run-stuck', 'the run waits for something that does not come; it has to be started again', { exitStatus: EXIT.internal });
    log.error({ code: 'input-stalled' }, 'Nothing moves although there is something to do; joining the group anew');
    this.input.renew();
  }

  private report(): void {
    const { metrics } = this.options;
    const { state, current } = this.owner;
    metrics.gauge('moneytrail_rows_max', this.options.settings.rowsMax);
    metrics.gauge('moneytrail_owner', current === null ? 0 : 1);
    metrics.gauge('moneytrail_replaying', state === 'replaying' ? 1 : 0);
    if (current === null) return;
    if (current.deliveredWmMs !== null) metrics.gauge('moneytrail_wm_seconds', current.deliveredWmMs / 1000);
    if (this.reporter?.of !== current.detector) this.reporter = { of: current.detector, counts: new CountReporter(current.detector, metrics) };
    this.reporter.counts.report();
  }
}
