import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryQueue } from '../../../src/alerts/memory/queue.ts';
import type { AlertQueue } from '../../../src/alerts/queue.ts';
import { createLog } from '../../../src/base/log.ts';
import { Vocabulary } from '../../../src/base/vocabulary.ts';
import { DEFAULT_SETTINGS } from '../../../src/detection/settings.ts';
import { FaultFile } from '../../../src/pipeline/faults.ts';
import { KafkaInput } from '../../../src/pipeline/kafka/input.ts';
import { TopicLog } from '../../../src/pipeline/kafka/topicLog.ts';
import { NO_METRICS } from '../../../src/pipeline/metrics.ts';
import { DEFAULT_TUNING, type RunOptions } from '../../../src/pipeline/options.ts';
import { Owner } from '../../../src/pipeline/owner.ts';
import { Patience } from '../../../src/pipeline/patience.ts';
import { NO_RATES } from '../../../src/transactions/rates.ts';
import { loadRules } from '../../../src/typologies/load.ts';
import { type FakeConsumer, fakeAdmin, fakeKafka, lostConnection, TOPIC } from './kafka/fakeKafka.ts';
import { NOW_MS, payment } from './records.ts';

const log = createLog({ level: 'silent', vocabulary: new Vocabulary() });
const WAIT_MS = 5000;

describe('the owner of the input', () => {
  let stateDir: string;
  let queue: AlertQueue;
  let consumers: FakeConsumer[];
  let topic: { high: number; made?: number };
  let owner: Owner;
  let failures: unknown[];
  /** When what is told is acknowledged. */
  let told: Promise<void>;
  let isTelling = false;

  beforeEach(async () => {
    stateDir = mkdtempSync(join(tmpdir(), 'moneytrail-owner-'));
    queue = createMemoryQueue({ engineVersion: '0.1.0', nowMs: () => NOW_MS });
    [consumers, topic, failures, told] = [[], { high: 0 }, [], Promise.resolve()];
    const kafka = fakeKafka(consumers, fakeAdmin(topic));
    const { ruleSet } = loadRules('test/integration/rules');
    // What the owner reads of the options of a run.
    const options = {
      queue,
      ruleSet: ruleSet!,
      rates: NO_RATES,
      settings: { ...DEFAULT_SETTINGS, rowsReserve: 1024 },
      topics: { names: { transactions: TOPIC, quarantine: 'q', late: 'l' } },
      group: 'g',
      redisPrefix: 'p',
      metrics: NO_METRICS,
      log,
    } as unknown as RunOptions;
    const patience = new Patience(log, NO_METRICS);
    const parts = {
      tuning: { ...DEFAULT_TUNING, stopMs: 200 },
      ownerName: 'tests',
      faults: new FaultFile(stateDir),
      patience,
      tell: () => {
        isTelling = true;
        return told;
      },
      alarm: () => undefined,
    };
    owner = new Owner({ options, ...parts, topicLog: new TopicLog(kafka, TOPIC), fail: (error) => void failures.push(error) });
    const settings = { topic: TOPIC, group: 'g', sessionTimeoutMs: 6000, maxWaitMs: 10, partitionBytesMax: 1, fetchBytesMax: 1, metadataMaxAgeMs: 1 };
    const input = new KafkaInput(kafka, settings, owner, log);
    owner.attach(input);
    await input.start();
    await until(() => owner.state === 'live');
  });
  afterEach(() => rmSync(stateDir, { recursive: true }));

  async function until(isSo: () => boolean): Promise<void> {
    for (const endMs = Date.now() + WAIT_MS; !isSo(); await sleep(5)) if (Date.now() > endMs) throw new Error(`waited in vain in state ${owner.state}`);
  }

  /** The next record of the log; answers whether it was taken. */
  const hand = (id: string): Promise<unknown> => consumers.at(-1)!.hand(topic.high++, payment(id));

  test('that was superseded asks until the group answers, though Kafka is away at that moment and comes back as if nothing had been', async () => {
    expect(await hand('a')).toBe(true);
    await queue.takeOwnership('another');
    const [consumer] = consumers;
    consumer!.commits = lostConnection();
    expect(await hand('b')).toBe(false);
    expect(owner.state).toBe('preparing');
    expect(owner.movement.isDue).toBe(true);
    const asked = (): number => consumer!.calls.filter((call) => call === 'commit').length;
    const before = asked();
    await until(() => asked() >= before + 2);
    consumer!.commits = true;
    // With a frontier, the state is rebuilt from the log.
    await until(() => owner.state === 'replaying' || owner.state === 'live');
    expect((await queue.standing()).epoch).toBe(3);
    expect(failures).toEqual([]);
  });

  test('says that something is to be done where records wait, and sees them taken', async () => {
    expect(await hand('a')).toBe(true);
    await owner.tick();
    expect(owner.movement.isDue).toBe(false);
    const laterMs = Date.now() + 365 * 86_400_000;
    expect(owner.delayMs(laterMs)).toBe(0);
    topic.high = 3;
    expect(await consumers[0]!.hand(1, payment('b'))).toBe(true);
    await owner.tick();
    const { mark, isDue } = owner.movement;
    expect(isDue).toBe(true);
    expect(owner.delayMs(laterMs)).toBe(owner.current!.delayMs(laterMs));
    expect(owner.delayMs(laterMs)).toBeGreaterThan(0);
    await owner.tick();
    expect(owner.movement.mark).toBe(mark);
    expect(await consumers[0]!.hand(2, payment('c'))).toBe(true);
    expect(owner.movement).toMatchObject({ isDue: false });
    expect(owner.movement.mark).not.toBe(mark);
  });

  test('ends where the topic was made anew meanwhile, and does not read on in it where the other stood', async () => {
    for (const id of ['a', 'b', 'c']) expect(await hand(id)).toBe(true);
    // All that was read is gone, and younger records stand at its offsets.
    topic.made = 1;
    topic.high = 5;
    consumers[0]!.join();
    await until(() => failures.length > 0);
    expect(failures).toMatchObject([{ code: 'topic-renewed', retryable: false }]);
  });

  test('does not wait at a stop for work that does not come to its end', async () => {
    told = new Promise(() => undefined);
    const taken = consumers[0]!.hand(0, Buffer.from('not json'));
    await until(() => isTelling);
    await owner.finish();
    expect(await Promise.race([taken, sleep(20, 'under way')])).toBe('under way');
    expect((await queue.standing()).frontier).toEqual({});
  });

  test('says at a stop what is to be said', async () => {
    expect(await hand('a')).toBe(true);
    await owner.finish();
    expect((await queue.standing()).frontier).toMatchObject({ [`${TOPIC}/0`]: 1 });
    expect(consumers[0]!.calls.at(-1)).toBe('commit');
  });

  test('goes on as it was after another join, which is no movement', async () => {
    expect(await hand('a')).toBe(true);
    const { mark } = owner.movement;
    consumers[0]!.join();
    await until(() => consumers[0]!.calls.at(-1) === 'resume');
    expect(owner.movement.mark).toBe(mark);
    expect(await hand('b')).toBe(true);
    expect((await queue.standing()).epoch).toBe(1);
  });
});
