/**
 * One decoded transaction: numbers and interned texts, never an object tree, so that a faster parser can replace `JSON.parse`.
 * One instance is reused from record to record: whoever keeps something copies it.
 */
export interface DecodedTransaction {
  /** Event time t, integer milliseconds UTC. */
  timeMs: number;
  /** The record's own receipt time, or NaN where it has none (recorded files only). */
  receivedAtMs: number;
  /** Integer minor units of the currency, 1 … 10^12. */
  amountMinor: number;
  /** Index in `STATUSES`; 0 where absent. */
  status: number;
  /** Whether the source gives only the date (`precision: day`). */
  dayPrecision: boolean;
  id: string;
  /** By slot of `TEXT_FIELDS`: id in the decoder's `TextTable`, 0 where absent or not wanted. */
  readonly texts: Int32Array;
  /** By slot of `NUMBER_FIELDS`: the number, NaN where absent. */
  readonly numbers: Float64Array;
  /** SHA-256 of the canonical content (S2), 32 bytes. */
  readonly digest: Uint8Array;
}

/** Why a record was refused. `reason` names no value of the record. `field` is its path, or '' for the whole record. */
export interface Rejection {
  readonly code: string;
  readonly field: string;
  readonly reason: string;
}

/** A check of a standard that failed: a finding, never a rejection. */
export interface Finding {
  readonly code: string;
  readonly field: string;
}

/** Bytes of one record to fields. One instance is used for one stream of records; it keeps no record. */
export interface TransactionDecoder {
  /** Fills `out`, every slot of it, and answers null; or says why the record is refused, and `out` holds nothing of use. */
  decode(bytes: Uint8Array, out: DecodedTransaction): Rejection | null;
  /** Findings on the record decoded last. */
  readonly findings: readonly Finding[];
  /** Number of fields of the record decoded last that the model does not know; they were left out. */
  readonly unknownFields: number;
}
