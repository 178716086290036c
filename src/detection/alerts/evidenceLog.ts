import type { Rows } from '../rows.ts';

/** The transactions that the hits of an alert read, in ≺, each with the least rank of its readers. */
export class EvidenceLog {
  readonly rows: number[] = [];
  readonly ranks: number[] = [];
  /** How many of the alert's hits are in. */
  hits = 0;
  /** By reader: the last of those hits that read with it, as a row; −1 where none did. */
  lastRows: number[] = [];

  /** Adds one that comes after all others. */
  push(row: number, rank: number): void {
    this.rows.push(row);
    this.ranks.push(rank);
  }

  /** Adds one that may be there already. */
  offer(row: number, rank: number, rows: Rows): void {
    const n = this.rows.length;
    if (n === 0 || rows.compare(this.rows[n - 1]!, row) < 0) {
      this.push(row, rank);
      return;
    }
    const at = this.lowerBound(row, rows);
    if (this.rows[at] === row) {
      if (rank < this.ranks[at]!) this.ranks[at] = rank;
      return;
    }
    this.rows.splice(at, 0, row);
    this.ranks.splice(at, 0, rank);
  }

  /** Drops those with t > `timeMs`. */
  dropAfter(timeMs: number, { t }: Rows): void {
    let n = this.rows.length;
    while (n > 0 && t[this.rows[n - 1]!]! > timeMs) n--;
    this.truncate(n);
  }

  /** Drops those behind a row that is in. */
  dropBehind(row: number, rows: Rows): void {
    this.truncate(this.lowerBound(row, rows) + 1);
  }

  /** Where a row is that is in. */
  indexOf(row: number, rows: Rows): number {
    return this.lowerBound(row, rows);
  }

  private truncate(n: number): void {
    this.rows.length = n;
    this.ranks.length = n;
  }

  private lowerBound(row: number, rows: Rows): number {
    let lo = 0;
    let hi = this.rows.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (rows.compare(this.rows[mid]!, row) < 0) lo = mid + 1;
      else hi = mid;
    }
    return lo;
  }
}
