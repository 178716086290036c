import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OperatingError } from '../base/errors.ts';
import { PHASES } from '../typologies/document/keys.ts';
import { leadsOut, realRoot } from '../typologies/folder.ts';

/** Paths of the test files of a rules folder, in order. Throws `OperatingError('rules-unreadable')` where the folder cannot be read. */
export function testFiles(dir: string): string[] {
  const root = realRoot(dir);
  return namesIn(dir)
    .filter((name) => (PHASES as readonly string[]).includes(name) && isFolderOf(root, join(dir, name)))
    .flatMap((phase) =>
      namesIn(join(dir, phase))
        .filter((name) => name.endsWith('.test.yaml'))
        .map((name) => join(dir, phase, name)),
    );
}

/** What is no folder, or a link out of the rules, is told of the rules themselves. */
function isFolderOf(root: string, path: string): boolean {
  return !leadsOut(root, path) && statSync(path).isDirectory();
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
