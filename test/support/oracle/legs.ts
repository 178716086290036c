import type { Subject } from '../../../src/typologies/ast.ts';
import type { Message } from './records.ts';
import { isRejected, isReturn, type Transaction } from './transactions.ts';

const DAY_MS = 86_400_000;

/** A transaction as one key sees it (S0). */
export interface Leg {
  readonly transaction: Transaction;
  readonly side: 'in' | 'out' | 'self' | 'none';
  readonly key: readonly string[];
}

export function dayOf(t: number): number {
  return Math.floor(t / DAY_MS);
}

/** e ≺ f by time, source, id; texts by their UTF-8 bytes (S1). */
export function precedes(a: Message, b: Message): number {
  return a.t - b.t || Buffer.compare(Buffer.from(a.source), Buffer.from(b.source)) || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
}

/** The key that a message has under a subject, seen from one side; null where a path is absent. */
function keyOf(m: Message, subject: Subject, party: 'debtor' | 'creditor'): string[] | null {
  const values = subject.paths.map((path) => (path === 'source' ? m.source : m.texts.get(path === 'account' || path === 'party' ? `${party}.${path}` : path)));
  return values.every((value) => value !== undefined) ? (values as string[]) : null;
}

/** The legs of a message by its content alone, whatever its status. */
function sidesOf(m: Message, subject: Subject): { side: Leg['side']; key: readonly string[] }[] {
  if (isReturn(m)) return [];
  const debtor = keyOf(m, subject, 'debtor');
  if (subject.sides !== 'both') return debtor === null ? [] : [{ side: subject.sides, key: debtor }];
  const creditor = keyOf(m, subject, 'creditor');
  if (debtor !== null && creditor !== null && sameKey(debtor, creditor)) return [{ side: 'self', key: debtor }];
  const legs: { side: Leg['side']; key: readonly string[] }[] = [];
  if (debtor !== null) legs.push({ side: 'out', key: debtor });
  if (creditor !== null) legs.push({ side: 'in', key: creditor });
  return legs;
}

export function legsOf(transactions: readonly Transaction[], subject: Subject): Leg[] {
  return transactions.filter((x) => !isRejected(x)).flatMap((transaction) => sidesOf(transaction, subject).map((leg) => ({ transaction, ...leg })));
}

export function sameKey(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * S15: the UTC days on which more than N transactions give the key a leg. Counted is each transaction any of whose accepted records
 * gives it, before `where`, whatever its status, returned or not.
 */
export function overfullDays(transactions: readonly Transaction[], subject: Subject, key: readonly string[], dayLegsMax: number): Set<number> {
  const counts = new Map<number, number>();
  for (const x of transactions) {
    const gives = x.messages.some((m) => sidesOf(m, subject).some((leg) => sameKey(leg.key, key)));
    if (gives) counts.set(dayOf(x.t), (counts.get(dayOf(x.t)) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, n]) => n > dayLegsMax).map(([day]) => day));
}
