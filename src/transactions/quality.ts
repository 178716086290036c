import { validateIBAN, ValidationErrorsIBAN } from 'ibantools';
import { iso31661 } from 'iso-3166';
import type { FindingCode } from './codes.ts';
import { isMerchantCategory } from './merchantCategories.ts';

/**
 * Checks of other bodies' standards. A failed one is a finding on the data, never a rejection: an account may be a wallet, an agent's number or a hash.
 */

/** XK is user-assigned in ISO 3166-1, and is what banks, IBAN and the European Union write for Kosovo. */
const COUNTRIES: ReadonlySet<string> = new Set([...iso31661.map((c) => c.alpha2), 'XK']);
const LOOKS_LIKE_IBAN = /^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/;
/** ISO 9362:2014: four letters or digits, country, two and perhaps three letters or digits. */
const BIC = /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/;
/** ISO 20022 `UUIDv4Identifier`. */
const UETR = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export type AccountVerdict = 'iban' | 'other' | 'iban-checksum' | 'iban-structure';

/**
 * What an account is. It looks like an IBAN where it is two capitals, two digits and 11 to 30 capitals or digits, and the country is in the IBAN
 * registry; else it is `other`, about which nothing is said. Check digits inside the BBAN are national rules and not asked.
 */
export function accountVerdict(account: string): AccountVerdict {
  if (!LOOKS_LIKE_IBAN.test(account)) return 'other';
  const { errorCodes } = validateIBAN(account);
  if (errorCodes.includes(ValidationErrorsIBAN.NoIBANCountry)) return 'other';
  if (mod97(account) !== 1) return 'iban-checksum';
  const wrongForm = errorCodes.includes(ValidationErrorsIBAN.WrongBBANLength) || errorCodes.includes(ValidationErrorsIBAN.WrongBBANFormat);
  return wrongForm ? 'iban-structure' : 'iban';
}

/** ISO 7064 mod 97-10 of an IBAN. Asked here since the library calls the check digits wrong whenever the form is. */
function mod97(iban: string): number {
  let rest = 0;
  for (const c of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(c, 36);
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
  }
  return rest;
}

export const isCountry = (code: string): boolean => COUNTRIES.has(code);
const isBic = (bic: string): boolean => BIC.test(bic) && isCountry(bic.slice(4, 6));
const isPartyType = (type: string): boolean => type === 'person' || type === 'organisation';

const CHECKS = {
  country: { holds: isCountry, finding: 'unknown-country' },
  bic: { holds: isBic, finding: 'bic-format' },
  mcc: { holds: isMerchantCategory, finding: 'unknown-mcc' },
  uetr: { holds: (uetr: string): boolean => UETR.test(uetr), finding: 'uetr-format' },
  partyType: { holds: isPartyType, finding: 'party-type' },
} as const satisfies Record<string, { holds: (text: string) => boolean; finding: FindingCode }>;

export type CheckedRole = keyof typeof CHECKS;
export const isCheckedRole = (role: string): role is CheckedRole => Object.hasOwn(CHECKS, role);

/** The finding on a text in a role, or null. */
export function findingOn(role: CheckedRole, text: string): FindingCode | null {
  return CHECKS[role].holds(text) ? null : CHECKS[role].finding;
}

/** Verdicts kept for distinct values: at the limit the older half is dropped, so that a sender of ever new values costs time, not memory. */
const VERDICTS_MAX = 65_536;

/** Remembers the answer of a pure function for each of the texts met lately. */
export class VerdictCache<T> {
  private readonly compute: (text: string) => T;
  private recent = new Map<string, T>();
  private older = new Map<string, T>();

  constructor(compute: (text: string) => T) {
    this.compute = compute;
  }

  get(text: string): T {
    const known = this.recent.get(text);
    if (known !== undefined) return known;
    const verdict = this.older.get(text) ?? this.compute(text);
    if (this.recent.size >= VERDICTS_MAX / 2) {
      this.older = this.recent;
      this.recent = new Map();
    }
    this.recent.set(text, verdict);
    return verdict;
  }

  /** Number of texts held, at most 65,536. */
  get size(): number {
    return this.recent.size + this.older.size;
  }
}
