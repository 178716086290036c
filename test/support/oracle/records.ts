import { createHash } from 'node:crypto';
import { minorOf } from './money.ts';
import type { Json, OracleRecord } from './types.ts';

/** The known fields of version 1, copied by hand from `transaction.md`. */
const PARTY_TEXTS = [
  'account',
  'party',
  'name',
  'type',
  'country',
  'town',
  'phone',
  'address',
  'occupation',
  'agent.bic',
  'agent.branch',
  'agent.country',
  'agent.town',
];
const sides = (names: string[]): string[] => ['debtor', 'creditor'].flatMap((side) => names.map((name) => `${side}.${name}`));
const TEXTS = [
  'kind',
  'channel',
  'amount.currency',
  ...sides(PARTY_TEXTS),
  'device',
  'ip',
  'location.country',
  'location.town',
  'endToEndId',
  'uetr',
  'purpose',
  'remittanceInformation',
  'merchant.mcc',
  'merchant.name',
  'merchant.country',
  'travel.origin',
  'travel.destination',
  'wallet.chain',
  'wallet.asset',
  'wallet.from',
  'wallet.to',
  'wallet.provider',
  'returnOf.source',
  'returnOf.id',
];
const DATES = sides(['birthDate', 'accountOpened']);
const STATUSES = ['accepted', 'settled', 'returned', 'rejected'];

export interface Item {
  readonly text?: string;
  readonly quantity?: number;
}

/** What one record says, apart from where and when it was received. */
export interface Message {
  readonly source: string;
  readonly id: string;
  readonly t: number;
  /** Index in the order in which a status may rise. */
  readonly status: number;
  readonly minor: number;
  readonly currency: string;
  readonly dayPrecision: boolean;
  readonly texts: ReadonlyMap<string, string>;
  /** Dates as days since 1970-01-01, booleans as 0 and 1. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly items: readonly Item[];
  /** Hexadecimal SHA-256 of the canonical content (S2). */
  readonly digest: string;
  readonly record: OracleRecord;
}

function at(json: Json, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Json | undefined)?.[name], json);
}

function itemsOf(json: Json): Item[] {
  const items = (json['items'] ?? []) as Item[];
  return items.map((item) => ({
    ...(item.text === undefined ? {} : { text: item.text }),
    ...(item.quantity === undefined ? {} : { quantity: item.quantity }),
  }));
}

export function statusName(status: number): string {
  return STATUSES[status]!;
}

/** Reads a well-formed `transaction/1`; what is refused never comes here. */
export function read(record: OracleRecord): Message {
  const json = record.transaction;
  const texts = new Map(TEXTS.map((path) => [path, at(json, path)]).filter(([, value]) => value !== undefined) as [string, string][]);
  const numbers = new Map<string, number>();
  for (const path of DATES) {
    const date = at(json, path);
    if (date !== undefined) numbers.set(path, Date.parse(`${date as string}T00:00:00Z`) / 86_400_000);
  }
  const passengers = at(json, 'travel.passengers') as number | undefined;
  const oneWay = at(json, 'travel.oneWay') as boolean | undefined;
  if (passengers !== undefined) numbers.set('travel.passengers', passengers);
  if (oneWay !== undefined) numbers.set('travel.oneWay', oneWay ? 1 : 0);
  const currency = texts.get('amount.currency')!;
  const minor = minorOf(at(json, 'amount.value') as string, currency);
  const items = itemsOf(json);
  const precision = json['precision'] as string | undefined;

  const content = new Map<string, string>([...texts, ['amount.minor', String(minor)]]);
  for (const [path, value] of numbers) content.set(path, String(value));
  if (precision !== undefined) content.set('precision', precision);
  if (json['items'] !== undefined) content.set('items', JSON.stringify(items));
  return {
    source: json['source'] as string,
    id: json['id'] as string,
    t: Date.parse(json['time'] as string),
    status: Math.max(0, STATUSES.indexOf(json['status'] as string)),
    minor,
    currency,
    dayPrecision: precision === 'day',
    texts,
    numbers,
    items,
    digest: digestOf(content),
    record,
  };
}

/** Canonical content: `path:length:text` a line, in the order of the paths. */
function digestOf(content: ReadonlyMap<string, string>): string {
  const lines = [...content].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => `${path}:${text.length}:${text}\n`);
  return createHash('sha256').update(lines.join(''), 'utf8').digest('hex');
}
