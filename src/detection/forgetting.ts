import type { AlertBook } from './alerts/book.ts';
import { dayStart } from './days.ts';
import type { Hours } from './hours.ts';
import type { Identity } from './identity.ts';
import type { Ledger } from './ledger.ts';
import type { Notices } from './notices.ts';
import { FLAG, type Rows } from './rows.ts';
import type { Subject } from './subject.ts';
import { Thinning } from './thinning.ts';

/** A batch brings some thousand transactions; as many are forgotten with it. */
const ROWS_AT_ONCE = 4096;

/**
 * Forgets what nothing that can still come will read: whole hours of event time, and of each key what lies before them. What an alert that is not yet
 * final reads is kept until it is, so that its content can be made at any time; a transaction goes with the last of its legs.
 */
export class Forgetting {
  private readonly rows: Rows;
  private readonly hours: Hours;
  private readonly subjects: readonly Subject[];
  private readonly identity: Identity;
  private readonly ledger: Ledger;
  private readonly book: AlertBook;
  private readonly notices: Notices;
  private readonly thinning: Thinning;
  /** End of the hour that is being forgotten, or was forgotten last. */
  private doneMs = Number.NEGATIVE_INFINITY;
  /** The next row of that hour; −1 where it is done. */
  private next = -1;
  /** Before this no record will be accepted any more. */
  private settledMs = Number.NEGATIVE_INFINITY;
  /** What may be forgotten. */
  private untilMs = Number.NEGATIVE_INFINITY;

  constructor(rows: Rows, hours: Hours, subjects: readonly Subject[], identity: Identity, ledger: Ledger, book: AlertBook, notices: Notices) {
    this.rows = rows;
    this.hours = hours;
    this.subjects = subjects;
    this.identity = identity;
    this.ledger = ledger;
    this.book = book;
    this.notices = notices;
    this.thinning = new Thinning(rows, hours, (row) => this.dropLegless(row));
  }

  /** No record of a time before this will be accepted any more: some of what was kept for that alone goes now, the rest with the next calls. */
  settle(wmMs: number): void {
    // Up to its end, a day's transactions may have to be counted (S15).
    if (Number.isFinite(wmMs)) this.settledMs = dayStart(wmMs);
    this.thinning.thin(this.settledMs, ROWS_AT_ONCE);
  }

  /** Forgets the hours that end at or before a time: some of their transactions now, the others with the next calls, so that none takes long. */
  forget(beforeMs: number): void {
    this.untilMs = beforeMs;
    this.forgetRows(beforeMs === Number.POSITIVE_INFINITY ? beforeMs : ROWS_AT_ONCE);
    for (const subject of this.subjects) {
      if (subject.overfull.size === 0) continue;
      for (const key of subject.overfull.forget((k) => this.untilOf(subject, k, beforeMs))) subject.release(key);
    }
    this.notices.forget(beforeMs);
  }

  /** Forgets at once whatever may be forgotten. */
  finish(): void {
    this.thinning.thin(this.settledMs, Number.POSITIVE_INFINITY);
    this.forgetRows(Number.POSITIVE_INFINITY);
  }

  /** Forgets of a key what it was kept for an alert that is gone. */
  forgetKey(subject: Subject, key: number): void {
    const { rows } = this;
    const { histories } = subject;
    if (!histories.isOpen(key)) return;
    const untilMs = this.untilOf(subject, key, this.doneMs);
    const first = histories.first(key);
    const end = histories.end(key);
    let p = first;
    for (; p < end; p++) {
      const row = histories.leg(key, p) >>> 2;
      if (rows.t(row) >= untilMs) break;
      if (rows.dropLeg(row) === 0 && rows.has(row, FLAG.forgotten)) rows.free(row);
    }
    histories.forget(key, p);
    subject.closeIfIdle(key);
  }

  private forgetRows(rowsMax: number): void {
    for (let n = 0; n < rowsMax; n++) {
      while (this.next < 0) if (!this.openHour()) return;
      const row = this.next;
      this.next = this.rows.next(row);
      this.forgetRow(row);
    }
  }

  private openHour(): boolean {
    const hour = this.hours.takeBefore(this.untilMs);
    if (hour === null) return false;
    this.thinning.leave(hour.endMs);
    this.doneMs = hour.endMs;
    this.next = hour.head;
    return true;
  }

  private dropLegless(row: number): void {
    this.ledger.forget(row);
    this.identity.forget(row);
    this.rows.free(row);
  }

  private forgetRow(row: number): void {
    const { rows } = this;
    if (rows.has(row, FLAG.lost)) {
      rows.free(row);
      return;
    }
    this.ledger.forget(row);
    this.identity.forget(row);
    rows.set(row, FLAG.forgotten);
    if (rows.legs(row) === 0) {
      rows.free(row);
      return;
    }
    for (const subject of this.subjects) {
      const n = subject.findLegs(row, false);
      const [a, b] = [subject.legKeys[0]!, subject.legKeys[1]!];
      if (n > 0) this.forgetKey(subject, a);
      if (n > 1) this.forgetKey(subject, b);
      // With its last leg the row itself went.
      if (rows.legs(row) === 0) return;
    }
  }

  /** Up to when a key can forget. */
  private untilOf(subject: Subject, key: number, beforeMs: number): number {
    let untilMs = beforeMs;
    if (!subject.isHeld(key)) return untilMs;
    for (const program of subject.programs) {
      for (const alert of this.book.of(program, key)) untilMs = Math.min(untilMs, alert.fromMs - program.typology.reachMs);
    }
    return untilMs;
  }
}
