import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { bytesOf, Progress } from '../../../src/cli/progress.ts';

describe('progress', () => {
  let nowMs = 0;
  beforeEach(() => {
    nowMs = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
  });
  afterEach(() => jest.restoreAllMocks());

  function shown(errIsTerminal: boolean, steps: readonly (readonly [number, number | null])[]): string {
    let err = '';
    const progress = new Progress({ out: () => undefined, err: (text) => void (err += text), errIsTerminal });
    for (const [atMs, share] of steps) {
      nowMs = atMs;
      progress.show(
        () => `at ${atMs}`,
        () => share,
      );
    }
    progress.done();
    return err;
  }

  test('is a bar on a terminal, from the second second on, some times a second, and goes when work is done', () => {
    const steps = [
      [500, 0.1],
      [1000, 0.25],
      [1100, 0.3],
      [1200, 1.4],
    ] as const;
    expect(shown(true, steps)).toBe(`\r[######..................]  25 % at 1000\r[########################] 100 % at 1200\r${' '.repeat(40)}\r`);
  });

  test('is a count where nobody knows how much there is', () => {
    expect(shown(true, [[2000, null]])).toBe(`\rat 2000\r${' '.repeat(7)}\r`);
  });

  test('is nothing elsewhere, and for work of less than a second', () => {
    expect(shown(false, [[2000, 0.5]])).toBe('');
    expect(shown(true, [[999, 0.5]])).toBe('');
  });
});

test('the size of files is known, that of anything else is not', () => {
  const dir = mkdtempSync(join(tmpdir(), 'moneytrail-progress-'));
  try {
    const path = join(dir, 'a');
    writeFileSync(path, '1234567');
    expect(bytesOf([path, path])).toBe(14);
    for (const other of ['-', '/dev/null', join(dir, 'none'), dir]) expect(bytesOf([path, other])).toBeNull();
  } finally {
    rmSync(dir, { recursive: true });
  }
});
