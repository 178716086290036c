import type { Random } from '../base/random.ts';
import type { Account } from './accounts.ts';
import { AccountMaker } from './accounts.ts';
import type { Cases } from './cases.ts';
import type { Trade } from './names.ts';
import { TRADES } from './names.ts';
import type { Country } from './places.ts';
import { COUNTRIES, FAMILY_TOWNS } from './places.ts';

/** Somebody who sends money home through a remittance firm. */
export interface RemittanceHabit {
  readonly customer: Account;
  readonly family: Account;
  readonly everyDays: number;
  readonly firstDay: number;
  readonly usd: readonly [number, number];
}

/** Somebody who sells things on the internet to strangers everywhere in the country, and pays for new ones from what came in. */
export interface Seller {
  readonly account: Account;
  /** Dealers sell far more than those who clear out a cellar. */
  readonly dealer: boolean;
  readonly supplier: Account;
  /** What came in since the supplier was paid last. */
  takenMinor: number;
  sales: number;
}

export interface Person {
  readonly account: Account;
  readonly country: Country;
  readonly town: TownLife;
  /** Place in `town.people`. */
  readonly number: number;
  readonly wageMinor: number;
  readonly wageDay: number;
  readonly employer: Account;
  /** 0 for those who own their home. */
  readonly rentMinor: number;
  readonly landlord: Account;
  readonly habit: RemittanceHabit | null;
}

export interface Shop {
  readonly account: Account;
  readonly trade: Trade;
}

/** Everything in one town that its people pay. */
export interface TownLife {
  readonly name: string;
  readonly country: Country;
  readonly shops: Shop[];
  readonly employers: Account[];
  readonly landlords: Account[];
  readonly utilities: Account[];
  readonly people: Person[];
}

export interface Population {
  readonly people: readonly Person[];
  readonly towns: readonly TownLife[];
  readonly sellers: ReadonlyMap<Country, Sellers>;
  readonly maker: AccountMaker;
}

/** One in this many people sends money to a family abroad. */
const REMITTERS_ONE_IN = 6;

export function makePopulation(random: Random, count: number, startMs: number, cases: Cases): Population {
  const maker = new AccountMaker(random, startMs);
  const towns = COUNTRIES.map((country) => country.towns.map((name) => emptyTown(name, country)));
  const weights = COUNTRIES.flatMap((country, i) => Array.from({ length: country.weight }, () => i));
  const people: Person[] = [];
  for (let i = 0; i < count; i++) {
    const town = random.pick(towns[random.pick(weights)]!);
    furnish(town, random, maker);
    const person = makePerson(town, random, maker, cases);
    town.people.push(person);
    people.push(person);
  }
  return { people, towns: towns.flat().filter((town) => town.people.length > 0), sellers: makeSellers(people, random), maker };
}

export interface Sellers {
  readonly all: readonly Seller[];
  readonly dealers: readonly Seller[];
}

/** By country, one in forty sells now and then, and one in ten of these lives on it. */
function makeSellers(people: readonly Person[], random: Random): Map<Country, Sellers> {
  const sellers = new Map<Country, Sellers>();
  for (const country of COUNTRIES) {
    const compatriots = people.filter((person) => person.country === country);
    if (compatriots.length === 0) continue;
    const all = random.sample(compatriots, Math.ceil(compatriots.length / 40)).map(({ account, town }, i): Seller => {
      const supplier = random.chance(0.5) ? random.pick(town.shops).account : random.pick(compatriots).account;
      return { account, dealer: i % 10 === 0, supplier, takenMinor: 0, sales: 0 };
    });
    sellers.set(country, { all, dealers: all.filter((seller) => seller.dealer) });
  }
  return sellers;
}

function emptyTown(name: string, country: Country): TownLife {
  return { name, country, shops: [], employers: [], landlords: [], utilities: [], people: [] };
}

/** A town has a shop for some 15 people, an employer for some 20, a landlord for some 8; a third of the landlords are private people. */
function furnish(town: TownLife, random: Random, maker: AccountMaker): void {
  const place = { town: town.name, country: town.country.code };
  const size = town.people.length;
  if (town.shops.length * 15 <= size) {
    const trade = random.pick(TRADES);
    town.shops.push({ account: maker.organisation(`${town.name} ${trade.word} ${town.shops.length + 1}`, place), trade });
  }
  if (town.employers.length * 20 <= size) town.employers.push(maker.organisation(`${town.name} Works ${town.employers.length + 1}`, place));
  if (town.landlords.length * 8 <= size) {
    town.landlords.push(random.chance(0.33) ? maker.person(place) : maker.organisation(`${town.name} Homes ${town.landlords.length + 1}`, place));
  }
  if (town.utilities.length * 400 <= size) town.utilities.push(maker.organisation(`${town.name} Power and Water`, place));
}

function makePerson(town: TownLife, random: Random, maker: AccountMaker, cases: Cases): Person {
  const { country } = town;
  const place = { town: town.name, country: country.code };
  // One in twelve opened the account lately, or opens it while the feed runs.
  const account = random.chance(1 / 12) ? maker.person(place, random.between(0, 120)) : maker.person(place);
  const wage = random.between(...country.wages);
  return {
    account,
    country,
    town,
    number: town.people.length,
    wageMinor: wage * 100 + random.below(100),
    wageDay: random.pick([1, 15, 25, 25, 26, 27, 27, 28]),
    employer: random.pick(town.employers),
    rentMinor: random.chance(0.55) ? Math.round((wage * random.between(25, 40)) / 500) * 500 : 0,
    landlord: random.pick(town.landlords),
    habit: random.below(REMITTERS_ONE_IN) === 0 ? makeHabit(account, random, maker, cases) : null,
  };
}

function makeHabit(account: Account, random: Random, maker: AccountMaker, cases: Cases): RemittanceHabit {
  const everyDays = random.between(...cases.figures.ordinaryRemittanceEveryDays);
  return {
    customer: maker.remittanceCustomer(account, account),
    family: maker.remittanceCustomer(random.pick(FAMILY_TOWNS)),
    everyDays,
    firstDay: random.below(everyDays),
    usd: cases.figures.ordinaryRemittanceUsd,
  };
}
