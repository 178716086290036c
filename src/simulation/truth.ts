import type { Label } from './labels.ts';

/** What holding an alert against the truth needs of it. */
export interface FoundAlert {
  readonly typology: string;
  /** The texts of its key. */
  readonly keys: readonly string[];
  /** Its evidence as `source:id`. */
  readonly transactions: ReadonlySet<string>;
}

export interface CaseResult {
  readonly label: Label;
  /** Whether an alert is about the case. */
  readonly found: boolean;
  /** Typologies of these alerts, each once, in order of name. */
  readonly by: readonly string[];
  readonly alerts: number;
  /** Share of the case's transactions that stand on its alerts, 0 … 1. */
  readonly evidence: number;
}

export interface Comparison {
  /** In the order of the labels. */
  readonly cases: readonly CaseResult[];
  /** Alerts that are about no labelled case: false ones, on ordinary lives. */
  readonly others: number;
  readonly othersByTypology: ReadonlyMap<string, number>;
}

/** An alert is about a case whose subject is in its key, or to which at least half of its evidence belongs. */
export function compare(labels: readonly Label[], alerts: Iterable<FoundAlert>): Comparison {
  const bySubject = new Map<string, number[]>();
  const byTransaction = new Map<string, number>();
  labels.forEach((label, i) => {
    for (const subject of label.subjects) bySubject.set(subject, [...(bySubject.get(subject) ?? []), i]);
    for (const transaction of label.transactions) byTransaction.set(transaction, i);
  });
  const found = labels.map(() => ({ by: new Set<string>(), alerts: 0, transactions: new Set<string>() }));
  const othersByTypology = new Map<string, number>();
  let others = 0;
  for (const alert of alerts) {
    const about = casesOf(alert, bySubject, byTransaction);
    for (const i of about) {
      const result = found[i]!;
      result.by.add(alert.typology);
      result.alerts++;
      for (const transaction of alert.transactions) if (byTransaction.get(transaction) === i) result.transactions.add(transaction);
    }
    if (about.size > 0) continue;
    others++;
    othersByTypology.set(alert.typology, (othersByTypology.get(alert.typology) ?? 0) + 1);
  }
  const cases = labels.map((label, i): CaseResult => {
    const { by, alerts: count, transactions } = found[i]!;
    return { label, found: count > 0, by: [...by].sort(), alerts: count, evidence: transactions.size / label.transactions.length };
  });
  return { cases, others, othersByTypology };
}

function casesOf(alert: FoundAlert, bySubject: ReadonlyMap<string, readonly number[]>, byTransaction: ReadonlyMap<string, number>): Set<number> {
  const about = new Set<number>();
  for (const key of alert.keys) for (const i of bySubject.get(key) ?? []) about.add(i);
  const shares = new Map<number, number>();
  for (const transaction of alert.transactions) {
    const i = byTransaction.get(transaction);
    if (i !== undefined) shares.set(i, (shares.get(i) ?? 0) + 1);
  }
  for (const [i, count] of shares) if (count * 2 >= alert.transactions.size) about.add(i);
  return about;
}
