import { createLog } from '../../../../src/base/log.ts';
import { Vocabulary } from '../../../../src/base/vocabulary.ts';
import { type InputHandlers, KafkaInput } from '../../../../src/pipeline/kafka/input.ts';
import { type FakeConsumer, fakeKafka, lostConnection, rejoins, TOPIC } from './fakeKafka.ts';

function setUp(batch: InputHandlers['batch'] = async () => true) {
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
  const input = new KafkaInput(fakeKafka(consumers), settings, handlers, createLog({ level: 'silent', vocabulary: new Vocabulary() }));
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
    await input.renew();
    const [old, current] = consumers;
    expect(consumers).toHaveLength(2);
    expect(old!.calls).toContain('disconnect');
    expect(joins).toHaveLength(2);
    old!.join();
    expect(joins).toHaveLength(2);
    expect(await old!.hand()).toBe(false);
    expect(await current!.hand()).toBe(true);
  });
});
