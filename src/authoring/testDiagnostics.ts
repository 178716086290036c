import type { Span } from '../typologies/ast.ts';
import type { Diagnostic } from '../typologies/ruleSet.ts';

interface Spec {
  readonly severity: 'error' | 'warning';
  readonly what: string;
  readonly hint: string;
}

const error = (what: string, hint: string): Spec => ({ severity: 'error', what, hint });

/** Every diagnostic on an author's test file; those of YAML and of its keys are in `typologies/diagnostics.ts`. A code is never used again for something else. */
export const TEST_DIAGNOSTICS = {
  'test-missing': { severity: 'warning', what: 'The typology {name} has no tests.', hint: 'Put them beside it, into {name}.test.yaml.' },
  'test-orphan': error('There is no typology beside these tests.', 'Name the file after its typology: <typology>.test.yaml beside <typology>.yaml.'),
  'test-unreadable': error('The test file cannot be read ({reason}).', 'Check that it is a plain UTF-8 file of at most 256 KiB, and its permissions.'),
  'test-name-taken': error('There is already a test called {name}.', 'Give each test of a file its own name.'),
  'test-empty': error('The test has no events.', 'Write a line such as 2026-03-01T09:00Z  A -> B  950 EUR  ! quiet'),
  'test-lines': error('Here YAML makes one line of all the lines.', 'Write events: | and each transaction on a line of its own below it.'),
  'test-expects-nothing': error('The test expects nothing, so it cannot fail.', 'End a line with ! fires or ! quiet.'),
  'test-time': error('{found} is no time.', 'Write 2026-03-01T09:00Z, or +2h to count from the line before.'),
  'test-time-first': error('The first line has none before it to count from.', 'Begin with a time such as 2026-03-01T09:00Z.'),
  'test-every': error('{found} does not say how often.', 'Write every 1h x5 before the payer; at most x10000.'),
  'test-parties': error('Expected PAYER -> PAYEE, found {found}.', 'Write A -> B, cash -> B for a deposit, A -> cash for a withdrawal.'),
  'test-cash': error('Cash is paid by somebody or to somebody.', 'Name an account on one side.'),
  'test-amount': error('{found} is no amount.', 'Write digits with a point, then a blank and the currency: 4000.50 EUR.'),
  'test-currency': error('{found} is no currency.', 'Write an ISO 4217 code in capitals after the amount, such as EUR.'),
  'test-word': error(
    '{found} has no meaning here.',
    'After the amount stand #label, path=value, arrives +2h, returns #label, and what is expected after an exclamation mark.',
  ),
  'test-twice': error('{found} is said twice.', 'Keep one of the two.'),
  'test-quote': error('The quote is not closed.', 'Close it with {quote}.'),
  'test-field': error('A transaction has no field {found}.', 'Name a field such as debtor.town, kind or purpose.'),
  'test-value': error('{found} is no value of {field}.', 'Write {expected}.'),
  'test-label-taken': error('The label {found} is already given.', 'Give each line its own label.'),
  'test-label': error('No line of this test has the label {found}.', 'Put #{found} behind a line.'),
  'test-returns': error('{found} is no label of a line.', 'Write returns and the label of a line before: returns #a.'),
  'test-arrives': error('{found} does not say how late it comes.', 'Write arrives and a duration: arrives +2h.'),
  'test-record': error('The transaction would be refused: {reason} ({field}).', 'Correct the line, so that it is a valid transaction.'),
  'test-quality': {
    severity: 'warning',
    what: 'The value of {field} would be taken, but {reason}.',
    hint: 'Correct it, unless that is what the test is about.',
  },
  'test-records-many': error('The file makes more than {limit} transactions.', 'Repeat less often, or split the file.'),
  'test-expectation': error('{found} is no expectation.', 'Write ! fires or ! quiet, then what more is expected.'),
  'test-expectation-key': error(
    'Nothing called {found} can be expected.',
    'After ! fires: subject, score, severity, evidence, values.LET; after ! quiet: subject.',
  ),
  'test-expectation-value': error('{found} is no {key}.', 'Write {expected}.'),
  'test-expectation-let': error('The typology has no let {found}.', 'After values. stands one of {known}.'),
} as const satisfies Record<string, Spec>;
export type TestDiagnosticCode = keyof typeof TEST_DIAGNOSTICS;

const SHOWN_MAX = 60;

/** Gathers the findings on one test file and gives them lines and columns. */
export class TestFindings {
  readonly path: string;
  readonly list: Diagnostic[] = [];
  private readonly lineStarts: number[] = [0];
  private readonly length: number;

  constructor(path: string, text: string) {
    this.path = path;
    this.length = text.length;
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.lineStarts.push(i + 1);
  }

  add(code: TestDiagnosticCode, span: Span, details: Readonly<Record<string, string>> = {}, nearest?: string): void {
    const { severity, what, hint } = TEST_DIAGNOSTICS[code];
    const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(details, name) ? shown(details[name]!) : whole));
    const line = this.lineOf(span.start);
    const column = Math.min(span.start, this.length) - this.lineStarts[line - 1]! + 1;
    const endColumn = Math.max(column + 1, column + span.end - span.start);
    this.list.push({
      path: this.path,
      line,
      column,
      endColumn,
      code,
      severity,
      message: fill(what),
      hint: nearest === undefined ? fill(hint) : `Did you mean ${nearest}?`,
    });
  }

  /** How many of the findings are errors. */
  get errors(): number {
    return this.list.filter((d) => d.severity === 'error').length;
  }

  /** Line of an offset, from 1 on. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}

/** What the file says, as a message shows it: on one line, without control characters. */
function shown(value: string): string {
  const flat = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ');
  return flat.length <= SHOWN_MAX ? flat : `${flat.slice(0, SHOWN_MAX - 1)}…`;
}
