export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Start of the UTC day of a time. */
export function dayStart(t: number): number {
  return Math.floor(t / DAY_MS) * DAY_MS;
}

/** RFC 3339 in UTC, milliseconds only where they are not zero. */
export function timeText(t: number): string {
  const text = new Date(t).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

/** `YYYY-MM-DD` of a time. */
export function dateText(t: number): string {
  return new Date(t).toISOString().slice(0, 10);
}
