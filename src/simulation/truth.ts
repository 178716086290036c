import type { Label } from './labels.ts';

/** What of an alert is compared with the truth. */
export interface FoundAlert {
  readonly typology: string;
  /** The texts of its subject. */
  readonly keys: readonly string[];
  /** Its listed transactions, as `source:id`. */
  readonly transactions: ReadonlySet<string>;
}

export interface CaseResult {
  readonly label: Label;
  /** An alert of one of the label's typologies about one of its subjects; of a decoy: any alert about one of its subjects that lists one of its transactions. */
  readonly found: boolean;
  /** Share of its transactions that such alerts list, 0 … 1. */
  readonly evidence: number;
}

export interface Comparison {
  readonly cases: readonly CaseResult[];
  /** Alerts that belong to no hidden case and no decoy. */
  readonly others: number;
}

/** Holds alerts against the truth about a synthetic feed. */
export function compare(labels: readonly Label[], alerts: readonly FoundAlert[]): Comparison {
  const explained = new Set<FoundAlert>();
  const byKey = new Map<string, FoundAlert[]>();
  for (const alert of alerts) for (const key of alert.keys) byKey.set(key, [...(byKey.get(key) ?? []), alert]);
  const cases = labels.map((label) => {
    const about = new Set(label.subjects.flatMap((subject) => byKey.get(subject) ?? []));
    const hits = [...about].filter((alert) => (label.decoy || label.typologies.includes(alert.typology)) && label.transactions.some((t) => alert.transactions.has(t)));
    for (const alert of about) explained.add(alert);
    const listed = label.transactions.filter((t) => hits.some((alert) => alert.transactions.has(t)));
    return { label, found: hits.length > 0, evidence: label.transactions.length === 0 ? 0 : listed.length / label.transactions.length };
  });
  return { cases, others: alerts.length - explained.size };
}
