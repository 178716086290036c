import type { AlertContent } from '../../../src/detection/content.ts';

/** One message of the input as received: the plain JSON object of `transaction.md` with its receipt time and its place. */
export interface OracleRecord {
  readonly transaction: Json;
  readonly r: number;
  readonly partition: number;
  readonly offset: number;
}

export type Json = { readonly [name: string]: unknown };

export interface RateRow {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly currency: string;
  /** Units of the currency for one euro, decimal text. */
  readonly perEuro: string;
}

export interface OracleSettings {
  readonly reportingCurrency: string;
  readonly alertKey: string;
  readonly latenessMs: number;
  readonly latenessBySource: ReadonlyMap<string, number>;
  readonly futureMs: number;
  readonly asOfMs: number;
  readonly returnHorizonMs: number;
  readonly dayLegsMax: number;
  readonly rates: readonly RateRow[];
}

/** The content of an alert without the places of its transactions, which are not content (S12). */
export type PlacelessContent = Omit<AlertContent, 'transactions'> & { readonly transactions: readonly Omit<AlertContent['transactions'][number], 'place'>[] };

export interface OracleConflict {
  readonly source: string;
  readonly id: string;
  readonly timeMs: number;
  readonly winningDigest: string;
  readonly losingDigest: string;
}

export interface OracleAnswer {
  /** By alert id. */
  readonly alerts: ReadonlyMap<string, PlacelessContent>;
  /** By alert id: the period's end plus F (S13). */
  readonly finalAtMs: ReadonlyMap<string, number>;
  readonly counts: { readonly applied: number; readonly duplicate: number; readonly conflict: number; readonly late: number; readonly future: number };
  readonly tooLate: readonly OracleRecord[];
  /** As the whole set has it: one for each identity and losing content. */
  readonly conflicts: readonly OracleConflict[];
  /** `typology key day` of every errored verdict of an anchor whose day is not overfull (S15). */
  readonly errored: ReadonlySet<string>;
  readonly facts: OracleFacts;
}

/** How much of the contract the history reached; for the floors of the laws. */
export interface OracleFacts {
  returned: number;
  statusRaised: number;
  overfullDays: number;
  anchors: number;
  /** Name of an aggregate, by hits whose `when` names it. */
  readonly firedBy: Map<string, number>;
  /** Kind of expression, by evaluations. */
  readonly evaluated: Map<string, number>;
  /** Legs exactly at a window's open edge, one millisecond inside and outside of it, and in the same instant as the anchor but after it. */
  edgeOpen: number;
  edgeInside: number;
  edgeOutside: number;
  tiesAtAnchor: number;
  overfullTouched: number;
  /** Legs in the window that holds most. */
  mostInWindow: number;
  /** Anchors that are a transfer of a key to itself. */
  selfAnchors: number;
  /** Legs that `where` hides. */
  unseen: number;
  /** Comparisons of a missing value. */
  missing: number;
  /** Amounts converted to another currency. */
  converted: number;
}
