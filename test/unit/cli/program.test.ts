import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../../src/cli/program.ts';

const dir = mkdtempSync(join(tmpdir(), 'moneytrail-cli-'));
afterAll(() => rmSync(dir, { recursive: true }));

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const status = await runCli(args, { out: (text) => (out += text), err: (text) => (err += text), errIsTerminal: false });
  return { status, out, err };
}

const record = (id: string, time: string, more: object = {}): string =>
  JSON.stringify({
    schema: 'transaction/1',
    source: 'bank-a',
    id,
    time,
    kind: 'p2p',
    amount: { value: '10.00', currency: 'EUR' },
    debtor: { account: 'A' },
    creditor: { account: 'B' },
    ...more,
  });

const feed = join(dir, 'feed.jsonl');
writeFileSync(
  feed,
  [
    record('1', '2026-03-01T09:00:00Z'),
    '',
    record('1', '2026-03-01T09:00:00Z'),
    record('1', '2026-03-01T09:00:00Z', { kind: 'cheque', receivedAt: '2026-03-01T09:30:00Z' }),
    record('1', '2026-03-01T10:00:00Z'),
    record('2', '2026-02-01T10:00:00Z'),
    record('3', '2099-03-01T10:00:00Z'),
    record('4', '2026-03-01T10:00:00Z', { kind: 'gift' }),
    '{',
  ].join('\n'),
);

const link = join(dir, 'link.jsonl');
symlinkSync(feed, link);

describe('what a later version does', () => {
  test.each(['backtest', 'diff', 'explain', 'docs', 'schema', 'new', 'sweep', 'mutate'])('rules %s', async (name) => {
    const { status, err } = await run('rules', name, '--rules', 'x', 'more');
    expect(status).toBe(2);
    expect(err).toContain('not available in this version');
  });

  test.each([
    ['alerts', 'export'],
    ['demo', '--serve'],
    ['screen', feed, '--format', 'csv'],
    ['screen', feed, '--format', 'mt103'],
  ])('%s %s', async (...args) => {
    const { status, err } = await run(...args);
    expect(status).toBe(2);
    expect(err).toContain('not available in this version');
  });
});

describe('wrong use ends with 2, what cannot be reached with 3, what is not in order with 1', () => {
  test.each([
    [2, ['no-such-command'], 'unknown command'],
    [2, ['screen'], 'missing required argument'],
    [2, ['screen', feed, '--mode', 'both'], 'eager, final'],
    [2, ['screen', feed, '--lateness', '2'], '48h'],
    [2, ['screen', feed, '--as-of', 'yesterday'], '2026-03-01T09:00:00Z'],
    [2, ['screen', '-', '-'], 'can be read once only'],
    [2, ['screen', feed, '--out', feed], 'would overwrite'],
    [2, ['screen', feed, '--out', `${dir}/./feed.jsonl`], 'would overwrite'],
    [2, ['screen', feed, '--quarantine', link], '--quarantine would overwrite'],
    [2, ['screen', feed, '--out', join(dir, 'new'), '--late', join(dir, 'new')], '--out and --late go to the same place'],
    [2, ['screen', feed, '--quarantine', '-'], '--out and --quarantine go to the same place'],
    [2, ['simulate', '--seed', '1', '--events', '10', '--out', join(dir, 'new'), '--labels', join(dir, 'new')], 'go to the same place'],
    [3, ['screen', join(dir, 'none.jsonl')], 'there is no such file'],
    [3, ['screen', dir], 'is a folder'],
    [3, ['screen', feed, '--rules', join(dir, 'none')], 'cannot be read'],
    [3, ['screen', feed, '--rates', join(dir, 'none')], 'cannot be read'],
    [3, ['screen', feed, '--rules', feed], 'is a file, not a folder'],
    [3, ['rules', 'lint', '--rules', join(dir, 'none')], 'there is no such file or folder'],
    [3, ['screen', feed, '--rates', join(dir, 'none')], 'there is no such file or folder'],
    [3, ['screen', feed, '--out', join(dir, 'none', 'x')], 'cannot be written'],
    [3, ['feed', 'check', join(dir, 'none.jsonl')], 'there is no such file'],
    [3, ['rules', 'lint', '--rules', join(dir, 'none')], 'cannot be read'],
    [2, ['rules', 'test', 'no-such-typology'], 'no typology'],
    [2, ['rules', 'why-not', 'A', 'yesterday'], '2026-03-01T09:00:00Z'],
    [2, ['alerts', 'resolve', 'x'], '--as'],
  ] as const)('%i %j', async (status, args, words) => {
    const told = await run(...args);
    expect([told.status, told.out]).toEqual([status, '']);
    expect(told.err).toContain(words);
  });

  test('a feed with a record that is refused', async () => {
    const { status, out } = await run('feed', 'check', feed);
    expect(status).toBe(1);
    expect(out).toContain(`${feed}:8: refused: unknown-kind at kind`);
    expect(out).toContain(`${feed}:9: refused: not-json`);
    // What no record tells by itself.
    expect(out).toContain(`${feed}:4: refused: conflict: another record of the same source, id and time has another content`);
    expect(out).toContain(`${feed}:7: refused: in-the-future at time`);
    expect(out).toContain(`${feed}:6: late: too-late at time`);
    expect(out).toContain('8 records, 4 refused, 1 late, 1 duplicates');
    const told = out.split('\n').filter((line) => line.startsWith(feed));
    expect(told.map((line) => Number(line.slice(feed.length + 1).split(':')[0]))).toEqual([4, 6, 7, 8, 9]);
  });
});

test('nothing was overwritten or made by what was refused; devices may be named as often as one likes', async () => {
  expect(readFileSync(feed, 'utf8')).toContain('"kind":"gift"');
  expect(existsSync(join(dir, 'new'))).toBe(false);
  expect((await run('screen', feed, '--out', '/dev/null', '--quarantine', '/dev/null', '--late', '/dev/null')).status).toBe(0);
});

test('a file that is read twice holds nothing but duplicates the second time', async () => {
  const one = join(dir, 'one.jsonl');
  writeFileSync(one, `${record('1', '2026-03-01T09:00:00Z')}\n`);
  expect(JSON.parse((await run('screen', one, link, one, '--json')).out)).toMatchObject({ records: 10, applied: 2, duplicates: 3 });
});

test('a feed whose records come in another order than they were received in is in order', async () => {
  const path = join(dir, 'unordered.jsonl');
  writeFileSync(path, [record('1', '2026-03-09T09:00:00Z'), record('2', '2026-03-01T09:00:00Z'), record('1', '2026-03-09T09:00:00Z')].join('\n'));
  const { status, out } = await run('feed', 'check', path);
  expect([status, out.split('\n')[1]]).toEqual([0, expect.stringContaining('3 records, 0 refused, 1 late, 1 duplicates')]);
});

test('feed check tells all that is wrong with a record, so that one round of mending is enough', async () => {
  const path = join(dir, 'several.jsonl');
  writeFileSync(path, record('1', '2026-03-01T09:00:00Z', { kind: 'remitance', amount: { value: '10.001', currency: 'EUR' }, creditor: {}, debtor: {} }));
  const { status, out } = await run('feed', 'check', path);
  expect(status).toBe(1);
  for (const told of ['unknown-kind at kind', 'amount-scale at amount.value', 'no-party']) expect(out).toContain(`${path}:1: refused: ${told}: `);
  expect(out).toContain('1 records, 1 refused');
});

test('feed check says what is wrong with a value, not only that something is', async () => {
  const path = join(dir, 'quality.jsonl');
  writeFileSync(path, record('1', '2026-03-01T09:00:00Z', { creditor: { account: 'GB33BUKB20201555555556' } }));
  const { status, out } = await run('feed', 'check', path);
  expect(status).toBe(0);
  expect(out).toContain(`${path}:1: data quality: iban-checksum at creditor.account: the account looks like an IBAN, and its check digits are wrong`);
});

test('the quarantine holds what docs/transaction.md says: the beginning of what is too large, a mark that nobody sees, no source where there is none', async () => {
  const [odd, quarantine] = [join(dir, 'odd.jsonl'), join(dir, 'odd-quarantine.jsonl')];
  writeFileSync(odd, `\ufeff${record('1', '2026-03-01T09:00:00Z')}\r\n${record('2', '2026-03-01T09:00:00Z', { more: 'x'.repeat(300_000) })}\n`);
  await run('screen', odd, '--quarantine', quarantine, '--out', join(dir, 'alerts.jsonl'));
  const told = readFileSync(quarantine, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string | null>);
  expect(told.map(({ original, reason: _, ...rest }) => ({ ...rest, bytes: Buffer.from(original ?? '', 'base64').length }))).toEqual([
    { code: 'not-json', field: '', place: `${odd}:1`, source: 'bank-a', bytes: Buffer.byteLength(`\ufeff${record('1', '2026-03-01T09:00:00Z')}`) },
    { code: 'too-large', field: '', place: `${odd}:2`, source: null, bytes: 262_145 },
  ]);
});

describe('the summary of screen', () => {
  const expected = { schema: 'screen-summary/1', records: 8, applied: 2, rejected: 3, duplicates: 1, conflicts: 1, late: 1, idReused: 1, alerts: 0 };

  test('adds up, and goes to standard output as JSON wherever the alerts go', async () => {
    for (const more of [[], ['--out', join(dir, 'alerts.jsonl')]]) {
      const { status, out, err } = await run('screen', feed, '--json', ...more);
      expect([status, err]).toEqual([0, '']);
      expect(JSON.parse(out)).toMatchObject(expected);
    }
  });

  test('counts the set: the same records in another order give the same counts, whichever content stands', async () => {
    const received = { receivedAt: '2026-03-01T09:00:01Z' };
    const one = record('1', '2026-03-01T09:00:00Z', received);
    const other = record('1', '2026-03-01T09:00:00Z', { ...received, purpose: 'FAMI' });
    const counted = async (lines: readonly string[]): Promise<unknown> => {
      const path = join(dir, 'orders.jsonl');
      writeFileSync(path, lines.join('\n'));
      const { applied, duplicates, conflicts } = JSON.parse((await run('screen', path, '--json')).out) as Record<string, number>;
      return { applied, duplicates, conflicts };
    };
    const answers: unknown[] = [];
    for (const lines of [
      [one, one, other],
      [other, one, one],
      [one, other, one],
    ])
      answers.push(await counted(lines));
    expect(new Set(answers.map((a) => JSON.stringify(a))).size).toBe(1);
    expect(answers[0]).toMatchObject({ applied: 1 });
  });

  test('in words it leaves standard output to the alerts, unless they go to a file', async () => {
    const bare = await run('screen', feed);
    expect(bare.out).toBe('');
    expect(bare.err).toContain('applied 2 · rejected 3 · duplicates 1 · conflicts 1 · late 1');
    expect(bare.err).toContain('(id-reused): 1');
    expect((await run('screen', feed, '--out', join(dir, 'alerts.jsonl'))).out).toContain('8 records');
  });

  test('what was refused, lost or came too late lies in its file with place, code and bytes', async () => {
    const [quarantine, late] = [join(dir, 'quarantine.jsonl'), join(dir, 'late.jsonl')];
    await run('screen', feed, '--quarantine', quarantine, '--late', late, '--out', join(dir, 'alerts.jsonl'));
    const lines = (path: string): { code: string; place: string; original: string }[] =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { code: string; place: string; original: string });
    const told = lines(quarantine).sort((a, b) => (a.place < b.place ? -1 : 1));
    expect(told.map(({ place, code }) => `${place.slice(feed.length)} ${code}`)).toEqual([':4 conflict', ':7 in-the-future', ':8 unknown-kind', ':9 not-json']);
    const source = readFileSync(feed, 'utf8').split('\n');
    for (const { place, original } of [...told, ...lines(late)]) {
      expect(Buffer.from(original, 'base64').toString()).toBe(source[Number(place.slice(feed.length + 1)) - 1]);
    }
    expect(lines(late).map((l) => l.code)).toEqual(['too-late']);
  });
});
