import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../../../src/alerts/redis/scripts/', import.meta.url);
const SCRIPTS = readdirSync(FOLDER).filter((file) => file !== 'common.ts');

/** What is missing in the text of a script. */
function faultsOf(text: string): string[] {
  const faults = ['Purpose', 'Guarantee', 'KEYS', 'ARGV', 'RETURNS']
    .filter((part) => !new RegExp(`^-- ${part}: +\\S`, 'm').test(text))
    .map((part) => `no ${part}`);
  // Every key comes in by KEYS, or a Redis Cluster would not know where the script runs.
  const lua = text.replace(/--.*$/gm, '');
  for (const [, key] of lua.matchAll(/redis\.call\('[A-Z]+',\s*(.)/g)) if (!/[A-Z]/.test(key!)) faults.push('a key that is not a name of KEYS');
  return faults;
}

test('there are scripts', () => {
  expect(SCRIPTS).toHaveLength(12);
});

test.each(SCRIPTS)('%s says purpose, guarantee, KEYS, ARGV and returns, and touches declared keys alone', (file) => {
  expect(faultsOf(readFileSync(new URL(file, FOLDER), 'utf8'))).toEqual([]);
});

test('a script without its header, or with a key of its own, is found', () => {
  expect(faultsOf("-- Purpose: x\nredis.call('GET', 'mine')")).toEqual([
    'no Guarantee',
    'no KEYS',
    'no ARGV',
    'no RETURNS',
    'a key that is not a name of KEYS',
  ]);
});
