import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { jest } from '@jest/globals';

jest.setTimeout(60_000);

const CLI = process.env['MONEYTRAIL_CLI'] ?? fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** The command line as a shell starts it: its streams closed, full, cut off, compressed. */
const dir = mkdtempSync(join(tmpdir(), 'moneytrail-streams-'));
afterAll(() => rmSync(dir, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}
interface Streams {
  readonly out?: string;
  readonly err?: string;
  readonly input?: Buffer;
  readonly env?: NodeJS.ProcessEnv;
  readonly act?: (child: ReturnType<typeof spawn>) => void | Promise<void>;
}

function run(args: readonly string[], { out, err, input, env, act }: Streams = {}): Promise<Ended> {
  const to = (path: string | undefined): number | 'pipe' => (path === undefined ? 'pipe' : openSync(path, 'w'));
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['pipe', to(out), to(err)], env: { ...process.env, ...env } });
  const said = { out: '', err: '' };
  child.stdout?.on('data', (chunk) => (said.out += chunk));
  child.stderr?.on('data', (chunk) => (said.err += chunk));
  // A command that does not read its input to the end closes it.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  void act?.(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, ...said }));
  });
}

const feed = join(dir, 'feed.jsonl');
beforeAll(async () => {
  const made = await run(['simulate', '--seed', '7', '--events', '3000', '--out', feed, '--labels', join(dir, 'truth.jsonl')]);
  expect([made.status, made.out]).toEqual([0, '']);
  expect(made.err).toContain('3,000 transactions');
});

const alertsOf = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('{"schema":"alert/1"'));
const withoutPlaces = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/"place":"[^"]*"/g, ''));

describe('a full disk', () => {
  test.each([[['screen', '#', '--json']], [['screen', '#', '--out', '/dev/null']], [['feed', 'check', '#']], [['--help']], [['demo', '--events', '1000']]])(
    'behind standard output of %j is told, with status 3',
    async (args) => {
      const { status, err } = await run(
        args.map((arg) => (arg === '#' ? feed : arg)),
        { out: '/dev/full' },
      );
      expect(err).toContain('standard output: cannot be written (there is no room left) [file-unwritable]');
      expect(status).toBe(3);
    },
  );

  test('behind a file too', async () => {
    const { status, err } = await run(['screen', feed, '--out', '/dev/full']);
    expect([status, err]).toEqual([3, 'moneytrail: /dev/full: cannot be written (there is no room left) [file-unwritable]\n']);
  });

  test('behind standard error changes neither results nor status', async () => {
    const [good, bad, wrong] = [await run(['screen', feed]), await run(['screen', feed], { err: '/dev/full' }), await run(['no-such'], { err: '/dev/full' })];
    expect(alertsOf(good.out).length).toBeGreaterThan(3);
    expect([bad.status, bad.out]).toEqual([0, good.out]);
    expect(wrong.status).toBe(2);
  });

  test('behind the log does not end a run', async () => {
    const env = { KAFKA_BROKERS: '127.0.0.1:1', REDIS_URL: 'redis://127.0.0.1:1', LOG_LEVEL: 'trace', MONEYTRAIL_STATE_DIR: dir };
    expect((await run(['run'], { err: '/dev/full', env })).status).toBe(3);
  });
});

describe('streams', () => {
  test('a file, the same through gzip and through standard input give the same alerts', async () => {
    const zipped = join(dir, 'feed.jsonl.gz');
    writeFileSync(zipped, gzipSync(readFileSync(feed)));
    const all = [
      await run(['screen', feed]),
      await run(['screen', zipped]),
      await run(['screen', '-'], { input: readFileSync(feed) }),
      await run(['screen', feed, '--out', '-']),
    ];
    const alerts = all.map(({ out }) => withoutPlaces(alertsOf(out)));
    expect(alerts[0]!.length).toBeGreaterThan(3);
    for (const other of alerts) expect(other).toEqual(alerts[0]);
  });

  test('whoever stops reading is no trouble', async () => {
    const { status, err } = await run(['screen', feed, '--json'], { act: (child) => void child.stdout!.once('data', () => child.stdout!.destroy()) });
    expect([status, err]).toEqual([0, '']);
  });

  test('nothing at all is nothing found', async () => {
    const { status, out, err } = await run(['screen', '-', '--json'], { input: Buffer.alloc(0) });
    expect([status, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ records: 0, alerts: 0, recordsPerSecond: 0 });
  });
});

describe('signals', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s while run is still starting ends it in order', async (signal) => {
    // Nobody answers, so that it cannot have started.
    const env = { KAFKA_BROKERS: '127.0.0.1:1', REDIS_URL: 'redis://127.0.0.1:1', MONEYTRAIL_STATE_DIR: dir };
    const ended = await run(['run'], {
      env,
      act: async (child) => {
        await new Promise((resolve) => child.stderr!.once('data', resolve));
        child.kill(signal);
      },
    });
    expect([ended.status, ended.signal]).toEqual([0, null]);
  });
});
