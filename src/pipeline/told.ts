import type { Conflict } from '../detection/api.ts';

/**
 * A record that somebody has to look at, as the quarantine and late topics and the files of `screen` hold it: one JSON object. It is told at least
 * once; `place` and `code` together tell repetitions apart.
 */
export interface Told {
  readonly to: 'quarantine' | 'late';
  readonly code: string;
  readonly place: string;
  /** The record's source, by which the topics are keyed; null where the record does not say it. */
  readonly source: string | null;
  /** The whole object as JSON, without a newline. */
  readonly json: string;
}

interface Parts {
  readonly to: Told['to'];
  readonly code: string;
  readonly field: string;
  readonly reason: string;
  readonly place: string;
  readonly source: string | null;
  /** The record as it came; null where it is no longer at hand. */
  readonly bytes: Uint8Array | null;
  readonly more?: object;
}

function told({ to, code, field, reason, place, source, bytes, more = {} }: Parts): Told {
  const original = bytes === null ? {} : { original: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') };
  return { to, code, place, source, json: JSON.stringify({ code, field, reason, place, source, ...more, ...original }) };
}

/** A record that was not taken, and why. */
export function toldRefused(code: string, field: string, reason: string, place: string, source: string | null, bytes: Uint8Array): Told {
  return told({ to: 'quarantine', code, field, reason, place, source, bytes });
}

/** A record that came later than its source's lateness allows (S4), with the typologies that it could have touched. */
export function toldLate(place: string, source: string, typologies: readonly string[], bytes: Uint8Array): Told {
  const reason = 'the record was received longer after its time than the lateness of its source allows';
  return told({ to: 'late', code: 'too-late', field: 'time', reason, place, source, bytes, more: { typologies } });
}

/** A record whose content lost against another record of the same transaction (S2). `bytes` null: it came earlier, and lies at its place. */
export function toldConflict(conflict: Conflict, place: string, bytes: Uint8Array | null): Told {
  const reason = 'another record of the same source, id and time has another content, which stands';
  const more = { id: conflict.id, winningDigest: conflict.winningDigest, losingDigest: conflict.losingDigest };
  return told({ to: 'quarantine', code: 'conflict', field: '', reason, place, source: conflict.source, bytes, more });
}

const SOURCE_CHARACTERS_MAX = 128;

/** The source that a refused record names, as far as it can be read at all. */
export function sourceOf(bytes: Uint8Array, bytesMax: number): string | null {
  if (bytes.length > bytesMax) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const source = typeof value === 'object' && value !== null && Object.hasOwn(value, 'source') ? (value as { source: unknown }).source : null;
    return typeof source === 'string' && source.length <= SOURCE_CHARACTERS_MAX ? source : null;
  } catch {
    // Not readable is the reason why it was refused: told with its code.
    return null;
  }
}
