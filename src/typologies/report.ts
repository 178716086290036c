import { withoutMark } from './parse/offsets.ts';
import type { Diagnostic } from './ruleSet.ts';

const TAB_WIDTH = 4;
/** Wider lines are cut around the place. */
const LINE_WIDTH_MAX = 160;

/**
 * A finding as people read it: `path:line:column: code: message`, the line of the source, a caret under the place, and the hint. `sourceText` is
 * the text of the file, or '' where there is none; then only the first and the last line are given.
 */
export function formatDiagnostic(diagnostic: Diagnostic, sourceText: string): string {
  const { path, line, column, endColumn, code, message, hint } = diagnostic;
  const severity = diagnostic.severity === 'warning' ? 'warning: ' : '';
  const head = `${expand(path)}:${line}:${column}: ${severity}${code}: ${message}`;
  const source = withoutMark(sourceText).split('\n')[line - 1]?.replace(/\r$/, '');
  if (source === undefined || source.trim() === '') return `${head}\n  ${hint}`;
  const from = Math.max(0, Math.min(column - 1 - LINE_WIDTH_MAX / 2, source.length - LINE_WIDTH_MAX));
  const start = Math.max(column - 1, from);
  const end = Math.min(endColumn - 1, from + LINE_WIDTH_MAX);
  const gutter = String(line).padStart(5);
  const shown = expand(source.slice(from, from + LINE_WIDTH_MAX));
  const before = width(source.slice(from, start));
  const marked = Math.max(1, width(source.slice(from, end)) - before);
  return `${head}\n${gutter} | ${shown.trimEnd()}\n${' '.repeat(gutter.length)} | ${' '.repeat(before)}^${'~'.repeat(marked - 1)}\n${' '.repeat(gutter.length)}   ${hint}`;
}

/** Columns that a text takes on a terminal, tabs as they are expanded here. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += character === '\t' ? TAB_WIDTH : columnsOf(character);
  return columns;
}

/** Tabs become blanks and control characters a mark, so that the line takes as many columns as are counted. */
function expand(text: string): string {
  return text.replaceAll('\t', ' '.repeat(TAB_WIDTH)).replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, '\ufffd');
}

/** 2 for the wide characters of East Asian scripts and for emoji, 0 for marks that stand on the one before (Unicode, UAX #11). */
function columnsOf(character: string): number {
  if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0;
  if (/\p{Emoji_Presentation}/u.test(character)) return 2;
  const code = character.codePointAt(0)!;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf && code !== 0x303f) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}
