import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { OperatingError } from '../../../src/base/errors.ts';
import { loadRules } from '../../../src/typologies/load.ts';
import { readFixture } from './fixtures.ts';

const MINIMAL = readFixture('minimal.good.yaml');
const LIST = 'list: hubs\nsource: s\nowner: o\nreviewed: 2026-03-01\nvalues: [TR, LY]\n';
const folders: string[] = [];

/** A rules folder with these files; a text of null is a folder. */
function folderOf(files: Record<string, string | Uint8Array | null>): string {
  const dir = mkdtempSync(join(tmpdir(), 'rules-'));
  folders.push(dir);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(text === null ? join(dir, path) : dirname(join(dir, path)), { recursive: true });
    if (text !== null) writeFileSync(join(dir, path), text);
  }
  return dir;
}

afterAll(() => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

const found = (dir: string): string[] => loadRules(dir).diagnostics.map((d) => `${relative(dir, d.path)}:${d.line}:${d.column} ${d.code}`);
const typology = (id: string, phase = 'network', rest = ''): string => MINIMAL.replace('minimal', id).replace('network', phase) + rest;

test('a folder of rules', () => {
  const dir = folderOf({
    'network/b.yaml': typology('b'),
    'network/b.test.yaml': 'not for us: [',
    'layering/a.yaml': typology('a', 'layering', 'where: creditor.country in lists.hubs\n'),
    'lists/hubs.yaml': LIST,
    'rates/x.csv': 'date,currency,perEuro\n',
    'tariffs/t.yaml': 'anything',
    'README.md': '# words',
    'network/notes.txt': 'words',
    '.git/config.yaml': 'x',
    'network/.b.yaml.swp': 'x',
  });
  const { ruleSet, diagnostics, files } = loadRules(dir);
  expect(diagnostics).toEqual([]);
  expect(files).toBe(2);
  expect(ruleSet!.typologies.map((t) => t.id)).toEqual(['a', 'b']);
  expect(ruleSet!.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test('the digest is of what the typologies say and read, and of nothing else', () => {
  const files = { 'network/b.yaml': typology('b', 'network', 'where: creditor.country in lists.hubs\n'), 'lists/hubs.yaml': LIST };
  const digest = (changes: Record<string, string>): string => loadRules(folderOf({ ...files, ...changes })).ruleSet!.digest;
  const before = digest({});
  expect(digest({})).toBe(before);
  expect(digest({ 'network/b.yaml': `# words\n${files['network/b.yaml']}` })).toBe(before);
  expect(digest({ 'lists/more.yaml': LIST.replace('hubs', 'more') })).toBe(before);
  expect(digest({ 'network/b.test.yaml': 'tests: []\n' })).toBe(before);
  expect(digest({ 'lists/hubs.yaml': LIST.replace('LY', 'SD') })).not.toBe(before);
  expect(digest({ 'network/c.yaml': typology('c') })).not.toBe(before);
});

test('one error leaves no rule set, a warning does', () => {
  const unused = 'params: { p: { type: count, default: 1, reason: r, basis: E } }\n';
  expect(loadRules(folderOf({ 'network/b.yaml': typology('b', 'network', unused) })).ruleSet).not.toBeNull();
  const { ruleSet, diagnostics, files } = loadRules(folderOf({ 'network/b.yaml': typology('b'), 'network/c.yaml': 'typology: c\n' }));
  expect(ruleSet).toBeNull();
  expect(diagnostics.length).toBeGreaterThan(3);
  expect(files).toBe(2);
});

describe('what is wrong with files and folders', () => {
  test.each<[string, Record<string, string | Uint8Array | null>, string[]]>([
    ['nothing at all', {}, [':1:1 folder-empty']],
    ['only lists', { 'lists/hubs.yaml': LIST }, [':1:1 folder-empty']],
    ['no such phase', { 'network/b.yaml': typology('b'), 'layring/a.yaml': typology('a', 'layering') }, ['layring:1:1 folder-unknown']],
    ['at the top', { 'network/b.yaml': typology('b'), 'a.yaml': typology('a') }, ['a.yaml:1:1 file-misplaced']],
    ['too deep', { 'network/b.yaml': typology('b'), 'network/more/a.yaml': typology('a') }, ['network/more:1:1 file-misplaced']],
    [
      'another ending',
      { 'network/b.yaml': typology('b'), 'network/a.yml': typology('a'), 'network/A.YAML': '' },
      ['network/A.YAML:1:1 file-misplaced', 'network/a.yml:1:1 file-misplaced'],
    ],
    ['a folder in place of a file', { 'network/b.yaml': typology('b'), 'network/a.yaml': null }, ['network/a.yaml:1:1 file-unreadable']],
    ['too large', { 'network/b.yaml': typology('b'), 'network/a.yaml': `# ${'é'.repeat(128 * 1024)}` }, ['network/a.yaml:1:1 file-too-large']],
    ['not UTF-8', { 'network/b.yaml': typology('b'), 'network/a.yaml': Uint8Array.of(0x61, 0xff) }, ['network/a.yaml:1:1 file-not-utf8']],
    ['another name', { 'network/a.yaml': typology('b') }, ['network/a.yaml:1:11 file-name']],
    ['a list of another name', { 'network/b.yaml': typology('b'), 'lists/a.yaml': LIST }, ['lists/a.yaml:1:7 file-name']],
    ['another phase', { 'layering/b.yaml': typology('b') }, ['layering/b.yaml:4:8 file-phase']],
    ['twice', { 'network/b.yaml': typology('b'), 'layering/b.yaml': typology('b', 'layering') }, ['network/b.yaml:1:11 typology-duplicate']],
    [
      'a broken list tells its readers nothing',
      { 'network/b.yaml': typology('b', 'network', 'where: creditor.country in lists.hubs\n'), 'lists/hubs.yaml': LIST.replace('owner: o\n', '') },
      ['lists/hubs.yaml:1:1 key-missing'],
    ],
    [
      'a broken typology is still one of its name',
      { 'network/b.yaml': typology('b').replace('1h', '1x'), 'layering/b.yaml': typology('b', 'network') },
      ['layering/b.yaml:4:8 file-phase', 'network/b.yaml:1:11 typology-duplicate', 'network/b.yaml:10:46 value-form'],
    ],
  ])('%s', (_, files, wanted) => {
    const dir = folderOf(files);
    expect(found(dir)).toEqual(wanted);
    expect(loadRules(dir).ruleSet).toBeNull();
  });

  test('a file that may not be read', () => {
    const dir = folderOf({ 'network/b.yaml': typology('b'), 'network/a.yaml': typology('a') });
    chmodSync(join(dir, 'network/a.yaml'), 0);
    // Root may read everything.
    const readable = (() => {
      try {
        return readFileSync(join(dir, 'network/a.yaml')).length > 0;
      } catch {
        return false;
      }
    })();
    expect(found(dir)).toEqual(readable ? [] : ['network/a.yaml:1:1 file-unreadable']);
  });

  test('links that lead out of the folder, or nowhere', () => {
    const outside = folderOf({ 'network/c.yaml': typology('c'), 'secret.yaml': typology('s') });
    const dir = folderOf({ 'network/b.yaml': typology('b'), '..data/d.yaml': typology('d') });
    symlinkSync(join(outside, 'secret.yaml'), join(dir, 'network/s.yaml'));
    symlinkSync(join(outside, 'network'), join(dir, 'layering'));
    symlinkSync('nowhere.yaml', join(dir, 'network/n.yaml'));
    // As Kubernetes mounts a folder of files.
    symlinkSync('../..data/d.yaml', join(dir, 'network/d.yaml'));
    expect(found(dir)).toEqual(['layering:1:1 file-link', 'network/n.yaml:1:1 file-link', 'network/s.yaml:1:1 file-link']);
  });

  test('a folder that is not there is an operating failure', () => {
    const dir = folderOf({ 'file.yaml': MINIMAL });
    for (const path of [join(dir, 'nothing'), join(dir, 'file.yaml')]) {
      const failure = ((): unknown => {
        try {
          return loadRules(path);
        } catch (error) {
          return error;
        }
      })();
      expect(failure).toBeInstanceOf(OperatingError);
      expect(failure).toMatchObject({ code: 'rules-unreadable', retryable: false });
    }
  });
});

test('a window is held to what histories are kept for', () => {
  const dir = folderOf({ 'network/b.yaml': typology('b').replace('amount >= 900 EUR', 'count() over 30d > 3') });
  expect(loadRules(dir, { retentionMsMax: 30 * 86_400_000 }).diagnostics).toEqual([]);
  expect(loadRules(dir, { retentionMsMax: 29 * 86_400_000 }).diagnostics.map((d) => d.code)).toEqual(['window-range']);
});
