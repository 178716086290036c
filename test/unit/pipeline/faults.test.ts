import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatingError } from '../../../src/base/errors.ts';
import { FaultFile } from '../../../src/pipeline/faults.ts';

describe('what a dying process leaves for the next', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'moneytrail-faults-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const next = (): FaultFile => new FaultFile(dir);

  test('nothing, at first', () => {
    expect(next().isEmpty).toBe(true);
    expect(next().poisoned).toEqual([]);
  });

  test('one death at a record is not enough to skip it; the second is', () => {
    next().blame('t/0/5', 0, 5);
    expect(next().poisoned).toEqual([]);
    next().blame('t/0/6', 0, 6);
    expect(next().poisoned).toEqual([]);
    next().blame('t/0/5', 0, 5);
    expect(next().poisoned).toEqual(['t/0/5']);
  });

  test('a batch of which the record is unknown makes suspects, and the one that is blamed among them died twice', () => {
    next().suspect(
      new Map([
        [0, [5, 9]],
        [3, [1, 2]],
      ]),
    );
    const second = next();
    expect([4, 5, 8, 9].map((offset) => second.isSuspect(0, offset))).toEqual([false, true, true, false]);
    expect(second.isSuspect(1, 5)).toBe(false);
    second.blame('t/0/7', 0, 7);
    expect(next().poisoned).toEqual(['t/0/7']);
    expect(next().isSuspect(0, 7)).toBe(false);
  });

  test('a record that was blamed once is asked about alone the next time', () => {
    next().blame('t/0/5', 0, 5);
    expect(next().isSuspect(0, 5)).toBe(true);
    expect(next().isSuspect(0, 6)).toBe(false);
  });

  test('what the frontier passed is forgotten, suspects only when all of a partition are behind', () => {
    for (let i = 0; i < 2; i++) next().blame('a/t/0/5', 0, 5);
    next().suspect(
      new Map([
        [0, [5, 9]],
        [1, [1, 3]],
      ]),
    );
    expect(
      next().passed(
        new Map([
          [0, 5],
          [1, 2],
        ]),
      ),
    ).toEqual([]);
    expect(
      next().passed(
        new Map([
          [0, 6],
          [1, 3],
        ]),
      ),
    ).toEqual(['a/t/0/5']);
    expect(next().poisoned).toEqual([]);
    expect(next().isSuspect(0, 8)).toBe(true);
    expect(next().isSuspect(1, 1)).toBe(false);
    expect(next().passed(new Map([[0, 9]]))).toEqual([]);
    expect(next().isEmpty).toBe(true);
  });

  test('a place named like a property of objects is a place like any other', () => {
    expect(next().isSuspect(0, 0)).toBe(false);
    next().blame('__proto__', 0, 1);
    expect(next().poisoned).toEqual([]);
  });

  test('a folder that does not exist is made; one that cannot be is an operating error, and so is a broken file', () => {
    const deep = new FaultFile(join(dir, 'a/b'));
    deep.blame('t/0/1', 0, 1);
    expect(new FaultFile(join(dir, 'a/b')).isEmpty).toBe(false);
    writeFileSync(join(dir, 'plain'), '');
    expect(() => new FaultFile(join(dir, 'plain')).blame('t/0/1', 0, 1)).toThrow(OperatingError);
    writeFileSync(join(dir, 'faults.json'), '{');
    expect(() => next()).toThrow(expect.objectContaining({ code: 'state-dir-unreadable' }));
  });
});
