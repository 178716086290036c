/**
 * Every reason for which a record is refused, and every finding on its data. Codes are stable: documented in `docs/transaction.md`,
 * tested one by one, never reused. The meanings hold no value of a record.
 */
export const REJECTIONS = {
  'too-large': 'the record is larger than 256 KiB',
  'invalid-utf8': 'the record is not valid UTF-8',
  'too-deep': 'objects and lists are nested more than 16 deep',
  'not-json': 'the record is not one JSON value',
  'lone-surrogate': 'a text or name holds half of a surrogate pair',
  'not-an-object': 'the record is not a JSON object',
  'missing-field': 'a required field is missing',
  'wrong-type': 'the field has another type than the format gives it',
  'too-long': 'the text is longer than allowed: 128 characters for id, source, account and party, 4,096 for others',
  'empty-text': 'the text must not be empty: it identifies something',
  'too-many-items': 'there are more than 100 items',
  'unknown-schema': 'the schema is not transaction/1',
  'bad-time': 'the time is not RFC 3339 with an offset',
  'time-out-of-range': 'the time is not in the years 1990 to 2100 (UTC)',
  'bad-date': 'the date is not a calendar day written YYYY-MM-DD',
  'bad-number': 'the number is not whole, is negative or is too large',
  'amount-is-number': 'the amount is a JSON number; it must be a decimal text, so that no digit is lost',
  'bad-amount': 'the amount is not written as digits, or digits.digits',
  'amount-scale': 'the amount has more decimals than its currency',
  'amount-not-positive': 'the amount is zero',
  'amount-too-large': 'the amount is greater than 10^12 minor units',
  'unknown-currency': 'the currency is no ISO 4217 code that has a minor unit',
  'unknown-kind': 'the kind is none of the format',
  'unknown-channel': 'the channel is none of the format',
  'unknown-status': 'the status is none of the format',
  'unknown-precision': 'the precision is none of the format: only day is',
  'no-party': 'neither debtor nor creditor has an account or a party',
} as const;
export type RejectionCode = keyof typeof REJECTIONS;
export const REJECTION_CODES = Object.keys(REJECTIONS) as readonly RejectionCode[];

/** Failed checks of other bodies' standards: told, counted, and the record goes on. */
export const FINDINGS = {
  'iban-checksum': 'the account looks like an IBAN, and its check digits are wrong (ISO 13616, mod 97)',
  'iban-structure': 'the account looks like an IBAN with right check digits, and has not the length or form of its country',
  'iban-print-form': 'the account is an IBAN with blanks or small letters: as text it is another account than the IBAN itself',
  'bic-format': 'the BIC has not the form of ISO 9362, or names no country',
  'unknown-country': 'the country is no ISO 3166-1 alpha-2 code in use',
  'unknown-mcc': 'the merchant category is no code of ISO 18245 or of the card schemes',
  'uetr-format': 'the UETR is no version 4 UUID in lower case',
  'party-type': 'the type of the party is neither person nor organisation',
} as const;
export type FindingCode = keyof typeof FINDINGS;
export const FINDING_CODES = Object.keys(FINDINGS) as readonly FindingCode[];
