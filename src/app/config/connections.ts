import { OperatingError } from '../../base/errors.ts';
import { SECRET_BYTES_MAX } from '../../base/limits.ts';
import { Secret } from '../../base/secret.ts';
import type { ConfigValues } from './schema.ts';
import { readText } from './sources.ts';
import type { Config, Sasl, Tls } from './types.ts';

/** Tells of a problem with one setting. */
export type Tell = (key: string, message: string, hint?: string) => void;

/** Null where TLS is off. The files are read here, so that one that is missing or of another kind is told before anything is connected. */
export function tlsOf(key: string, { enabled, ca, cert, key: keyPath }: ConfigValues['kafka']['tls'], byUrl: boolean, problem: Tell): Tls | null {
  const files = ca !== undefined || cert !== undefined || keyPath !== undefined;
  if (enabled === false && (files || byUrl))
    problem(`${key}.enabled`, byUrl ? 'is false, and the URL begins with rediss:' : 'is false, and certificates are given');
  if ((cert === undefined) !== (keyPath === undefined))
    problem(cert === undefined ? `${key}.key` : `${key}.cert`, 'is given alone', 'A certificate and its private key belong together.');
  if (!(enabled ?? (files || byUrl))) return null;
  const pem = (name: string, path: string | undefined, kind: RegExp): string | null => {
    if (path === undefined) return null;
    try {
      const text = readText(path, SECRET_BYTES_MAX, (reason) => new OperatingError('tls-unreadable', `cannot be read from ${path} (${reason})`));
      if (kind.test(text)) return text;
      problem(
        `${key}.${name}`,
        `names ${path}, which holds no PEM of the kind wanted`,
        'It has lines such as -----BEGIN CERTIFICATE----- or -----BEGIN PRIVATE KEY-----.',
      );
    } catch (error) {
      if (!(error instanceof OperatingError)) throw error;
      problem(`${key}.${name}`, error.message);
    }
    return null;
  };
  const privateKey = pem('key', keyPath, /-----BEGIN [A-Z ]*PRIVATE KEY-----/);
  const certificate = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/;
  return { ca: pem('ca', ca, certificate), cert: pem('cert', cert, certificate), key: privateKey === null ? null : new Secret(privateKey) };
}

export function saslOf({ mechanism, username, password }: ConfigValues['kafka']['sasl'], problem: Tell): Sasl | null {
  const given = { mechanism, username, password };
  const missing = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (missing.length === 3) return null;
  for (const name of missing) problem(`kafka.sasl.${name}`, 'is missing', 'mechanism, username and password belong together.');
  if (mechanism === undefined || username === undefined || password === undefined) return null;
  return { mechanism, username, password };
}

export function redisOf({ url, prefix, username, password, tls }: ConfigValues['redis'], problem: Tell): Config['redis'] {
  if (url.username !== null && username !== undefined) problem('redis.username', 'is given, and the URL names a user too', 'Keep one of the two.');
  if (url.password !== null && password !== undefined) problem('redis.password', 'is given, and the URL holds a password too', 'Keep one of the two.');
  const user = username ?? url.username;
  const secret = password ?? url.password;
  if (user !== null && secret === null) problem('redis.username', 'is given without a password');
  const { host, port, database } = url;
  return { host, port, database, prefix, username: user, password: secret, tls: tlsOf('redis.tls', tls, url.tls, problem) };
}
