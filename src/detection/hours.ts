import { HOUR_MS } from './days.ts';
import type { Rows } from './rows.ts';

/** The rows of each hour of event time, linked through `Rows.next`, so that forgetting and settling walk what they concern and nothing else. */
export class Hours {
  private readonly rows: Rows;
  private readonly heads = new Map<number, number>();
  /** Keys of `heads`, rising. */
  private readonly held: number[] = [];

  constructor(rows: Rows) {
    this.rows = rows;
  }

  add(row: number): void {
    const hour = Math.floor(this.rows.t[row]! / HOUR_MS);
    const head = this.heads.get(hour);
    this.rows.next[row] = head ?? -1;
    this.heads.set(hour, row);
    if (head !== undefined) return;
    let at = this.held.length;
    while (at > 0 && this.held[at - 1]! > hour) at--;
    this.held.splice(at, 0, hour);
  }

  /** Takes out the first hour, if it ends at or before a time; answers its first row and its end. */
  takeBefore(timeMs: number): { head: number; endMs: number } | null {
    const hour = this.held[0];
    if (hour === undefined || (hour + 1) * HOUR_MS > timeMs) return null;
    this.held.shift();
    const head = this.heads.get(hour)!;
    this.heads.delete(hour);
    return { head, endMs: (hour + 1) * HOUR_MS };
  }

  /** First rows of the hours that overlap [from, to), rising. */
  *between(fromMs: number, toMs: number): IterableIterator<number> {
    for (const hour of this.held) {
      if ((hour + 1) * HOUR_MS <= fromMs) continue;
      if (hour * HOUR_MS >= toMs) return;
      yield this.heads.get(hour)!;
    }
  }
}
