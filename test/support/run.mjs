#!/usr/bin/env node
/**
 * The test command: `npm test [-- SUITE… | -- SUITE PATTERN…]`. Finds the real servers, runs each suite in a jest of its own, prints the counts.
 * With VERIFY=1 the long runs are made too. With MONEYTRAIL_TESTS=all a suite that is left out, a skipped test or a count below its minimum is a failure; `.ci/run` sets it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runSuite } from './runner/jest.mjs';
import { planSuites, SUITES } from './runner/plan.mjs';
import { summarise } from './runner/report.mjs';
import { findServers, VARIABLES } from './runner/servers.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const words = process.argv.slice(2);
const named = words.filter((word) => SUITES.includes(word));
const patterns = words.filter((word) => !SUITES.includes(word));
const required = process.env.MONEYTRAIL_TESTS === 'all';
const closing = join(root, 'reports', 'closing-line');
rmSync(closing, { force: true });

const plan = planSuites(root, named.length > 0 ? named : SUITES, patterns);
// These start the command line as users do, from dist/.
const startsCli = plan.some(({ suite, files }) => ['docs', 'integration'].includes(suite) && files.length > 0);
const built = !startsCli || spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;

const wanted = new Set(plan.flatMap(({ files }) => files.flatMap((file) => file.needs)));
const servers = await findServers([...wanted].sort());
const env = { ...process.env };
for (const variable of Object.values(VARIABLES)) delete env[variable];
Object.assign(env, servers.addresses);

const results = [];
const leftOut = [];
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    stopping = true;
  });
}
try {
  for (const { suite, files } of plan) {
    const missingOf = (file) => file.needs.filter((name) => !servers.available.has(name));
    const able = files.filter((file) => missingOf(file).length === 0);
    for (const file of files) if (missingOf(file).length > 0) leftOut.push({ path: relative(root, file.path), missing: missingOf(file) });
    if (stopping) results.push({ suite, passed: 0, failed: 1, skipped: 0, seconds: 0, note: 'stopped before it ran' });
    else if (able.length > 0) results.push(await runSuite(root, suite, able, env));
    else results.push({ suite, passed: 0, failed: 0, skipped: 0, seconds: 0 });
  }
} finally {
  await servers.stop();
}

const minimums = JSON.parse(readFileSync(join(root, 'test', 'support', 'minimums.json'), 'utf8'));
const { lines, good } = summarise({ results, leftOut, found: servers.found, built, minimums, required });
console.log(lines.join('\n'));
mkdirSync(dirname(closing), { recursive: true });
writeFileSync(closing, `${lines.at(-1)}\n`);
process.exitCode = good ? 0 : 1;
