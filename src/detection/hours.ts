import { HOUR_MS } from './days.ts';
import type { Rows } from './rows.ts';

/** The rows of each hour of event time, linked through `Rows.next`, so that forgetting and settling walk what they concern and nothing else. */
export class Hours {
  private readonly rows: Rows;
  private readonly heads = new Map<number, { row: number }>();
  /** Keys of `heads`, rising. */
  private readonly held: number[] = [];
  /** The hour that was added to last: most rows follow one of the same hour. */
  private lastHour = Number.NaN;
  private last = { row: -1 };

  constructor(rows: Rows) {
    this.rows = rows;
  }

  add(row: number): void {
    const hour = Math.floor(this.rows.t(row) / HOUR_MS);
    if (hour !== this.lastHour) {
      this.last = this.heads.get(hour) ?? this.open(hour);
      this.lastHour = hour;
    }
    this.rows.setNext(row, this.last.row);
    this.last.row = row;
  }

  /** The first hour held after another, as a number since 1970-01-01, if it ends at or before a time. */
  after(hour: number, timeMs: number): number | null {
    const next = this.held.find((one) => one > hour);
    return next === undefined || (next + 1) * HOUR_MS > timeMs ? null : next;
  }

  /** The first row of an hour that is held; −1 where all were taken out. */
  head(hour: number): number {
    return this.heads.get(hour)!.row;
  }

  setHead(hour: number, row: number): void {
    this.heads.get(hour)!.row = row;
  }

  /** Takes out the first hour, if it ends at or before a time; answers its first row and its end. */
  takeBefore(timeMs: number): { head: number; endMs: number } | null {
    const hour = this.held[0];
    if (hour === undefined || (hour + 1) * HOUR_MS > timeMs) return null;
    this.held.shift();
    const head = this.head(hour);
    this.heads.delete(hour);
    this.lastHour = Number.NaN;
    return { head, endMs: (hour + 1) * HOUR_MS };
  }

  /** First rows of the hours that overlap [from, to), rising. */
  *between(fromMs: number, toMs: number): IterableIterator<number> {
    for (const hour of this.held) {
      if ((hour + 1) * HOUR_MS <= fromMs) continue;
      if (hour * HOUR_MS >= toMs) return;
      const head = this.head(hour);
      if (head >= 0) yield head;
    }
  }

  private open(hour: number): { row: number } {
    const head = { row: -1 };
    this.heads.set(hour, head);
    let at = this.held.length;
    while (at > 0 && this.held[at - 1]! > hour) at--;
    this.held.splice(at, 0, hour);
    return head;
  }
}
