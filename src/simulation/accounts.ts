import type { Random } from '../base/random.ts';
import { accountNumber } from './accountNumbers.ts';
import { FAMILY_NAMES, GIVEN_NAMES, OCCUPATIONS } from './names.ts';
import type { Bank, CountryCode, Town } from './places.ts';
import { countryOf, REMITTERS } from './places.ts';

/**
 * An account and its holder. The JSON is made once and joined, since a line is put together from few flat texts: `own` is what the holder's own bank
 * sends, `other` what another bank knows; both lack the agent, which `agent` adds and closes.
 */
export interface Account {
  readonly account: string;
  readonly party: string;
  readonly name: string;
  readonly person: boolean;
  readonly country: string;
  readonly town: string;
  /** Whose record a payment out of it is. */
  readonly source: string;
  readonly own: string;
  readonly other: string;
  readonly agent: string;
  /** Keyed hash of the holder's telephone: people keep theirs. */
  readonly device: string;
}

export interface Holder {
  readonly party: string;
  readonly name: string;
  readonly person: boolean;
  readonly birthDate?: string;
  readonly phone?: string;
  readonly address: string;
  readonly occupation?: string;
}

const DAY_MS = 86_400_000;

/** Makes accounts and holders; every number is drawn from the generator it was given. */
export class AccountMaker {
  private readonly random: Random;
  private readonly startMs: number;
  private made = 0;

  constructor(random: Random, startMs: number) {
    this.random = random;
    this.startMs = startMs;
  }

  /** `openedDaysBefore`: days before the feed begins; negative where the account is opened while it runs. */
  person(place: Town, openedDaysBefore = this.random.between(100, 4_000)): Account {
    return this.bankAccount(this.holder(true), place, openedDaysBefore);
  }

  organisation(name: string, place: Town): Account {
    return this.bankAccount({ ...this.holder(false), name }, place, this.random.between(400, 6_000));
  }

  /** A further account of the same holder, at the same bank or another. */
  second(first: Account, openedDaysBefore: number): Account {
    return this.bankAccount({ ...this.holder(first.person), party: first.party, name: first.name }, first, openedDaysBefore);
  }

  /** How a remittance firm knows somebody who has no account there: by a customer number. */
  remittanceCustomer(place: Town, of?: Account): Account {
    const firm = this.random.pick(REMITTERS);
    const holder = this.holder(true);
    const known = of === undefined ? holder : { ...holder, party: of.party, name: of.name };
    const account = `${firm.code}-${String(10_000_000 + this.count()).slice(1)}`;
    return this.build(account, known, place, firm, outletOf(firm, place, this.random.below(4)), undefined);
  }

  private bankAccount(holder: Holder, place: Town, openedDaysBefore: number): Account {
    const bank = this.random.pick(countryOf(place.country).banks);
    const branch = `${place.town.slice(0, 3).toUpperCase()}-${String(1 + this.random.below(9)).padStart(2, '0')}`;
    const agent = `,"agent":{"bic":"${bank.bic}","branch":"${branch}","country":"${place.country}","town":"${place.town}"}}`;
    const opened = new Date(this.startMs - openedDaysBefore * DAY_MS).toISOString().slice(0, 10);
    return this.build(accountNumber(place.country as CountryCode, bank.code, this.count()), holder, place, bank, agent, opened);
  }

  private build(account: string, holder: Holder, place: Town, bank: Bank, agent: string, opened: string | undefined): Account {
    const known = [`{"account":"${account}","party":"${holder.party}","name":"${holder.name}","type":"${holder.person ? 'person' : 'organisation'}"`];
    known.push(`,"country":"${place.country}","town":"${place.town}"`);
    const other = known.join('');
    if (holder.birthDate !== undefined) known.push(`,"birthDate":"${holder.birthDate}"`);
    if (holder.phone !== undefined) known.push(`,"phone":"${holder.phone}"`);
    if (holder.person) known.push(`,"address":"${holder.address}"`);
    if (holder.occupation !== undefined) known.push(`,"occupation":"${holder.occupation}"`);
    if (opened !== undefined) known.push(`,"accountOpened":"${opened}"`);
    const { party, name, person } = holder;
    return {
      account,
      party,
      name,
      person,
      country: place.country,
      town: place.town,
      source: bank.source,
      own: known.join(''),
      other,
      agent: flat(agent),
      device: this.random.next().toString(16).padStart(8, '0'),
    };
  }

  private holder(person: boolean): Holder {
    const random = this.random;
    const party = `P-${String(100_000_000 + this.count()).slice(1)}`;
    const address = `h:${hash(random)}`;
    const name = `${random.pick(GIVEN_NAMES)} ${random.pick(FAMILY_NAMES)}`;
    if (!person) return { party, name, person, address };
    const birthDate = `${random.between(1945, 2006)}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`;
    return { party, name, person, birthDate, phone: `h:${hash(random)}`, address, occupation: random.pick(OCCUPATIONS) };
  }

  private count(): number {
    return this.made++;
  }
}

/** The closing part of a party for a shop of a remittance firm. */
export function outletOf(firm: Bank, place: Town, shop: number): string {
  return `,"agent":{"bic":"${firm.bic}","branch":"${firm.code}-${place.town.slice(0, 3).toUpperCase()}-${shop + 1}","country":"${place.country}","town":"${place.town}"}}`;
}

/** The same text in one piece: a text put together with `+` is copied piece by piece each time it is used. */
function flat(text: string): string {
  return [text, ''].join('');
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

export function hash(random: Random): string {
  return (random.next() * 2 ** 20 + random.below(2 ** 20)).toString(16).padStart(13, '0');
}
