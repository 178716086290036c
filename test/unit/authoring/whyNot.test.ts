import { distance, reasonOf, renderInspection } from '../../../src/authoring/renderInspection.ts';
import { keyOf, WhyNot } from '../../../src/authoring/whyNot.ts';
import { parseRates } from '../../../src/transactions/rates.ts';
import { compiled, PAIR_RULE, RULE } from './support.ts';

const read = parseRates('date,currency,perEuro\n2026-02-28,USD,1.10\n');
if ('problems' in read) throw new Error('the rates of the test are not sound');
const rates = read.table;
const typology = compiled();

const line = (id: string, time: string, from: string, to: string, value: string, more: object = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      schema: 'transaction/1',
      source: 'bank',
      id,
      time,
      kind: 'credit-transfer',
      amount: { value, currency: 'EUR' },
      debtor: { account: from, party: from },
      creditor: { account: to, party: to },
      ...more,
    }),
  );
const incoming = ['A', 'B', 'C'].map((from, i) => line(from, `2026-03-01T0${i}:00:00Z`, from, 'M', '4000.00'));

function ask(lines: readonly Buffer[], key = ['M'], at = '2026-03-02T00:00:00Z', of = typology) {
  const whyNot = new WhyNot({ typology: of, key, atMs: Date.parse(at), rates });
  for (const bytes of lines) whyNot.take(bytes);
  return whyNot.answer();
}
const reason = (lines: readonly Buffer[], at?: string): string => reasonOf(ask(lines, ['M'], at).inspection!);

describe('why a typology did not fire', () => {
  test('the first condition that fails is named, and by how much', () => {
    expect(reason([...incoming, line('d', '2026-03-01T10:00:00Z', 'M', 'X', '9599.99')])).toBe(
      'No: moved >= 0.8 * inflow is 9599.99 EUR, asked is >= 9600.00 EUR, so 0.01 EUR too little.',
    );
    expect(reason([...incoming.slice(1), line('d', '2026-03-01T10:00:00Z', 'M', 'X', '1.00')])).toBe(
      'No: payers >= params.min_payers is 2, asked is >= 3, so 1 too little.',
    );
  });

  test('or that it fired, or that an exception applies', () => {
    expect(reason([...incoming, line('d', '2026-03-01T10:00:00Z', 'M', 'X', '9600.00')])).toBe('Yes: score 60, an alert from 60.');
    const own = { creditor: { account: 'X', party: 'M' } };
    expect(reason([...incoming, line('d', '2026-03-01T10:00:00Z', 'M', 'X', '9600.00', own)])).toBe('No: an exception applies, own transfer.');
  });

  test('it is asked at the last transaction at or before the time', () => {
    const lines = [...incoming, line('d', '2026-03-01T10:00:00Z', 'M', 'X', '9600.00')];
    expect(ask(lines, ['M'], '2026-03-01T09:59:59.999Z').inspection!.anchor.id).toBe('C');
    expect(ask(lines, ['M'], '2026-03-01T10:00:00Z').inspection!.anchor.id).toBe('d');
    expect(ask(lines, ['M'], '2026-02-28T00:00:00Z').inspection).toBeNull();
    expect(ask(lines, ['Z']).inspection).toBeNull();
  });

  test('what is late, too late, given back or not to be read is treated as in a run', () => {
    const out = line('d', '2026-03-01T10:00:00Z', 'M', 'X', '9600.00');
    const late = (hours: number) =>
      line('B', '2026-03-01T01:00:00Z', 'B', 'M', '4000.00', { receivedAt: new Date(Date.UTC(2026, 2, 1, 1 + hours)).toISOString() });
    expect(reason([incoming[0]!, incoming[2]!, out, late(48)])).toMatch(/^Yes/);
    expect(reason([incoming[0]!, incoming[2]!, out, late(49)])).toMatch(/^No: payers/);
    const back = line('r', '2026-03-04T00:00:00Z', 'M', 'B', '4000.00', { returnOf: { source: 'bank', id: 'B' } });
    expect(reason([...incoming, out, back])).toMatch(/^No: payers/);
    expect(ask([...incoming, Buffer.from('{'), out])).toMatchObject({ records: 5, refused: 1, applied: 4 });
  });

  test('records of other keys are not kept', () => {
    const others = Array.from({ length: 3000 }, (_, i) => line(`o${i}`, '2026-03-01T05:00:00Z', `P${i}`, `Q${i}`, '5.00'));
    expect(ask([...incoming, ...others])).toMatchObject({ records: 3003, applied: 3 });
  });

  test('a composite key', () => {
    const pair = compiled(PAIR_RULE);
    expect(keyOf('A, "El Paso, TX"', pair)).toEqual(['A', 'El Paso, TX']);
    expect(keyOf('A', pair)).toBeNull();
    expect(keyOf('A, B', typology)).toEqual(['A, B']);
    const lines = [1, 2].map((i) => line(`p${i}`, `2026-03-01T0${i}:00:00Z`, 'A', 'B', '5.00', { creditor: { account: 'B', town: 'Calais' } }));
    expect(reasonOf(ask(lines, ['A', 'Calais'], undefined, pair).inspection!)).toBe('No: n >= params.min_payers is 2, asked is >= 3, so 1 too little.');
  });

  test('the whole verdict as text', () => {
    const { inspection } = ask([...incoming, line('d', '2026-03-01T10:00:00Z', 'M', 'X', '9000.00')]);
    expect(renderInspection(inspection!, { typology })).toBe(
      [
        'rapid-pass-through at M, 2026-03-01T10:00:00Z (bank:d): clear',
        '  No: moved >= 0.8 * inflow is 9000.00 EUR, asked is >= 9600.00 EUR, so 600.00 EUR too little.',
        '  when',
        '    yes outgoing',
        '    yes payers >= params.min_payers',
        '        is 3, asked is >= 3',
        '        with params.min_payers = 3',
        '    yes inflow >= 10000 EUR',
        '        is 12000.00 EUR, asked is >= 10000.00 EUR',
        '    no  moved >= 0.8 * inflow',
        '        is 9000.00 EUR, asked is >= 9600.00 EUR, so 600.00 EUR too little',
        '  unless',
        '    no  own transfer',
        '        debtor.party == creditor.party',
        '            is M, asked is == X',
        '  score 60, an alert from 60',
        '    no  +15: it leaves for a place on the route',
        '        creditor.country == "TR"',
        '            is missing, asked is == TR',
        '  let',
        '    inflow = 12000.00 EUR',
        '    payers = 3',
        '    moved = 9000.00 EUR',
      ].join('\n'),
    );
  });
});

describe('conditions that are made of others', () => {
  const or = compiled(
    RULE.replace('let:', 'where: not (kind == "p2p" and amount >= 5 EUR)\nlet:')
      .replace(
        /when: outgoing .*/,
        'when: outgoing and (payers >= params.min_payers or (inflow >= 10000 EUR and moved >= 0.8 * inflow) or holder.accountAge < 90d)',
      )
      .replace(`'creditor.country == "TR"'`, `'creditor.country == "TR" or not (amount < 50 EUR)'`),
  );
  const opened = { debtor: { account: 'M', party: 'M', accountOpened: '2025-11-21' } };
  const out = line('d', '2026-03-01T10:00:00Z', 'M', 'X', '9000.00', opened);

  test('each alternative is shown with its value, which held and which not, and by how much', () => {
    const { inspection } = ask([...incoming.slice(1), out], undefined, undefined, or);
    expect(renderInspection(inspection!, { typology: or }).split('\n').slice(1, 20)).toEqual([
      '  No: none of 3 alternatives holds: (1) payers >= params.min_payers is 2, asked is >= 3, so 1 too little; ' +
        '(2) inflow >= 10000 EUR is 8000.00 EUR, asked is >= 10000.00 EUR, so 2000.00 EUR too little; ' +
        '(3) holder.accountAge < 90d is 100d10h, asked is < 90d, so 10d10h too much.',
      '  when',
      '    yes outgoing',
      '    no  (payers >= params.min_payers or (inflow >= 10000 EUR and moved >= 0.8 * inflow) or holder.accountAge < 90d)',
      '        one of these',
      '        no  payers >= params.min_payers',
      '            is 2, asked is >= 3, so 1 too little',
      '            with params.min_payers = 3',
      '        no  (inflow >= 10000 EUR and moved >= 0.8 * inflow)',
      '            all of these',
      '            no  inflow >= 10000 EUR',
      '                is 8000.00 EUR, asked is >= 10000.00 EUR, so 2000.00 EUR too little',
      '            yes moved >= 0.8 * inflow',
      '                is 8000.00 EUR, asked is >= 6400.00 EUR',
      '        no  holder.accountAge < 90d',
      '            is 100d10h, asked is < 90d, so 10d10h too much',
      '  unless',
      '    no  own transfer',
      '        debtor.party == creditor.party',
    ]);
    expect(renderInspection(inspection!)).toContain(
      [
        '    yes +15: it leaves for a place on the route',
        '        yes creditor.country == "TR" or not (amount < 50 EUR)',
        '            one of these',
        '            no  creditor.country == "TR"',
        '                is missing, asked is == TR',
        '            yes not (amount < 50 EUR)',
        '                the contrary of',
        '                no  (amount < 50 EUR)',
      ].join('\n'),
    );
  });

  test('what where leaves out, and what was given back, says so', () => {
    const p2p = line('d', '2026-03-01T10:00:00Z', 'M', 'X', '9000.00', { kind: 'p2p' });
    const { inspection } = ask([p2p], undefined, undefined, or);
    expect(reasonOf(inspection!)).toBe(
      'Not asked: the typology’s where leaves this transaction out: (kind == "p2p" and amount >= 5 EUR) holds, and the contrary is asked.',
    );
    expect(renderInspection(inspection!)).toContain('  where\n    no  not (kind == "p2p" and amount >= 5 EUR)\n        the contrary of');
    const back = line('r', '2026-03-01T11:00:00Z', 'X', 'M', '9600.00', { returnOf: { source: 'bank', id: 'd' } });
    expect(reason([...incoming, line('d', '2026-03-01T10:00:00Z', 'M', 'X', '9600.00'), back])).toBe(
      'Not asked: the transaction was given back, and the typology leaves such out.',
    );
  });

  test('what is false is told before what cannot be computed, and why it cannot', () => {
    const pounds = compiled(RULE.replace(/when: outgoing .*/, 'when: amount > 1 GBP and payers >= params.min_payers and inflow >= moved'));
    expect(reasonOf(ask(incoming.slice(1), undefined, undefined, pounds).inspection!)).toBe(
      'No: payers >= params.min_payers is 2, asked is >= 3, so 1 too little.',
    );
    expect(reasonOf(ask(incoming, undefined, undefined, pounds).inspection!)).toBe(
      'Not known: amount > 1 GBP cannot be computed, since an exchange rate is missing.',
    );
  });
});

describe('by how much a value misses its threshold', () => {
  test.each([
    ['2', '>= 3', ', so 1 too little'],
    ['3', '>= 3', ''],
    ['3', '> 3', ', and it is exactly there'],
    ['0.25', '<= 0.1', ', so 0.15 too much'],
    ['-1', '>= 0.5', ', so 1.5 too little'],
    ['899.99 EUR', '>= 900.00 EUR', ', so 0.01 EUR too little'],
    ['899.99 EUR', '>= 900.00 USD', ''],
    ['1d', '< 12h', ', so 12h too much'],
    ['-1d', '>= 1d12h', ', so 2d12h too little'],
    ['90d', '< 90d', ', and it is exactly there'],
    ['1d', '< 12', ''],
    ['GB', '== TR', ''],
    ['missing', '>= 3', ''],
  ])('%s against %s', (value, threshold, expected) => {
    expect(distance(value, threshold)).toBe(expected);
  });
});
