import { DAY_MS, dayStart } from './days.ts';
import type { Identity } from './identity.ts';
import { FLAG, type Rows } from './rows.ts';
import type { Subject } from './subject.ts';

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
  private readonly extras = new Map<number, Map<Subject, Set<number>>>();
  /** By subject, key and day: how many such legs. */
  private readonly counts = new Map<Subject, Map<number, Map<number, number>>>();

  constructor(rows: Rows, identity: Identity, dayLegsMax: number, onOverfull: (subject: Subject, key: number, timeMs: number) => void) {
    this.rows = rows;
    this.identity = identity;
    this.dayLegsMax = dayLegsMax;
    this.onOverfull = onOverfull;
  }

  /** After a leg of the key was added at a time. Whether it made the day overfull, so that the leg is gone again. */
  check(subject: Subject, key: number, timeMs: number): boolean {
    const { histories } = subject;
    const extras = this.counts.size === 0 ? undefined : this.counts.get(subject)?.get(key);
    if (extras === undefined && histories.count(key) <= this.dayLegsMax) return false;
    const day = dayStart(timeMs);
    // Most often the day is the last one, and the legs before its first tell that there are not too many.
    const nth = histories.end(key) - 1 - this.dayLegsMax;
    if (extras === undefined && this.rows.t(histories.leg(key, nth) >>> 2) < day) return false;
    if (subject.overfull.has(key, timeMs)) return false;
    const legs = histories.lowerBound(key, day + DAY_MS) - histories.lowerBound(key, day);
    if (legs + (extras?.get(day) ?? 0) <= this.dayLegsMax) return false;
    this.onOverfull(subject, key, timeMs);
    return true;
  }

  /** Takes the legs of losing contents out of the count; `recount` puts them in again. */
  forget(row: number): void {
    if (this.extras.size === 0) return;
    for (const [subject, keys] of this.extras.get(row) ?? []) {
      for (const key of keys) {
        this.add(subject, key, dayStart(this.rows.t(row)), -1);
        subject.release(key);
      }
    }
    this.extras.delete(row);
  }

  /** Counts the legs that only losing contents of an identity give, after its winner changed. */
  recount(row: number, subjects: readonly Subject[]): void {
    this.forget(row);
    for (const loser of this.identity.losersOf(row)) this.count(row, loser, subjects);
  }

  /** Counts the legs that a losing content of an identity gives, and neither the winning one nor another. */
  count(row: number, loser: number, subjects: readonly Subject[]): void {
    const t = this.rows.t(row);
    for (const subject of subjects) {
      const own = this.keysOf(row, subject);
      for (const key of this.keysOf(loser, subject)) {
        if (own.includes(key) || !this.note(row, subject, key)) continue;
        subject.hold(key);
        this.add(subject, key, dayStart(t), 1);
        this.check(subject, key, t);
      }
      // Its legs may have been spared, and then nothing else keeps the keys that had to be opened to compare them.
      for (const key of own) subject.closeIfIdle(key);
    }
  }

  /** Whether the identity did not count for the key before. */
  private note(row: number, subject: Subject, key: number): boolean {
    const bySubject = this.extras.get(row) ?? new Map<Subject, Set<number>>();
    const keys = bySubject.get(subject) ?? new Set<number>();
    if (keys.has(key)) return false;
    this.extras.set(row, bySubject.set(subject, keys.add(key)));
    return true;
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
