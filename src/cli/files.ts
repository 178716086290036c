import { fstatSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, OperatingError } from '../base/errors.ts';

/** What a command line names: by option, `--out`, or, of what is read, by itself. */
interface Named {
  readonly option: string;
  /** `-` is standard input or output. */
  readonly path: string;
}

/**
 * Refuses a command line that would overwrite what it reads, or write two things into one file. Devices and pipes may be named as often as one likes.
 * Throws `file-twice`, before anything is opened.
 */
export function checkFiles(read: readonly string[], written: Readonly<Record<string, string | undefined>>): void {
  if (read.filter((path) => path === '-').length > 1) throw twice('standard input is named twice, and can be read once only');
  const inputs = read.map((path): Named => ({ option: path === '-' ? 'standard input' : path, path }));
  const outputs = Object.entries(written).flatMap(([option, path]): Named[] => (path === undefined ? [] : [{ option, path }]));
  const readers = new Map(inputs.flatMap(({ option, path }) => identity(path, 0).map((id) => [id, option] as const)));
  const writers = new Map<string, string>();
  for (const { option, path } of outputs) {
    for (const id of path === '-' ? ['standard output'] : identity(path, null)) {
      const reader = readers.get(id);
      if (reader !== undefined) throw twice(`${option} would overwrite ${reader}, which is read`);
      const other = writers.get(id);
      if (other !== undefined) throw twice(`${other} and ${option} go to the same place`);
      writers.set(id, option);
    }
  }
}

/** What tells a file from others, whatever path leads to it; none of what is no file. Of `-` the file behind that descriptor. */
function identity(path: string, standard: number | null): string[] {
  const stats = statsOf(path, standard);
  if (stats === null) return path === '-' && standard !== null ? [] : [`new ${resolve(path)}`];
  return stats.isFile() ? [`${stats.dev}/${stats.ino}`] : [];
}

/** Null where there is nothing yet, or nothing that may be looked at: opening it tells. */
function statsOf(path: string, standard: number | null): Stats | null {
  try {
    return path === '-' && standard !== null ? fstatSync(standard) : statSync(path);
  } catch {
    return null;
  }
}

const twice = (message: string): OperatingError => new OperatingError('file-twice', message, { exitStatus: EXIT.wrongUse });
