import { DAY_MS, dayStart } from './days.ts';
import type { Hours } from './hours.ts';
import { FLAG, type Rows } from './rows.ts';
import type { Subject } from './subject.ts';

/** Counters of a day: so many that keys rarely share one that comes near the bound. */
const BUCKETS = 1 << 12;
/** A counter whose legs are kept. */
const CROWDED = 0xffff_ffff;

/**
 * Spares a subject the legs of transactions that none of its typologies sees, though they count towards overfull days (S15): the contents of each day are
 * counted by a hash of the key, which is never less than the number of a key's legs. Only where such a count passes the bound, the legs that were spared
 * are added, and those that still come are kept, so that they are counted one by one.
 */
export class Sparing {
  private readonly subject: Subject;
  private readonly rows: Rows;
  private readonly hours: Hours;
  private readonly dayLegsMax: number;
  /** Adds the legs of a row where they are not there. */
  private readonly restore: (subject: Subject, row: number) => void;
  private readonly byDay = new Map<number, Uint32Array>();
  private lastDay = Number.NaN;
  private last: Uint32Array = new Uint32Array(0);

  constructor(subject: Subject, rows: Rows, hours: Hours, dayLegsMax: number, restore: (subject: Subject, row: number) => void) {
    this.subject = subject;
    this.rows = rows;
    this.hours = hours;
    this.dayLegsMax = dayLegsMax;
    this.restore = restore;
  }

  /** Counts a content that was accepted, whether it stands or lost. Answers whether its legs have to be kept. */
  keeps(row: number): boolean {
    const { subject } = this;
    const counts = this.countsOf(dayStart(this.rows.t(row)));
    let isKept = subject.sight.sees(row);
    for (let side = 0; side < subject.sidesCount; side++) {
      const hash = subject.hashOf(row, side);
      if (hash < 0) continue;
      const bucket = hash % BUCKETS;
      if (counts[bucket]! === this.dayLegsMax) {
        counts[bucket] = CROWDED;
        this.restoreAll(this.lastDay, bucket, row);
      }
      if (counts[bucket]! === CROWDED) isKept = true;
      else counts[bucket]!++;
    }
    return isKept;
  }

  /** Forgets the days that end at or before a time, of which no record will be accepted any more. */
  forget(beforeMs: number): void {
    for (const day of this.byDay.keys()) if (day + DAY_MS <= beforeMs) this.byDay.delete(day);
    this.lastDay = Number.NaN;
  }

  private countsOf(day: number): Uint32Array {
    if (day === this.lastDay) return this.last;
    const counts = this.byDay.get(day) ?? new Uint32Array(BUCKETS);
    this.byDay.set(day, counts);
    this.lastDay = day;
    this.last = counts;
    return counts;
  }

  private restoreAll(day: number, bucket: number, except: number): void {
    const { rows, subject } = this;
    for (const head of this.hours.between(day, day + DAY_MS)) {
      for (let row = head; row >= 0; row = rows.next(row)) {
        if (row === except || rows.has(row, FLAG.lost | FLAG.isReturn) || subject.sight.sees(row)) continue;
        if (this.isIn(row, bucket)) this.restore(subject, row);
      }
    }
  }

  private isIn(row: number, bucket: number): boolean {
    const { subject } = this;
    for (let side = 0; side < subject.sidesCount; side++) {
      const hash = subject.hashOf(row, side);
      if (hash >= 0 && hash % BUCKETS === bucket) return true;
    }
    return false;
  }
}
