import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

/**
 * What a mutant of the engine has to survive: the laws, in one process, then the engine's unit tests. The laws come first, since most mutants break one in
 * the first history. A stage that does not end is a mutant that is noticed too. Answers with a status of 1 where the mutant is.
 */
const JEST = createRequire(import.meta.url).resolve('jest/bin/jest');
const STAGES = [
  { args: ['.cache/mutation/test/support/mutation/laws.js'], seconds: 180 },
  {
    args: ['--experimental-vm-modules', '--no-warnings', JEST, '--config', 'test/support/mutation/jest.config.js', '--bail', '-w', '1'],
    seconds: 300,
  },
];

for (const { args, seconds } of STAGES) {
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], timeout: seconds * 1000, killSignal: 'SIGKILL' });
  if (status !== 0) process.exit(1);
}
