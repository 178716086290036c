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

  /** Takes out the first hour, if it ends at or before a time; answers its first row and its end. */
  takeBefore(timeMs: number): { head: number; endMs: number } | null {
    const hour = this.held[0];
    if (hour === undefined || (hour + 1) * HOUR_MS > timeMs) return null;
    this.held.shift();
    const head = this.heads.get(hour)!.row;
    this.heads.delete(hour);
    this.lastHour = Number.NaN;
    return { head, endMs: (hour + 1) * HOUR_MS };
  }

  /** First rows of the hours that overlap [from, to), rising. */
  *between(fromMs: number, toMs: number): IterableIterator<number> {
    for (const hour of this.held) {
      if ((hour + 1) * HOUR_MS <= fromMs) continue;
      if (hour * HOUR_MS >= toMs) return;
      yield this.heads.get(hour)!.row;
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
