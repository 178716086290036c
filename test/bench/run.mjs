#!/usr/bin/env node
/** `npm run bench [-- NAME [ARGUMENT…]]`: builds src/ and test/bench/ apart from dist/, then runs one benchmark with its arguments, or all of them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const out = join(root, '.cache', 'bench');

const build = spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.bench.json'], { cwd: root, stdio: 'inherit' });
if (build.status !== 0) process.exit(build.status ?? 1);
mkdirSync(out, { recursive: true });
// What the code looks for beside itself.
for (const name of ['package.json', 'rules', 'schema', 'fixtures']) if (!existsSync(join(out, name))) symlinkSync(join(root, name), join(out, name));

const all = readdirSync(here)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replace(/\.ts$/, ''))
  .sort();
const [name, ...args] = process.argv.slice(2);
if (name !== undefined && !all.includes(name)) {
  console.error(`There is no benchmark ${name}; there are ${all.join(', ')}.`);
  process.exit(2);
}
console.log(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`);
let status = 0;
for (const one of name === undefined ? all : [name]) {
  console.log(`\n# ${one}`);
  const run = spawnSync(process.execPath, ['--expose-gc', join(out, 'test', 'bench', `${one}.js`), ...args], { cwd: root, stdio: 'inherit' });
  if (run.status !== 0) status = 1;
}
process.exit(status);
