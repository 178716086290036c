import { OperatingError } from '../base/errors.ts';

/** A price per person, in whole units of its currency. */
export interface Tariff {
  readonly id: string;
  readonly low: number;
  readonly high: number;
  readonly currency: 'EUR' | 'USD';
}

export interface Hub {
  readonly town: string;
  readonly country: string;
}

export const FIGURES = [
  'ordinaryRemittanceUsd',
  'ordinaryRemittanceEveryDays',
  'personsPerBoat',
  'familiesPayingOneAccount',
  'paidBeforeDepartureDays',
  'depositPercent',
  'passedOnPercent',
  'p2pTransfers',
  'p2pSenders',
  'p2pTotalUsd',
  'p2pDays',
  'wireLimitUsd',
  'cashLimitUsd',
  'structuredSenders',
  'branchesInTwoDays',
  'muleCredits',
  'muleHours',
  'muleAccountAgeDays',
  'funnelTowns',
  'funnelTotalUsd',
  'funnelQuickDays',
] as const;
export type FigureName = (typeof FIGURES)[number];
export type Range = readonly [low: number, high: number];

/** What the feed is made from: `fixtures/simulation/cases.json`, where each number has its source and grade. */
export interface Cases {
  readonly tariffs: ReadonlyMap<string, Tariff>;
  readonly figures: Readonly<Record<FigureName, Range>>;
  readonly hubs: readonly Hub[];
}

/** Reads the file of cases; `OperatingError('cases-unreadable')` names the first thing that is not as it must be. */
export function readCases(text: string): Cases {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw new OperatingError('cases-unreadable', 'the file of documented cases is not JSON', { cause });
  }
  const root = object(file, 'the file');
  const tariffs = array(root['tariffs'], 'tariffs').map((entry, i): Tariff => {
    const tariff = object(entry, `tariffs[${i}]`);
    const { currency } = tariff;
    if (currency !== 'EUR' && currency !== 'USD') refuse(`tariffs[${i}].currency`);
    const [low, high] = range([tariff['low'], tariff['high']], `tariffs[${i}]`);
    sourced(tariff, `tariffs[${i}]`);
    return { id: word(tariff['id'], `tariffs[${i}].id`), low, high, currency };
  });
  const stored = object(root['figures'], 'figures');
  const figures = Object.fromEntries(
    FIGURES.map((name): [FigureName, Range] => {
      const figure = object(stored[name], `figures.${name}`);
      sourced(figure, `figures.${name}`);
      return [name, range(array(figure['value'], `figures.${name}.value`), `figures.${name}.value`)];
    }),
  ) as Record<FigureName, Range>;
  const hubs = array(root['hubs'], 'hubs').map((entry, i): Hub => {
    const hub = object(entry, `hubs[${i}]`);
    sourced(hub, `hubs[${i}]`);
    return { town: word(hub['town'], `hubs[${i}].town`), country: word(hub['country'], `hubs[${i}].country`) };
  });
  for (const id of ['T01', 'T09', 'T12', 'T24', 'T25']) if (!tariffs.some((t) => t.id === id)) refuse(`tariffs: ${id}`);
  return { tariffs: new Map(tariffs.map((t) => [t.id, t])), figures, hubs };
}

function refuse(what: string): never {
  throw new OperatingError('cases-unreadable', `the file of documented cases lacks a usable ${what}`);
}

function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(what);
  return value as Record<string, unknown>;
}

function array(value: unknown, what: string): unknown[] {
  return Array.isArray(value) && value.length > 0 ? value : refuse(what);
}

function word(value: unknown, what: string): string {
  return typeof value === 'string' && value !== '' ? value : refuse(what);
}

function range([low, high]: unknown[], what: string): Range {
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || (low as number) < 0 || (low as number) > (high as number)) refuse(what);
  return [low as number, high as number];
}

/** No number without its source and grade. */
function sourced(entry: Record<string, unknown>, what: string): void {
  word(entry['source'], `${what}.source`);
  if (!/^[ABCDX]$/.test(word(entry['grade'], `${what}.grade`))) refuse(`${what}.grade`);
}
