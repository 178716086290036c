import { assert } from '../base/assert.ts';
import { Random } from '../base/random.ts';
import type { Cases } from './cases.ts';
import type { Label, Plan } from './labels.ts';
import { labelOf } from './labels.ts';
import { LineWriter } from './lines.ts';
import { DAY_MS, HOUR_MS } from './moments.ts';
import type { Noise, Receipt } from './noise.ts';
import { damaged, receiptsOf } from './noise.ts';
import type { Day } from './ordinary.ts';
import { countDue, dayOf, incidental, recurring } from './ordinary.ts';
import type { Identity, Payment } from './payments.ts';
import { Identities, sourceOf } from './payments.ts';
import type { Population } from './population.ts';
import { makePopulation } from './population.ts';
import { CAST } from './schemes/cast.ts';
import { Scene } from './schemes/scene.ts';

export interface FeedOptions {
  /** A whole number from 0 on; the same options give the same bytes. */
  readonly seed: number;
  /** Number of transactions, at least 1. */
  readonly events: number;
  /** The documented cases, from `readCases`. */
  readonly parameters: Cases;
  /** Start of the feed, a midnight in UTC; 2026-03-01 unless given. */
  readonly startMs?: number;
  /** Length, 1 … 3,660; 150 unless given. */
  readonly days?: number;
  /** Share of the transactions that give trouble, 0 … 0.5; 0 unless given. See `noise.ts`. Duplicates and broken lines come on top of `events`. */
  readonly noise?: number;
}

export interface Feed {
  readonly labels: readonly Label[];
  /** Lines of `transaction/1` without their ends, in the order of their receipt. To be read once. */
  readonly lines: Iterable<string>;
}

export const FEED_START_MS = Date.UTC(2026, 2, 1);
export const FEED_DAYS = 150;
/** Ordinary transactions of a person and day, what comes every month included. */
const PER_PERSON_AND_DAY = 0.85;
const PEOPLE_MIN = 60;
/** Hidden cases and decoys make up no more than this of a feed. */
const CASES_SHARE = 0.05;
const EVENTS_A_CAST = 200_000;

/** A synthetic feed of ordinary lives with documented schemes and innocent look-alikes hidden in it, and the truth about them. */
export function generateFeed(options: FeedOptions): Feed {
  const { seed, events, parameters, startMs = FEED_START_MS, days = FEED_DAYS, noise = 0 } = options;
  assert(Number.isSafeInteger(events) && events >= 1, 'a feed has a transaction');
  assert(Number.isSafeInteger(days) && days >= 1 && days <= 3_660, 'a feed lasts from a day to ten years');
  assert(startMs % DAY_MS === 0, 'a feed starts at midnight');
  assert(noise >= 0 && noise <= 0.5, 'at most half of the transactions give trouble');
  const random = new Random(seed);
  const people = Math.max(PEOPLE_MIN, Math.ceil(events / (days * PER_PERSON_AND_DAY)));
  const population = makePopulation(random.fork(1), people, startMs, parameters);
  const identities = new Identities(random.fork(2).next());
  const plans = castPlans(new Scene(random.fork(3), parameters, population, startMs, days), events);
  const labels = plans.map((plan, i) =>
    labelOf(
      plan,
      `c-${i + 1}`,
      plan.payments.map((p) => identities.next(sourceOf(p))),
    ),
  );
  const hidden = new Map<number, Payment[]>();
  plans.forEach((plan, i) =>
    plan.payments.forEach((payment, j) => {
      const day = Math.floor((payment.timeMs - startMs) / DAY_MS);
      const at = labels[i]!.transactions[j]!.indexOf(':');
      const named = { ...payment, identity: { source: sourceOf(payment), id: labels[i]!.transactions[j]!.slice(at + 1) } };
      hidden.set(day, [...(hidden.get(day) ?? []), named]);
    }),
  );
  const calendar = Array.from({ length: days }, (_, i) => dayOf(i, startMs));
  const quotas = dailyQuotas(calendar, population, hidden, events);
  return {
    labels,
    lines: write(calendar, quotas, { population, hidden, identities, noise: { share: noise, random: random.fork(5) }, random: random.fork(4), seed }),
  };
}

function castPlans(scene: Scene, events: number): Plan[] {
  const rounds = Math.max(1, Math.round(events / EVENTS_A_CAST));
  const plans: Plan[] = [];
  let room = Math.floor(events * CASES_SHARE);
  for (let i = 0; i < rounds * CAST.length; i++) {
    const plan = CAST[i % CAST.length]!(scene);
    if (plan === null || plan.payments.length === 0 || plan.payments.length > room) continue;
    room -= plan.payments.length;
    plans.push(plan);
  }
  return plans;
}

/** Ordinary payments of each day, so that all add up to the number asked for. What falls due comes first; the rest is spread evenly. */
function dailyQuotas(
  calendar: readonly Day[],
  population: Population,
  hidden: ReadonlyMap<number, readonly Payment[]>,
  events: number,
): { due: number; incidental: number }[] {
  let room = events;
  for (const payments of hidden.values()) room -= payments.length;
  const quotas = calendar.map((day) => {
    const due = Math.min(countDue(population, day), room);
    room -= due;
    return { due, incidental: 0 };
  });
  quotas.forEach((quota, i) => (quota.incidental = Math.floor(((i + 1) * room) / quotas.length) - Math.floor((i * room) / quotas.length)));
  return quotas;
}

interface Sources {
  readonly population: Population;
  readonly hidden: ReadonlyMap<number, readonly Payment[]>;
  readonly identities: Identities;
  readonly noise: Noise;
  readonly random: Random;
  readonly seed: number;
}

interface Pending extends Receipt {
  readonly payment: Payment;
  readonly identity: Identity;
}

/** A day at a time: its payments are sorted by receipt, and those received after its end wait for the next. A line is written when its turn comes. */
function* write(calendar: readonly Day[], quotas: readonly { due: number; incidental: number }[], sources: Sources): Generator<string> {
  const { random, noise, identities } = sources;
  const writer = new LineWriter(sources.seed);
  const lineOf = ({ payment, identity, receivedAtMs, broken }: Pending): string => {
    const line = writer.write(payment, identity, receivedAtMs);
    return broken ? damaged(line, noise.random) : line;
  };
  let waiting: Pending[] = [];
  for (const [i, day] of calendar.entries()) {
    for (const payment of paymentsOf(day, quotas[i]!, sources)) {
      const identity = payment.identity ?? identities.next(sourceOf(payment));
      const promptMs = payment.timeMs + random.between(200, 90_000);
      for (const { receivedAtMs, broken } of receiptsOf(noise, payment.timeMs, promptMs)) waiting.push({ receivedAtMs, broken, payment, identity });
    }
    waiting.sort((a, b) => a.receivedAtMs - b.receivedAtMs);
    const endMs = day.startMs + DAY_MS;
    let sent = 0;
    while (sent < waiting.length && waiting[sent]!.receivedAtMs < endMs) yield lineOf(waiting[sent++]!);
    waiting = waiting.slice(sent);
  }
  for (const pending of waiting) yield lineOf(pending);
}

function* paymentsOf(day: Day, quota: { due: number; incidental: number }, { population, hidden, random, identities }: Sources): Generator<Payment> {
  yield* hidden.get(day.index) ?? [];
  let due = quota.due;
  for (const payment of recurring(population, day, random)) {
    if (due-- <= 0) break;
    yield payment;
  }
  let left = quota.incidental;
  while (left-- > 0) {
    const payment = incidental(population, day, random);
    if (left === 0 || payment.kind !== 'credit-transfer' || payment.from === null || payment.to === null || !random.chance(0.01)) {
      yield payment;
      continue;
    }
    // One transfer in a hundred went to the wrong place and is sent back within two hours.
    const identity = identities.next(sourceOf(payment));
    left--;
    yield { ...payment, identity };
    yield {
      ...payment,
      timeMs: payment.timeMs + random.between(60_000, 2 * HOUR_MS),
      from: payment.to,
      to: payment.from,
      returns: identity,
      text: 'return',
      channel: 'api',
    };
  }
}
