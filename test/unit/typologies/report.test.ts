import { formatDiagnostic } from '../../../src/typologies/report.ts';
import type { Diagnostic } from '../../../src/typologies/ruleSet.ts';

const at = (line: number, column: number, endColumn: number, severity: Diagnostic['severity'] = 'error'): Diagnostic => ({
  path: 'rules/a.yaml',
  line,
  column,
  endColumn,
  code: 'some-code',
  severity,
  message: 'What is wrong.',
  hint: 'What to do.',
});

test('the place, the line, a caret under it, the hint', () => {
  expect(formatDiagnostic(at(2, 7, 11), 'a: 1\nwhen: kind\n')).toBe(
    ['rules/a.yaml:2:7: some-code: What is wrong.', '    2 | when: kind', '      |       ^~~~', '        What to do.'].join('\n'),
  );
});

test('a warning says so', () => {
  expect(formatDiagnostic(at(1, 1, 2, 'warning'), 'a')).toMatch(/^rules\/a\.yaml:1:1: warning: some-code: /);
});

/** Columns of a terminal: the caret's line and the place's text must begin under one another. */
test.each([
  ['tabs', '\ta\t== kind', 'kind', '            ^~~~'],
  ['wide characters', '漢字 == kind', 'kind', '        ^~~~'],
  ['wide characters in the place', 'x == 漢字 y', '漢字', '     ^~~~'],
  ['emoji', '😀 kind', 'kind', '   ^~~~'],
  ['marks on a letter', 'e\u0301 kind', 'kind', '  ^~~~'],
  ['Hangul', '한 kind', 'kind', '   ^~~~'],
  ['the end of the line', 'kind', '', '^'],
])('%s keep the caret right', (_, line, word, marks) => {
  const column = word === '' ? 1 : line.indexOf(word) + 1;
  const said = formatDiagnostic(at(1, column, column + word.length), line).split('\n');
  expect(said[2]).toBe(`      | ${marks}`);
});

test('a line longer than a screen is cut around the place', () => {
  const said = formatDiagnostic(at(1, 5001, 5005), `${'a '.repeat(2500)}kind ${'b '.repeat(2500)}`).split('\n');
  expect(said[1]!.length).toBeLessThan(180);
  expect(said[1]!.slice(said[2]!.indexOf('^'), said[2]!.lastIndexOf('~') + 1)).toBe('kind');
});

test('control characters of the source do not reach the terminal', () => {
  expect(formatDiagnostic(at(1, 3, 4), 'a \u001b[31m\u2028b\r')).not.toMatch(/[\u001b\u2028\r]/);
});

test('without the source, place and hint remain', () => {
  expect(formatDiagnostic(at(1, 1, 2), '')).toBe('rules/a.yaml:1:1: some-code: What is wrong.\n  What to do.');
});
