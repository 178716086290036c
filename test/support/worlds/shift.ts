import type { Json, PlacelessContent } from '../oracle/types.ts';
import type { History } from './history.ts';

const DATE_PATHS = new Set(['birthDate', 'accountOpened']);

/** The history as it would be some whole days later: times, receipts and rates. */
export function shifted(history: History, byMs: number): History {
  return {
    ...history,
    records: history.records.map((record) => ({ ...record, r: record.r + byMs, transaction: shiftJson(record.transaction, byMs) as Json })),
    rates: history.rates.map((row) => ({ ...row, date: shiftDate(row.date, byMs) })),
  };
}

/** Dates are part of a record's content, so that shifting them could let another content win (S2). */
export function withoutDates(history: History): History {
  return { ...history, records: history.records.map((record) => ({ ...record, transaction: dropDates(record.transaction) as Json })) };
}

function dropDates(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !DATE_PATHS.has(name))
      .map(([name, x]) => [name, dropDates(x)]),
  );
}

function shiftJson(value: unknown, byMs: number): unknown {
  if (Array.isArray(value)) return value.map((x) => shiftJson(x, byMs));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, x]) => {
      if (name === 'time') return [name, new Date(Date.parse(x as string) + byMs).toISOString()];
      return [name, shiftJson(x, byMs)];
    }),
  );
}

function shiftDate(date: string, byMs: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + byMs).toISOString().slice(0, 10);
}

/** The content with its times put back, and without the id that hangs on them. */
export function unshifted(content: PlacelessContent, byMs: number): PlacelessContent {
  return { ...(putBack(content, byMs) as PlacelessContent), alertId: '' };
}

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z/g;
const DATE = /\d{4}-\d\d-\d\d(?!T)/g;

function putBack(value: unknown, byMs: number): unknown {
  if (typeof value === 'string') {
    return value.replace(DATE, (date) => shiftDate(date, -byMs)).replace(TIME, (t) => new Date(Date.parse(t) - byMs).toISOString().replace('.000Z', 'Z'));
  }
  if (Array.isArray(value)) return value.map((x) => putBack(x, byMs));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, x]) => [name, putBack(x, byMs)]));
}
