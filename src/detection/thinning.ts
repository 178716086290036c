import { HOUR_MS } from './days.ts';
import type { Hours } from './hours.ts';
import { FLAG, type Rows } from './rows.ts';

/**
 * Drops transactions of which no key ever had a leg as soon as no record of their day can come any more: nothing but their identity was of use (S2).
 * Each hour is walked once, long before it is forgotten.
 */
export class Thinning {
  private readonly rows: Rows;
  private readonly hours: Hours;
  private readonly drop: (row: number) => void;
  /** The hour that is walked, or was walked last. */
  private hour = Number.NEGATIVE_INFINITY;
  /** The next row of it; −1 where it is done. */
  private next = -1;
  /** The last row of it that stays; −1 where there is none yet. */
  private kept = -1;

  constructor(rows: Rows, hours: Hours, drop: (row: number) => void) {
    this.rows = rows;
    this.hours = hours;
    this.drop = drop;
  }

  /** Walks on through the hours that end at or before a time, for so many rows. */
  thin(beforeMs: number, rowsMax: number): void {
    const { rows } = this;
    for (let n = 0; n < rowsMax; n++) {
      while (this.next < 0) if (!this.openHour(beforeMs)) return;
      const row = this.next;
      this.next = rows.next(row);
      // A content that lost is kept for as long as the one that stands, since that is what finds it.
      if (!rows.has(row, FLAG.legless) || rows.has(row, FLAG.lost)) {
        this.kept = row;
        continue;
      }
      if (this.kept < 0) this.hours.setHead(this.hour, this.next);
      else rows.setNext(this.kept, this.next);
      this.drop(row);
    }
  }

  /** An hour is forgotten as a whole. */
  leave(endMs: number): void {
    if ((this.hour + 1) * HOUR_MS === endMs) this.next = -1;
  }

  private openHour(beforeMs: number): boolean {
    const hour = this.hours.after(this.hour, beforeMs);
    if (hour === null) return false;
    this.hour = hour;
    this.next = this.hours.head(hour);
    this.kept = -1;
    return true;
  }
}
