import type { Random } from '../base/random.ts';
import { outletOf } from './accounts.ts';
import { DAY_MS, momentMs, unitsOf } from './moments.ts';
import type { Payment } from './payments.ts';
import { REMITTERS } from './places.ts';
import type { Person, Population } from './population.ts';

/** Ordinary financial lives: what comes back every month, and what people do in between. */

/** Day of the month 1 … 31 and the number of the day since the feed began. */
export interface Day {
  readonly index: number;
  readonly startMs: number;
  readonly ofMonth: number;
}

export function dayOf(index: number, feedStartMs: number): Day {
  const startMs = feedStartMs + index * DAY_MS;
  return { index, startMs, ofMonth: new Date(startMs).getUTCDate() };
}

const DUE = ['wage', 'rent', 'power', 'remittance'] as const;
type Due = (typeof DUE)[number];

/** What falls due for a person on a day, a bit for each of `DUE`. The only place that says when, so that the number is known before anything is made. */
function due({ wageDay, rentMinor, habit }: Person, day: Day): number {
  let bits = day.ofMonth === wageDay ? 1 : 0;
  if (rentMinor > 0 && day.ofMonth === 2) bits |= 2;
  if (day.ofMonth === 5 + (wageDay % 4)) bits |= 4;
  if (habit !== null && day.index % habit.everyDays === habit.firstDay) bits |= 8;
  return bits;
}

export function countDue(population: Population, day: Day): number {
  let count = 0;
  for (const person of population.people) for (let bits = due(person, day); bits > 0; bits &= bits - 1) count++;
  return count;
}

export function* recurring(population: Population, day: Day, random: Random): Generator<Payment> {
  for (const person of population.people) {
    const bits = due(person, day);
    for (let i = 0; bits >>> i > 0; i++) if (((bits >>> i) & 1) === 1) yield recurringPayment(person, DUE[i]!, day, random);
  }
}

function recurringPayment(person: Person, what: Due, day: Day, random: Random): Payment {
  const { account, country } = person;
  const timeMs = day.startMs + momentMs(random, country, what === 'remittance' ? 9 : 4, 20);
  const base = { timeMs, currency: country.currency };
  switch (what) {
    case 'wage':
      return {
        ...base,
        kind: 'credit-transfer',
        channel: 'api',
        amountMinor: person.wageMinor,
        from: person.employer,
        to: account,
        purpose: 'SALA',
        text: 'wages',
      };
    case 'rent':
      return {
        ...base,
        kind: 'credit-transfer',
        channel: 'online',
        amountMinor: person.rentMinor,
        from: account,
        to: person.landlord,
        purpose: 'RENT',
        text: 'rent',
      };
    case 'power':
      return {
        ...base,
        kind: 'direct-debit',
        channel: 'api',
        amountMinor: unitsOf(random.between(45, 190), country) * 100 + random.below(100),
        from: account,
        to: person.town.utilities[0]!,
        purpose: 'ELEC',
        text: 'power and water',
      };
    case 'remittance': {
      const { customer, family, usd } = person.habit!;
      return {
        ...base,
        kind: 'remittance',
        channel: 'agent',
        amountMinor: unitsOf(random.between(...usd), country, 5) * 100,
        from: customer,
        to: family,
        purpose: 'FAMI',
        text: 'family support',
        place: account,
      };
    }
  }
}

/** One unplanned payment of a person chosen at random. */
export function incidental(population: Population, day: Day, random: Random): Payment {
  const person = random.pick(population.people);
  const { account, country, town } = person;
  const currency = country.currency;
  const at = (from: number, to: number): number => day.startMs + momentMs(random, country, from, to);
  const cents = (low: number, high: number): number => Math.max(100, Math.round((random.between(low, high) * country.per100Usd) / 100));
  const whole = (low: number, high: number, step: number): number => unitsOf(random.between(low, high), country, step) * 100;
  const choice = random.below(1000);
  if (choice < 620) {
    const shop = random.pick(town.shops);
    const amountMinor = cents(...shop.trade.centsUsd);
    return {
      timeMs: at(7, 23),
      kind: 'card-payment',
      channel: 'mobile',
      amountMinor,
      currency,
      from: account,
      to: shop.account,
      mcc: shop.trade.mcc,
      place: account,
    };
  }
  if (choice < 640) return privateSale(person, population, at(8, 23), random);
  if (choice < 770) {
    const amountMinor = random.chance(0.9) ? whole(4, 80, 1) : whole(80, 350, 5);
    return { timeMs: at(8, 24), kind: 'p2p', channel: 'mobile', amountMinor, currency, from: account, to: friend(person, random), text: random.pick(FRIENDLY) };
  }
  if (choice < 830)
    return { timeMs: at(7, 23), kind: 'cash-withdrawal', channel: 'atm', amountMinor: whole(20, 300, 10), currency, from: account, to: null, place: account };
  if (choice < 900) {
    const amountMinor = cents(500, 6_000);
    return {
      timeMs: at(2, 6),
      kind: 'direct-debit',
      channel: 'api',
      amountMinor,
      currency,
      from: account,
      to: random.pick(town.utilities),
      text: 'subscription',
    };
  }
  if (choice < 940) {
    const to = random.pick(random.pick(population.towns).shops).account;
    return {
      timeMs: at(8, 22),
      kind: 'credit-transfer',
      channel: 'online',
      amountMinor: cents(1_500, 60_000),
      currency,
      from: account,
      to,
      text: 'order',
      purpose: 'GDDS',
    };
  }
  if (choice < 965) {
    const shop = random.pick(town.shops).account;
    return {
      timeMs: at(9, 18),
      kind: 'cash-deposit',
      channel: 'branch',
      amountMinor: whole(150, 6_000, 10),
      currency,
      from: null,
      to: shop,
      place: account,
      text: 'takings',
    };
  }
  if (choice < 980) {
    const from = random.pick(town.employers);
    return {
      timeMs: at(8, 18),
      kind: 'credit-transfer',
      channel: 'api',
      amountMinor: cents(30_000, 1_500_000),
      currency,
      from,
      to: random.pick(town.shops).account,
      text: 'invoice',
      purpose: 'SUPP',
    };
  }
  if (choice < 992) {
    return {
      timeMs: at(8, 22),
      kind: 'credit-transfer',
      channel: 'online',
      amountMinor: whole(60, 1_200, 10),
      currency,
      from: account,
      to: friend(person, random),
      text: random.pick(FRIENDLY),
    };
  }
  if (choice < 996)
    return { timeMs: at(9, 18), kind: 'cash-deposit', channel: 'branch', amountMinor: whole(50, 900, 10), currency, from: null, to: account, place: account };
  return occasionalRemittance(person, population, at(9, 20), random);
}

const FRIENDLY: readonly string[] = [
  'dinner',
  'thanks',
  'groceries',
  'share of the trip',
  'tickets',
  'gift',
  'happy birthday',
  'football',
  'taxi',
  'ok',
  'visa fees',
  'holiday',
];

/** A dealer takes half of all private sales. After some twenty of them most of the money goes to the supplier in one payment. */
function privateSale(buyer: Person, population: Population, timeMs: number, random: Random): Payment {
  const { all, dealers } = population.sellers.get(buyer.country)!;
  const seller = random.pick(random.chance(0.5) ? dealers : all);
  const { country } = buyer;
  const base = { timeMs, currency: country.currency, channel: 'mobile' };
  if (seller.account === buyer.account) {
    return { ...base, kind: 'p2p', amountMinor: unitsOf(10, country) * 100, from: buyer.account, to: friend(buyer, random), text: 'books' };
  }
  if (seller.dealer && seller.sales >= 20) {
    const amountMinor = Math.round((seller.takenMinor * random.between(80, 95)) / 10_000) * 100;
    seller.takenMinor = 0;
    seller.sales = 0;
    return { ...base, kind: 'credit-transfer', channel: 'online', amountMinor, from: seller.account, to: seller.supplier, text: 'new stock' };
  }
  const usd = random.chance(0.75) ? random.between(8, 120) : random.between(120, 950);
  const amountMinor = unitsOf(usd, country, 5) * 100;
  seller.takenMinor += amountMinor;
  seller.sales++;
  return { ...base, kind: random.chance(0.6) ? 'p2p' : 'credit-transfer', amountMinor, from: buyer.account, to: seller.account, text: random.pick(SOLD) };
}

const SOLD: readonly string[] = ['phone', 'bicycle', 'sofa', 'camera', 'tickets', 'pram', 'shoes', 'console', 'as agreed', 'life jacket', 'boat trailer'];

/** Friends live in the same town mostly, and are the same few people. */
function friend(person: Person, random: Random): Person['account'] {
  const { people } = person.town;
  const other = people[(person.number + 1 + random.below(12)) % people.length]!;
  return other === person ? person.landlord : other.account;
}

/** Help for somebody else's family: larger than usual, once. */
function occasionalRemittance(person: Person, population: Population, timeMs: number, random: Random): Payment {
  const { account, country } = person;
  const base = { timeMs, currency: country.currency, channel: 'agent', kind: 'remittance', place: account, text: 'help' };
  const other = random.pick(population.people).habit;
  if (person.habit !== null)
    return { ...base, amountMinor: unitsOf(random.between(80, 900), country, 10) * 100, from: person.habit.customer, to: other?.family ?? person.habit.family };
  const firm = random.pick(REMITTERS);
  return {
    ...base,
    kind: 'credit-transfer',
    channel: 'branch',
    amountMinor: unitsOf(random.between(80, 600), country, 10) * 100,
    from: account,
    to: other?.family ?? person.landlord,
    fromAgent: outletOf(firm, account, 0),
  };
}
