import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAWS } from '../../../src/authoring/laws.ts';
import { byReceipt, firstReceipt, play } from '../../../src/authoring/playing.ts';
import { renderTestRun } from '../../../src/authoring/renderTests.ts';
import { checkTests, runTest, runTests } from '../../../src/authoring/runTests.ts';
import { parseTests } from '../../../src/authoring/testFile.ts';
import { OperatingError } from '../../../src/base/errors.ts';
import { parseRates } from '../../../src/transactions/rates.ts';
import { loadRules } from '../../../src/typologies/load.ts';
import { compiled, FIRES, file, PAIR_RULE, RULE } from './support.ts';

const read = parseRates('date,currency,perEuro\n2026-02-28,USD,1.10\n2026-03-01,USD,1.10\n');
if ('problems' in read) throw new Error('the rates of the test are not sound');
const rates = read.table;
const typology = compiled();
const result = (rule: string, ...lines: string[]) => {
  const of = compiled(rule);
  const { tests, diagnostics } = parseTests(file(...lines), 'x.test.yaml', of);
  expect(diagnostics).toEqual([]);
  return runTest(tests[0]!, of, 'x.test.yaml', { rates });
};
const actual = (...lines: string[]) => result(RULE, ...lines).failures.map((f) => [f.line, f.actual]);

describe('a test of an author', () => {
  test('passes where it is as expected, and its laws hold', () => {
    expect(result(RULE, ...FIRES)).toMatchObject({ failures: [], brokenLaws: [], passed: true });
  });

  const upTo = FIRES.slice(0, 3);
  test('an expectation that fails says what came instead, with the whole verdict', () => {
    const { failures, passed } = result(RULE, ...upTo, '2026-03-01T20:00Z  M -> X  11000 EUR  ! quiet');
    expect(passed).toBe(false);
    expect(failures).toMatchObject([{ line: 7, expected: 'quiet', actual: 'fires subject=M score=60' }]);
    expect(failures[0]!.inspections[0]!.lets).toEqual([
      { name: 'inflow', value: '12000.00 EUR' },
      { name: 'payers', value: 3 },
      { name: 'moved', value: '11000.00 EUR' },
    ]);
    expect(actual('2026-03-01T09:00Z A -> M 5 EUR ! fires')).toEqual([[4, 'quiet']]);
  });

  test('where nothing can be taken apart, it says why', () => {
    expect(actual('2026-03-01T09:00Z A -> M 5 EUR arrives +49h ! fires')).toEqual([[4, 'quiet: it arrives too late, more than 2d after its time']]);
    expect(actual('2026-03-01T09:00Z A -> M 5 EUR #a', '+1h returns #a ! fires')).toEqual([
      [5, 'quiet: it gives a payment back, and a return is no transaction of its own'],
    ]);
    expect(actual('2026-03-01T09:00Z A -> M 5 EUR ! fires subject=X')).toEqual([[4, 'quiet: the typology sees no transaction there of such a subject']]);
  });

  test('subject, score, severity, evidence and values are each held against the hit', () => {
    const anchor = '2026-03-01T20:00Z  M -> X  11000 EUR  #d creditor.country=TR';
    const ask = (more: string) => actual(...upTo, `${anchor} ! fires ${more}`);
    expect(ask('subject=M score=75 severity=high evidence=d,c,b,a values.payers=3 values.moved="11000.00 EUR"')).toEqual([]);
    expect(ask('subject=X')).toEqual([[7, 'quiet']]);
    expect(ask('score=74')).toEqual([[7, 'fires subject=M score=75']]);
    expect(ask('severity=medium')).toEqual([[7, 'fires subject=M severity=high']]);
    expect(ask('evidence=a,b,d')).toEqual([[7, 'fires subject=M evidence=a,b,c,d']]);
    expect(ask('values.payers=4 values.inflow=1')).toEqual([[7, 'fires subject=M values.payers=3 values.inflow="12000.00 EUR"']]);
  });

  test('the evidence is that of the anchor alone, though the alert of its period holds more', () => {
    const second = '+10m  M -> Y  900 EUR  #f  ! fires subject=M evidence=a,b,c,d,f';
    expect(actual(...upTo, '2026-03-01T10:59Z M -> X 1 EUR #z', '2026-03-01T20:00Z  M -> X  11000 EUR  #d  ! fires evidence=a,b,c,d,z', second)).toEqual([
      [9, 'fires subject=M evidence=a,b,z,c,d,f'],
    ]);
    expect(actual(...FIRES.slice(0, 4), second)).toEqual([]);
  });

  test('a composite key, a late record, one that is too late, and a return', () => {
    const pair = (...lines: string[]) => result(PAIR_RULE, ...lines);
    const pay = (more: string) => `A -> B 5 EUR creditor.town=Calais ${more}`;
    expect(pair(`2026-03-01T09:00Z every 1h x2 ${pay('')}`, `+1h ${pay('! fires subject=A,Calais')}`).passed).toBe(true);
    expect(pair(`2026-03-01T09:00Z every 1h x2 ${pay('arrives +48h')}`, `+1h ${pay('! fires')}`).passed).toBe(true);
    expect(pair(`2026-03-01T09:00Z every 1h x2 ${pay('arrives +48h1s')}`, `+1h ${pay('! quiet')}`).passed).toBe(true);
    expect(pair(`2026-03-01T09:00Z ${pay('#a')}`, `+1h ${pay('')}`, `+1h ${pay('! quiet')}`, '+9d returns #a').passed).toBe(true);
  });

  test('rates are read where currencies differ', () => {
    const inUsd = FIRES.map((line) => line.replace('EUR', 'USD'));
    expect(result(RULE, ...inUsd).passed).toBe(true);
  });
});

describe('the laws on an author’s test', () => {
  const { tests } = parseTests(file(...FIRES), 'x.test.yaml', typology);
  const records = byReceipt(tests[0]!.records);
  const subject = { test: tests[0]!, typology, rates, seed: 1 };

  test.each(LAWS)('$name: holds, and is broken where something else comes out', ({ check }) => {
    expect(check({ ...subject, alerts: play(records, typology, rates, firstReceipt(records)) })).toBeNull();
    expect(check({ ...subject, alerts: new Map() })).not.toBeNull();
    expect(check({ ...subject, alerts: play(records.slice(1), typology, rates, firstReceipt(records)) })).not.toBeNull();
  });

  test('the tests reach what the laws speak of', () => {
    expect(play(records, typology, rates, firstReceipt(records)).size).toBe(1);
  });
});

describe('the tests of a folder', () => {
  const dir = mkdtempSync(join(tmpdir(), 'moneytrail-rules-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  mkdirSync(join(dir, 'layering'));
  const put = (name: string, text: string | Buffer): void => writeFileSync(join(dir, 'layering', name), text);
  const typologies = () => loadRules(dir).ruleSet!.typologies;
  put('rapid-pass-through.yaml', RULE);

  test('none is a warning for lint, and a failure for a run', () => {
    expect(checkTests(dir, typologies()).diagnostics).toMatchObject([{ code: 'test-missing', severity: 'warning' }]);
    expect(runTests(dir, typologies(), { rates })).toMatchObject({ ok: false, results: [] });
  });

  test('are run, told and counted', () => {
    put('rapid-pass-through.test.yaml', file(...FIRES));
    const run = runTests(dir, typologies(), { rates });
    expect(run).toMatchObject({ ok: true, passed: 1, failed: 0, diagnostics: [] });
    expect(renderTestRun(run)).toBe('rapid-pass-through\n  ok   one\n1 of 1 tests of 1 typologies passed.');
    expect(runTests(dir, typologies(), { rates, only: new Set(['other']) }).ok).toBe(false);
  });

  test('a failure is shown with every let and condition', () => {
    put('rapid-pass-through.test.yaml', file(...FIRES.slice(0, 3), '2026-03-01T20:00Z  M -> X  9000 EUR  ! fires'));
    const run = runTests(dir, typologies(), { rates });
    expect(run.ok).toBe(false);
    const text = renderTestRun(run);
    expect(text).toContain('FAIL one');
    expect(text).toContain('rapid-pass-through.test.yaml:7: expected fires');
    expect(text).toContain('No: moved >= 0.8 * inflow is 9000.00 EUR, asked is >= 9600.00 EUR, so 600.00 EUR too little.');
    expect(text).toContain('payers = 3');
    expect(text).toContain('with params.min_payers = 3');
    expect(text).toContain('1 failed');
  });

  test('a mistake in the file fails the run', () => {
    put('rapid-pass-through.test.yaml', file(...FIRES).concat('  - name: two\n    events: "2026-03-01T09:00Z A -> B 1 EUR"\n'));
    expect(runTests(dir, typologies(), { rates })).toMatchObject({ ok: false, passed: 1, failed: 0, diagnostics: [{ code: 'test-expects-nothing', line: 9 }] });
  });

  test('tests without their typology, and files that cannot be read', () => {
    put('other.test.yaml', file(...FIRES));
    put('rapid-pass-through.test.yaml', Buffer.from([0xff, 0xfe]));
    expect(checkTests(dir, typologies()).diagnostics.map((d) => d.code)).toEqual(['test-unreadable', 'test-orphan']);
    expect(() => checkTests(join(dir, 'nowhere'), [])).toThrow(OperatingError);
  });
});
