import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { createLog } from '../../../../src/base/log.ts';
import { Vocabulary } from '../../../../src/base/vocabulary.ts';
import { type InputHandlers, KafkaInput } from '../../../../src/pipeline/kafka/input.ts';
import { type FakeConsumer, fakeKafka, lostConnection, rejoins, TOPIC } from './fakeKafka.ts';

/** An error that kafkajs calls final. */
const final = (name: string): Error => new (kafkajs as unknown as Record<string, new (message: string) => Error>)[name]!('it is so');

async function until(isSo: () => boolean): Promise<void> {
  for (const endMs = Date.now() + 5000; !isSo(); await sleep(5)) if (Date.now() > endMs) throw new Error('waited in vain');
}

function setUp(batch: InputHandlers['batch'] = async () => true, prepare: (consumer: FakeConsumer, nth: number) => void = () => undefined) {
  const consumers: FakeConsumer[] = [];
  const joins: (readonly number[])[] = [];
  const failures: unknown[] = [];
  const handlers: InputHandlers = {
    claim: () => 0,
    joined: (partitions) => void joins.push(partitions),
    batch,
    passed: () => undefined,
    failed: (error) => void failures.push(error),
  };
  const settings = { topic: TOPIC, group: 'g', sessionTimeoutMs: 6000, maxWaitMs: 10, partitionBytesMax: 1, fetchBytesMax: 1, metadataMaxAgeMs: 1 };
  const input = new KafkaInput(fakeKafka(consumers, {}, prepare), settings, handlers, createLog({ level: 'silent', vocabulary: new Vocabulary() }));
  return { input, consumers, joins, failures };
}

describe('the consumer group behind guards', () => {
  test('joins again after a connection was lost in the middle of a batch, though kafkajs would go on as the same member', async () => {
    const { input, consumers, failures } = setUp(async () => {
      throw lostConnection();
    });
    await input.start();
    expect(rejoins(await consumers[0]!.hand())).toBe(true);
    expect(failures).toEqual([]);
  });

  test('takes nothing until it is joined again, and asks for that at every batch, since a join can fail', async () => {
    let isLost = true;
    const { input, consumers } = setUp(async () => {
      if (isLost) throw lostConnection();
      return true;
    });
    await input.start();
    const [consumer] = consumers;
    await consumer!.hand();
    isLost = false;
    for (let i = 0; i < 3; i++) expect(rejoins(await consumer!.hand())).toBe(true);
    consumer!.join();
    expect(await consumer!.hand()).toBe(true);
  });

  test('ends at an error of ours, and hands out nothing more', async () => {
    const { input, consumers, failures } = setUp(async () => {
      throw new TypeError('ours');
    });
    await input.start();
    await consumers[0]!.hand();
    expect(failures).toEqual([new TypeError('ours')]);
  });

  test('can be steered while the consumer is down; the next join pauses everything', async () => {
    const { input, consumers, joins } = setUp();
    await input.start();
    const [consumer] = consumers;
    consumer!.isRunning = false;
    expect(() => {
      input.seek(0, 5);
      input.resume([0]);
      input.pause([0]);
    }).not.toThrow();
    consumer!.calls.length = 0;
    consumer!.join();
    expect(consumer!.calls).toEqual(['pause']);
    expect(joins).toEqual([[0], [0]]);
  });

  test('does not take a commit for done where kafkajs made none since it is not running', async () => {
    const { input, consumers } = setUp();
    await input.start();
    await expect(input.commit(new Map([[0, 3]]))).resolves.toBeUndefined();
    consumers[0]!.commits = false;
    const error = await input.commit(new Map([[0, 3]])).catch((thrown: unknown) => thrown);
    expect(rejoins(error)).toBe(true);
  });

  test('can be joined with a client made anew, and hears nothing more of the one before', async () => {
    const { input, consumers, joins } = setUp();
    await input.start();
    input.renew();
    input.renew();
    await until(() => joins.length === 2);
    const [old, current] = consumers;
    expect(consumers).toHaveLength(2);
    expect(old!.calls).toContain('disconnect');
    old!.join();
    old!.crash(lostConnection());
    expect(joins).toHaveLength(2);
    expect(await old!.hand()).toBe(false);
    expect(await current!.hand()).toBe(true);
    expect(consumers).toHaveLength(2);
  });

  test('is joined anew where the consumer ends at what passes with an outage, as often as that takes', async () => {
    const coordinator = final('KafkaJSGroupCoordinatorNotFound');
    const { input, consumers, joins, failures } = setUp(
      async () => true,
      (consumer, nth) => {
        if (nth === 2) consumer.connects = () => Promise.reject(lostConnection());
        if (nth === 3)
          consumer.join = (): void => {
            consumer.crash(coordinator);
          };
      },
    );
    await input.start();
    consumers[0]!.crash(coordinator);
    await until(() => joins.length === 2);
    expect(consumers).toHaveLength(4);
    expect(await consumers[3]!.hand()).toBe(true);
    expect(failures).toEqual([]);
  });

  test.each(Array.from({ length: 12 }, (_, turns) => turns))('is joined anew where the new consumer ends %i turns after it has joined', async (turns) => {
    const { input, joins } = setUp(
      async () => true,
      (consumer, nth) => {
        if (nth !== 2) return;
        const { run } = consumer;
        consumer.run = async (options): Promise<void> => {
          await run.call(consumer, options);
          void (async (): Promise<void> => {
            for (let turn = 0; turn < turns; turn++) await null;
            consumer.crash(lostConnection());
          })();
        };
      },
    );
    await input.start();
    input.renew();
    await until(() => joins.length === 3);
    await input.stop();
  });

  test.each([
    ['an error of its own', final('KafkaJSNotImplemented')],
    ['a refused user', final('KafkaJSSASLAuthenticationError')],
  ])('ends with %s', async (_, error) => {
    const { input, consumers, failures } = setUp();
    await input.start();
    consumers[0]!.crash(error);
    expect(failures).toMatchObject([{ name: 'OperatingError', retryable: false, cause: error }]);
    expect(consumers).toHaveLength(1);
  });

  test('does not hold up a stop where no broker answers while it joins anew', async () => {
    const { input, consumers, joins } = setUp(
      async () => true,
      (consumer, nth) => {
        if (nth === 2) consumer.connects = () => new Promise(() => undefined);
      },
    );
    await input.start();
    input.renew();
    await until(() => consumers.length === 2);
    await input.stop();
    expect(joins).toHaveLength(1);
  });

  test('is not joined again after a stop', async () => {
    const { input, consumers, joins } = setUp();
    await input.start();
    consumers[0]!.crash(lostConnection());
    await input.stop();
    consumers[0]!.crash(lostConnection());
    expect(joins).toHaveLength(1);
    expect(consumers).toHaveLength(1);
  });
});
