import type { Span } from '../typologies/ast.ts';
import type { TestFindings } from './testDiagnostics.ts';

/** One word of a line, quotes included; its place is in the file. */
export interface Word extends Span {
  readonly text: string;
}

/** Cuts a line at its blanks, up to a `#` that stands alone: the rest is a remark. A quote that opens a word, or stands after = or a comma, holds blanks together. Null where it is not closed. */
export function wordsOf(line: string, placeOf: (index: number) => number, findings: TestFindings): Word[] | null {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    if (isBlank(line[at]!)) {
      at++;
      continue;
    }
    if (line[at] === '#' && (at + 1 === line.length || isBlank(line[at + 1]!))) break;
    const start = at;
    while (at < line.length && !isBlank(line[at]!)) {
      const c = line[at]!;
      const opens = (c === '"' || c === "'") && (at === start || line[at - 1] === '=' || line[at - 1] === ',');
      if (!opens) {
        at++;
        continue;
      }
      const close = line.indexOf(c, at + 1);
      if (close < 0) {
        findings.add('test-quote', { start: placeOf(at), end: placeOf(line.length) }, { quote: c });
        return null;
      }
      at = close + 1;
    }
    words.push({ text: line.slice(start, at), start: placeOf(start), end: placeOf(at) });
  }
  return words;
}

/** The text without the quotes around it. */
export function unquoted(text: string): string {
  const quote = text[0];
  return text.length >= 2 && (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}

/** Parts between commas that stand in no quotes, each without the blanks and the quotes around it. */
export function commaParts(text: string): string[] {
  return (text.match(/(?:"[^"]*"|'[^']*'|[^,])+/g) ?? []).map((part) => unquoted(part.trim()));
}

const isBlank = (c: string): boolean => c === ' ' || c === '\t' || c === '\r';

/** The word and the one before it as one value in quotes, where the one before gives a value without them. */
export function valueMeant(before: Word, word: Word): string | undefined {
  const [, key, value] = /^([^=]+)=([^"']+)$/.exec(before.text) ?? [];
  if (key === undefined || value === undefined || !/^[\p{L}\p{N}]/u.test(word.text)) return undefined;
  return value.endsWith(',') ? `${key}=${value}${word.text}` : `${key}="${value} ${word.text}"`;
}
