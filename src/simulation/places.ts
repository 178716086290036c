/** Where the simulated people live and bank. Prices are rough levels of 2026: they make amounts look right and are used for nothing else. */
export type CountryCode = 'GB' | 'DE' | 'FR' | 'US' | 'TR';
export type Currency = 'GBP' | 'EUR' | 'USD' | 'TRY';

export interface Country {
  readonly code: CountryCode;
  readonly currency: Currency;
  /** Units of the currency for 100 USD, to size amounts. */
  readonly per100Usd: number;
  readonly utcOffsetHours: number;
  /** Relative number of simulated people. */
  readonly weight: number;
  readonly towns: readonly string[];
  /** Monthly wages in whole units of the currency, from and to. */
  readonly wages: readonly [number, number];
  readonly banks: readonly Bank[];
}

export interface Bank {
  readonly source: string;
  readonly bic: string;
  /** The part of an account number that names the bank, as the country's IBAN has it (a routing number in the US). */
  readonly code: string;
}

const bank = (source: string, bic: string, code: string): Bank => ({ source, bic, code });

export const COUNTRIES: readonly Country[] = [
  {
    code: 'GB',
    currency: 'GBP',
    per100Usd: 78,
    utcOffsetHours: 0,
    weight: 27,
    wages: [1_650, 4_200],
    towns: ['London', 'London', 'Birmingham', 'Leeds', 'Manchester', 'Glasgow', 'Cardiff', 'Bristol', 'Sheffield', 'Dover', 'Portsmouth', 'Leicester'],
    banks: [bank('bank-albion', 'ALBNGB2L', 'ALBN000101'), bank('bank-severn', 'SVRNGB21', 'SVRN000202')],
  },
  {
    code: 'DE',
    currency: 'EUR',
    per100Usd: 92,
    utcOffsetHours: 1,
    weight: 22,
    wages: [1_700, 4_300],
    towns: ['Berlin', 'Berlin', 'Hamburg', 'München', 'Köln', 'Essen', 'Osnabrück', 'Hannover', 'Dortmund', 'Bremen', 'Leipzig'],
    banks: [bank('bank-elbe', 'ELBEDEFF', '00010101'), bank('bank-ruhr', 'RUHRDE33', '00020202')],
  },
  {
    code: 'FR',
    currency: 'EUR',
    per100Usd: 92,
    utcOffsetHours: 1,
    weight: 20,
    wages: [1_500, 3_700],
    towns: ['Paris', 'Paris', 'Lille', 'Marseille', 'Lyon', 'Calais', 'Dunkirk', 'Nantes', 'Toulouse', 'Rouen', 'Strasbourg'],
    banks: [bank('bank-loire', 'LOIRFRPP', '0001000101'), bank('bank-opale', 'OPALFRPP', '0002000202')],
  },
  {
    code: 'US',
    currency: 'USD',
    per100Usd: 100,
    utcOffsetHours: -6,
    weight: 23,
    wages: [2_300, 6_500],
    towns: ['Houston', 'Chicago', 'Los Angeles', 'New York', 'Atlanta', 'Denver', 'Phoenix', 'El Paso', 'Nogales', 'Douglas', 'San Diego', 'Charlotte'],
    banks: [bank('bank-rio', 'RIOBUS33', '100000011'), bank('bank-prairie', 'PRAIUS44', '100000022')],
  },
  {
    code: 'TR',
    currency: 'TRY',
    per100Usd: 4_000,
    utcOffsetHours: 3,
    weight: 8,
    wages: [26_000, 75_000],
    towns: ['Istanbul', 'Istanbul', 'Izmir', 'Ankara', 'Bursa', 'Adana', 'Gaziantep'],
    banks: [bank('bank-bosporus', 'BOSPTRIS', '00091')],
  },
];

/** Firms that pay out cash abroad. Their outlets are shops in every town. */
export const REMITTERS: readonly Bank[] = [bank('remit-swift-penny', 'SWPYGB2L', 'SP'), bank('remit-corridor', 'CORRDEFF', 'CO')];

export interface Town {
  readonly town: string;
  readonly country: string;
}

/** Where families abroad fetch ordinary remittances. Some are also places on a route: living there proves nothing. */
export const FAMILY_TOWNS: readonly Town[] = [
  { town: 'Istanbul', country: 'TR' },
  { town: 'Gaziantep', country: 'TR' },
  { town: 'Sulaymaniyah', country: 'IQ' },
  { town: 'Erbil', country: 'IQ' },
  { town: 'Peshawar', country: 'PK' },
  { town: 'Lahore', country: 'PK' },
  { town: 'Vinh', country: 'VN' },
  { town: 'Hanoi', country: 'VN' },
  { town: 'Casablanca', country: 'MA' },
  { town: 'Tirana', country: 'AL' },
  { town: 'Lagos', country: 'NG' },
  { town: 'Manila', country: 'PH' },
  { town: 'Puebla', country: 'MX' },
  { town: 'Guadalajara', country: 'MX' },
  { town: 'Nogales', country: 'MX' },
  { town: 'Guatemala City', country: 'GT' },
  { town: 'Warsaw', country: 'PL' },
  { town: 'Cluj-Napoca', country: 'RO' },
  { town: 'Dhaka', country: 'BD' },
  { town: 'Kerala', country: 'IN' },
];

export function countryOf(code: string): Country {
  const country = COUNTRIES.find((c) => c.code === code);
  if (country === undefined) throw new RangeError('no simulated bank is in this country');
  return country;
}
