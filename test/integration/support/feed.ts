import { Random } from '../../../src/base/random.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What a record was made to be. Whether it is too late is decided by its receipt. */
export type Nature = 'ordinary' | 'duplicate' | 'conflict' | 'raised' | 'return' | 'late' | 'future' | 'malformed';

export interface FeedRecord {
  readonly value: Buffer;
  readonly nature: Nature;
  /** The header `format`, where the record has one. */
  readonly format?: string;
}

export interface FeedOptions {
  readonly seed: number;
  readonly records: number;
  /** The time around which the records are made; they are to be sent within some minutes of it. */
  readonly nowMs: number;
}

/** Records of one world have accounts of their own, so that the oracle, which takes the square of their number, can be asked world by world. */
export const WORLD_RECORDS = 500;
const ACCOUNTS_PER_WORLD = 40;
const SPAN_MS = 36 * HOUR_MS;

/** The world of a record, from its identifier. */
export function worldOf(id: string): string {
  return id.slice(0, id.indexOf('-'));
}

interface Made {
  readonly source: string;
  readonly id: string;
  readonly time: string;
  readonly amount: { readonly value: string; readonly currency: string };
}

/** A seeded feed: mostly in the order of time, a tenth out of order by up to 36 hours, with every kind of trouble that a bank can make. */
export function makeFeed({ seed, records, nowMs }: FeedOptions): FeedRecord[] {
  const random = new Random(seed);
  const worlds = Math.max(1, Math.round(records / WORLD_RECORDS));
  const made: Made[][] = Array.from({ length: worlds }, () => []);
  const feed: FeedRecord[] = [];
  for (let i = 0; feed.length < records; i++) {
    const w = i % worlds;
    const onTimeMs = nowMs - SPAN_MS + Math.floor((feed.length / records) * (SPAN_MS - 10 * MINUTE_MS));
    feed.push(next(random, w, i, onTimeMs, nowMs, made[w]!));
  }
  return feed;
}

function next(random: Random, w: number, i: number, onTimeMs: number, nowMs: number, before: Made[]): FeedRecord {
  const dice = random.below(1000);
  const old = before.length > 20 ? before[random.below(before.length)]! : null;
  if (old !== null && dice < 30) return record('duplicate', old);
  if (old !== null && dice < 45) return record('conflict', { ...old, amount: { ...old.amount, value: cents(random) } });
  if (old !== null && dice < 52) return record('raised', { ...old, status: random.below(2) === 0 ? 'returned' : 'rejected' });
  const outOfOrder = random.below(10) === 0 ? random.below(SPAN_MS) : random.below(2 * MINUTE_MS);
  const transaction = ordinary(random, w, i, Math.max(nowMs - 40 * HOUR_MS, onTimeMs - outOfOrder));
  if (old !== null && dice < 60) {
    return record('return', { ...transaction, amount: old.amount, returnOf: { source: old.source, id: old.id } });
  }
  if (dice < 75) return malformed(random, transaction);
  if (dice < 95) return record('late', { ...transaction, time: iso(nowMs - 49 * HOUR_MS - random.below(HOUR_MS)) });
  if (dice < 100) return record('future', { ...transaction, time: iso(nowMs + 3 * HOUR_MS) });
  before.push(transaction);
  return record('ordinary', transaction);
}

function ordinary(random: Random, w: number, i: number, timeMs: number): Made & Record<string, unknown> {
  const debtor = random.below(ACCOUNTS_PER_WORLD);
  // Few collect from many, and a payment to oneself is rare and possible.
  const creditor = random.below(3) === 0 ? random.below(5) : random.below(ACCOUNTS_PER_WORLD);
  const coarse = random.below(4) === 0 ? Math.floor(timeMs / MINUTE_MS) * MINUTE_MS : timeMs;
  return {
    schema: 'transaction/1',
    source: `bank-${w % 3}`,
    id: `w${w}-${i}`,
    time: iso(coarse),
    kind: 'p2p',
    amount: { value: cents(random), currency: ['GBP', 'SEK'][random.below(40)] ?? 'EUR' },
    debtor: { account: `w${w}.a${debtor}`, party: `w${w}.p${debtor}`, country: 'DE' },
    creditor: { account: `w${w}.a${creditor}`, country: random.below(10) === 0 ? 'NO' : 'FR' },
    remittanceInformation: `Überweisung ${i}`,
  };
}

function malformed(random: Random, transaction: Made & Record<string, unknown>): FeedRecord {
  const text = JSON.stringify(transaction);
  const broken: readonly FeedRecord[] = [
    { nature: 'malformed', value: Buffer.from(text.slice(0, text.length / 2)) },
    { nature: 'malformed', value: Buffer.concat([Buffer.from(text.slice(0, -2)), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]) },
    { nature: 'malformed', value: Buffer.from('') },
    { nature: 'malformed', value: Buffer.from('[]') },
    { nature: 'malformed', value: Buffer.from(JSON.stringify({ ...transaction, amount: { value: 12.5, currency: 'EUR' } })) },
    { nature: 'malformed', value: Buffer.from(JSON.stringify({ ...transaction, kind: 'barter' })) },
    { nature: 'malformed', value: Buffer.from(JSON.stringify({ ...transaction, time: 'yesterday' })) },
    { nature: 'malformed', value: Buffer.from(JSON.stringify({ ...transaction, debtor: {}, creditor: {} })) },
    { nature: 'malformed', value: Buffer.from(text), format: 'pacs.008' },
  ];
  return broken[random.below(broken.length)]!;
}

function record(nature: Nature, transaction: object): FeedRecord {
  return { nature, value: Buffer.from(JSON.stringify(transaction)) };
}

function cents(random: Random): string {
  return ((random.below(180_000) + 1000) / 100).toFixed(2);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
