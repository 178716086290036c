import type { Account } from './accounts.ts';
import type { Currency, Town } from './places.ts';

/** One payment of the feed, before it is written. Either side may be missing: cash has no account. */
export interface Payment {
  readonly timeMs: number;
  readonly kind: string;
  readonly channel: string;
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly from: Account | null;
  readonly to: Account | null;
  /** Closing part of the debtor or the creditor where it is served by another agent than its own: an outlet, a branch of the day. */
  readonly fromAgent?: string;
  readonly toAgent?: string;
  /** Where the act took place, where that is known and not the debtor's home. */
  readonly place?: Town;
  readonly purpose?: string;
  readonly text?: string;
  readonly mcc?: string;
  /** The payment that this one gives back. */
  readonly returns?: Identity;
  /** Given where others must be able to name the payment; else on writing. */
  readonly identity?: Identity;
}

export interface Identity {
  readonly source: string;
  readonly id: string;
}

/** Three digits of base 36: `toString(36)` of every transaction would be a tenth of the time. */
const THREE_DIGITS = Array.from({ length: 36 ** 3 }, (_, i) => i.toString(36).padStart(3, '0').toUpperCase());

/** Serial numbers of one feed's payments; ids do not show the order in which they were given. */
export class Identities {
  private readonly seed: number;
  private given = 0;

  constructor(seed: number) {
    this.seed = seed;
  }

  next(source: string): Identity {
    return { source, id: this.nextId() };
  }

  /** Different for each of the first 2^32: an odd factor and a mask are bijections. */
  nextId(): string {
    const serial = this.given++;
    const mixed = (Math.imul(serial, 0x9e3779b1) ^ this.seed) >>> 0;
    const high = Math.floor(mixed / THREE_DIGITS.length);
    return ['T', String(Math.floor(high / THREE_DIGITS.length)), THREE_DIGITS[high % THREE_DIGITS.length]!, THREE_DIGITS[mixed % THREE_DIGITS.length]!].join(
      '',
    );
  }
}

/** Who reports a payment: the payer's bank, else the payee's. A remittance is told by the firm that carries it. */
export function sourceOf(payment: Payment): string {
  return (payment.from ?? payment.to)!.source;
}
