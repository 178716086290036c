import { z } from 'zod';
import { formatDuration, parseDuration } from '../../base/duration.ts';
import { Secret } from '../../base/secret.ts';

/** How a setting is written. Every value arrives as text, from the environment and from the file alike. */
export interface Form<T> {
  /** Completes the sentence "it must be …"; also what the documentation says. */
  readonly says: string;
  /** The value, or undefined where the text does not have the form. */
  readonly read: (text: string) => T | undefined;
  /** What may be shown of the text. Nothing of it where this is missing and the form is secret. */
  readonly shown?: (text: string) => string;
  readonly secret?: true;
}

/** The schema of a form: text in, value out. No message holds the text of a secret. */
export function schemaOf<T>(form: Form<T>): z.ZodType<T, string> {
  return z.string(`must be ${form.says}`).transform((text, context) => {
    const value = form.read(text);
    if (value !== undefined) return value;
    const found = form.secret || form.shown ? '' : `${JSON.stringify(text.slice(0, 80))}, and `;
    context.issues.push({ code: 'custom', input: text, message: `is ${found}must be ${form.says}`.replace('is must', 'must') });
    return z.NEVER;
  });
}

export const duration = (minMs: number, maxMs: number): Form<number> => ({
  says: `a duration such as 36h or 1d12h, from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`,
  read: (text) => {
    const ms = parseDuration(text);
    return ms !== null && ms >= minMs && ms <= maxMs ? ms : undefined;
  },
});

export const wholeNumber = (min: number, max: number): Form<number> => ({
  says: `a whole number from ${min} to ${max}`,
  read: (text) => (/^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined),
});

export const choice = <const C extends string>(choices: readonly C[]): Form<C> => ({
  says: `${choices.length > 1 ? 'one of ' : ''}${choices.join(', ')}`,
  read: (text) => choices.find((c) => c === text),
});

export const flag: Form<boolean> = { says: 'true or false', read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined) };

export const name = (says: string, pattern: RegExp): Form<string> => ({ says, read: (text) => (pattern.test(text) ? text : undefined) });

/** A path; it is made absolute where it was written (see `sources.ts`). */
export const path: Form<string> = { says: 'a path', read: (text) => (text === '' || text.length > 4096 || text.includes('\0') ? undefined : text) };

export const secret = (charactersMin: number): Form<Secret> => ({
  says: `a text of at least ${charactersMin} characters without line breaks`,
  read: (text) => (text.length >= charactersMin && !/[\r\n\0]/.test(text) ? new Secret(text) : undefined),
  secret: true,
});

const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])$/;
const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;

export const brokers: Form<readonly string[]> = {
  says: 'one or more of host:port, separated by commas',
  read: (text) => {
    const list = text.split(',').map((part) => part.trim());
    return list.every(isAddress) && new Set(list).size === list.length ? list : undefined;
  },
};

function isAddress(text: string): boolean {
  const colon = text.lastIndexOf(':');
  return colon > 0 && HOST.test(text.slice(0, colon)) && isPort(text.slice(colon + 1));
}

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly tls: boolean;
  readonly username: string | null;
  readonly password: Secret | null;
}

export const redisUrl: Form<RedisAddress> = {
  says: 'a URL such as redis://host:6379/0, or rediss:// for TLS',
  read: readRedisUrl,
  shown: (text) => text.replace(/^([a-z]+:\/\/)?(.*)@/s, (_, scheme: string | undefined, user: string) => `${scheme ?? ''}${user.split(':', 1)[0]}:[secret]@`),
};

function readRedisUrl(text: string): RedisAddress | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if ((url.protocol !== 'redis:' && url.protocol !== 'rediss:') || url.hostname === '' || url.search !== '' || url.hash !== '') return undefined;
  if (!/^(?:\/\d{0,3})?$/.test(url.pathname)) return undefined;
  const part = (encoded: string): string | null => (encoded === '' ? null : decodeURIComponent(encoded));
  try {
    const password = part(url.password);
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? 6379 : Number(url.port),
      database: Number(url.pathname.slice(1)),
      tls: url.protocol === 'rediss:',
      username: part(url.username),
      password: password === null ? null : new Secret(password),
    };
  } catch {
    // A stray % in the user's part: it is for the user to write it as %25.
    return undefined;
  }
}
