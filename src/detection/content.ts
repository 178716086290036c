import type { Severity } from '../typologies/ast.ts';

/** The content of an alert: a function of its hits (S12). Field for field what `alert/1` prints, except what delivery adds. */
export interface AlertContent {
  readonly schema: 'alert/1';
  readonly alertId: string;
  readonly typology: { id: string; version: string; title: string; phase: string; sources: string[] };
  readonly subject: { type: string; key: string | string[] };
  readonly period: { from: string; to: string };
  readonly title: string;
  readonly anchor: { source: string; id: string; time: string };
  readonly hits: { source: string; id: string; time: string; score: number }[];
  readonly hitCount: number;
  readonly score: number;
  readonly severity: Severity;
  readonly route: 'standard' | 'person-at-risk';
  readonly values: Record<string, string | number | null>;
  readonly reasons: { text: string; points: number; value: string; threshold: string; source?: string }[];
  readonly exceptionsTested: { because: string; matched: boolean }[];
  readonly transactions: EvidenceEntry[];
  readonly transactionCount: number;
  readonly truncated: boolean;
  readonly partialWindow: boolean;
  readonly orderUncertain: boolean;
  readonly returned: { source: string; id: string }[];
  readonly limits: string[];
  readonly next: string[];
  readonly signals: never[];
  readonly rules: { digest: string };
}

export interface EvidenceEntry {
  readonly source: string;
  readonly id: string;
  readonly time: string;
  readonly kind: string;
  readonly amount: { value: string; currency: string };
  readonly debtor: { account?: string; party?: string; country?: string };
  readonly creditor: { account?: string; party?: string; country?: string };
  readonly role: string;
  /** Where the whole record lies. Not content (S12). */
  readonly place: string;
}

/** What the engine says of one alert at the end of a batch. `content` null: it has no hits (any more). */
export interface AlertChange {
  readonly alertId: string;
  /** The period's end plus F (S13). */
  readonly finalAtMs: number;
  readonly content: AlertContent | null;
  /** Digest of the content without places; '' where there is none. Equal content has an equal digest. */
  readonly contentDigest: string;
}
