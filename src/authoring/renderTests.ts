import { renderInspection } from './renderInspection.ts';
import type { TestResult, TestRun } from './runTests.ts';

/** A run of tests as text: a line for each test, and after a failure what was expected, what came, and the values it hangs on. Diagnostics apart. */
export function renderTestRun(run: TestRun): string {
  const lines: string[] = [];
  let typology = '';
  for (const result of run.results) {
    if (result.typology.id !== typology) lines.push(result.typology.id);
    typology = result.typology.id;
    lines.push(`  ${result.passed ? 'ok  ' : 'FAIL'} ${result.name}`, ...failureLines(result));
  }
  const files = new Set(run.results.map((r) => r.typology.id)).size;
  lines.push(`${run.passed} of ${run.results.length} tests of ${files} typologies passed${run.failed > 0 ? `, ${run.failed} failed` : ''}.`);
  return lines.join('\n');
}

/** One result as JSON, its typology by name. */
export function testResultJson({ typology, name, path, line, passed, failures, brokenLaws }: TestResult): string {
  return JSON.stringify({ typology: typology.id, name, path, line, passed, failures, brokenLaws });
}

function failureLines({ path, typology, failures, brokenLaws, line }: TestResult): string[] {
  const lines: string[] = [];
  for (const failure of failures) {
    lines.push(`       ${path}:${failure.line}: expected ${failure.expected}`, `         but ${failure.actual}`);
    for (const inspection of failure.inspections) lines.push(renderInspection(inspection, { typology, indent: '         ' }));
  }
  for (const { law, found } of brokenLaws) lines.push(`       ${path}:${line}: the same records ${law} give other alerts: ${found}`);
  return lines;
}
