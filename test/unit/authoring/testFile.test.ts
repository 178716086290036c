import { TEST_DIAGNOSTICS } from '../../../src/authoring/testDiagnostics.ts';
import { parseTests } from '../../../src/authoring/testFile.ts';
import { compiled, FIRES, file, PAIR_RULE } from './support.ts';

const typology = compiled();
const parse = (source: string) => parseTests(source, 'x.test.yaml', typology);
const only = (...lines: string[]) => {
  const { tests, diagnostics } = parse(file(...lines));
  expect(diagnostics).toEqual([]);
  return tests[0]!;
};
const json = (...lines: string[]) => only(...lines).records.map((r) => r.json);

describe('the lines of a test', () => {
  test('make transactions whose sides are account and party alike', () => {
    const { records, expectations, name, line } = only(...FIRES);
    expect(records).toHaveLength(5);
    expect(records[0]!.json).toEqual({
      schema: 'transaction/1',
      source: 'test',
      id: 'a',
      time: '2026-03-01T09:00:00.000Z',
      kind: 'credit-transfer',
      amount: { value: '4000', currency: 'EUR' },
      debtor: { account: 'A', party: 'A' },
      creditor: { account: 'M', party: 'M' },
    });
    expect(records[4]!.timeMs - records[3]!.timeMs).toBe(86_400_000);
    expect(expectations.map((e) => [e.verdict, e.anchor, e.line, e.subject])).toEqual([
      ['fires', 3, 7, ['M']],
      ['quiet', 4, 8, undefined],
    ]);
    expect([name, line]).toEqual(['one', 2]);
  });

  test('cash is a deposit or a withdrawal, without an account on its side', () => {
    const [deposit, withdrawal] = json('2026-03-01T09:00Z  cash -> M  5.50 GBP', '+1h M -> cash 5 GBP ! quiet');
    expect(deposit).toMatchObject({ kind: 'cash-deposit', creditor: { account: 'M' } });
    expect(deposit).not.toHaveProperty('debtor');
    expect(withdrawal).toMatchObject({ kind: 'cash-withdrawal', debtor: { account: 'M' } });
  });

  test('every repeats, from the line’s time or from one step after the line before', () => {
    const test_ = only('2026-03-01T09:00Z every 1h x3 A -> B 950 EUR #p', 'every 30m x2 A -> B 950 EUR', '+1m A -> B 1 EUR ! quiet');
    expect(test_.records.map((r) => new Date(r.timeMs).toISOString().slice(11, 16))).toEqual(['09:00', '10:00', '11:00', '11:30', '12:00', '12:01']);
    expect([...test_.labels]).toEqual([
      ['p1', 0],
      ['p2', 1],
      ['p3', 2],
      ['p', 2],
    ]);
    expect(new Set(test_.records.map((r) => r.reference)).size).toBe(6);
  });

  test('any field is set by its path, with quotes where it has blanks, and left out with nothing', () => {
    const [record] = json(
      '2026-03-01T09:00:00.250+01:00  A -> B 950 EUR kind=p2p debtor.town="El Paso" creditor.agent.branch=\'x y\' debtor.party= travel.passengers=4 travel.oneWay=true items=\'[{"text":"boat","quantity":2}]\' precision=day source=bank id=z status=settled ! quiet',
    );
    expect(record).toMatchObject({
      source: 'bank',
      id: 'z',
      time: '2026-03-01T08:00:00.250Z',
      kind: 'p2p',
      status: 'settled',
      precision: 'day',
      debtor: { account: 'A', town: 'El Paso' },
      creditor: { account: 'B', agent: { branch: 'x y' } },
      travel: { passengers: 4, oneWay: true },
      items: [{ text: 'boat', quantity: 2 }],
    });
    expect(record!['debtor']).not.toHaveProperty('party');
  });

  test('arrives is the receipt, returns names what is given back', () => {
    const { records } = only('2026-03-01T09:00Z A -> B 950 EUR #a arrives +2h', '+1d returns #a', '+1d B -> A 950 EUR returns #a ! quiet');
    expect(records[0]!.receivedAtMs - records[0]!.timeMs).toBe(7_200_000);
    const back = { returnOf: { source: 'test', id: 'a' }, amount: { value: '950', currency: 'EUR' }, debtor: { account: 'B' }, creditor: { account: 'A' } };
    expect(records[1]!.json).toMatchObject(back);
    expect(records[2]!.json).toMatchObject(back);
  });

  test('blank lines and remarks are left out, those behind a line too', () => {
    const [quiet] = only('2026-03-01T09:00Z A -> B 950 EUR #a debtor.town="x # y" ! quiet # since it is alone').expectations;
    expect(quiet).toMatchObject({ verdict: 'quiet', text: 'quiet' });
    expect(json('2026-03-01T09:00Z A -> B 950 EUR debtor.town="x # y" ! quiet')[0]).toMatchObject({ debtor: { town: 'x # y' } });
    expect(only('# a remark', '', '2026-03-01T09:00Z A -> B 950 EUR ! quiet').records).toHaveLength(1);
  });

  test('an expectation can say more, several stand on one line, a composite subject has commas', () => {
    const [expectation] = only('2026-03-01T09:00Z A -> B 950 EUR ! fires score=75 severity=high values.inflow="12000.00 EUR" values.payers=3').expectations;
    expect(expectation).toMatchObject({
      verdict: 'fires',
      score: 75,
      severity: 'high',
      values: new Map([
        ['inflow', '12000.00 EUR'],
        ['payers', '3'],
      ]),
    });
    expect(only('2026-03-01T09:00Z A -> B 950 EUR ! fires subject=B ! quiet subject=A').expectations.map((e) => [e.verdict, e.subject])).toEqual([
      ['fires', ['B']],
      ['quiet', ['A']],
    ]);
    const pair = parseTests(file('2026-03-01T09:00Z A -> B 950 EUR ! fires subject=A,"El Paso"'), 'x', compiled(PAIR_RULE));
    expect(pair.tests[0]!.expectations[0]!.subject).toEqual(['A', 'El Paso']);
  });
});

/** Each code with a line that has the one mistake, the text under the caret, and what it says. */
const MISTAKES: readonly (readonly [string, readonly string[], string])[] = [
  ['test-time', ['2026-03-01  A -> B 950 EUR ! quiet'], '2026-03-01'],
  ['test-time', ['+2  A -> B 950 EUR ! quiet'], '+2'],
  ['test-time-first', ['+2h A -> B 950 EUR ! quiet'], '+2h A -> B 950 EUR ! quiet'],
  ['test-every', ['2026-03-01T09:00Z every 1h 5 A -> B 950 EUR ! quiet'], 'every 1h 5'],
  ['test-parties', ['2026-03-01T09:00Z A > B 950 EUR ! quiet'], 'A'],
  ['test-cash', ['2026-03-01T09:00Z cash -> cash 950 EUR ! quiet'], 'cash -> cash'],
  ['test-amount', ['2026-03-01T09:00Z A -> B 1,000 EUR ! quiet'], '1,000'],
  ['test-currency', ['2026-03-01T09:00Z A -> B 950 euro ! quiet'], 'euro'],
  ['test-word', ['2026-03-01T09:00Z A -> B 950 EUR late ! quiet'], 'late'],
  ['test-quote', ['2026-03-01T09:00Z A -> B 950 EUR debtor.town="El Paso ! quiet'], '"El Paso ! quiet'],
  ['test-field', ['2026-03-01T09:00Z A -> B 950 EUR debtor.twon=Leeds ! quiet'], 'debtor.twon'],
  ['test-field', ['2026-03-01T09:00Z A -> B 950 EUR __proto__.x=1 ! quiet'], '__proto__.x'],
  ['test-value', ['2026-03-01T09:00Z A -> B 950 EUR travel.passengers=many ! quiet'], 'travel.passengers'],
  ['test-value', ['2026-03-01T09:00Z A -> B 950 EUR items=boat ! quiet'], 'items'],
  ['test-label-taken', ['2026-03-01T09:00Z A -> B 950 EUR #a', '+1h A -> B 950 EUR #a ! quiet'], '#a'],
  ['test-label', ['2026-03-01T09:00Z returns #a ! quiet'], '#a'],
  ['test-returns', ['2026-03-01T09:00Z A -> B 950 EUR returns ! quiet'], '!'],
  ['test-label', ['2026-03-01T09:00Z A -> B 950 EUR #a ! fires evidence=a,b'], '! fires evidence=a,b'],
  ['test-arrives', ['2026-03-01T09:00Z A -> B 950 EUR arrives late ! quiet'], 'late'],
  ['test-record', ['2026-03-01T09:00Z A -> B 0 EUR ! quiet'], '0 EUR'],
  ['test-record', ['2026-03-01T09:00Z A -> B 950 EUR kind=gift ! quiet'], 'kind'],
  ['test-expectation', ['2026-03-01T09:00Z A -> B 950 EUR ! fire'], 'fire'],
  ['test-expectation-key', ['2026-03-01T09:00Z A -> B 950 EUR ! fires scor=3'], 'scor=3'],
  ['test-expectation-key', ['2026-03-01T09:00Z A -> B 950 EUR ! quiet score=3'], 'score=3'],
  ['test-expectation-value', ['2026-03-01T09:00Z A -> B 950 EUR ! fires severity=bad'], 'severity=bad'],
  ['test-expectation-value', ['2026-03-01T09:00Z A -> B 950 EUR ! fires score=x'], 'score=x'],
  ['test-expectation-let', ['2026-03-01T09:00Z A -> B 950 EUR ! fires values.payer=3'], 'values.payer=3'],
  ['test-expects-nothing', ['2026-03-01T09:00Z A -> B 950 EUR'], 'one'],
  ['test-empty', ['# nothing'], 'one'],
  ['test-twice', ['2026-03-01T09:00Z A -> B 950 EUR kind=p2p kind=cheque ! quiet'], 'kind'],
  ['test-twice', ['2026-03-01T09:00Z A -> B 950 EUR arrives +1h arrives +2h ! quiet'], 'arrives'],
  ['test-twice', ['2026-03-01T09:00Z A -> B 950 EUR ! fires score=50 score=75'], 'score=75'],
  ['test-parties', ['2026-03-01T09:00Z Cash -> B 950 EUR ! quiet'], 'Cash'],
];

/** Slips with what is told to write instead. */
const SLIPS: readonly (readonly [string, string])[] = [
  ['2026-03-01T09:00Z A -> B 950EUR ! quiet', '950 EUR'],
  ['2026-03-01T09:00Z A -> B 1,950 EUR ! quiet', '1950 EUR'],
  ['2026-03-01T09:00Z A -> B 950 eur ! quiet', 'EUR'],
  ['2026-03-01T09:00Z Cash -> B 950 EUR ! quiet', 'cash'],
  ['2026-03-01T09:00Z A -> B 950 EUR !quiet', '! quiet'],
  ['2026-03-01T09:00Z A -> B 950 EUR debtor.town=El Paso ! quiet', 'debtor.town="El Paso"'],
  ['2026-03-01T09:00Z A -> B 950 EUR kind=card ! quiet', 'kind'],
  ['2026-03-01T09:00Z A -> B 950 EUR kind=p2pp ! quiet', 'p2p'],
  ['2026-03-01T09:00Z A -> B 950 EUR channel=onlin ! quiet', 'online'],
  ['2026-03-01T09:00Z A -> B 950 EUR ! fire', 'fires'],
  ['2026-03-01T09:00Z A -> B 950 EUR ! fires subject B', 'subject=…'],
  ['2026-03-01T09:00Z A -> B 950 EUR ! fires values.inflow=300.00 EUR', 'values.inflow="300.00 EUR"'],
  ['2026-03-01T09:00Z A -> B 950 EUR #a ! fires evidence=a, b', 'evidence=a,b'],
  ['2026-03-01T09:00Z A -> B 950 EUR ! fires value.payers=3', 'values.payers'],
  ['2026-03-01T09:00Z A -> B 950 EUR ! fires payers=3', 'values.payers'],
  ['2026-03-01T09:00Z A -> B 950 EUR ! fires severity=High', 'high'],
  ['2026-03-01T09:00 A -> B 950 EUR ! quiet', '2026-03-01T09:00Z'],
  ['2026-03-01 09:00 A -> B 950 EUR ! quiet', '2026-03-01T09:00Z'],
  ['2026-03-01 09:00Z A -> B 950 EUR ! quiet', '2026-03-01T09:00Z'],
  ['2026-03-01T09:00Z A->B 950 EUR ! quiet', 'A -> B'],
  ['2026-03-01T09:00Z A → B 950 EUR ! quiet', 'A -> B'],
  ['2026-03-01T09:00Z A to B 950 EUR ! quiet', 'A -> B'],
  ['2026-03-01T09:00Z A -> B EUR 950 ! quiet', '950 EUR'],
  ['2026-03-01T09:00Z A -> B 950 EUR kind p2p ! quiet', 'kind=p2p'],
  ['2026-03-01T09:00Z A -> B 950 EUR kind = p2p ! quiet', 'kind=p2p'],
];

describe('mistakes in a test file', () => {
  test.each(MISTAKES)('%s in %j is told at its place', (code, lines, marked) => {
    const source = file(...lines);
    const { tests, diagnostics } = parse(source);
    expect(tests).toEqual([]);
    expect(diagnostics.map((d) => d.code)).toEqual([code]);
    const { line, column, endColumn, message, hint } = diagnostics[0]!;
    expect(source.split('\n')[line - 1]!.slice(column - 1, endColumn - 1)).toBe(marked);
    expect(message + hint).not.toMatch(/\{\w+\}/);
    expect(hint.length).toBeGreaterThan(5);
  });

  test.each(SLIPS)('%s is met with %s', (line, instead) => {
    const { diagnostics } = parse(file(line));
    expect(diagnostics).toHaveLength(1);
    if (instead === 'kind') expect(diagnostics[0]!.hint).not.toMatch(/Did you mean/);
    else expect(diagnostics[0]!.hint).toBe(`Did you mean ${instead}?`);
  });

  test('a label of evidence can be written with its sign', () => {
    expect(only('2026-03-01T09:00Z A -> B 950 EUR #a ! fires evidence=#a').expectations[0]).toMatchObject({ evidence: ['a'] });
  });

  test('lines that YAML runs together are told as that', () => {
    for (const sign of ['events: >', 'events:']) {
      const source = `tests:\n  - name: one\n    ${sign}\n      2026-03-01T09:00Z A -> B 950 EUR\n      +1h A -> B 950 EUR ! quiet\n`;
      expect(parse(source).diagnostics.map((d) => d.code)).toEqual(['test-lines']);
    }
  });

  test('a country that is none is warned of, and the test is run', () => {
    const { tests, diagnostics } = parse(file('2026-03-01T09:00Z every 1h x3 A -> B 950 EUR creditor.country=tr ! quiet'));
    expect(tests).toHaveLength(1);
    expect(diagnostics.map(({ code, severity, hint }) => [code, severity, hint])).toEqual([['test-quality', 'warning', 'Did you mean TR?']]);
  });

  test('a slip is met with the nearest name', () => {
    const hints = [MISTAKES[10]!, MISTAKES[22]!, MISTAKES[26]!].map(([, lines]) => parse(file(...lines)).diagnostics[0]!.hint);
    expect(hints).toEqual(['Did you mean debtor.town?', 'Did you mean score?', 'Did you mean payers?']);
  });

  test('all of them are told at once, and the sound tests are kept', () => {
    const bad = file('2026-03-01T09:00Z A -> B 0 EUR', '2026-03-01T09:00Z A -> B 1 EURO', '+x A -> B 1 EUR ! quiet');
    const good = file(...FIRES)
      .replace('tests:\n', '')
      .replace('one', 'two');
    const { tests, diagnostics } = parse(bad + good);
    expect(diagnostics.map((d) => d.code)).toEqual(['test-record', 'test-currency', 'test-time']);
    expect(tests.map((t) => t.name)).toEqual(['two']);
  });

  test('two tests of one name, too many transactions, keys that do not exist, YAML that is none', () => {
    const one = file('2026-03-01T09:00Z A -> B 1 EUR ! quiet');
    expect(parse(one + one.replace('tests:\n', '')).diagnostics.map((d) => d.code)).toEqual(['test-name-taken']);
    const many = file(...Array.from({ length: 3 }, () => '2026-03-01T09:00Z every 1s x10000 A -> B 1 EUR ! quiet'));
    expect(parse(many).diagnostics.map((d) => d.code)).toEqual(['test-records-many']);
    expect(parse(one.replace('events', 'evnts')).diagnostics.map((d) => d.code)).toEqual(['key-unknown']);
    expect(parse('tests: [').diagnostics.map((d) => d.code)).toEqual(['yaml-syntax']);
    expect(parse('').diagnostics.length).toBeGreaterThan(0);
  });

  test('every code of the table is provoked here or where folders are read', () => {
    const provoked = new Set([
      ...MISTAKES.map(([code]) => code),
      'test-name-taken',
      'test-records-many',
      'test-lines',
      'test-quality',
      'test-missing',
      'test-orphan',
      'test-unreadable',
    ]);
    expect(provoked).toEqual(new Set(Object.keys(TEST_DIAGNOSTICS)));
  });
});
