// needs: kafka, redis, kafka-process
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { build, Deployment } from './support/deployment.ts';
import { type FeedRecord, makeFeed } from './support/feed.ts';
import { difference, foldFirehose, type Judgement, judge, standingAlerts } from './support/judge.ts';
import { client, produce, produceByJava, type Received, readTopic } from './support/kafka.ts';

jest.setTimeout(400_000);

const RECORDS = Number(process.env['MONEYTRAIL_RECORDS'] ?? (process.env['VERIFY'] === '1' ? 200_000 : 50_000));
const SEED = Number(process.env['MONEYTRAIL_SEED'] ?? 20_261);

/** What another client can send through a line of text: no header, no byte that is not UTF-8, no empty line. */
function isLine({ value, format }: FeedRecord): boolean {
  return format === undefined && value.length > 0 && Buffer.from(value.toString()).equals(value);
}

/** Whole way: bytes in at Kafka by two clients, alerts in Redis, compared with the oracle's answer to the topic as it was read back. */
describe(`${RECORDS} records of every kind through two clients, seed ${SEED}`, () => {
  const servers = { brokers: process.env['KAFKA_BROKERS']!, redisUrl: process.env['REDIS_URL']! };
  const deployment = new Deployment(servers);
  const kafka = client(servers.brokers);
  let received: Received[];
  let judgement: Judgement;
  let malformed: Set<string>;
  let sent: string[];

  const isMalformed = ({ value, format }: Received): boolean => format !== undefined || malformed.has(value.toString('base64'));

  beforeAll(async () => {
    build();
    const feed = makeFeed({ seed: SEED, records: RECORDS, nowMs: Date.now() });
    sent = feed.map(({ value }) => value.toString('base64'));
    malformed = new Set(feed.filter(({ nature, format }) => nature === 'malformed' && format === undefined).map(({ value }) => value.toString('base64')));
    await deployment.applyTopics();
    const half = feed.length / 2;
    const run = deployment.run();
    await run.says('Owner of the input');
    const lines = feed
      .slice(half)
      .filter(isLine)
      .map(({ value }) => value.toString());
    await Promise.all([
      produce(kafka, deployment.topic, [...feed.slice(0, half), ...feed.slice(half).filter((record) => !isLine(record))]),
      produceByJava(servers.brokers, deployment.topic, lines.slice(0, lines.length / 2), 'zstd'),
      produceByJava(servers.brokers, deployment.topic, lines.slice(lines.length / 2), 'snappy'),
    ]);
    received = await readTopic(kafka, deployment.topic);
    await deployment.passes(received.length, 180_000);
    const ended = await run.stop();
    expect(ended.status).toBe(0);
    judgement = judge(received, isMalformed);
  });
  afterAll(() => deployment.close());

  test('every record arrived byte for byte, whatever compressed it', () => {
    expect(received.map(({ value }) => value.toString('base64')).sort()).toEqual(sent.sort());
  });

  test('the feed reached what it was made for', () => {
    expect(judgement.alerts.size).toBeGreaterThan(RECORDS / 100);
    expect(judgement.tooLate.length).toBeGreaterThan(RECORDS / 100);
    expect(judgement.conflicts.length).toBeGreaterThan(RECORDS / 200);
    expect(judgement.counts.duplicate).toBeGreaterThan(RECORDS / 100);
    expect([...judgement.alerts.values()].filter((alert) => alert.returned.length > 0).length).toBeGreaterThan(0);
  });

  test("the alerts in Redis are the oracle's, content for content", async () => {
    const alerts = await standingAlerts(deployment.queue);
    expect(difference(alerts, judgement.alerts)).toEqual([]);
    expect(alerts.size).toBe(judgement.alerts.size);
  });

  test('the firehose, folded, holds the same alerts, each with revisions without a gap', async () => {
    const { last, broken, isCut } = await foldFirehose(deployment.queue);
    expect(broken).toEqual([]);
    expect([...last.keys()].filter((id) => !judgement.alerts.has(id))).toEqual([]);
    if (!isCut) expect(last.size).toBe(judgement.alerts.size);
  });

  test('the quarantine holds every malformed record with its bytes, and every record from the future', async () => {
    const quarantine = toldOf(await readTopic(kafka, deployment.quarantine));
    const places = (code: (code: string) => boolean): string[] => [...new Set(quarantine.filter((told) => code(told.code)).map((told) => told.place))].sort();
    const refused = (code: string): boolean => code !== 'conflict' && code !== 'in-the-future';
    expect(places(refused)).toEqual(received.filter(isMalformed).map(placeOf).sort());
    const bytesAt = new Map(received.map((record) => [placeOf(record), record.value.toString('base64')]));
    for (const told of quarantine.filter(({ code }) => refused(code))) expect(told.original).toBe(bytesAt.get(told.place));
    expect(places((code) => code === 'in-the-future')).toHaveLength(judgement.counts.future);
    for (const told of quarantine) expect(told.key).toBe(told.source);
  });

  test('every conflict is told with both digests', async () => {
    const told = toldOf(await readTopic(kafka, deployment.quarantine)).filter(({ code }) => code === 'conflict');
    expect(told.length).toBeGreaterThanOrEqual(judgement.conflicts.length);
    // Where the winner changed in between, an earlier loser was told with the winner of its time.
    const known = new Set(told.map(({ source, losingDigest }) => `${source} ${short(losingDigest)}`));
    const missing = judgement.conflicts.filter((c) => !known.has(`${c.source} ${short(c.losingDigest)}`));
    expect(missing).toEqual([]);
  });

  test('the late topic holds exactly the records that came too late, with the typologies that they could have touched', async () => {
    const late = toldOf(await readTopic(kafka, deployment.late));
    expect([...new Set(late.map(({ place }) => place))].sort()).toEqual(judgement.tooLate.map(placeOf).sort());
    for (const told of late) expect(told).toMatchObject({ code: 'too-late', field: 'time', typologies: ['it-alone', 'it-fan-in', 'it-pass'] });
  });

  const placeOf = ({ partition, offset }: { partition: number; offset: number }): string => `${deployment.topic}/${partition}/${offset}`;
});

interface ToldJson {
  readonly code: string;
  readonly place: string;
  readonly source: string | null;
  readonly key: string | null;
  readonly original?: string;
  readonly winningDigest?: string;
  readonly losingDigest?: string;
}

function toldOf(records: readonly Received[]): ToldJson[] {
  return records.map(({ key, value }) => ({ ...(JSON.parse(value.toString()) as Omit<ToldJson, 'key'>), key }));
}

/** The engine keeps the first 128 bits of a digest. */
function short(digest: string | undefined): string {
  return digest?.replace('sha256:', '').slice(0, 32) ?? '';
}
