import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../../src/cli/program.ts';
import { anatomyOf, readTree, resolveIn } from '../../structure/tree.ts';
import { RULE } from '../authoring/support.ts';

const dir = mkdtempSync(join(tmpdir(), 'moneytrail-rules-'));
afterAll(() => rmSync(dir, { recursive: true }));

const rule = join(dir, 'layering', 'rapid-pass-through.yaml');
const tests = join(dir, 'layering', 'rapid-pass-through.test.yaml');
mkdirSync(join(dir, 'layering'));

const SOUND = `tests:
  - name: three payers
    events: |
      2026-03-01T09:00Z  A -> M  4000 EUR
      +1h  B -> M  4000 EUR
      +1h  C -> M  4000 EUR  ! quiet
      +1h  M -> X  9600 EUR  ! fires subject=M score=60
  - name: two payers
    events: |
      2026-03-01T09:00Z  A -> M  9000 EUR
      +1h  B -> M  9000 EUR
      +1h  M -> X  18000 EUR  ! fires
`;

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  writeFileSync(rule, RULE);
  writeFileSync(tests, SOUND);
  return runAsIs(...args);
}

async function runAsIs(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const status = await runCli(['rules', ...args, '--rules', dir], { out: (text) => (out += text), err: (text) => (err += text), errIsTerminal: false });
  return { status, out, err };
}

const lines = (out: string): Record<string, unknown>[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('rules test', () => {
  test('in words: each test, what was expected and what came, and the value of each let', async () => {
    const { status, out, err } = await run('test');
    expect([status, err]).toEqual([1, '']);
    expect(out).toContain('  ok   three payers\n  FAIL two payers\n');
    expect(out).toContain(`${tests}:12: expected fires\n         but quiet\n`);
    expect(out).toContain('No: payers >= params.min_payers is 2, asked is >= 3, so 1 too little.');
    expect(out).toContain('             inflow = 18000.00 EUR\n             payers = 2\n             moved = 18000.00 EUR\n');
    expect(out).toContain('1 of 2 tests of 1 typologies passed, 1 failed.\n');
  });

  test('as JSON: one result a line, on standard output alone', async () => {
    const { status, out, err } = await run('test', '--json');
    expect([status, err]).toEqual([1, '']);
    expect(lines(out)).toEqual([
      { typology: 'rapid-pass-through', name: 'three payers', path: tests, line: 2, passed: true, failures: [], brokenLaws: [] },
      expect.objectContaining({
        name: 'two payers',
        passed: false,
        failures: [expect.objectContaining({ line: 12, expected: 'fires', actual: 'quiet', inspections: expect.arrayContaining([expect.anything()]) })],
      }),
    ]);
  });

  test('as JSON: findings on tests and on rules, as lint has them', async () => {
    writeFileSync(rule, RULE);
    writeFileSync(tests, SOUND.replace('4000 EUR\n      +1h  B', '4000 EURO\n      +1h  B'));
    const broken = await runAsIs('test', '--json');
    expect([broken.status, broken.err]).toEqual([1, '']);
    expect(lines(broken.out)[0]).toMatchObject({ path: tests, line: 4, column: 39, code: 'test-currency', severity: 'error', hint: 'Did you mean EUR?' });
    writeFileSync(rule, RULE.replace('outgoing and', 'outgoing adn'));
    const unread = await runAsIs('test', '--json');
    expect([unread.status, unread.err]).toEqual([1, '']);
    expect(lines(unread.out)).toEqual(lines((await runAsIs('lint', '--json')).out));
    expect(lines(unread.out)).toMatchObject([{ path: rule, code: 'expression-syntax' }]);
  });
});

describe('rules lint', () => {
  test('says each finding with place, caret and advice, and how many there are', async () => {
    writeFileSync(rule, RULE.replace('phase: layering', 'phase: layring').replace('payers >=', 'payer >='));
    rmSync(tests, { force: true });
    const { status, out, err } = await runAsIs('lint');
    expect([status, err]).toEqual([1, '']);
    expect(out).toBe(
      [
        `${rule}:4:8: value-choice: phase cannot be layring.`,
        '    4 | phase: layring',
        '      |        ^~~~~~~',
        '        Did you mean layering?',
        `${rule}:16:20: name-unknown: There is no field or let payer.`,
        '   16 | when: outgoing and payer >= params.min_payers and inflow >= 10000 EUR and moved >= 0.8 * inflow',
        '      |                    ^~~~~',
        '        Did you mean payers?',
        '1 typology files: 2 errors, 0 warnings\n',
      ].join('\n'),
    );
  });

  test('nothing but the folder’s own plain files is opened, and nothing of others shown', async () => {
    writeFileSync(rule, RULE);
    rmSync(tests, { force: true });
    const secret = join(dir, '..', 'moneytrail-secret.txt');
    const [link, pipe, odd] = ['link.yaml', 'pipe.yaml', 'odd\n\u001b[31m.yaml'].map((name) => join(dir, 'layering', name)) as [string, string, string];
    writeFileSync(secret, 'a secret\n');
    symlinkSync(secret, link);
    symlinkSync(secret, tests);
    execFileSync('mkfifo', [pipe]);
    writeFileSync(odd, 'x');
    const { status, out } = await runAsIs('lint');
    for (const path of [link, pipe, odd, tests, secret]) rmSync(path);
    expect(status).toBe(1);
    expect(out).not.toContain('secret');
    expect(out).not.toContain('\u001b');
    expect(out.match(/^\S.*?: [a-z-]+: /gm)?.map((line) => line.split(': ')[1])).toEqual(['file-link', 'value-type', 'file-unreadable', 'test-unreadable']);
  });

  test('the tests of a sound typology are checked, whatever is wrong with another', async () => {
    writeFileSync(rule, RULE);
    writeFileSync(tests, SOUND.replace('! quiet', '! silent'));
    const other = join(dir, 'layering', 'other.yaml');
    writeFileSync(other, RULE.replace('rapid-pass-through', 'other').replace('outgoing and', 'outging and'));
    const { status, out } = await runAsIs('lint', '--json');
    rmSync(other);
    expect(status).toBe(1);
    expect(lines(out).map((d) => [d['path'], d['line'], d['code']])).toEqual([
      [other, 16, 'name-unknown'],
      [tests, 6, 'test-expectation'],
    ]);
  });

  test('a byte order mark and the line ends of Windows change no place', async () => {
    writeFileSync(rule, `\ufeff${RULE.replace('typology: rapid', 'typologi: rapid').replaceAll('\n', '\r\n')}`);
    writeFileSync(tests, SOUND);
    const { out } = await runAsIs('lint');
    expect(out).toBe(
      `${rule}:1:1: key-unknown: There is no key typologi here.\n    1 | typologi: rapid-pass-through\n      | ^~~~~~~~\n        Did you mean typology?\n1 typology files: 1 errors, 0 warnings\n`,
    );
  });

  test('the folder can stand behind the command, too', async () => {
    writeFileSync(rule, RULE);
    writeFileSync(tests, SOUND);
    let out = '';
    expect(await runCli(['rules', 'lint', dir], { out: (text) => (out += text), err: () => undefined, errIsTerminal: false })).toBe(0);
    expect(out).toBe('1 typology files: 0 errors, 0 warnings\n');
  });

  test('warnings alone are in order', async () => {
    writeFileSync(rule, RULE);
    rmSync(tests, { force: true });
    const { status, out } = await runAsIs('lint', '--json');
    expect(status).toBe(0);
    expect(lines(out)).toMatchObject([{ code: 'test-missing', severity: 'warning', line: 1, column: 1 }]);
  });
});

describe('rules why-not', () => {
  test('in words and as JSON, of a file or of the tests', async () => {
    const words = await run('why-not', 'M', '2026-03-02T00:00Z');
    expect([words.status, words.err]).toEqual([0, '']);
    expect(words.out).toContain(
      `${tests}:8: two payers\n  rapid-pass-through at M, 2026-03-01T11:00:00Z (test:line12): clear\n    No: payers >= params.min_payers`,
    );
    const { status, out, err } = await run('why-not', 'M', '2026-03-02T00:00Z', '--json');
    expect([status, err]).toEqual([0, '']);
    expect(lines(out)).toMatchObject([
      { from: `${tests}:2: three payers`, typology: 'rapid-pass-through', verdict: 'fired', anchor: { id: 'line7' } },
      { from: `${tests}:8: two payers`, verdict: 'clear', seen: true, where: [], causes: [], score: 60, alertAt: 60 },
    ]);
  });

  test('a key without a transaction, and a typology that is not there', async () => {
    expect(await run('why-not', 'Z', '2026-03-02T00:00Z')).toMatchObject({ status: 2, out: '', err: expect.stringContaining('"Z" has no transaction') });
    expect(await run('why-not', 'M', '2026-03-02T00:00Z', '--typology', 'rapid')).toMatchObject({ status: 2, err: expect.stringContaining('"rapid"') });
    expect(await run('test', 'rapid-pas-through')).toMatchObject({ status: 2, out: '', err: expect.stringContaining('did you mean rapid-pass-through?') });
  });
});

test('the author’s tools load nothing that speaks with a server', () => {
  const tree = readTree(fileURLToPath(new URL('../../..', import.meta.url)));
  const reached = new Set(['src/cli/main.ts']);
  const loadedLater = new Set<string>();
  const follow = (path: string): void => {
    for (const { from, typeOnly } of anatomyOf(tree.get(path)!).imports) {
      const target = from === null || typeOnly ? null : resolveIn(path, from);
      if (target === null || !tree.has(target) || reached.has(target)) continue;
      // What the first word of the command line did not ask for.
      if (path === 'src/cli/program.ts' && target.startsWith('src/cli/commands/') && target !== 'src/cli/commands/rules.ts') {
        loadedLater.add(target);
        continue;
      }
      reached.add(target);
      follow(target);
    }
  };
  follow('src/cli/main.ts');
  expect(loadedLater.size).toBeGreaterThan(5);
  expect([...reached]).toContain('src/authoring/runTests.ts');
  expect([...reached].filter((path) => /^src\/(alerts|api|pipeline\/kafka)\//.test(path))).toEqual([]);
});
