export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Start of the UTC day of a time. */
export function dayStart(t: number): number {
  return Math.floor(t / DAY_MS) * DAY_MS;
}

/** The day of `dateText`'s last answer, and the answer: alerts print many times of few days. */
let lastDay = Number.NaN;
let lastDate = '';

/** `YYYY-MM-DD` of a time. */
export function dateText(t: number): string {
  const day = dayStart(t);
  if (day !== lastDay) {
    lastDate = new Date(t).toISOString().slice(0, 10);
    lastDay = day;
  }
  return lastDate;
}

/** RFC 3339 in UTC, milliseconds only where they are not zero. */
export function timeText(t: number): string {
  const ms = t - dayStart(t);
  const seconds = Math.floor(ms / 1000);
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return ms % 1000 === 0 ? `${dateText(t)}T${time}Z` : `${dateText(t)}T${time}.${String(ms % 1000).padStart(3, '0')}Z`;
}

function two(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}
