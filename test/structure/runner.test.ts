import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countOf } from '../support/runner/jest.mjs';
import { needsOf, planSuites } from '../support/runner/plan.mjs';
import { summarise } from '../support/runner/report.mjs';

const folder = mkdtempSync(join(tmpdir(), 'moneytrail-runner-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Result {
  suite: string;
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
  note?: string;
}
const unit = (counts: Partial<Result> = {}): Result => ({ suite: 'unit', passed: 5, failed: 0, skipped: 0, seconds: 1, ...counts });
const leftOut = [{ path: 'test/integration/a.test.ts', missing: ['kafka', 'redis'] }];

function closing(
  results: Result[],
  options: { leftOut?: typeof leftOut; built?: boolean; minimum?: number; required?: boolean } = {},
): [string, boolean, string] {
  const { lines, good } = summarise({
    results,
    leftOut: options.leftOut ?? [],
    found: ['redis: Docker'],
    built: options.built ?? true,
    minimums: { unit: options.minimum ?? 5 },
    required: options.required ?? true,
  }) as { lines: string[]; good: boolean };
  return [lines.at(-1)!, good, lines.join('\n')];
}

describe('what a run comes to', () => {
  test('all is well', () => expect(closing([unit()]).slice(0, 2)).toEqual(['5 passed, 0 failed, 0 skipped', true]));
  test('a failed test', () => expect(closing([unit({ failed: 2 })]).slice(0, 2)).toEqual(['5 passed, 2 failed, 0 skipped', false]));
  test('a failed build', () => expect(closing([unit()], { built: false, required: false }).slice(0, 2)).toEqual(['5 passed, 1 failed, 0 skipped', false]));
  test('nothing ran', () =>
    expect(closing([unit({ passed: 0 })], { required: false, minimum: 0 }).slice(0, 2)).toEqual(['0 passed, 1 failed, 0 skipped', false]));
  test('a suite below its minimum, where all are required', () => {
    const [line, good, text] = closing([unit({ passed: 4 })]);
    expect([line, good]).toEqual(['4 passed, 1 failed, 0 skipped', false]);
    expect(text).toContain('NOT GOOD: unit: 4 tests passed, at least 5 must');
  });
  test('a suite below its minimum, elsewhere', () => expect(closing([unit({ passed: 4 })], { required: false })[1]).toBe(true));
  test('a skipped test, where all are required', () => expect(closing([unit({ skipped: 1 })]).slice(0, 2)).toEqual(['5 passed, 1 failed, 1 skipped', false]));
  test('a left-out suite is named, and a failure where all are required', () => {
    for (const required of [true, false]) {
      const [line, good, text] = closing([unit()], { leftOut, required });
      expect([line, good]).toEqual([`5 passed, ${required ? 1 : 0} failed, 1 skipped`, !required]);
      expect(text).toContain('left out, no kafka and no redis: test/integration/a.test.ts');
    }
  });
  test('a jest that broke off', () =>
    expect(closing([unit({ failed: 1, note: 'jest ended with SIGKILL' })])[2]).toContain('NOT GOOD: unit: jest ended with SIGKILL'));
});

describe('what jest reported', () => {
  const report = (text: string): string => {
    const path = join(folder, 'report.json');
    writeFileSync(path, text);
    return path;
  };
  const good = { numPassedTests: 3, numFailedTests: 0, numRuntimeErrorTestSuites: 0, numPendingTests: 1, numTodoTests: 1 };

  test('is counted', () => expect(countOf(report(JSON.stringify(good)), 0)).toEqual({ passed: 3, failed: 0, skipped: 2 }));
  test('a file that could not be run is a failure', () =>
    expect(countOf(report(JSON.stringify({ ...good, numRuntimeErrorTestSuites: 1 })), 1)).toMatchObject({ failed: 1 }));
  test('a bad end with a good report is a failure', () => expect(countOf(report(JSON.stringify(good)), 'SIGKILL')).toMatchObject({ passed: 3, failed: 1 }));
  test('no report is a failure', () =>
    expect(countOf(join(folder, 'none.json'), 1)).toMatchObject({ passed: 0, failed: 1, note: expect.stringContaining('ENOENT') }));
  test('half a report is a failure', () => expect(countOf(report('{"numPassed'), 0)).toMatchObject({ passed: 0, failed: 1 }));
});

describe('the plan', () => {
  test('takes every test file of a suite with what it needs', () => {
    mkdirSync(join(folder, 'test/laws/deep'), { recursive: true });
    writeFileSync(join(folder, 'test/laws/deep/a.test.ts'), '// A comment before it is fine.\n// needs: kafka, redis-process\n');
    writeFileSync(join(folder, 'test/laws/b.test.ts'), '');
    writeFileSync(join(folder, 'test/laws/helper.ts'), '');
    const files = [
      { path: join(folder, 'test/laws/b.test.ts'), needs: [] },
      { path: join(folder, 'test/laws/deep/a.test.ts'), needs: ['kafka', 'redis-process'] },
    ];
    expect(planSuites(folder, ['laws', 'docs'], [])).toEqual([
      { suite: 'laws', files },
      { suite: 'docs', files: [] },
    ]);
    expect(planSuites(folder, ['laws'], ['deep/'])).toEqual([{ suite: 'laws', files: files.slice(1) }]);
  });

  test('a need that is no server is refused', () =>
    expect(() => needsOf('// needs: kafka, rabbit', 'a.test.ts')).toThrow('a.test.ts needs "rabbit"; a test can need kafka, redis'));
});
