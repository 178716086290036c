import type { Span } from '../ast.ts';
import type { DiagnosticCode } from '../diagnostics.ts';
import { currencyOfSign } from './slips.ts';

/** `name` is one segment of a path; `measure` is a number with letters at once behind it: a duration, or a slip. */
export type TokenKind = 'name' | 'number' | 'measure' | 'text' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; of a text its value without the quotes. */
  readonly text: string;
  /** Offsets in the expression's text. */
  readonly span: Span;
}

/** What is wrong with an expression's form; one for each expression, since what follows it would be guessed. */
export class SyntaxFailure extends Error {
  override readonly name = 'SyntaxFailure';
  readonly code: DiagnosticCode;
  readonly span: Span;
  readonly details: Readonly<Record<string, string>>;
  readonly nearest: string | undefined;

  constructor(code: DiagnosticCode, span: Span, details: Readonly<Record<string, string>> = {}, nearest?: string) {
    super(code);
    this.code = code;
    this.span = span;
    this.details = details;
    this.nearest = nearest;
  }
}

/** What people write who know other languages, and what to write instead. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ['=', '== to compare'],
  ['===', '=='],
  ['&&', 'and'],
  ['||', 'or'],
  ['!', 'not'],
  ['<>', '!='],
  ['!==', '!='],
  ['=>', '>='],
  ['=<', '<='],
  ['≥', '>='],
  ['≤', '<='],
  ['≠', '!='],
  ['−', '-'],
  ['–', '-'],
  ['—', '-'],
  ['×', '*'],
  ['÷', '/'],
  ['&', 'and'],
  ['|', 'or'],
  ['**', 'a product'],
  ['^', 'a product'],
]);
const SYMBOLS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '(', ')', '[', ']', ',', '.', ':']);
const OPERATOR = /[=!<>&|≥≤≠×÷*^−–—]/;
const NAME_START = /[\p{L}_]/u;
const NAME_PART = /[\p{L}\p{N}_]/u;
const BARE_WORD = /[\p{L}\p{M}\p{N}_.+/:@-]/u;

/** A character as a message shows it: what cannot be seen by its number. */
function shown(c: string): string {
  return /[\p{C}\p{Z}\p{M}]/u.test(c) ? `The character U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}` : c;
}

/** The quote or digit that a typographic or full-width one stands for. */
function plainOf(c: string): string | undefined {
  if (/[“”„‟«»″]/.test(c)) return '"';
  if (/[‘’‚‛‹›′`´]/.test(c)) return "'";
  const plain = c.normalize('NFKC');
  return plain !== c && /^[\x21-\x7e]$/.test(plain) ? plain : undefined;
}

/** Reads one token after another; the parser says where a bare word of a list may stand. */
export class Lexer {
  readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The end of the text is where its last token ends, not behind the white space that follows. */
  next(): Token {
    const last = this.at;
    this.skipBlanks();
    const start = this.at;
    const c = this.character();
    if (c === '') return { kind: 'end', text: '', span: { start: last, end: last } };
    if (c === '"' || c === "'") return this.quoted(c);
    if (/[0-9]/.test(c)) return this.number();
    if (NAME_START.test(c)) return this.token('name', this.run(NAME_PART));
    if (OPERATOR.test(c)) return this.operator();
    this.at += c.length;
    if (SYMBOLS.has(c)) return this.token('symbol', c);
    const currency = currencyOfSign(c);
    if (currency !== undefined) throw new SyntaxFailure('currency-unknown', { start, end: this.at }, { found: c }, `${this.digitsAround(start)} ${currency}`);
    throw new SyntaxFailure('expression-character', { start, end: this.at }, { found: shown(c) }, plainOf(c));
  }

  /** Inside `[ … ]`: a quoted text, a bare word, or a symbol. */
  nextOfList(): Token {
    this.skipBlanks();
    const c = this.character();
    if (c === '' || c === '"' || c === "'" || !BARE_WORD.test(c)) return this.next();
    const word = this.run(BARE_WORD);
    return this.token('text', word);
  }

  /** Goes back to where a token began, to read it in another way. */
  back(token: Token): void {
    this.at = token.span.start;
  }

  /** The amount before or after a sign. */
  private digitsAround(sign: number): string {
    return /[0-9.]+(?=\s*$)/.exec(this.text.slice(0, sign))?.[0] ?? /^\s*([0-9.]+)/.exec(this.text.slice(this.at))?.[1] ?? '950';
  }

  private character(): string {
    const code = this.text.codePointAt(this.at);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  private skipBlanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  private run(part: RegExp): string {
    const start = this.at;
    for (let c = this.character(); c !== '' && part.test(c); c = this.character()) this.at += c.length;
    return this.text.slice(start, this.at);
  }

  /** The token that ends here. */
  private token(kind: TokenKind, text: string): Token {
    return { kind, text, span: { start: this.at - text.length, end: this.at } };
  }

  private number(): Token {
    const whole = /[0-9]+(?:\.[0-9]+)?/y;
    whole.lastIndex = this.at;
    const digits = whole.exec(this.text)![0];
    this.at += digits.length;
    const rest = this.run(NAME_PART);
    // `950EUR` is read as `950 EUR`.
    if (/^[A-Z]{3}$/.test(rest)) this.at -= rest.length;
    return rest === '' || /^[A-Z]{3}$/.test(rest) ? this.token('number', digits) : this.token('measure', digits + rest);
  }

  private operator(): Token {
    const start = this.at;
    const run = this.run(OPERATOR);
    if (SYMBOLS.has(run)) return this.token('symbol', run);
    const instead = FOREIGN.get(run) ?? FOREIGN.get(run[0]!) ?? 'one of == != < <= > >= and or not';
    throw new SyntaxFailure('expression-operator', { start, end: this.at }, { found: run, instead });
  }

  private quoted(quote: string): Token {
    const start = this.at;
    const end = this.text.indexOf(quote, start + 1);
    if (end < 0) throw new SyntaxFailure('text-open', { start, end: this.text.length }, { quote });
    this.at = end + 1;
    return { kind: 'text', text: this.text.slice(start + 1, end), span: { start, end: this.at } };
  }
}
