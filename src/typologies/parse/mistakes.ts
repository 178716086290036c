import type { Span } from '../ast.ts';

/** A mistake of form, in the words of people who do not know the parser's. */
export interface Mistake {
  readonly span: Span;
  readonly reason: string;
  readonly fix: string;
}

const QUOTE = 'Put the text into single quotes, or on its own lines after >';
const CLOSE = 'Every bracket and every quote that is opened must be closed; put a text that holds one into single quotes';
const INDENT = 'Indent what belongs together alike, with blanks';
const COLON = 'Write each key with a colon and a blank behind it';

/** What the parser says, by how it begins; what that means; what to do. The first that fits counts. */
const REASONS: readonly (readonly [RegExp, string, string])[] = [
  [/^Nested mappings are not allowed in compact/, 'a text that holds a colon and a blank must be in quotes', QUOTE],
  [
    /^Implicit (map )?keys? need(s)? to be (followed|on a single)|^Implicit keys of flow/,
    'a key must stand on one line and be followed by a colon and a blank',
    COLON,
  ],
  [/^Unexpected (scalar|double-quoted-scalar|single-quoted-scalar) at node end/, 'this does not go on from what stands before it', COLON],
  [/^All (mapping|sequence) items must start at the same column/, 'the entries of one mapping or list must begin in the same column', INDENT],
  [/^Unexpected flow-(seq|map)-start/, 'after a value no bracket can follow', QUOTE],
  [/^Unexpected flow-(error|seq|map)-end/, 'a bracket is closed that was not opened', CLOSE],
  [
    /^Unexpected (flow-\w+-)?seq-item-ind|^Block collections are not allowed within flow|^Sequence item without|^A block sequence may not/,
    'an entry of a list cannot stand here',
    INDENT,
  ],
  [/^Missing , (or : )?between/, 'a comma is missing between two entries in brackets', CLOSE],
  [/^Flow (sequence|map)|^Missing closing [\]}]/, 'a bracket is not closed', CLOSE],
  [/^Tabs are not allowed as indentation/, 'lines are indented with blanks, not with tabs', INDENT],
  [/^Comments must be separated/, 'a blank is missing before #', QUOTE],
  [/^Plain value cannot start with/, 'a text without quotes cannot begin with this character', QUOTE],
  [/^Invalid escape sequence/, 'there is no such escape in double quotes', QUOTE],
  [/^Block scalar/, 'the lines after | or > must be indented alike, and nothing else may stand behind that sign', INDENT],
  [/^Unexpected/, 'this cannot stand here', CLOSE],
];
/** After one of these the parser has lost its place, and what it says further is an echo. */
const LOST = /^Unexpected scalar at node end|^Flow |^Implicit|^Missing ,|^Unexpected flow/;
const ECHO = /^Unexpected \S+ token in YAML stream/;
/** Another column in one mapping or list. */
const COLUMN = /^All (mapping|sequence) items must start at the same column/;
const TOLD_MAX = 5;

/** The mistakes worth telling: one a line, in the order of their places, without echoes. */
export function mistakes(errors: readonly { readonly pos: readonly [number, number]; readonly message: string }[], text: string): Mistake[] {
  const told: Mistake[] = [];
  let lineEnd = -1;
  /** Where an entry stood in another column: those that follow it there echo it. */
  let column: number | null = null;
  for (const { pos, message } of errors.toSorted((a, b) => a.pos[0] - b.pos[0])) {
    if (told.length === TOLD_MAX) break;
    if (pos[0] <= lineEnd || (told.length > 0 && ECHO.test(message))) continue;
    const end = text.indexOf('\n', pos[0]);
    lineEnd = end < 0 ? text.length : end;
    if (COLUMN.test(message) && column !== null && isSameBlock(text, column, pos[0])) continue;
    if (COLUMN.test(message)) column = pos[0];
    told.push({ span: { start: pos[0], end: pos[1] }, ...(seenInText(message, pos[0], text) ?? inPlainWords(message)) });
    if (LOST.test(message)) break;
  }
  return told;
}

/** Whether no line from one place to the other is indented less than the first. */
function isSameBlock(text: string, from: number, to: number): boolean {
  const begin = text.lastIndexOf('\n', from) + 1;
  const lines = text.slice(begin, to).split('\n').slice(0, -1);
  const indent = (line: string): number => line.length - line.trimStart().length;
  return lines.every((line) => line.trim() === '' || indent(line) >= indent(lines[0]!));
}

/** What the place shows better than the parser's words. */
function seenInText(message: string, start: number, text: string): Omit<Mistake, 'span'> | undefined {
  if (/^Block collections/.test(message) && text[start] !== '-') return inPlainWords('Nested mappings are not allowed in compact');
  if (/^Unexpected (scalar|\S+-quoted-scalar) at node end/.test(message) && /["'\]}]\s*$/.test(text.slice(Math.max(0, start - 100), start)))
    return { reason: 'after a closing quote or bracket nothing more can follow', fix: 'Put the whole text into single quotes' };
  const lineBefore = text.slice(0, text.lastIndexOf('\n', start)).split('\n').at(-1)!;
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1).split('\n', 1)[0]!;
  if (COLUMN.test(message) && /\S\s+#/.test(lineBefore) && !/^\s*(?:- )?[\w-]+\s*:(?:\s|$)/.test(line))
    return {
      reason: 'a # after a blank begins a remark, and this line does not go on from what stands before it',
      fix: 'Put the text on lines of its own after | or >',
    };
  return undefined;
}

export function inPlainWords(message: string): { reason: string; fix: string } {
  const found = REASONS.find(([form]) => form.test(message));
  if (found !== undefined) return { reason: found[1], fix: found[2] };
  return {
    reason: message
      .replace(/\.$/, '')
      .replace(/\s+/g, ' ')
      .replace(/^[A-Z](?![A-Z])/, (c) => c.toLowerCase()),
    fix: QUOTE,
  };
}

/** What follows is taken for a part of what is in the brackets, so that nothing else which is said about it helps. */
export function openBracket(bracket: string, span: Span): Mistake {
  return { span, reason: `the bracket ${bracket} that is opened here is not closed`, fix: CLOSE };
}

/** The rest of the file is inside the quotes, so that nothing else which is said about it helps. */
export function openText(quote: string, span: Span): Mistake {
  return { span, reason: `the text that begins with ${quote} here is not closed`, fix: CLOSE };
}
