import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RateTable } from '../transactions/rateLookup.ts';
import type { Typology } from '../typologies/ast.ts';
import { TEXT_MAX } from '../typologies/compile.ts';
import type { Diagnostic } from '../typologies/ruleSet.ts';
import type { Failure } from './expectations.ts';
import { checkExpectations } from './expectations.ts';
import { LAWS } from './laws.ts';
import { byReceipt, firstReceipt, play } from './playing.ts';
import { TestFindings } from './testDiagnostics.ts';
import { parseTests } from './testFile.ts';
import { testFiles } from './testFiles.ts';
import type { AuthorTest } from './testModel.ts';

export interface TestResult {
  readonly typology: Typology;
  readonly path: string;
  readonly name: string;
  readonly line: number;
  readonly failures: readonly Failure[];
  /** Laws that do not hold, by name. */
  readonly brokenLaws: readonly { readonly law: string; readonly found: string }[];
  readonly passed: boolean;
}

export interface TestRun {
  /** On the test files themselves. An error there is a failure, too. */
  readonly diagnostics: readonly Diagnostic[];
  readonly results: readonly TestResult[];
  readonly passed: number;
  readonly failed: number;
  /** Whether there was something to test and nothing went wrong. */
  readonly ok: boolean;
}

export interface RunTestsOptions {
  readonly rates: RateTable;
  /** Only these typologies; all of them unless given. */
  readonly only?: ReadonlySet<string>;
  /** For the laws; the same seed does the same. */
  readonly seed?: number;
}

/** Everything that can be said of a folder's test files without running them: findings, and a warning for each typology without tests. */
export function checkTests(dir: string, typologies: readonly Typology[]): Diagnostic[] {
  return readTests(dir, typologies).diagnostics;
}

/** Runs the tests of a folder's typologies, and the laws on each of them, through the production engine. */
export function runTests(dir: string, typologies: readonly Typology[], options: RunTestsOptions): TestRun {
  const wanted = typologies.filter((t) => options.only?.has(t.id) ?? true);
  const { sets, diagnostics } = readTests(dir, wanted, options.only !== undefined);
  const results = sets.flatMap(({ typology, path, tests }) => tests.map((test) => runTest(test, typology, path, options)));
  const failed = results.filter((r) => !r.passed).length;
  const ok = failed === 0 && results.length > 0 && diagnostics.every((d) => d.severity !== 'error');
  return { diagnostics, results, passed: results.length - failed, failed, ok };
}

/** One test and the laws on it. */
export function runTest(test: AuthorTest, typology: Typology, path: string, { rates, seed = 1 }: RunTestsOptions): TestResult {
  const failures = checkExpectations(test, typology, rates);
  const alerts = play(byReceipt(test.records), typology, rates, firstReceipt(test.records));
  const brokenLaws = LAWS.flatMap(({ name, check }) => {
    const found = check({ test, typology, rates, alerts, seed });
    return found === null ? [] : [{ law: name, found }];
  });
  return { typology, path, name: test.name, line: test.line, failures, brokenLaws, passed: failures.length + brokenLaws.length === 0 };
}

export interface TestSet {
  readonly typology: Typology;
  readonly path: string;
  readonly tests: readonly AuthorTest[];
}

/** The test files of some typologies; of `onlySome` of a folder, files without a typology among them are no finding. */
export function readTests(dir: string, typologies: readonly Typology[], onlySome = false): { sets: TestSet[]; diagnostics: Diagnostic[] } {
  const sets: TestSet[] = [];
  const diagnostics: Diagnostic[] = [];
  const found = testFiles(dir);
  for (const typology of typologies) {
    const path = join(dir, typology.phase, `${typology.id}.test.yaml`);
    if (!found.includes(path)) {
      const findings = new TestFindings(join(dir, typology.phase, `${typology.id}.yaml`), '');
      findings.add('test-missing', START, { name: typology.id });
      diagnostics.push(...findings.list);
      continue;
    }
    const text = readText(path, diagnostics);
    if (text === null) continue;
    const { tests, diagnostics: own } = parseTests(text, path, typology);
    diagnostics.push(...own);
    sets.push({ typology, path, tests });
  }
  const known = new Set(typologies.map((t) => join(dir, t.phase, `${t.id}.test.yaml`)));
  for (const path of onlySome ? [] : found.filter((p) => !known.has(p))) {
    const findings = new TestFindings(path, '');
    findings.add('test-orphan', START);
    diagnostics.push(...findings.list);
  }
  return { sets, diagnostics };
}

const START = { start: 0, end: 1 };

function readText(path: string, diagnostics: Diagnostic[]): string | null {
  const unreadable = (reason: string): null => {
    const findings = new TestFindings(path, '');
    findings.add('test-unreadable', START, { reason });
    diagnostics.push(...findings.list);
    return null;
  };
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return unreadable('it is no plain file');
    if (stat.size > TEXT_MAX) return unreadable('it is larger than 256 KiB');
    const bytes = readFileSync(path);
    return isUtf8(bytes) ? bytes.toString('utf8') : unreadable('it is not UTF-8');
  } catch (cause) {
    return unreadable(cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown');
  }
}
