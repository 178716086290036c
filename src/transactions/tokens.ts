import { LIMITS } from './limits.ts';

/** Ends of JSON values that need no parser. Each answers the place after the value, or -1 where it is another value or one that is written otherwise. */
export const QUOTE = 34;
const BACKSLASH = 92;
const BLANK = 32;
const MINUS = 45;
const PLUS = 43;
const DOT = 46;
const ZERO = 48;
const COMMA = 44;
const CLOSE_BRACKET = 93;
const CLOSE_BRACE = 125;

const LITERALS = ['true', 'false', 'null'].map((word) => Uint8Array.from(Buffer.from(word)));
const ITEM_START = Uint8Array.from(Buffer.from('{"text":"'));
const ITEM_QUANTITY = Uint8Array.from(Buffer.from('","quantity":'));
/** Digits of a quantity that is surely within its limit. */
const QUANTITY_DIGITS_MAX = 12;

export function startsWith(bytes: Uint8Array, at: number, piece: Uint8Array): boolean {
  if (at + piece.length > bytes.length) return false;
  for (let i = 0; i < piece.length; i++) if (bytes[at + i] !== piece[i]) return false;
  return true;
}

/** The place of the quote that ends a text which starts here, its first quote before it. Escapes and control characters are not read. */
export function endOfText(bytes: Uint8Array, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    const b = bytes[at]!;
    if (b === QUOTE) return at;
    if (b < BLANK || b === BACKSLASH) return -1;
  }
  return -1;
}

/** Each byte of a word. */
const EACH = 0x01010101;
const UPPER = 0x80808080;

/**
 * Bits of the bytes of a word that end a plain text, the first one's exactly: a quote, a backslash or a control character. (A byte is zero, or less than n, where taking 1, or n,
 * away from it borrows; what borrows may make the bytes behind it look so too.)
 */
export function endsOfText(word: number): number {
  const quotes = word ^ (EACH * QUOTE);
  const backslashes = word ^ (EACH * BACKSLASH);
  return (((quotes - EACH) & ~quotes) | ((backslashes - EACH) & ~backslashes) | ((word - EACH * BLANK) & ~word)) & UPPER;
}

/** A number, `true`, `false` or `null`, with no quote behind it: where a name has a number here and a text there, their pieces must not mix. */
export function endOfScalar(bytes: Uint8Array, start: number): number {
  const end = endOfLiteral(bytes, start);
  return end < 0 || bytes[end] === QUOTE ? -1 : end;
}

function endOfLiteral(bytes: Uint8Array, start: number): number {
  for (const literal of LITERALS) if (startsWith(bytes, start, literal)) return start + literal.length;
  return endOfNumber(bytes, start);
}

function endOfNumber(bytes: Uint8Array, start: number): number {
  const whole = bytes[start] === MINUS ? start + 1 : start;
  let at = endOfDigits(bytes, whole);
  if (at === whole || (bytes[whole] === ZERO && at > whole + 1)) return -1;
  if (bytes[at] === DOT) {
    const decimals = at + 1;
    at = endOfDigits(bytes, decimals);
    if (at === decimals) return -1;
  }
  if (at < bytes.length && (bytes[at]! | 32) === 101) {
    const sign = bytes[at + 1];
    const exponent = sign === PLUS || sign === MINUS ? at + 2 : at + 1;
    at = endOfDigits(bytes, exponent);
    if (at === exponent) return -1;
  }
  return at;
}

/**
 * A list of items in its normal form: `[{"text":"…","quantity":2}]` without blanks, `quantity` a whole number or left out, within every limit.
 * So its bytes are what the content has of it.
 */
export function endOfItems(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== 91) return -1;
  if (bytes[start + 1] === CLOSE_BRACKET) return start + 2;
  let at = start;
  for (let count = 0; count < LIMITS.itemsMax; count++) {
    at = endOfItem(bytes, at + 1);
    if (at < 0) return -1;
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    if (bytes[at] !== COMMA) return -1;
  }
  return -1;
}

function endOfItem(bytes: Uint8Array, start: number): number {
  if (!startsWith(bytes, start, ITEM_START)) return -1;
  const text = start + ITEM_START.length;
  let at = endOfText(bytes, text);
  if (at < 0 || at - text > LIMITS.textCharactersMax) return -1;
  if (startsWith(bytes, at, ITEM_QUANTITY)) {
    const digits = at + ITEM_QUANTITY.length;
    at = endOfDigits(bytes, digits);
    if (at === digits || at - digits > QUANTITY_DIGITS_MAX || (bytes[digits] === ZERO && at > digits + 1)) return -1;
  } else at++;
  return bytes[at] === CLOSE_BRACE ? at + 1 : -1;
}

function endOfDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at]! >= ZERO && bytes[at]! <= ZERO + 9) at++;
  return at;
}
