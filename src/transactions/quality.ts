import { ValidationErrorsIBAN, validateIBAN } from 'ibantools';
import { iso31661 } from 'iso-3166';
import type { FindingCode } from './codes.ts';
import { isMerchantCategory } from './merchantCategories.ts';
import { Vocabulary } from './vocabulary.ts';

/**
 * Checks of other bodies' standards. A failed one is a finding on the data, never a rejection: an account may be a wallet, an agent's number or a hash.
 * They read bytes, from `start` to before `end`; what needs a library is asked once for each distinct value by the caller.
 */

/** XK is user-assigned in ISO 3166-1, and is what banks, IBAN and the European Union write for Kosovo. */
export const COUNTRY_CODES: readonly string[] = [...iso31661.map((country) => country.alpha2), 'XK'];
export const COUNTRIES = new Vocabulary(COUNTRY_CODES);
const PARTY_TYPES = new Vocabulary(['person', 'organisation']);

const isDigit = (b: number): boolean => b >= 48 && b <= 57;
const isCapital = (b: number): boolean => b >= 65 && b <= 90;
const isLetter = (b: number): boolean => isCapital(b & ~32);
const BLANK = 32;
/** 34 characters in groups of two. */
const PRINTED_BYTES_MAX = 50;

function every(bytes: Uint8Array, start: number, end: number, holds: (b: number) => boolean): boolean {
  for (let i = start; i < end; i++) if (!holds(bytes[i]!)) return false;
  return true;
}
const isCapitalOrDigit = (b: number): boolean => isCapital(b) || isDigit(b);

/** Two capitals, two digits, 11 to 30 capitals or digits. */
export function looksLikeIban(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < 15 || length > 34 || !isCapital(bytes[start]!) || !isCapital(bytes[start + 1]!)) return false;
  return isDigit(bytes[start + 2]!) && isDigit(bytes[start + 3]!) && every(bytes, start + 4, end, isCapitalOrDigit);
}

/** Letters of any size, digits and blanks, as an IBAN may be written for people: two letters and two digits first. */
function looksPrinted(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < 15 || length > PRINTED_BYTES_MAX || !isLetter(bytes[start]!) || !isLetter(bytes[start + 1]!)) return false;
  return every(bytes, start + 2, end, (b) => b === BLANK || isDigit(b) || isLetter(b));
}

export type AccountVerdict = 'iban' | 'other' | 'iban-checksum' | 'iban-structure' | 'iban-print-form';

/** Whether an account could be, or could be meant as, an IBAN: any other is `other`. */
export function mayBeIban(bytes: Uint8Array, start: number, end: number): boolean {
  return looksLikeIban(bytes, start, end) || looksPrinted(bytes, start, end);
}

/** What an account is that may be an IBAN. Told of the print form only where it is surely one: with blanks left out and in capitals a valid IBAN. */
export function accountVerdict(account: string): AccountVerdict {
  const iban = account.replaceAll(' ', '').toUpperCase();
  if (iban === account) return ibanVerdict(account);
  const bytes = Buffer.from(iban);
  return looksLikeIban(bytes, 0, bytes.length) && ibanVerdict(iban) === 'iban' ? 'iban-print-form' : 'other';
}

/**
 * What an account that looks like an IBAN is. If no country of the IBAN registry begins it, it is `other`, about which nothing is said.
 * Check digits inside the BBAN are national rules, not the standard's, and not asked.
 */
export function ibanVerdict(account: string): AccountVerdict {
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

/** ISO 9362:2014: four capitals or digits, a country, two and perhaps three more capitals or digits. */
function isBic(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  return (length === 8 || length === 11) && every(bytes, start, end, isCapitalOrDigit) && COUNTRIES.find(bytes, start + 4, start + 6) >= 0;
}

/** ISO 20022 `UUIDv4Identifier`: small hexadecimal digits, version 4, variant 8 to b. */
function isUetr(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== 36) return false;
  for (let i = 0; i < 36; i++) {
    const b = bytes[start + i]!;
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (b !== 45) return false;
    } else if (!isDigit(b) && !(b >= 97 && b <= 102)) return false;
  }
  const variant = bytes[start + 19]!;
  return bytes[start + 14] === 52 && (variant === 56 || variant === 57 || variant === 97 || variant === 98);
}

/** The finding on a value in a role that some standard rules, or null. */
export function findingOn(role: string, bytes: Uint8Array, start: number, end: number): FindingCode | null {
  switch (role) {
    case 'country':
      return COUNTRIES.find(bytes, start, end) >= 0 ? null : 'unknown-country';
    case 'bic':
      return isBic(bytes, start, end) ? null : 'bic-format';
    case 'mcc':
      return isMerchantCategory(bytes, start, end) ? null : 'unknown-mcc';
    case 'uetr':
      return isUetr(bytes, start, end) ? null : 'uetr-format';
    case 'partyType':
      return PARTY_TYPES.find(bytes, start, end) >= 0 ? null : 'party-type';
    default:
      return null;
  }
}
