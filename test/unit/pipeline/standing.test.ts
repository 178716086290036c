import type { Standing } from '../../../src/alerts/queue.ts';
import { marksOf } from '../../../src/pipeline/marks.ts';
import { checkDigests, checkLog, type LogView, rolledBack } from '../../../src/pipeline/standing.ts';
import { ratesInUse, ratesInUseOf, ratesLike } from '../../../src/pipeline/takeover.ts';
import { parseRates } from '../../../src/transactions/rates.ts';

const standing: Standing = {
  epoch: 3,
  frontier: { 't/0': 100, 't/0:first': 10, 't/0:r': 5000, 't/1': 50, 't/1:first': 0, 't/1:r': 5200 },
  wmMs: 1000,
  firstReceiptMs: 0,
  rulesDigest: 'sha256:r',
  ratesDigest: 'rates',
  skip: [],
};
const whole: LogView = {
  topic: 't',
  ends: new Map([
    [0, { low: 10, high: 120 }],
    [1, { low: 0, high: 50 }],
  ]),
  replayFrom: new Map([
    [0, 40],
    [1, 20],
  ]),
  afterGreatest: new Map([
    [0, 105],
    [1, 50],
  ]),
};
const codes = (view: LogView, acceptGap = false): string[] =>
  checkLog(standing, view, acceptGap)
    .filter((c) => !c.ok)
    .map((c) => c.code);
const withEnds = (ends: [number, { low: number; high: number }][]): LogView => ({ ...whole, ends: new Map(ends) });

describe('the log under a stored standing', () => {
  test('that goes on where it was read to is in order', () => {
    expect(codes(whole)).toEqual([]);
  });

  test.each([
    [
      'ends before the frontier',
      withEnds([
        [0, { low: 10, high: 99 }],
        [1, { low: 0, high: 50 }],
      ]),
    ],
    ['lacks a partition', withEnds([[0, { low: 10, high: 120 }]])],
    [
      'has younger records before the frontier than were ever consumed',
      {
        ...whole,
        afterGreatest: new Map([
          [0, 10],
          [1, 50],
        ]),
      },
    ],
  ])('that %s was made anew', (_, view) => {
    expect(codes(view)).toEqual(['topic-renewed']);
  });

  test('that ends exactly at the frontier is the same', () => {
    expect(
      codes(
        withEnds([
          [0, { low: 10, high: 100 }],
          [1, { low: 0, high: 50 }],
        ]),
      ),
    ).toEqual([]);
  });

  test('that has lost what the replay needs, or what was never read, is refused until the gap is accepted', () => {
    const lost = {
      ...withEnds([
        [0, { low: 60, high: 120 }],
        [1, { low: 0, high: 50 }],
      ]),
      replayFrom: new Map([
        [0, 60],
        [1, 20],
      ]),
    };
    expect(codes(lost)).toEqual(['log-lost']);
    expect(codes(lost, true)).toEqual([]);
    const unread = {
      ...withEnds([
        [0, { low: 110, high: 120 }],
        [1, { low: 0, high: 50 }],
      ]),
      replayFrom: new Map([
        [0, 110],
        [1, 20],
      ]),
    };
    expect(codes(unread)).toEqual(['log-lost']);
  });

  test('that has lost only what no replay needs is in order', () => {
    expect(
      codes(
        withEnds([
          [0, { low: 39, high: 120 }],
          [1, { low: 0, high: 50 }],
        ]),
      ),
    ).toEqual([]);
  });

  test('whose beginning was missing at the first start has lost nothing since', () => {
    expect(
      codes({
        ...whole,
        replayFrom: new Map([
          [0, 10],
          [1, 0],
        ]),
      }),
    ).toEqual([]);
  });

  test('of a first start is always in order', () => {
    const first: Standing = { epoch: 1, frontier: {}, wmMs: null, firstReceiptMs: null, rulesDigest: null, ratesDigest: null, skip: [] };
    expect(checkLog(first, whole, false).every((c) => c.ok)).toBe(true);
    expect(checkDigests(first, 'sha256:other', () => 'other', 'mt').every((c) => c.ok)).toBe(true);
  });
});

describe('rules and rates under a stored standing', () => {
  const bad = (rules: string, rates: string): { code: string; fix: string }[] => checkDigests(standing, rules, () => rates, 'mt').filter((c) => !c.ok);

  test('other ones are refused, with the command that starts afresh', () => {
    expect(bad('sha256:r', 'rates')).toEqual([]);
    expect(bad('sha256:other', 'rates').map((c) => c.code)).toEqual(['rules-changed']);
    expect(bad('sha256:r', 'other').map((c) => c.code)).toEqual(['rates-changed']);
    expect(bad('sha256:other', 'rates')[0]?.fix).toContain('MONEYTRAIL_REDIS_PREFIX=mt-2 npx moneytrail run');
  });

  test('rows may be appended for days that progress has not reached, and no others changed', () => {
    const rows = 'date,currency,perEuro\n2026-03-01,GBP,0.85\n2026-03-02,GBP,0.86\n';
    const table = (csv: string) => {
      const parsed = parseRates(csv);
      if ('problems' in parsed) throw new Error('a table of the test is broken');
      return parsed.table;
    };
    const stored = ratesInUse(table(rows), Date.UTC(2026, 2, 2, 23, 59));
    expect(stored).toMatch(/^2026-03-02 sha256:[0-9a-f]{64}$/);
    expect(ratesLike(table(`${rows}2026-03-03,GBP,0.87\n`), stored)).toBe(stored);
    expect(ratesLike(table(`${rows}2026-03-02,USD,1.1\n`), stored)).not.toBe(stored);
    expect(ratesLike(table(rows.replace('0.85', '0.84')), stored)).not.toBe(stored);
    expect(ratesLike(table(rows), 'something else')).not.toBe('something else');
  });

  test('the rows in use change with the day of receipt', () => {
    const parsed = parseRates('date,currency,perEuro\n2026-03-01,GBP,0.85\n2026-03-02,GBP,0.86\n');
    if ('problems' in parsed) throw new Error('the table of the test is broken');
    const inUse = ratesInUseOf(parsed.table);
    for (const ms of [Number.NEGATIVE_INFINITY, Date.UTC(2026, 2, 1, 23), Date.UTC(2026, 2, 2), Date.UTC(2026, 2, 2, 5), Date.UTC(2026, 2, 1)]) {
      expect(inUse(ms)).toBe(ratesInUse(parsed.table, ms));
    }
  });

  test('before the first record no row is in use', () => {
    const parsed = parseRates('date,currency,perEuro\n2026-03-01,GBP,0.85\n');
    if ('problems' in parsed) throw new Error('the table of the test is broken');
    expect(ratesInUse(parsed.table, Number.NEGATIVE_INFINITY)).toMatch(/^1970-01-01 /);
  });
});

describe('a queue that was set back', () => {
  test('shows by a frontier behind what the group committed', () => {
    const marks = marksOf(standing.frontier, 't');
    expect(
      rolledBack(
        marks,
        new Map([
          [0, 100],
          [1, 50],
        ]),
      ),
    ).toEqual([]);
    expect(
      rolledBack(
        marks,
        new Map([
          [0, 101],
          [1, 50],
        ]),
      ),
    ).toEqual([0]);
    expect(rolledBack(new Map(), new Map([[1, 1]]))).toEqual([1]);
  });
});
