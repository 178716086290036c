import type { Random } from '../../base/random.ts';
import type { Account } from '../accounts.ts';
import type { Cases, FigureName, Hub } from '../cases.ts';
import type { Plan } from '../labels.ts';
import { DAY_MS, HOUR_MS, momentMs, unitsOf } from '../moments.ts';
import type { Payment } from '../payments.ts';
import type { Country, Town } from '../places.ts';
import { COUNTRIES, countryOf } from '../places.ts';
import type { Person, Population } from '../population.ts';

/** Plans one hidden case of a kind; null where the population has not the people for it. */
export type Scheme = (scene: Scene) => Plan | null;

/** Where a case takes place, and the tools to tell it. */
export class Scene {
  readonly random: Random;
  readonly cases: Cases;
  readonly population: Population;
  readonly startMs: number;
  readonly days: number;

  constructor(random: Random, cases: Cases, population: Population, startMs: number, days: number) {
    this.random = random;
    this.cases = cases;
    this.population = population;
    this.startMs = startMs;
    this.days = days;
  }

  /** A number from a documented range. */
  figure(name: FigureName): number {
    return this.random.between(...this.cases.figures[name]);
  }

  /** A price per head of a route, in whole US dollars, the unit in which amounts are planned. */
  fee(tariff: string, step = 50): number {
    const { low, high, currency } = this.cases.tariffs.get(tariff)!;
    const price = Math.round(this.random.between(low, high) / step) * step;
    return currency === 'USD' ? price : Math.round((price * 100) / 92);
  }

  /** A day on which something of that length can begin, so that it ends within the feed if it fits at all. */
  firstDay(lengthDays: number): number {
    return this.random.below(Math.max(1, this.days - lengthDays));
  }

  /** A moment of a day of the feed between two local hours. */
  at(day: number, country: Country, fromHour: number, toHour: number): number {
    return this.startMs + day * DAY_MS + momentMs(this.random, country, fromHour, toHour);
  }

  hoursAfter(ms: number, low: number, high: number): number {
    return ms + this.random.between(low * 60, high * 60) * (HOUR_MS / 60) + this.random.below(60_000);
  }

  hub(...countries: string[]): Hub & { home: Country } {
    const hub = this.random.pick(this.cases.hubs.filter((h) => countries.includes(h.country)));
    return { ...hub, home: countryOf(hub.country) };
  }

  /** Different people of some countries, in random order; fewer where there are not so many. */
  people(count: number, ...countries: string[]): Person[] {
    return this.random.sample(
      this.population.people.filter((p) => countries.includes(p.country.code)),
      count,
    );
  }

  /** Different towns of a country but one, each once. */
  otherTowns(country: Country, not: string, count: number): Town[] {
    const names = [...new Set(country.towns)].filter((town) => town !== not);
    return this.random.sample(names, count).map((town) => ({ town, country: country.code }));
  }

  /** Minor units of a country's currency for whole US dollars, as people write amounts: in steps. */
  minor(usd: number, country: Country, step = 10): number {
    return unitsOf(usd, country, step) * 100;
  }

  /** A transfer between two accounts, in the currency of the payer's country. */
  transfer(timeMs: number, from: Account, to: Account, usd: number, more: Partial<Payment> = {}): Payment {
    const country = COUNTRIES.find((c) => c.code === from.country) ?? countryOf('US');
    return { timeMs, kind: 'credit-transfer', channel: 'online', amountMinor: this.minor(usd, country), currency: country.currency, from, to, ...more };
  }

  cashIn(timeMs: number, to: Account, usd: number, place: Town, more: Partial<Payment> = {}): Payment {
    const country = countryOf(place.country);
    return {
      timeMs,
      kind: 'cash-deposit',
      channel: 'branch',
      amountMinor: this.minor(usd, country),
      currency: country.currency,
      from: null,
      to,
      place,
      ...more,
    };
  }

  cashOut(timeMs: number, from: Account, usd: number, place: Town, more: Partial<Payment> = {}): Payment {
    const country = countryOf(place.country);
    return {
      timeMs,
      kind: 'cash-withdrawal',
      channel: 'branch',
      amountMinor: this.minor(usd, country),
      currency: country.currency,
      from,
      to: null,
      place,
      ...more,
    };
  }

  /** Splits a sum into so many unequal parts, in whole units; the parts add up to it. */
  parts(total: number, count: number, unevenPercent = 10): number[] {
    const parts = Array.from({ length: count }, () => Math.round((total / count) * (1 + this.random.between(-unevenPercent, unevenPercent) / 100)));
    parts[0]! += total - parts.reduce((sum, part) => sum + part, 0);
    return parts;
  }

  plan(scheme: string, variant: string, typologies: string[], subjects: string[], payments: readonly Payment[]): Plan {
    return { scheme, variant, decoy: false, subjects, typologies, payments: this.withinFeed(payments) };
  }

  decoy(scheme: string, subjects: string[], payments: readonly Payment[]): Plan {
    return { scheme, variant: 'plain', decoy: true, subjects, typologies: [], payments: this.withinFeed(payments) };
  }

  private withinFeed(payments: readonly Payment[]): Payment[] {
    const endMs = this.startMs + this.days * DAY_MS;
    return payments.filter((p) => p.timeMs < endMs).sort((a, b) => a.timeMs - b.timeMs);
  }
}
