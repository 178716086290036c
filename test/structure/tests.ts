import { anatomyOf, codeUnder, reach, type Tree } from './tree.ts';

const DECLARES = ['test', 'it', 'describe'];
const NAMED_AS_TEST = /(\.(test|spec)|(^|\/)__tests__\/.*)\.[cm]?[jt]sx?$/;

/** No test escapes: a file that looks like one lies in exactly one suite, and one that declares tests is a test file or imported by one. */
export function checkTestFiles(tree: Tree, suites: readonly string[]): string[] {
  const suiteOf = (path: string): string | undefined => suites.find((suite) => path.startsWith(`test/${suite}/`) && path.endsWith('.test.ts'));
  const where = suites.map((suite) => `test/${suite}/`).join(', ');
  const all = [...tree.keys()];
  const tests = all.filter((path) => suiteOf(path) !== undefined);
  if (tests.length === 0) return [`No file is named *.test.ts under ${where}.`];
  const breaches = all
    .filter((path) => NAMED_AS_TEST.test(path) && suiteOf(path) === undefined)
    .map((path) => `${path} is named like a test and no suite runs it; the suites take *.test.ts under ${where}.`);
  const run = new Set(tests.flatMap((path) => [...reach(tree, path).keys()]));
  for (const folder of ['test', 'src', 'scripts']) {
    for (const path of codeUnder(tree, folder)) {
      if (suiteOf(path) !== undefined) {
        const reached = [...reach(tree, path, (p) => p.startsWith('test/')).keys()].filter((p) => p.startsWith('test/') && tree.has(p));
        if (!reached.some((p) => declares(tree, p))) breaches.push(`${path} declares no test, and imports none.`);
      } else if (!run.has(path) && declares(tree, path)) {
        breaches.push(`${path} declares tests and no test file imports it, so they never run.`);
      }
    }
  }
  return breaches;
}

const declares = (tree: Tree, path: string): boolean => DECLARES.some((name) => anatomyOf(tree.get(path)!).calls.has(name));

/** What betrays the use of a server, in a test file or in what it imports from test/. */
const TRACES: readonly { readonly need: string; readonly trace: RegExp; readonly what: string }[] = [
  { need: 'kafka', trace: /process\.env(\.|\[')KAFKA_BROKERS/, what: 'reads KAFKA_BROKERS' },
  { need: 'redis', trace: /process\.env(\.|\[')REDIS_URL/, what: 'reads REDIS_URL' },
  { need: 'kafka-process', trace: /\bstartKafka\(/, what: 'starts a Kafka' },
  { need: 'redis-process', trace: /\bstartRedis\(/, what: 'starts a Redis' },
];

/** A test says which servers it needs, since the runner leaves out by that line alone. */
export function checkNeeds(tree: Tree, suites: readonly string[], needsOf: (text: string, path: string) => readonly string[]): string[] {
  const breaches: string[] = [];
  for (const path of codeUnder(tree, 'test')) {
    if (!path.endsWith('.test.ts') || !suites.some((suite) => path.startsWith(`test/${suite}/`)) || path.startsWith('test/structure/')) continue;
    const needs = needsOf(tree.get(path)!, path);
    const texts = [...reach(tree, path, (p) => p.startsWith('test/')).keys()].filter((p) => p.startsWith('test/') && !p.startsWith('test/support/servers/'));
    for (const { need, trace, what } of TRACES) {
      if (!needs.includes(need) && texts.some((p) => trace.test(tree.get(p) ?? ''))) {
        breaches.push(`${path} ${what} and does not say so: it wants the line "// needs: ${[...needs, need].join(', ')}".`);
      }
    }
  }
  return breaches;
}

/** Folders of one machine, written apart so that this file does not hold what it looks for. */
const MACHINE_FOLDERS = ['work', 'farm', 'tmp', 'home', 'root', 'Users'];
const MACHINE_PATH = new RegExp(`(?<![\\w.$}/-])/(?:${MACHINE_FOLDERS.join('|')})/[A-Za-z]`);

/** A path of somebody's machine is of no use to anybody else. */
export function checkMachinePaths(tree: Tree): string[] {
  const breaches: string[] = [];
  for (const [path, text] of tree) {
    const line = text.split('\n').findIndex((l) => MACHINE_PATH.test(l));
    if (line >= 0) breaches.push(`${path}:${line + 1} names a folder of one machine.`);
  }
  return breaches;
}
