import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jest } from '@jest/globals';

jest.setTimeout(240_000);

const root = fileURLToPath(new URL('../..', import.meta.url));
const CLI = process.env['MONEYTRAIL_CLI'] ?? join(root, 'dist/cli/main.js');
const PAGES = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) => name.endsWith('.md'));
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** The lines of a page's ```sh blocks, without comments. */
const shellLines = (text: string): string[] =>
  [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) =>
    block!
      .split('\n')
      .map((line) => line.replace(/\s+#\s.*$/, '').trim())
      .filter((line) => line !== ''),
  );

/** Of each `npx moneytrail …` its words, quotes taken away. */
const commandsOf = (page: string): string[][] =>
  shellLines(read(page)).flatMap((line) => {
    const [, words] = /^(?:[A-Z_]+=\S+ )*npx moneytrail (.*)$/.exec(line) ?? [];
    return words === undefined ? [] : [[...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!)];
  });

const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
const isKnownScript = (line: string): boolean => [...line.matchAll(/npm (?:run )?([a-z]+)/g)].every(([, name]) => ['ci', ...scripts].includes(name!));

describe('the commands that the documentation shows', () => {
  const dir = mkdtempSync(join(tmpdir(), 'moneytrail-docs-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const env = { ...process.env, KAFKA_BROKERS: '127.0.0.1:1', REDIS_URL: 'redis://127.0.0.1:1' };
  const run = (words: readonly string[]): Promise<{ status: number; said: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [CLI, ...words], { cwd: dir, env, maxBuffer: 1 << 26 }, (error, out, err) => {
        resolve({ status: error === null ? 0 : (error.code as number), said: out + err });
      });
    });
  const NEED_SERVERS = new Set(['run', 'topics', 'alerts', 'doctor']);
  const pages = PAGES.flatMap((page) => commandsOf(page).map((words) => [page, words] as const));

  test('are many', () => {
    expect(pages.length).toBeGreaterThan(12);
    expect(new Set(pages.map(([, words]) => words[0]))).toEqual(new Set(['simulate', 'screen', 'feed', 'rules', 'topics', 'doctor', 'run', 'alerts']));
  });

  const local = pages.filter(([, words]) => !NEED_SERVERS.has(words[0]!));
  const remote = pages.filter(([, words]) => NEED_SERVERS.has(words[0]!));

  test('do what they are shown for', async () => {
    // In order, since one reads what another has written. Fewer transactions do as well here.
    for (const [page, words] of local) {
      const { status, said } = await run(words.map((word) => (word === '100000' ? '2000' : word)));
      // A reader puts an account of the feed in the place of that word.
      const placeholder = words.includes('ACCOUNT');
      expect({ page, words, said, status }).toEqual({ page, words, said, status: placeholder ? 2 : 0 });
      if (placeholder) expect(said).toMatch(/"ACCOUNT" has no transaction/);
    }
  });

  test('where they need servers, say that there are none, and not that they were used wrongly', async () => {
    const told = await Promise.all(remote.map(([, words]) => run(words)));
    expect(told.map(({ status }, i) => [...remote[i]![1], status])).toEqual(remote.map(([, words]) => [...words, words[0] === 'doctor' ? 1 : 3]));
  });

  test('one with a slip is seen', async () => {
    expect(await run(['alerts', 'list', '--for', 'ann'])).toMatchObject({ status: 2, said: expect.stringContaining('unknown option') });
  });

  test('scripts of npm are there', () => {
    const lines = PAGES.flatMap((page) => [...shellLines(read(page)), ...[...read(page).matchAll(/`(npm [^`]*)`/g)].map(([, line]) => line!)]);
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect([line, isKnownScript(line)]).toEqual([line, true]);
    expect(isKnownScript('npm run demos')).toBe(false);
  });
});

describe('links between pages', () => {
  /** As GitHub makes the anchor of a heading. */
  const anchorsOf = (text: string): string[] =>
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, head]) =>
      head!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replace(/ /g, '-'),
    );
  const isGood = (page: string, link: string): boolean => {
    const [path, anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path!);
    if (!existsSync(join(root, target))) return false;
    return anchor === undefined || anchorsOf(read(target)).includes(anchor);
  };

  test('lead somewhere', () => {
    const links = PAGES.flatMap((page) => [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => [page, link!] as const));
    const inside = links.filter(([, link]) => !/^https?:/.test(link));
    expect(inside.length).toBeGreaterThan(15);
    for (const [page, link] of inside) expect([page, link, isGood(page, link)]).toEqual([page, link, true]);
    expect(isGood('README.md', 'docs/alert.md#no-such-part')).toBe(false);
    expect(isGood('README.md', 'docs/none.md')).toBe(false);
  });
});
