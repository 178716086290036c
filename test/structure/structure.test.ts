import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import config from '../../jest.config.js';
import { needsOf, SUITES } from '../support/runner/plan.mjs';
import { checkCycles, checkDirection } from './layers.ts';
import { checkLogs } from './logs.ts';
import { checkOracle } from './oracle.ts';
import { checkMachinePaths, checkNeeds, checkTestFiles } from './tests.ts';
import { readTree, type Tree } from './tree.ts';
import { checkPurity, checkUnused, checkVendors } from './vendors.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const repository = readTree(root);
const tree = (files: Record<string, string>): Tree => new Map(Object.entries(files));
const suites = config.projects.map(({ displayName }) => displayName);

describe('the repository', () => {
  test('imports go one way', () => expect(checkDirection(repository)).toEqual([]));
  test('no circles', () => expect(checkCycles(repository)).toEqual([]));
  test('each package in its home', () => expect(checkVendors(repository)).toEqual([]));
  test('no unused dependency', () => expect(checkUnused(repository)).toEqual([]));
  test('the engine is pure', () => expect(checkPurity(repository)).toEqual([]));
  test('log messages are written down', () => expect(checkLogs(repository)).toEqual([]));
  test('the oracle is independent', () => expect(checkOracle(repository)).toEqual([]));
  test('no test escapes the suites', () => expect(checkTestFiles(repository, suites)).toEqual([]));
  test('the runner and jest know the same suites', () => expect([...SUITES].sort()).toEqual([...suites].sort()));
  test('every test says which servers it needs', () => expect(checkNeeds(repository, suites, needsOf)).toEqual([]));
  test('no folder of one machine is named', () => expect(checkMachinePaths(repository)).toEqual([]));
});

describe('import direction, on trees that must fail', () => {
  test.each([
    [
      'upwards',
      { 'src/base/a.ts': "import { b } from '../detection/b.ts';", 'src/detection/b.ts': '' },
      'src/base/a.ts imports src/detection/b.ts, against the direction',
    ],
    ['as a type', { 'src/alerts/a.ts': "import type { B } from '../pipeline/b.ts';" }, 'src/alerts/a.ts imports src/pipeline/b.ts, against the direction'],
    ['re-exported', { 'src/alerts/a.ts': "export * from '../app/b.ts';" }, 'src/alerts/a.ts imports src/app/b.ts, against the direction'],
    ['dynamic', { 'src/app/a.ts': "await import('../cli/b.ts');" }, 'src/app/a.ts imports src/cli/b.ts, against the direction'],
    ['in a type expression', { 'src/base/a.ts': "type A = import('../app/b.ts').B;" }, 'src/base/a.ts imports src/app/b.ts, against the direction'],
    [
      'between folders of one layer',
      { 'src/api/a.ts': "import { b } from '../authoring/b.ts';" },
      'src/api/a.ts imports src/authoring/b.ts, against the direction',
    ],
    [
      'out of src',
      { 'src/app/a.ts': "import { b } from '../../test/support/b.ts';" },
      'src/app/a.ts imports test/support/b.ts, which is not part of what is shipped.',
    ],
    ['a folder without a layer', { 'src/utils/a.ts': '' }, 'src/utils/a.ts lies in no layer'],
    ['a computed import', { 'src/app/a.ts': 'await import(name);' }, 'src/app/a.ts imports something computed'],
    ['nothing to check', {}, 'There is no code under src/'],
  ])('%s', (_name, files, sentence) => expect(checkDirection(tree(files as Record<string, string>)).join('\n')).toContain(sentence));

  test('downwards is fine', () => expect(checkDirection(tree({ 'src/app/a.ts': "import { b } from '../base/b.ts';", 'src/base/b.ts': '' }))).toEqual([]));
});

test('a circle is named file by file', () => {
  const files = { 'src/base/a.ts': "import { type A, B } from './b.ts';", 'src/base/b.ts': "export * from './c.ts';", 'src/base/c.ts': "import './a.ts';" };
  expect(checkCycles(tree(files))).toEqual(['These files import each other in a circle: src/base/a.ts → src/base/b.ts → src/base/c.ts → src/base/a.ts.']);
  expect(checkCycles(tree({ ...files, 'src/base/c.ts': "import type { A } from './a.ts';" }))).toEqual([]);
});

describe('packages, on trees that must fail', () => {
  const listed = { 'package.json': JSON.stringify({ dependencies: { kafkajs: '1', 'left-pad': '1', zod: '1', pino: '1' } }) };
  test.each([
    ['outside its folder', { 'src/app/a.ts': "import { Kafka } from 'kafkajs';" }, 'src/app/a.ts imports kafkajs, which only src/pipeline/kafka may.'],
    [
      'a part of it',
      { 'src/app/a.ts': "import x from 'kafkajs/src/network/requestQueue';" },
      'src/app/a.ts imports kafkajs, which only src/pipeline/kafka may.',
    ],
    ['through require', { 'src/app/a.ts': "const k = require('kafkajs');" }, 'src/app/a.ts imports kafkajs, which only src/pipeline/kafka may.'],
    ['its types', { 'src/app/a.ts': "import type { Kafka } from 'kafkajs';" }, 'src/app/a.ts imports kafkajs, which only src/pipeline/kafka may.'],
    ['a neighbour with a longer name', { 'src/pipeline/kafkaesque/a.ts': "import { Kafka } from 'kafkajs';" }, 'src/pipeline/kafkaesque/a.ts imports kafkajs'],
    ['beside its one file', { 'src/base/a.ts': "import pino from 'pino';" }, 'src/base/a.ts imports pino, which only src/base/log.ts may.'],
    ['without a home', { 'src/base/a.ts': "import pad from 'left-pad';" }, 'src/base/a.ts imports left-pad, which has no home yet'],
    ['not listed', { 'src/alerts/redis/a.ts': "import { Redis } from 'ioredis';" }, 'src/alerts/redis/a.ts imports ioredis, which package.json does not list'],
    ['HTTP of Node.js', { 'src/pipeline/a.ts': "import { createServer } from 'node:http';" }, 'src/pipeline/a.ts imports node:http, which only src/api may.'],
  ])('%s', (_name, files, sentence) => expect(checkVendors(tree({ ...listed, ...(files as Record<string, string>) })).join('\n')).toContain(sentence));

  test('at home it is fine', () => expect(checkVendors(tree({ ...listed, 'src/pipeline/kafka/a.ts': "import { Kafka } from 'kafkajs';" }))).toEqual([]));
  test('an unused dependency is named', () => {
    expect(checkUnused(tree({ ...listed, 'src/a/b.ts': "import 'kafkajs'; import 'zod'; import 'pino';" }))).toEqual([
      'package.json lists left-pad under dependencies, and no file of src/ imports it.',
    ]);
  });
});

describe('the engine, on trees that must fail', () => {
  test.each([
    ['a clock', 'const now = Date.now();', 'src/detection/a.ts calls Date.now, and the engine is pure.'],
    ['chance', 'const x = 1 + Math.random();', 'src/detection/a.ts calls Math.random, and the engine is pure.'],
    ['a file', "import { readFileSync } from 'node:fs';", 'src/detection/a.ts imports node:fs, and the engine is pure.'],
    ['a timer', 'setTimeout(() => 1, 5);', 'src/detection/a.ts calls setTimeout, and the engine is pure.'],
  ])('%s', (_name, text, sentence) => expect(checkPurity(tree({ 'src/detection/a.ts': text }))).toEqual([sentence]));

  test('hashing is fine', () => expect(checkPurity(tree({ 'src/detection/a.ts': "import { createHash } from 'node:crypto';" }))).toEqual([]));
});

describe('logs, on trees that must fail', () => {
  test.each([
    ['a template', 'log.warn({}, `refused ${id}`);', 'src/app/a.ts puts the message of a log.warn together'],
    ['a template in parts', 'this.options.log.error({ error }, `refused ${id}`);', 'src/app/a.ts puts the message of a log.error together'],
    ['a sum', "this.log.info({}, 'refused ' + id);", 'src/app/a.ts puts the message of a log.info together'],
    ['a variable', 'logger.debug({}, message);', 'src/app/a.ts puts the message of a log.debug together'],
    ['one side of a choice', "log.info({}, ok ? 'fine' : reason);", 'src/app/a.ts puts the message of a log.info together'],
    ['no message', 'log.fatal(error);', 'src/app/a.ts puts the message of a log.fatal together'],
    ['the console', 'console.error(transaction);', 'src/app/a.ts calls console.error'],
    ['the output itself', 'process.stderr.write(text);', "src/app/a.ts writes to the process's output"],
  ])('%s', (_name, text, sentence) => expect(checkLogs(tree({ 'src/app/a.ts': text })).join('\n')).toContain(sentence));

  test('a text, or a choice of texts, is fine', () => {
    expect(checkLogs(tree({ 'src/app/a.ts': "log.info({ records }, last ? 'all done' : 'going on'); Math.log.info; catalog.info(1);" }))).toEqual([]);
  });
});

describe('the oracle, on trees that must fail', () => {
  const at = 'test/support/oracle/a.ts';
  test.each([
    [
      'the engine',
      { [at]: "import { wins } from '../../../src/detection/windows.ts';" },
      `The oracle's ${at} imports src/detection/windows.ts: it would agree`,
    ],
    [
      'a type of the engine',
      { [at]: "import type { W } from '../../../src/detection/windows.ts';" },
      `The oracle's ${at} imports src/detection/windows.ts: it would agree`,
    ],
    ['the decoder', { [at]: "import { d } from '../../../src/transactions/decoder.ts';" }, `The oracle's ${at} imports src/transactions/decoder.ts`],
    [
      'code of the syntax tree',
      { [at]: "import { parse } from '../../../src/typologies/ast.ts';" },
      `The oracle's ${at} imports code of src/typologies/ast.ts`,
    ],
    [
      'through a helper',
      { [at]: "import { h } from '../help.ts';", 'test/support/help.ts': "import { wins } from '../../src/detection/windows.ts';" },
      `The oracle's ${at} imports src/detection/windows.ts (through test/support/help.ts)`,
    ],
    ['no oracle', {}, 'There is no oracle under test/support/oracle'],
  ])('%s', (_name, files, sentence) => expect(checkOracle(tree(files as Record<string, string>)).join('\n')).toContain(sentence));

  test('types of the syntax tree are fine', () => {
    expect(
      checkOracle(tree({ [at]: "import type { T } from '../../../src/typologies/ast.ts'; import { type C } from '../../../src/detection/content.ts';" })),
    ).toEqual([]);
  });
});

describe('test files, on trees that must fail', () => {
  const good = { 'test/unit/a.test.ts': "test('a', () => {});" };
  test.each([
    ['in no suite', { 'test/bench/b.test.ts': "test('b', () => {});" }, 'test/bench/b.test.ts is named like a test and no suite runs it'],
    ['beside the code', { 'src/base/b.test.ts': "test('b', () => {});" }, 'src/base/b.test.ts is named like a test and no suite runs it'],
    ['in another language', { 'test/unit/b.test.js': "test('b', () => {});" }, 'test/unit/b.test.js is named like a test and no suite runs it'],
    ['another ending', { 'test/unit/b.spec.ts': "test('b', () => {});" }, 'test/unit/b.spec.ts is named like a test and no suite runs it'],
    ['in __tests__', { 'test/unit/__tests__/b.ts': "test('b', () => {});" }, 'test/unit/__tests__/b.ts is named like a test and no suite runs it'],
    ['not named as one', { 'test/unit/b.ts': "test.each([1])('b', () => {});" }, 'test/unit/b.ts declares tests and no test file imports it'],
    [
      'an unused contract',
      { 'test/support/c.ts': "export const c = () => describe('b', () => {});" },
      'test/support/c.ts declares tests and no test file imports it',
    ],
    ['empty', { 'test/unit/b.test.ts': 'export const a = 1;' }, 'test/unit/b.test.ts declares no test, and imports none.'],
  ])('%s', (_name, files, sentence) =>
    expect(checkTestFiles(tree({ ...good, ...(files as Record<string, string>) }), ['unit']).join('\n')).toContain(sentence),
  );

  test('none at all', () => expect(checkTestFiles(tree({ 'src/base/a.ts': '' }), ['unit'])).toEqual(['No file is named *.test.ts under test/unit/.']));
  test('a function of the file that is called like one of jest is fine', () => {
    expect(checkTestFiles(tree({ ...good, 'src/base/a.ts': 'const describe = (x) => x; function it() {} describe(it());' }), ['unit'])).toEqual([]);
  });
  test('a contract that a test imports is fine', () => {
    const files = {
      'test/unit/a.test.ts': "import { c } from '../support/c.ts'; describe('a', c);",
      'test/support/c.ts': "export const c = () => test('b', () => {});",
    };
    expect(checkTestFiles(tree(files), ['unit'])).toEqual([]);
  });
});

describe('needed servers, on trees that must fail', () => {
  test.each([
    [
      'an address',
      { 'test/unit/a.test.ts': "const url = process.env['REDIS_URL'];" },
      'test/unit/a.test.ts reads REDIS_URL and does not say so: it wants the line "// needs: redis".',
    ],
    [
      'through a helper',
      { 'test/unit/a.test.ts': "// needs: redis\nimport '../support/k.ts';", 'test/support/k.ts': 'export const b = process.env.KAFKA_BROKERS;' },
      'it wants the line "// needs: redis, kafka".',
    ],
    ['a process', { 'test/unit/a.test.ts': 'const k = await startKafka({ dir });' }, 'test/unit/a.test.ts starts a Kafka and does not say so'],
  ])('%s', (_name, files, sentence) => expect(checkNeeds(tree(files as Record<string, string>), ['unit'], needsOf).join('\n')).toContain(sentence));

  test('a server that nobody has', () => expect(() => needsOf('// needs: rabbit\n', 'a.test.ts')).toThrow('a.test.ts needs "rabbit"'));
});

test('a folder of one machine is named with its line', () => {
  expect(
    checkMachinePaths(tree({ 'docs/a.md': ['fine', `see ${['', 'home', 'joe'].join('/')}`].join('\n'), 'b.md': 'https://x.org/work/y and $TMP/tmp/x' })),
  ).toEqual(['docs/a.md:2 names a folder of one machine.']);
});
