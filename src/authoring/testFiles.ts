import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OperatingError } from '../base/errors.ts';
import { PHASES } from '../typologies/document/keys.ts';

/** Paths of the test files of a rules folder, in order. Throws `OperatingError('rules-unreadable')` where the folder cannot be read. */
export function testFiles(dir: string): string[] {
  return namesIn(dir)
    .filter((name) => (PHASES as readonly string[]).includes(name))
    .flatMap((phase) =>
      namesIn(join(dir, phase))
        .filter((name) => name.endsWith('.test.yaml'))
        .map((name) => join(dir, phase, name)),
    );
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch (cause) {
    throw new OperatingError('rules-unreadable', `the rules folder ${dir} cannot be read`, { cause });
  }
}
