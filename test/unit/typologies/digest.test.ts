import { compileTypology } from '../../../src/typologies/compile.ts';
import { LISTS, readFixture } from './fixtures.ts';

const TEXT = readFixture('every-operator.good.yaml');
const digest = (text: string, lists = LISTS): string => {
  const { typology, diagnostics } = compileTypology(text, 'a.yaml', { lists });
  if (typology === null) throw new Error(JSON.stringify(diagnostics, null, 1));
  return typology.digest;
};
const edit = (from: string, to: string): string => {
  expect(TEXT).toContain(from);
  return TEXT.replace(from, to);
};

test('has its form', () => {
  expect(digest(TEXT)).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test.each([
  ['a comment', edit('status: trial', 'status: trial   # for now')],
  ['blanks in an expression', edit('time - latest < 2h', 'time-latest   <2h')],
  ['brackets that change nothing', edit('time - latest < 2h', '((time - latest) < 2h)')],
  ['another spelling of a number', edit('default: 80%', 'default: "80.0%"')],
  ['another spelling of a duration', edit('over 24h', 'over 1d')],
  ['quotes', edit('title: Each operator once', 'title: "Each operator once"')],
  ['line ends', TEXT.replaceAll('\n', '\r\n')],
  ['the order of keys', edit('phase: enablers\nstatus: trial', 'status: trial\nphase: enablers')],
  ['the order of parameters', TEXT.replace(/( {2}share:.*\n)( {2}factor:.*\n)/, '$2$1')],
  ['flow and block', edit('  - { document: A report of 2022, grade: A/B }', '  - document: A report of 2022\n    grade: A/B')],
])('%s does not change it', (_, text) => {
  expect(text).not.toBe(TEXT);
  expect(digest(text)).toBe(digest(TEXT));
});

test.each([
  ['a word', edit('Each operator once', 'Each operator twice')],
  ['a reason', edit('reason: a share', 'reason: a part')],
  ['a basis', edit('reason: a share, basis: D', 'reason: a share, basis: E')],
  ['the bounds of a parameter', edit('min: 0.5', 'min: 0.4')],
  ['a number', edit('over 24h', 'over 25h')],
  ['the operator', edit('< 2h', '<= 2h')],
  ['points', edit('points: 30', 'points: 31')],
  ['a band', edit('from: 50', 'from: 49')],
  ['because', edit('because: a boat', 'because: a ship')],
  ['an exception', edit('52w', '53w')],
  ['the status', edit('status: trial', 'status: draft')],
  ['the period', edit('period: 31d', 'period: 30d')],
  ['what comes next', edit('Ask again', 'Ask twice')],
  ['a limit', edit('What the payer thinks', 'What the payee thinks')],
  ['on_return', edit('on_return: keep', 'on_return: exclude')],
  ['a code', edit('T0059', 'T0060')],
  ['the order of lets', TEXT.replace(/( {2}usual:.*\n)( {2}least:.*\n)/, '$2$1')],
])('%s changes it', (_, text) => {
  expect(digest(text)).not.toBe(digest(TEXT));
});

test('a list that is read has a part in it, its order not; a list that is not read has none', () => {
  const lists = (name: string, values: string[]): typeof LISTS => new Map([...LISTS, [name, values]]);
  const hubs = LISTS.get('corridor_hubs')!;
  expect(digest(TEXT, lists('corridor_hubs', [...hubs].reverse()))).toBe(digest(TEXT));
  expect(digest(TEXT, lists('corridor_hubs', [...hubs, 'DE']))).not.toBe(digest(TEXT));
  expect(digest(TEXT, lists('another', ['DE']))).toBe(digest(TEXT));
});
