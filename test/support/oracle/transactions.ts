import { type Message, read } from './records.ts';
import type { OracleConflict, OracleRecord, OracleSettings } from './types.ts';

/** One identity (source, id, t) with the content that won (S2) and what became of it (S14). */
export interface Transaction extends Message {
  /** Whether it was given back in full: by its own status or by a return. */
  readonly returned: boolean;
  /** Every accepted message of the identity, losing ones too. */
  readonly messages: readonly Message[];
}

export interface Reading {
  readonly transactions: readonly Transaction[];
  readonly tooLate: readonly OracleRecord[];
  readonly conflicts: readonly OracleConflict[];
  readonly counts: { applied: number; duplicate: number; conflict: number; late: number; future: number };
}

const RETURNED = 2;
const REJECTED = 3;

/** S4, S2 and S14 over the set of records. */
export function readAll(records: readonly OracleRecord[], settings: OracleSettings): Reading {
  const messages = records.map(read);
  const isTooLate = (m: Message): boolean => m.record.r - m.t > (settings.latenessBySource.get(m.source) ?? settings.latenessMs);
  const isFuture = (m: Message): boolean => m.t - m.record.r > settings.futureMs || m.t > settings.asOfMs;
  const tooLate = messages.filter(isTooLate);
  const future = messages.filter((m) => !isTooLate(m) && isFuture(m));
  const accepted = messages.filter((m) => !isTooLate(m) && !isFuture(m));

  const identities = new Map<string, Message[]>();
  for (const m of accepted) {
    const identity = JSON.stringify([m.source, m.id, m.t]);
    identities.set(identity, [...(identities.get(identity) ?? []), m]);
  }
  const winners = [...identities.values()].map(settle);
  const conflicts = winners.flatMap((w) =>
    losingDigests(w).map((losingDigest) => ({ source: w.source, id: w.id, timeMs: w.t, winningDigest: w.digest, losingDigest })),
  );
  const withWinningContent = winners.reduce((n, w) => n + w.messages.filter((m) => m.digest === w.digest).length, 0);
  return {
    transactions: winners.map((w) => ({ ...w, returned: w.status === RETURNED || winners.some((y) => isReturnOf(y, w, settings.returnHorizonMs)) })),
    tooLate: tooLate.map((m) => m.record),
    conflicts,
    counts: {
      applied: winners.length,
      duplicate: withWinningContent - winners.length,
      conflict: accepted.length - withWinningContent,
      late: tooLate.length,
      future: future.length,
    },
  };
}

/** The least by (r, digest) gives the content; the status is the greatest over the records with that content. */
function settle(messages: readonly Message[]): Omit<Transaction, 'returned'> {
  const winner = messages.reduce((best, m) => (m.record.r < best.record.r || (m.record.r === best.record.r && m.digest < best.digest) ? m : best));
  const status = Math.max(...messages.filter((m) => m.digest === winner.digest).map((m) => m.status));
  return { ...winner, status, messages };
}

function losingDigests(w: { readonly digest: string; readonly messages: readonly Message[] }): string[] {
  return [...new Set(w.messages.map((m) => m.digest))].filter((digest) => digest !== w.digest);
}

export function isReturn(m: Message): boolean {
  return m.texts.has('returnOf.id');
}

export function isRejected(m: Message): boolean {
  return m.status === REJECTED;
}

/** S14. */
function isReturnOf(y: Message, original: Message, horizonMs: number): boolean {
  return (
    isReturn(y) &&
    y.status !== RETURNED &&
    y.status !== REJECTED &&
    y.texts.get('returnOf.source') === original.source &&
    y.texts.get('returnOf.id') === original.id &&
    !isReturn(original) &&
    y.t - original.t >= 0 &&
    y.t - original.t <= horizonMs &&
    y.minor === original.minor &&
    y.currency === original.currency
  );
}
