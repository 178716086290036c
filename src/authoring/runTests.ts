import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RateTable } from '../transactions/rateLookup.ts';
import type { Typology } from '../typologies/ast.ts';
import { readPlainFile, realRoot } from '../typologies/folder.ts';
import type { Diagnostic } from '../typologies/ruleSet.ts';
import type { Failure } from './expectations.ts';
import { checkExpectations } from './expectations.ts';
import { LAWS } from './laws.ts';
import { byReceipt, firstReceipt, play } from './playing.ts';
import { type TestDiagnosticCode, TestFindings } from './testDiagnostics.ts';
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
  /** Texts of the test files, by path. */
  readonly sources: ReadonlyMap<string, string>;
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

/** Everything that can be said of the test files of these typologies without running them: findings, and a warning for each typology without tests. */
export function checkTests(dir: string, typologies: readonly Typology[]): Omit<TestSets, 'sets'> {
  return readTests(dir, typologies);
}

/** Runs the tests of a folder's typologies, and the laws on each of them, through the production engine. */
export function runTests(dir: string, typologies: readonly Typology[], options: RunTestsOptions): TestRun {
  const wanted = typologies.filter((t) => options.only?.has(t.id) ?? true);
  const { sets, diagnostics, sources } = readTests(dir, wanted, options.only !== undefined);
  const results = sets.flatMap(({ typology, path, tests }) => tests.map((test) => runTest(test, typology, path, options)));
  const failed = results.filter((r) => !r.passed).length;
  const ok = failed === 0 && results.length > 0 && diagnostics.every((d) => d.severity !== 'error');
  return { diagnostics, sources, results, passed: results.length - failed, failed, ok };
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

export interface TestSets {
  readonly sets: readonly TestSet[];
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of the files that could be read, by path. */
  readonly sources: ReadonlyMap<string, string>;
}

/** The test files of typologies of a folder. Of `onlySome` asked for by name, a file without a rule beside it is no finding. */
export function readTests(dir: string, typologies: readonly Typology[], onlySome = false): TestSets {
  const sets: TestSet[] = [];
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, string>();
  const root = realRoot(dir);
  const found = testFiles(dir);
  const tell = (code: TestDiagnosticCode, path: string, details: Readonly<Record<string, string>> = {}): void => {
    const findings = new TestFindings(path, '');
    findings.add(code, { start: 0, end: 1 }, details);
    diagnostics.push(...findings.list);
  };
  for (const typology of typologies) {
    const path = join(dir, typology.phase, `${typology.id}.test.yaml`);
    if (!found.includes(path)) {
      tell('test-missing', join(dir, typology.phase, `${typology.id}.yaml`), { name: typology.id });
      continue;
    }
    const read = readPlainFile(root, path);
    if ('text' in read) {
      const { tests, diagnostics: own } = parseTests(read.text, path, typology);
      diagnostics.push(...own);
      sources.set(path, read.text);
      sets.push({ typology, path, tests });
    } else tell('test-unreadable', path, { reason: read.details['reason'] ?? UNREAD[read.code] ?? 'unknown' });
  }
  for (const path of onlySome ? [] : found) if (!existsSync(path.replace(/\.test\.yaml$/, '.yaml'))) tell('test-orphan', path);
  return { sets, diagnostics, sources };
}

const UNREAD: Readonly<Record<string, string>> = {
  'file-link': 'it is a link out of the rules folder',
  'file-too-large': 'it is larger than 256 KiB',
  'file-not-utf8': 'it is not UTF-8',
};
