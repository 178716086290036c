/** Exact sums of decimal texts, `12000.00` and `0.5`, without floating point. */
export interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

/** Null where the text is no plain decimal number. */
export function decimalOf(text: string): Decimal | null {
  const match = /^(-?\d{1,40})(?:\.(\d{1,20}))?$/.exec(text);
  if (match === null) return null;
  const fraction = match[2] ?? '';
  return { digits: BigInt(match[1]! + fraction), places: fraction.length };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(a.places, b.places);
  return { digits: scaled(a, places) + scaled(b, places), places };
}

function scaled(decimal: Decimal, places: number): bigint {
  return decimal.digits * 10n ** BigInt(places - decimal.places);
}

export function decimalText({ digits, places }: Decimal): string {
  const sign = digits < 0n ? '-' : '';
  const text = (digits < 0n ? -digits : digits).toString().padStart(places + 1, '0');
  return sign + text.slice(0, text.length - places) + (places === 0 ? '' : `.${text.slice(-places)}`);
}

/** Totals by a key of texts, in the order in which the keys first came. */
export class Totals {
  private readonly sums = new Map<string, { total: Decimal; count: number }>();

  /** The total with this one; null where the text is no number, which is then left out. */
  add(key: readonly string[], text: string): string | null {
    const value = decimalOf(text);
    if (value === null) return null;
    const name = JSON.stringify(key);
    const before = this.sums.get(name);
    const after = { total: before === undefined ? value : add(before.total, value), count: (before?.count ?? 0) + 1 };
    this.sums.set(name, after);
    return decimalText(after.total);
  }

  *[Symbol.iterator](): Generator<{ key: string[]; total: string; count: number }> {
    for (const [name, { total, count }] of this.sums) yield { key: JSON.parse(name) as string[], total: decimalText(total), count };
  }
}
