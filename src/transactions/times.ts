/** Times and dates as text to integers, without the leniency and the garbage of `Date.parse`. */
const DAY_MS = 86_400_000;
const DASH = 45;
const COLON = 58;
const DOT = 46;
const PLUS = 43;

/** Two ASCII digits at a place, or -1. */
function two(text: string, at: number): number {
  const a = text.charCodeAt(at) - 48;
  const b = text.charCodeAt(at + 1) - 48;
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : -1;
}

/** Days from 1970-01-01 to a day of the proleptic Gregorian calendar. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days of the `YYYY-MM-DD` that a text begins with, NaN where it does not or the day is in no calendar. */
function leadingDate(text: string): number {
  const century = two(text, 0);
  const rest = two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  if (century < 0 || rest < 0 || month < 1 || month > 12 || day < 1 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return NaN;
  const year = century * 100 + rest;
  return day > daysInMonth(year, month) ? NaN : daysFromCivil(year, month, day);
}

/** `YYYY-MM-DD` as days since 1970-01-01 (years 0000 to 9999), NaN where it is no such day. */
export function parseDate(text: string): number {
  return text.length === 10 ? leadingDate(text) : NaN;
}

/**
 * RFC 3339 with an offset as integer milliseconds UTC, NaN where it is not. `T` and `Z` may be small; digits below a millisecond are dropped,
 * toward the earlier; a leap second (`:60`) and 24:00 are no times here, since they name no instant of their own.
 */
export function parseTime(text: string): number {
  const days = leadingDate(text);
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  if (!(days === days) || (text.charCodeAt(10) | 32) !== 116 || text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return NaN;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return NaN;
  let at = 19;
  let ms = 0;
  if (text.charCodeAt(at) === DOT) {
    const start = ++at;
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) break;
      if (at < start + 3) ms = ms * 10 + digit;
    }
    if (at === start) return NaN;
    for (let i = at; i < start + 3; i++) ms *= 10;
  }
  const offsetMinutes = parseOffset(text, at);
  return days * DAY_MS + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1000 + ms;
}

/** The offset that a text ends with, from `at` on, in minutes; NaN where it is none. */
function parseOffset(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if ((sign | 32) === 122) return text.length === at + 1 ? 0 : NaN;
  const hours = two(text, at + 1);
  const minutes = two(text, at + 4);
  if ((sign !== PLUS && sign !== DASH) || text.length !== at + 6 || text.charCodeAt(at + 3) !== COLON) return NaN;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NaN;
  return (sign === PLUS ? 1 : -1) * (hours * 60 + minutes);
}
