import currencyCodes from 'currency-codes';

/**
 * Codes of ISO 4217 list one for which it gives no minor unit ("N.A."): metals, bond units, drawing rights, testing, none.
 * The package says 0 digits for them, which would turn an ounce and a half of gold into an error of scale.
 */
const WITHOUT_MINOR_UNIT: ReadonlySet<string> = new Set(['XAG', 'XAU', 'XBA', 'XBB', 'XBC', 'XBD', 'XDR', 'XPD', 'XPT', 'XSU', 'XTS', 'XUA', 'XXX']);

/** What list one gained after the package's data of 2024-06-25: amendments 176 (Caribbean guilder) and 179 (Arab accounting dinar). */
const ADDED_SINCE: readonly (readonly [string, number])[] = [
  ['XCG', 2],
  ['XAD', 2],
];

const DIGITS: ReadonlyMap<string, number> = new Map([
  ...currencyCodes.data.filter((c) => !WITHOUT_MINOR_UNIT.has(c.code)).map((c) => [c.code, c.digits] as const),
  ...ADDED_SINCE,
]);

/** Decimals of a currency's minor unit (0 to 4), undefined for what is no ISO 4217 code with a minor unit. Codes are in capitals. */
export function minorDigits(code: string): number | undefined {
  return DIGITS.get(code);
}

/** Every code that `minorDigits` knows, in ascending order. */
export const CURRENCIES: readonly string[] = [...DIGITS.keys()].sort();
