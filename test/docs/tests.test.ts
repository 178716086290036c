import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkExpectations } from '../../src/authoring/expectations.ts';
import { LAWS } from '../../src/authoring/laws.ts';
import { firstReceipt, play } from '../../src/authoring/playing.ts';
import { renderInspection } from '../../src/authoring/renderInspection.ts';
import { TEST_DIAGNOSTICS } from '../../src/authoring/testDiagnostics.ts';
import { parseTests } from '../../src/authoring/testFile.ts';
import type { AuthorTest } from '../../src/authoring/testModel.ts';
import { WhyNot } from '../../src/authoring/whyNot.ts';
import type { RateTable } from '../../src/transactions/rateLookup.ts';
import type { Typology } from '../../src/typologies/ast.ts';
import { compileText } from '../unit/typologies/fixtures.ts';
import { checkGenerated } from './generated.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/tests.md', import.meta.url)), 'utf8');
/** No example needs a rate. */
const RATES: RateTable = { convert: (amountMinor, from, to) => (from === to ? amountMinor : Number.NaN), digest: '', digestThrough: () => '' };
const HEAD = `typology: example
version: 1.0.0
title: An example
phase: layering
status: active
severity: medium
sources: [{ document: The manual, grade: A }]
`;

const blocks = (kind: string): string[] => [...PAGE.matchAll(/^```yaml (\w+)\n([\s\S]*?)^```$/gm)].filter((m) => m[1] === kind).map((m) => m[2]!);

function typology(): Typology {
  const { typology, diagnostics } = compileText(HEAD + blocks('typology')[0]!);
  if (typology === null) throw new Error(JSON.stringify(diagnostics));
  return typology;
}

const example = typology();
const tests: AuthorTest[] = blocks('tests').flatMap((source) => {
  const { tests: read, diagnostics } = parseTests(source, 'example.test.yaml', example);
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics, null, 1));
  return read;
});

describe('docs/tests.md', () => {
  test('shows every part of the format', () => {
    expect(tests.length).toBeGreaterThan(8);
  });

  test.each(tests.map((t) => [t.name, t] as const))('%s', (_, t) => {
    expect(checkExpectations(t, example, RATES)).toEqual([]);
    const alerts = play(t.records, example, RATES, firstReceipt(t.records));
    for (const law of LAWS) expect([law.name, law.check({ test: t, typology: example, rates: RATES, alerts, seed: 1 })]).toEqual([law.name, null]);
  });

  test('an expectation that is wrong is told', () => {
    const wrong = blocks('tests')[0]!.replace('! quiet', '! fires').replace('score=75', 'score=60');
    const { tests: read } = parseTests(wrong, 'example.test.yaml', example);
    expect(read.flatMap((t) => checkExpectations(t, example, RATES)).map((f) => [f.line, f.actual])).toEqual([
      [5, 'quiet'],
      [6, 'fires subject=M score=75'],
    ]);
  });

  test('why-not says what is written', () => {
    const [, key, at, text] = /^```text why-not (\S+) (\S+)\n([\s\S]*?)^```$/m.exec(PAGE)!;
    const asker = new WhyNot({ typology: example, key: [key!], atMs: Date.parse(at!), rates: RATES });
    for (const { json } of tests[0]!.records) asker.take(Buffer.from(JSON.stringify(json)));
    expect(`${renderInspection(asker.answer().inspection!, { typology: example })}\n`).toBe(text);
  });

  test('names as many laws as are run', () => {
    const listed = PAGE.slice(PAGE.indexOf('## What is checked besides'), PAGE.indexOf('## Findings on test files')).match(/^- /gm);
    expect(listed).toHaveLength(LAWS.length);
  });

  test('explains each finding as the table has it, no more and no fewer', () => {
    const rows = Object.entries(TEST_DIAGNOSTICS)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, { severity, what, hint }]) => [`\`${code}\``, severity, literal(what), literal(hint)]);
    const { found, wanted } = checkGenerated('tests.md', 'tests', ['code', 'severity', 'what is wrong', 'what to do'], rows);
    expect(found).toBe(wanted);
  });
});

const literal = (words: string): string => words.replaceAll('<', '&lt;').replaceAll('|', '\\|');
