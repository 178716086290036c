/** Times and dates as ASCII bytes to integers, without the leniency and the garbage of `Date.parse`. */
const DAY_MS = 86_400_000;
const DASH = 45;
const COLON = 58;
const DOT = 46;
const PLUS = 43;

/** Two ASCII digits at a place, or -1. */
function two(bytes: Uint8Array, at: number): number {
  const a = bytes[at]! - 48;
  const b = bytes[at + 1]! - 48;
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : -1;
}

/** Days from 1970-01-01 to a day of the proleptic Gregorian calendar, years from 0 on. */
function daysFromCivil(year: number, month: number, day: number): number {
  // A year that begins in March ends with its leap day; 400 more years keep it positive.
  const y = (month > 2 ? year : year - 1) + 400;
  const era = Math.trunc(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.trunc((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (era - 1) * 146_097 + yearOfEra * 365 + Math.trunc(yearOfEra / 4) - Math.trunc(yearOfEra / 100) + dayOfYear - 719_468;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days of the `YYYY-MM-DD` at a place, NaN where there is none or the day is in no calendar. */
function dateAt(bytes: Uint8Array, at: number): number {
  const century = two(bytes, at);
  const rest = two(bytes, at + 2);
  const month = two(bytes, at + 5);
  const day = two(bytes, at + 8);
  if (century < 0 || rest < 0 || month < 1 || month > 12 || day < 1 || bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return NaN;
  const year = century * 100 + rest;
  return day > daysInMonth(year, month) ? NaN : daysFromCivil(year, month, day);
}

/** `YYYY-MM-DD` from `start` to before `end` as days since 1970-01-01 (years 0000 to 9999), NaN where it is no such day. */
export function parseDateBytes(bytes: Uint8Array, start: number, end: number): number {
  return end - start === 10 ? dateAt(bytes, start) : NaN;
}

/**
 * RFC 3339 with an offset, from `start` to before `end`, as integer milliseconds UTC; NaN where it is not. `T` and `Z` may be small; digits below a
 * millisecond are dropped, toward the earlier; a leap second (`:60`) and 24:00 are no times here, since they name no instant of their own.
 */
export function parseTimeBytes(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 20) return NaN;
  const days = dateAt(bytes, start);
  const hour = two(bytes, start + 11);
  const minute = two(bytes, start + 14);
  const second = two(bytes, start + 17);
  if (Number.isNaN(days) || (bytes[start + 10]! | 32) !== 116 || bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return NaN;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return NaN;
  let at = start + 19;
  let ms = 0;
  if (bytes[at] === DOT) {
    const first = ++at;
    for (; at < end; at++) {
      const digit = bytes[at]! - 48;
      if (digit < 0 || digit > 9) break;
      if (at < first + 3) ms = ms * 10 + digit;
    }
    if (at === first) return NaN;
    for (let i = at; i < first + 3; i++) ms *= 10;
  }
  return days * DAY_MS + ((hour * 60 + minute - offsetMinutes(bytes, at, end)) * 60 + second) * 1000 + ms;
}

/** The offset that a time ends with, from `at` on; NaN where it is none. */
function offsetMinutes(bytes: Uint8Array, at: number, end: number): number {
  if (end === at + 1) return (bytes[at]! | 32) === 122 ? 0 : NaN;
  const sign = bytes[at];
  if ((sign !== PLUS && sign !== DASH) || end !== at + 6 || bytes[at + 3] !== COLON) return NaN;
  const hours = two(bytes, at + 1);
  const minutes = two(bytes, at + 4);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NaN;
  return (sign === PLUS ? 1 : -1) * (hours * 60 + minutes);
}

/** As `parseDateBytes`, of a text. */
export function parseDate(text: string): number {
  const bytes = Buffer.from(text);
  return parseDateBytes(bytes, 0, bytes.length);
}

/** As `parseTimeBytes`, of a text. */
export function parseTime(text: string): number {
  const bytes = Buffer.from(text);
  return parseTimeBytes(bytes, 0, bytes.length);
}
