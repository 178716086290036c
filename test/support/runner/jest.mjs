import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const JEST = createRequire(import.meta.url).resolve('jest/bin/jest');
/** A suite that takes longer hangs: all of them together have 12 minutes, the long runs of `npm run verify` some hours. */
const SUITE_MS_MAX = process.env.VERIFY === '1' ? 6 * 3_600_000 : 11 * 60_000;

/** Runs the files of one suite in a jest of its own and counts what it did. Suites that share servers run one file after the other. */
export async function runSuite(root, suite, files, env) {
  const report = join(root, 'reports', `${suite}.json`);
  mkdirSync(join(root, 'reports'), { recursive: true });
  rmSync(report, { force: true });
  const shared = files.some((file) => file.needs.length > 0);
  const workers = shared ? ['--runInBand'] : [`--maxWorkers=${availableParallelism()}`];
  const paths = files.map((file) => file.path);
  const argv = [JEST, '--selectProjects', suite, '--json', `--outputFile=${report}`, ...workers, '--runTestsByPath', '--', ...paths];
  const startedAt = Date.now();
  const exit = await runNode(root, argv, { ...env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' });
  return { suite, ...countOf(report, exit), seconds: (Date.now() - startedAt) / 1000 };
}

function runNode(root, argv, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argv, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), SUITE_MS_MAX);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(signal ?? code);
    });
  });
}

/** A jest that ended without a report, or badly with a good one, is itself a failure: a suite must not vanish. */
export function countOf(reportPath, exit) {
  let report;
  try {
    report = JSON.parse(readFileSync(reportPath, 'utf8'));
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, note: `jest ended with ${exit} and left no report (${error.code ?? error.name})` };
  }
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const counts = { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
  if (failed === 0 && exit !== 0) return { ...counts, failed: 1, note: `jest ended with ${exit} although no test failed` };
  return counts;
}
