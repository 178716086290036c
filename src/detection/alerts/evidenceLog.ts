import type { Rows } from '../rows.ts';

/** How far one reader has come with the hits of one alert. */
export interface ReaderState {
  /** The last hit that read with it, as a row; −1 where none did. */
  lastRow: number;
  /**
   * Of a reader that correlates with the anchor: by what it compares, the legs up to `lastRow` that no hit of theirs has read yet. Null where windows are
   * so small that each hit looks at all of its own.
   */
  waiting: Map<number | string, number[]> | null;
  waitingLegs: number;
}

/** The transactions that the hits of an alert read, in ≺, each with the least rank of its readers. */
export class EvidenceLog {
  rows: number[] = [];
  ranks: number[] = [];
  /** How many of the alert's hits are in. */
  hits = 0;
  readonly readers: ReaderState[] = [];
  /** Not yet in order, and perhaps in already: what hits read of what lies before other evidence. */
  private freshRows: number[] = [];
  private freshRanks: number[] = [];

  /** Adds one that comes after all others. */
  push(row: number, rank: number): void {
    this.rows.push(row);
    this.ranks.push(rank);
  }

  /** Adds one that may be in already. `merge` has to follow before anything is read. */
  offer(row: number, rank: number, rows: Rows): void {
    const n = this.rows.length;
    const order = n === 0 ? -1 : rows.compare(this.rows[n - 1]!, row);
    if (order < 0) {
      this.push(row, rank);
      return;
    }
    const at = order === 0 ? n - 1 : this.indexOf(row, rows);
    if (this.rows[at] === row) this.ranks[at] = Math.min(this.ranks[at]!, rank);
    else {
      this.freshRows.push(row);
      this.freshRanks.push(rank);
    }
  }

  /** Brings what was offered out of order into order. */
  merge(rows: Rows): void {
    const { freshRanks, freshRows } = this;
    if (freshRows.length === 0) return;
    const order = freshRows.map((_, i) => i).sort((a, b) => rows.compare(freshRows[a]!, freshRows[b]!));
    const from = this.indexOf(freshRows[order[0]!]!, rows);
    const [tailRows, tailRanks] = [this.rows.slice(from), this.ranks.slice(from)];
    this.truncate(from);
    let i = 0;
    for (const j of order) {
      const row = freshRows[j]!;
      for (; i < tailRows.length && rows.compare(tailRows[i]!, row) < 0; i++) this.offer(tailRows[i]!, tailRanks[i]!, rows);
      this.offer(row, freshRanks[j]!, rows);
    }
    for (; i < tailRows.length; i++) this.offer(tailRows[i]!, tailRanks[i]!, rows);
    this.freshRows = [];
    this.freshRanks = [];
  }

  /** Drops those with t > `timeMs`. */
  dropAfter(timeMs: number, rows: Rows): void {
    let n = this.rows.length;
    while (n > 0 && rows.t(this.rows[n - 1]!) > timeMs) n--;
    this.truncate(n);
  }

  /** Drops those behind a row that is in. */
  dropBehind(row: number, rows: Rows): void {
    this.truncate(this.indexOf(row, rows) + 1);
  }

  /** Where a row that is in stands, or would stand. */
  indexOf(row: number, rows: Rows): number {
    let lo = 0;
    let hi = this.rows.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (rows.compare(this.rows[mid]!, row) < 0) lo = mid + 1;
      else hi = mid;
    }
    return lo;
  }

  private truncate(n: number): void {
    this.rows.length = n;
    this.ranks.length = n;
  }
}
