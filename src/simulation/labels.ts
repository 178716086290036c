import type { Identity, Payment } from './payments.ts';

/** The truth about one hidden case or decoy, as `simulate --labels` writes it, one JSON object a line. */
export interface Label {
  readonly case: string;
  readonly scheme: string;
  readonly variant: string;
  /** Looks guilty and is not: an alert on it is a false one. */
  readonly decoy: boolean;
  /** Accounts and parties that an analyst should be led to. */
  readonly subjects: readonly string[];
  /** Its transactions, as `source:id`. */
  readonly transactions: readonly string[];
  /** Typologies made for what was hidden; none for a decoy. */
  readonly typologies: readonly string[];
}

/** A case before its payments have identities. */
export interface Plan {
  readonly scheme: string;
  readonly variant: string;
  readonly decoy: boolean;
  readonly subjects: readonly string[];
  readonly typologies: readonly string[];
  readonly payments: readonly Payment[];
}

export function labelOf(plan: Plan, name: string, identities: readonly Identity[]): Label {
  const { scheme, variant, decoy, subjects, typologies } = plan;
  return { case: name, scheme, variant, decoy, subjects, transactions: identities.map((i) => `${i.source}:${i.id}`), typologies };
}
