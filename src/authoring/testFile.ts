import type { Typology } from '../typologies/ast.ts';
import { expression, type Located, list, object, required, text } from '../typologies/document/shapes.ts';
import { Findings } from '../typologies/findings.ts';
import type { YamlScalar } from '../typologies/parse/nodes.ts';
import { withoutMark } from '../typologies/parse/offsets.ts';
import { parseYaml } from '../typologies/parse/yaml.ts';
import type { Diagnostic } from '../typologies/ruleSet.ts';
import { readEventLine } from './eventLine.ts';
import { readExpectation } from './expectation.ts';
import { TestFindings } from './testDiagnostics.ts';
import type { AuthorTest, Expectation } from './testModel.ts';
import { RECORDS_MAX, RecordBuilder, Trial } from './testRecords.ts';
import { wordsOf } from './words.ts';

/** The keys of a test file. */
export const TEST_FILE = object({
  tests: required(
    list(
      object({
        name: required(text(200), 'What the test shows'),
        events: required(expression('lines of transactions'), 'Transactions, one a line, and after ! what is expected of them'),
      }),
      1000,
      1,
    ),
    'The tests of the typology beside this file',
  ),
});

/** Reads the tests of a typology: pure, all findings at once. Tests with a finding are left out. */
export function parseTests(file: string, path: string, typology: Typology): { tests: AuthorTest[]; diagnostics: Diagnostic[] } {
  const source = withoutMark(file);
  const shape = new Findings(path, source);
  const findings = new TestFindings(path, source);
  const document = parseYaml(source, shape);
  const root = document === null ? undefined : TEST_FILE.read(document, 'The file', shape);
  const tests: AuthorTest[] = [];
  const names = new Set<string>();
  const trial = new Trial();
  let room = RECORDS_MAX;
  for (const entry of root?.tests ?? []) {
    const { name, events } = entry;
    if (name === undefined || events === undefined) continue;
    if (names.has(name.value)) findings.add('test-name-taken', name.node.span, { name: name.value });
    names.add(name.value);
    if (runsTogether(source, events)) {
      findings.add('test-lines', { start: events.span.start, end: events.span.start + 1 });
      continue;
    }
    const test = readTest(name, events, typology, findings, trial);
    room -= test?.records.length ?? 0;
    if (room < 0) {
      findings.add('test-records-many', name.node.span, { limit: String(RECORDS_MAX) });
      break;
    }
    if (test !== null) tests.push(test);
  }
  const diagnostics = [...shape.diagnostics(), ...findings.list].sort((a, b) => a.line - b.line || a.column - b.column);
  return { tests, diagnostics };
}

function readTest({ value: name, node: at }: Located<string>, events: YamlScalar, typology: Typology, findings: TestFindings, trial: Trial): AuthorTest | null {
  const before = findings.errors;
  const builder = new RecordBuilder(findings, trial);
  const expectations: Expectation[] = [];
  let start = 0;
  for (const line of events.value.split('\n')) {
    const from = start;
    start += line.length + 1;
    const words = wordsOf(line, (i) => events.offsets[from + i]!, findings);
    if (words?.length === 0) continue;
    const event = words === null ? null : readEventLine(words, findings);
    const anchor = event === null ? null : builder.add(event);
    if (event === null || anchor === null) continue;
    for (const { mark, words: said } of event.expectations) {
      const expectation = readExpectation(mark, said, anchor, typology, findings);
      if (expectation !== null) expectations.push(expectation);
    }
  }
  checkEvidence(expectations, builder, findings);
  if (findings.errors > before) return null;
  if (builder.records.length === 0) findings.add('test-empty', at.span);
  else if (expectations.length === 0) findings.add('test-expects-nothing', at.span);
  if (findings.errors > before) return null;
  return { name, line: findings.lineOf(at.span.start), records: builder.records, labels: builder.labels, expectations };
}

/** YAML makes one line of a text after `>`, and of one without a sign that goes over several lines. */
function runsTogether(source: string, { span, plain }: YamlScalar): boolean {
  return source[span.start] === '>' || (plain && source.slice(span.start, span.end).trim().includes('\n'));
}

/** Evidence is named by label, or by the id of a line. */
function checkEvidence(expectations: readonly Expectation[], builder: RecordBuilder, findings: TestFindings): void {
  const known = new Set([...builder.labels.keys(), ...builder.records.map((r) => String(r.json['id']))]);
  for (const expectation of expectations) {
    if (expectation.verdict !== 'fires') continue;
    for (const name of expectation.evidence ?? []) if (!known.has(name)) findings.add('test-label', expectation.span, { found: name });
  }
}
