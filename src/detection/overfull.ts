import { DAY_MS, dayStart } from './days.ts';
import type { Identity } from './identity.ts';
import { FLAG, type Rows } from './rows.ts';
import type { Subject } from './subject.ts';

interface Extra {
  readonly subject: Subject;
  readonly key: number;
}

/**
 * How many transactions of a day give a key a leg (S15). Histories hold the legs of every transaction, rejected and returned ones too, so that the
 * count is the number of legs of the day, and of the transactions that give the key a leg only by a content that lost.
 */
export class Overfull {
  private readonly rows: Rows;
  private readonly identity: Identity;
  private readonly dayLegsMax: number;
  private readonly onOverfull: (subject: Subject, key: number, timeMs: number) => void;
  /** By identity: the legs that only its losing contents give. */
  private readonly extras = new Map<number, Extra[]>();
  /** By subject, key and day: how many such legs. */
  private readonly counts = new Map<Subject, Map<number, Map<number, number>>>();

  constructor(rows: Rows, identity: Identity, dayLegsMax: number, onOverfull: (subject: Subject, key: number, timeMs: number) => void) {
    this.rows = rows;
    this.identity = identity;
    this.dayLegsMax = dayLegsMax;
    this.onOverfull = onOverfull;
  }

  /** After a leg of the key was added at a time. */
  check(subject: Subject, key: number, timeMs: number): void {
    const { histories } = subject;
    if (histories.count(key) <= this.dayLegsMax && this.counts.size === 0) return;
    if (subject.overfull.has(key, timeMs)) return;
    const day = dayStart(timeMs);
    const legs = histories.lowerBound(key, day + DAY_MS) - histories.lowerBound(key, day);
    if (legs + (this.counts.get(subject)?.get(key)?.get(day) ?? 0) > this.dayLegsMax) this.onOverfull(subject, key, timeMs);
  }

  /** Takes the legs of losing contents out of the count; `recount` puts them in again. */
  forget(row: number): void {
    if (this.extras.size === 0) return;
    for (const { subject, key } of this.extras.get(row) ?? []) {
      this.add(subject, key, dayStart(this.rows.t(row)), -1);
      subject.release(key);
    }
    this.extras.delete(row);
  }

  /** Counts the legs that only losing contents of an identity give, after these or the winner changed. */
  recount(row: number, subjects: readonly Subject[]): void {
    this.forget(row);
    const found: Extra[] = [];
    for (const subject of subjects) for (const key of this.losingKeys(row, subject)) found.push({ subject, key });
    if (found.length === 0) return;
    this.extras.set(row, found);
    const day = dayStart(this.rows.t(row));
    for (const { subject, key } of found) {
      subject.hold(key);
      this.add(subject, key, day, 1);
    }
    for (const { subject, key } of found) this.check(subject, key, day);
  }

  /** Keys of the losing contents less those of the winning one. */
  private losingKeys(row: number, subject: Subject): Set<number> {
    const keys = new Set<number>();
    for (const loser of this.identity.losersOf(row)) for (const key of this.keysOf(loser, subject)) keys.add(key);
    for (const key of this.keysOf(row, subject)) keys.delete(key);
    return keys;
  }

  private keysOf(row: number, subject: Subject): number[] {
    if (this.rows.has(row, FLAG.isReturn)) return [];
    const n = subject.findLegs(row, true);
    return [...subject.legKeys.subarray(0, n)];
  }

  private add(subject: Subject, key: number, day: number, difference: number): void {
    const byKey = this.counts.get(subject) ?? new Map<number, Map<number, number>>();
    const byDay = byKey.get(key) ?? new Map<number, number>();
    const n = (byDay.get(day) ?? 0) + difference;
    if (n > 0) byDay.set(day, n);
    else byDay.delete(day);
    if (byDay.size > 0) byKey.set(key, byDay);
    else byKey.delete(key);
    if (byKey.size > 0) this.counts.set(subject, byKey);
    else this.counts.delete(subject);
  }
}
