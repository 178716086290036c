import type { Json, OracleRecord, RateRow } from '../oracle/types.ts';
import { ACCOUNTS, AMOUNTS_MINOR, COUNTRIES, CURRENCIES, DEVICES, ITEM_TEXTS, KIND_CHOICES, PARTIES } from './conditions.ts';
import type { Tape } from './tape.ts';
import { START_MS, type World } from './world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Numbers that one record takes from its tape, at most. */
export const RECORD_TAPE = 48;

interface Draft {
  readonly transaction: Json;
  readonly t: number;
  readonly r: number;
  readonly partition: number;
  /** Place in the partition's order: r, plus less than the slack. */
  readonly order: number;
}

const SOURCES = ['bank-a', 'bank-a', 'bank-é'] as const;
const IDS = ['1', '2', '3', '10', 'Z', 'z', 'é', '￿', '😀', 'a', 'b', 'c'] as const;

/** A feed of records in the order of their partitions, some of them about earlier ones. */
export function randomFeed(tapes: readonly Tape[], world: World, partitions: number): OracleRecord[] {
  const drafts: Draft[] = [];
  tapes.forEach((tape, i) => drafts.push(randomRecord(tape, world, partitions, drafts, i)));
  return numbered(drafts);
}

/** Offsets are given in the order of append. */
function numbered(drafts: readonly Draft[]): OracleRecord[] {
  const next = new Map<number, number>();
  return [...drafts]
    .sort((a, b) => a.order - b.order)
    .map(({ transaction, r, partition }) => {
      const offset = next.get(partition) ?? 0;
      next.set(partition, offset + 1);
      return { transaction, r, partition, offset };
    });
}

function randomRecord(tape: Tape, world: World, partitions: number, earlier: readonly Draft[], index: number): Draft {
  const kind = earlier.length === 0 ? 0 : tape.below(100);
  const about = earlier[Math.max(0, earlier.length - 1 - tape.below(12))];
  if (about === undefined || kind < 66) return received(tape, world, partitions, fresh(tape, world, index));
  if (kind < 72) return received(tape, world, partitions, about.transaction);
  if (kind < 79) return inTheSameInstant(tape, received(tape, world, partitions, conflicting(tape, about.transaction)), about);
  if (kind < 85) return received(tape, world, partitions, { ...about.transaction, status: tape.one(['returned', 'settled', 'rejected', 'accepted']) });
  if (kind < 97) return received(tape, world, partitions, returning(tape, world, about, index));
  return received(tape, world, partitions, { ...about.transaction, time: timeText(tape, about.t + tape.one([1, -1, 24]) * HOUR) });
}

function received(tape: Tape, world: World, partitions: number, transaction: Json): Draft {
  const t = Date.parse(transaction['time'] as string);
  const r = t + delay(tape, world);
  const jitter = world.slackMs > 0 && tape.chance(30) ? tape.below(world.slackMs) : 0;
  return { transaction, t, r, partition: tape.below(partitions), order: r + jitter };
}

/** Now and then two records of one identity are received at once, so that their digests decide. */
function inTheSameInstant(tape: Tape, draft: Draft, about: Draft): Draft {
  return tape.chance(30) ? { ...draft, r: about.r, order: about.r + (draft.order - draft.r) } : draft;
}

/** Mostly at once; now and then exactly as late or as early as is allowed, and a millisecond beyond. */
function delay(tape: Tape, world: World): number {
  const D = world.latenessMs;
  const choice = tape.below(100);
  if (choice < 55) return 0;
  if (choice < 62) return tape.below(3_600_000);
  if (choice < 76) return tape.below(D + 1);
  if (choice < 85) return D;
  if (choice < 88) return D + 1;
  if (choice < 92) return D + tape.below(20 * HOUR);
  if (choice < 96) return -tape.below(HOUR + 1);
  if (choice < 98) return -HOUR;
  return choice < 99 ? -HOUR - 1 : -3 * HOUR;
}

/** The same instant is written in several ways. */
function timeText(tape: Tape, t: number): string {
  const utc = new Date(t).toISOString();
  switch (tape.below(6)) {
    case 3:
      return utc.replace('Z', '+00:00');
    case 4:
      return new Date(t + 90 * 60_000).toISOString().replace('Z', '+01:30');
    case 5:
      return utc.replace('Z', '789Z');
    default:
      return utc.replace('.000Z', 'Z');
  }
}

function fresh(tape: Tape, world: World, index: number): Json {
  const jitter = tape.chance(12) ? tape.one([1, -1, 30 * 60_000]) : 0;
  // Half of them crowd into half a day, so that windows hold several and days grow overfull.
  const stepsAnHour = HOUR / world.stepMs;
  const steps = tape.chance(50) ? 24 * stepsAnHour + tape.below(12 * stepsAnHour) : tape.below(world.spanHours * stepsAnHour);
  const t = START_MS + steps * world.stepMs + jitter;
  const id = tape.chance(40) ? `${tape.one(IDS)}${index}` : `${index}`;
  return {
    schema: 'transaction/1',
    source: tape.one(SOURCES),
    id,
    time: timeText(tape, t),
    kind: tape.one(KIND_CHOICES),
    amount: amountOf(tape),
    ...parties(tape, world),
    ...extras(tape),
    ...(tape.chance(6) ? { status: tape.one(['settled', 'returned', 'rejected']) } : {}),
    ...(tape.chance(8) ? { precision: 'day' } : {}),
  };
}

/** Mostly hundreds of euros or dollars; now and then a currency with other decimals, or so much that sums overflow. */
function amountOf(tape: Tape): Json {
  const whole = tape.one(AMOUNTS_MINOR) / 100;
  if (tape.chance(4)) return { value: tape.one(['10000000000.00', '9999999999.99']), currency: 'GBP' };
  if (tape.chance(4)) return { value: String(whole * 160), currency: 'JPY' };
  if (tape.chance(2)) return { value: `${whole}.005`, currency: 'KWD' };
  return { value: tape.one([whole.toFixed(2), String(whole), whole.toFixed(1)]), currency: tape.one(CURRENCIES) };
}

function parties(tape: Tape, world: World): Json {
  const accounts = ACCOUNTS.slice(0, world.accounts);
  const from = tape.one(accounts);
  const to = tape.chance(8) ? from : tape.one(accounts);
  const sides = tape.below(12);
  const debtor = party(tape, from);
  const creditor = party(tape, to);
  if (sides === 10) return { debtor };
  return sides === 11 ? { creditor } : { debtor, creditor };
}

function party(tape: Tape, account: string): Json {
  const without = tape.below(10);
  return {
    ...(without === 9 ? {} : { account }),
    ...(without === 8 ? {} : { party: tape.one(PARTIES) }),
    ...(tape.chance(70) ? { country: tape.one(COUNTRIES) } : {}),
    ...(tape.chance(40) ? { accountOpened: new Date(START_MS - tape.one([3, 1, 2, -1]) * DAY).toISOString().slice(0, 10) } : {}),
    ...(tape.chance(20) ? { birthDate: tape.one(['1990-05-01', '1965-02-28', '2000-02-29']) } : {}),
    ...(tape.chance(10) ? { agent: { branch: 'b-1', country: tape.one(COUNTRIES) } } : {}),
    ...(tape.chance(5) ? { name: 'Ñ "x"\n' } : {}),
  };
}

function extras(tape: Tape): Json {
  const item = (): Json => ({ text: tape.one(ITEM_TEXTS), ...(tape.chance(60) ? { quantity: 1 + tape.below(3) } : {}) });
  return {
    ...(tape.chance(60) ? { device: tape.one(DEVICES) } : {}),
    ...(tape.chance(15)
      ? { travel: { ...(tape.chance(70) ? { passengers: 1 + tape.below(3) } : {}), ...(tape.chance(70) ? { oneWay: tape.chance(60) } : {}) } }
      : {}),
    ...(tape.chance(15) ? { items: Array.from({ length: tape.below(3) }, item) } : {}),
    ...(tape.chance(5) ? { unknownField: { deep: [1] } } : {}),
  };
}

/** The same identity with other content. */
function conflicting(tape: Tape, transaction: Json): Json {
  const amount = transaction['amount'] as { currency: string };
  switch (tape.below(4)) {
    case 0:
      return { ...transaction, amount: { value: '400', currency: amount.currency } };
    case 1:
      return { ...transaction, creditor: { account: tape.one(ACCOUNTS), party: tape.one(PARTIES) } };
    case 2:
      return { ...transaction, kind: 'cheque' };
    default:
      return { ...transaction, device: 'd3', status: tape.one(['accepted', 'returned']) };
  }
}

/** A return: in full or in part, before its original or after, within the horizon, at its edge or beyond. */
function returning(tape: Tape, world: World, original: Draft, index: number): Json {
  const R = world.returnHorizonMs;
  const { source, id, amount } = original.transaction as { source: string; id: string; amount: { value: string; currency: string } };
  const gap = tape.one([HOUR, 2 * HOUR, 0, R, R + 1, R - HOUR, -1, tape.below(R + 1), 3 * HOUR]);
  const returned = tape.chance(80)
    ? amount
    : tape.one([
        { ...amount, value: '99' },
        { value: '100', currency: 'GBP' },
      ]);
  return {
    ...fresh(tape, world, index),
    time: timeText(tape, original.t + gap),
    amount: returned,
    returnOf: { source: tape.chance(95) ? source : 'bank-x', id },
  };
}

/** Rates with holes: before its first row, and more than 7 days after its last, a currency cannot be converted. */
export function randomRates(tape: Tape): RateRow[] {
  const date = (days: number): string => new Date(START_MS + days * DAY).toISOString().slice(0, 10);
  const first = tape.one([-1, -1, -1, 0, 1, 2, -6]);
  return [
    { date: date(first), currency: 'USD', perEuro: tape.one(['1.25', '1.1', '0.8']) },
    ...(tape.chance(50) ? [{ date: date(first + 2), currency: 'USD', perEuro: '1.0733' }] : []),
    ...(tape.chance(60) ? [{ date: date(tape.one([-1, -9])), currency: 'GBP', perEuro: tape.one(['0.0002', '0.86', '0.0001']) }] : []),
    ...(tape.chance(60)
      ? [
          { date: date(-1), currency: 'JPY', perEuro: '160.37' },
          { date: date(0), currency: 'KWD', perEuro: '0.333' },
        ]
      : []),
  ];
}
