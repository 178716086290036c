import { anatomyOf, codeUnder, packageOf, type Tree } from './tree.ts';

/** Where the process writes: the log's own file, the command line's output, and nothing else. */
const WRITERS = ['src/base/log.ts', 'src/cli/io.ts'];

/** A message of the log is written in the source code, so that no value can be in it; and nothing goes round the log. */
export function checkLogs(tree: Tree): string[] {
  const breaches: string[] = [];
  for (const path of codeUnder(tree, 'src')) {
    const { builtMessages, calls, imports } = anatomyOf(tree.get(path)!);
    for (const level of builtMessages) breaches.push(`${path} puts the message of a log.${level} together; write it down, and give what varies as a field.`);
    for (const name of calls) if (name.startsWith('console.')) breaches.push(`${path} calls ${name}, round the log and the command line's output.`);
    const writes = /process\.std(out|err)\.write/.test(tree.get(path)!) || imports.some(({ from }) => from !== null && packageOf(from) === 'node:console');
    if (writes && !WRITERS.includes(path)) breaches.push(`${path} writes to the process's output, round the log and the command line's output.`);
  }
  return breaches;
}
