import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../base/duration.ts';

/** Parsers of option values: what they refuse is wrong use. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('write a duration such as 48h, 7d or 1d12h.');
  return ms;
}

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/i;

/** An RFC 3339 time with its offset (seconds may be left out), or a date, which stands for its first instant in UTC. */
export function time(text: string): number {
  const ms = TIME.test(text) ? Date.parse(text.toUpperCase()) : Number.NaN;
  if (Number.isNaN(ms)) throw new InvalidArgumentError('write a time such as 2026-03-01T09:00:00Z.');
  return ms;
}

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const n = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(n >= min && n <= max)) throw new InvalidArgumentError(`write a whole number from ${min} to ${max}.`);
    return n;
  };
}

export function oneOf<T extends string>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const value = values.find((v) => v === text);
    if (value === undefined) throw new InvalidArgumentError(`write one of: ${values.join(', ')}.`);
    return value;
  };
}
