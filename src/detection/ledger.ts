import type { DecodedTransaction } from '../transactions/decoded.ts';
import { STATUSES } from '../transactions/fields.ts';
import type { Asking } from './asking.ts';
import { DAY_MS, dayStart } from './days.ts';
import type { Hours } from './hours.ts';
import type { Identity } from './identity.ts';
import { Overfull } from './overfull.ts';
import type { Returns } from './returns.ts';
import { FLAG, type Rows } from './rows.ts';
import { Sparing } from './sparing.ts';
import type { Subject } from './subject.ts';
import type { Sweeping } from './sweeping.ts';

const REJECTED = STATUSES.indexOf('rejected');
const RETURNED = STATUSES.indexOf('returned');

/**
 * From transactions to legs (S0): writes each into the histories of its keys, and has asked again what that changes. A leg that comes last in its history
 * changes no other anchor, and is asked at once; what any other change touches is left to the sweep.
 */
export class Ledger {
  /** Whether anchors are asked as they come; otherwise they are asked when they are settled. */
  asksOnArrival = false;
  private readonly rows: Rows;
  private readonly subjects: readonly Subject[];
  private readonly returns: Returns;
  private readonly asking: Asking;
  private readonly sweeping: Sweeping;
  private readonly overfull: Overfull;
  /** By subject; null where all legs are kept. */
  private readonly sparings: readonly (Sparing | null)[];
  /** The legs of the transaction that is added: numbers of their subjects, keys and sides. */
  private readonly legSubjects: Int32Array;
  private readonly legKeys: Int32Array;
  private readonly legSides: Int32Array;

  constructor(
    rows: Rows,
    hours: Hours,
    subjects: readonly Subject[],
    identity: Identity,
    returns: Returns,
    asking: Asking,
    sweeping: Sweeping,
    options: { readonly dayLegsMax: number; readonly keepsUnseen: boolean },
  ) {
    const { dayLegsMax, keepsUnseen } = options;
    this.rows = rows;
    this.subjects = subjects;
    this.returns = returns;
    this.asking = asking;
    this.sweeping = sweeping;
    this.legSubjects = new Int32Array(subjects.length * 2);
    this.legKeys = new Int32Array(subjects.length * 2);
    this.legSides = new Int32Array(subjects.length * 2);
    this.sparings = subjects.map((subject) =>
      keepsUnseen || !subject.sight.isNarrow ? null : new Sparing(subject, rows, hours, dayLegsMax, (of, row) => this.restoreLegs(of, row)),
    );
    this.overfull = new Overfull(rows, identity, dayLegsMax, (subject, key, timeMs) => this.makeOverfull(subject, key, timeMs));
  }

  /** A transaction that was not there. `tx` is the record that gives its content. */
  add(row: number, tx: DecodedTransaction): void {
    if (this.rows.has(row, FLAG.isReturn)) {
      this.returns.add(row, tx);
      for (const original of this.returns.originalsOf(row)) this.refresh(original);
      return;
    }
    this.refreshFlags(row, tx.id);
    this.addLegs(row);
  }

  /** Another content of the same identity takes the place of one. */
  replace(loser: number, row: number, tx: DecodedTransaction): void {
    this.overfull.forget(loser);
    this.remove(loser);
    this.add(row, tx);
    this.overfull.recount(row, this.subjects);
  }

  /** A further content of an identity lost. */
  lose(row: number, loser: number): void {
    for (const sparing of this.sparings) sparing?.keeps(loser);
    this.overfull.count(row, loser, this.subjects);
  }

  /** The status of a transaction rose. */
  raise(row: number, before: number): void {
    const { rows } = this;
    if (!rows.has(row, FLAG.isReturn)) {
      const isOther = this.refreshFlags(row);
      for (const subject of this.subjects) if (isOther || subject.readsStatus) this.touch(subject, row);
    } else if (before < RETURNED && rows.status(row) >= RETURNED) for (const original of this.returns.originalsOf(row)) this.refresh(original);
  }

  /** No record of a time before this will be accepted any more. */
  settle(wmMs: number): void {
    for (const sparing of this.sparings) sparing?.forget(wmMs);
  }

  /** Before a transaction is forgotten. */
  forget(row: number): void {
    this.overfull.forget(row);
    if (this.rows.has(row, FLAG.isReturn)) this.returns.remove(row);
  }

  /** Each key lies somewhere else in memory, and waiting for it is most of the work: all are looked up first, so that the processor waits for them together. */
  private addLegs(row: number): void {
    const { legKeys, legSides, legSubjects, subjects } = this;
    let n = 0;
    for (let s = 0; s < subjects.length; s++) {
      const subject = subjects[s]!;
      if (this.sparings[s]?.keeps(row) === false) continue;
      const found = subject.findLegs(row, true);
      for (let i = 0; i < found; i++, n++) {
        legSubjects[n] = s;
        legKeys[n] = subject.legKeys[i]!;
        legSides[n] = subject.legSides[i]!;
      }
    }
    if (n === 0) this.rows.set(row, FLAG.legless);
    for (let i = 0; i < n; i++) this.addLeg(subjects[legSubjects[i]!]!, legKeys[i]!, legSides[i]!, row);
  }

  private addLeg(subject: Subject, key: number, side: number, row: number): void {
    const { rows } = this;
    const t = rows.t(row);
    if (subject.overfull.size > 0 && subject.overfull.has(key, t)) {
      this.asking.overfull(subject, key, row, side);
      return;
    }
    const { histories } = subject;
    const version = histories.version(key);
    const isLast = histories.insert(key, row, side);
    rows.addLeg(row);
    if (!isLast && histories.isHot(key)) {
      const position = histories.positionOf(key, row);
      for (const aggregate of subject.aggregates.all) aggregate.insert(histories, key, position, row * 4 + side, version);
    }
    const isFull = this.overfull.check(subject, key, t);
    if (!this.asksOnArrival || isFull || rows.has(row, FLAG.rejected)) return;
    if (isLast) this.asking.askAt(subject, key, histories.end(key) - 1, Number.POSITIVE_INFINITY);
    else this.mark(subject, key, t);
  }

  /** Adds legs that were spared, of which no anchor is to be asked. */
  private restoreLegs(subject: Subject, row: number): void {
    const { histories } = subject;
    const n = subject.findLegs(row, true);
    this.rows.clear(row, FLAG.legless);
    for (let i = 0; i < n; i++) {
      const key = subject.legKeys[i]!;
      if (histories.positionOf(key, row) >= 0) continue;
      histories.insert(key, row, subject.legSides[i]!);
      this.rows.addLeg(row);
    }
  }

  private remove(row: number): void {
    const { rows } = this;
    if (rows.has(row, FLAG.isReturn)) {
      const originals = this.returns.originalsOf(row);
      this.returns.remove(row);
      for (const original of originals) this.refresh(original);
      return;
    }
    for (const subject of this.subjects) {
      const n = subject.findLegs(row, false);
      for (let i = 0; i < n; i++) {
        const key = subject.legKeys[i]!;
        this.asking.clear(subject, key, row);
        if (!subject.histories.remove(key, row)) continue;
        rows.dropLeg(row);
        this.mark(subject, key, rows.t(row));
        subject.closeIfIdle(key);
      }
    }
  }

  /** Sets the flags of a transaction by its status and returns. Whether that changed anything. */
  private refreshFlags(row: number, id?: string): boolean {
    const { rows } = this;
    const before = rows.flags(row);
    rows.clear(row, FLAG.rejected | FLAG.returned);
    rows.set(row, (rows.status(row) === REJECTED ? FLAG.rejected : 0) | (this.returns.isReturned(row, id) ? FLAG.returned : 0));
    return rows.flags(row) !== before;
  }

  private refresh(row: number): void {
    if (this.refreshFlags(row)) for (const subject of this.subjects) this.touch(subject, row);
  }

  /** What a kept transaction means has changed: whoever sees it is asked again. */
  private touch(subject: Subject, row: number): void {
    if (!subject.sight.sees(row)) return;
    const n = subject.findLegs(row, false);
    for (let i = 0; i < n; i++) {
      const key = subject.legKeys[i]!;
      subject.histories.touch(key);
      this.mark(subject, key, this.rows.t(row));
    }
  }

  /** Everything of the key's day goes (S15), and whoever looks at the day is asked again. */
  private makeOverfull(subject: Subject, key: number, timeMs: number): void {
    const { histories } = subject;
    const day = dayStart(timeMs);
    subject.overfull.add(key, timeMs);
    subject.hold(key);
    const end = histories.lowerBound(key, day + DAY_MS);
    for (let p = histories.lowerBound(key, day); p < end; p++) {
      const leg = histories.leg(key, p);
      this.asking.clear(subject, key, leg >>> 2);
      this.asking.overfull(subject, key, leg >>> 2, leg & 3);
      this.rows.dropLeg(leg >>> 2);
    }
    histories.removeBetween(key, day, day + DAY_MS);
    this.mark(subject, key, day, day + DAY_MS + subject.reachMs);
  }

  /** Has the anchors asked again that see a time of the key. */
  private mark(subject: Subject, key: number, fromMs: number, toMs: number = fromMs + Math.max(1, subject.reachMs)): void {
    if (this.asksOnArrival) this.sweeping.mark(subject, key, fromMs, toMs);
  }
}
