/** Exact rate: units of `to` for one unit of `from`, as the quotient of two decimal rows scaled to integers. */
export interface Rate {
  readonly num: bigint;
  readonly den: bigint;
}

/** The dated table of `date,currency,perEuro`, append-only (S17). */
export interface RateTable {
  /**
   * The amount converted once, half-even, to minor units of `to`, by the row with the greatest date before the UTC date of `timeMs`,
   * at most 7 days before it. The same currency is not converted. NaN where a row is missing or the result exceeds 2^53 − 1.
   */
  convert(amountMinor: number, from: string, to: string, timeMs: number): number;
  /** `sha256:…` of the table's rows. */
  readonly digest: string;
  /** `sha256:…` of the rows up to and including the UTC date of `timeMs`: those in use when progress has reached it. Later rows may be appended. */
  digestThrough(timeMs: number): string;
}
