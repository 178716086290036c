import type { Random } from '../base/random.ts';
import type { Country } from './places.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A moment of a day between two local hours, in milliseconds from the day's start in UTC; it does not leave the UTC day. */
export function momentMs(random: Random, country: Country, fromHour: number, toHour: number): number {
  const local = fromHour * HOUR_MS + random.below((toHour - fromHour) * HOUR_MS);
  return (local - country.utcOffsetHours * HOUR_MS + DAY_MS) % DAY_MS;
}

/** Whole units of a currency that are about so many US dollars, rounded to a multiple of `step`. */
export function unitsOf(usd: number, country: Country, step = 1): number {
  return Math.max(step, Math.round((usd * country.per100Usd) / 100 / step) * step);
}
