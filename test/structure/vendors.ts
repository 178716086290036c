import { anatomyOf, codeUnder, packageOf, type Tree } from './tree.ts';

/** Where each package may be imported. A path ending in `.ts` is one file. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  kafkajs: ['src/pipeline/kafka'],
  'kafkajs-snappy': ['src/pipeline/kafka'],
  lz4js: ['src/pipeline/kafka'],
  fzstd: ['src/pipeline/kafka'],
  ioredis: ['src/alerts/redis'],
  yaml: ['src/typologies/parse'],
  zod: ['src/transactions', 'src/app'],
  'decimal.js': ['src/transactions'],
  'currency-codes': ['src/transactions'],
  ibantools: ['src/transactions'],
  'iso-3166': ['src/transactions'],
  pino: ['src/base/log.ts'],
  'prom-client': ['src/api'],
  'node:http': ['src/api'],
  'node:https': ['src/api'],
  'node:http2': ['src/api'],
  commander: ['src/cli'],
  'cli-table3': ['src/alerts/render'],
};

/** Each package has one home, so that it can be replaced there. */
export function checkVendors(tree: Tree): string[] {
  const breaches: string[] = [];
  const dependencies = Object.keys((JSON.parse(tree.get('package.json') ?? '{}') as { dependencies?: object }).dependencies ?? {});
  for (const path of codeUnder(tree, 'src')) {
    for (const { from } of anatomyOf(tree.get(path)!).imports) {
      if (from === null || from.startsWith('.')) continue;
      const name = packageOf(from);
      const homes = HOMES[name];
      if (homes === undefined) {
        if (!name.startsWith('node:')) breaches.push(`${path} imports ${name}, which has no home yet: give it one folder in test/structure/vendors.ts.`);
      } else if (!homes.some((home) => path === home || path.startsWith(`${home}/`))) {
        breaches.push(`${path} imports ${name}, which only ${homes.join(' and ')} may.`);
      }
      if (!name.startsWith('node:') && !dependencies.includes(name))
        breaches.push(`${path} imports ${name}, which package.json does not list under dependencies.`);
    }
  }
  return breaches;
}

/** What is shipped is used: an unused dependency is weight and risk for nothing. */
export function checkUnused(tree: Tree): string[] {
  const used = new Set(codeUnder(tree, 'src').flatMap((path) => anatomyOf(tree.get(path)!).imports.map(({ from }) => (from === null ? '' : packageOf(from)))));
  const { dependencies = {} } = JSON.parse(tree.get('package.json') ?? '{}') as { dependencies?: object };
  return Object.keys(dependencies)
    .filter((name) => !used.has(name))
    .map((name) => `package.json lists ${name} under dependencies, and no file of src/ imports it.`);
}

const IMPURE = ['Date.now', 'Math.random', 'setTimeout', 'setInterval', 'setImmediate', 'performance.now', 'fetch'];

/** Files that seed a hash table at random, so that a sender cannot choose colliding keys. It shows in no answer. */
const HASH_SEEDED = ['src/detection/identities.ts', 'src/detection/keys.ts'];

/** The engine is pure: no clock, no chance, no input or output; hashing is all that it takes from Node.js. */
export function checkPurity(tree: Tree): string[] {
  const breaches: string[] = [];
  for (const path of codeUnder(tree, 'src/detection')) {
    const { imports, calls } = anatomyOf(tree.get(path)!);
    for (const { from } of imports) if (from?.startsWith('node:') && from !== 'node:crypto') breaches.push(`${path} imports ${from}, and the engine is pure.`);
    for (const name of IMPURE)
      if (calls.has(name) && !(name === 'Math.random' && HASH_SEEDED.includes(path))) breaches.push(`${path} calls ${name}, and the engine is pure.`);
  }
  return breaches;
}
