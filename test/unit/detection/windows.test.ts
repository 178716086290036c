import { DAY, Desk, HOUR, NOON, type Payment, typology } from './desk.ts';

/** Payments to M at times relative to noon, named by their number. */
const inflows = (...offsets: readonly number[]): Payment[] => offsets.map((offset, i) => ({ t: NOON + offset, id: `t${i}`, way: `P${i}>M` }));

describe('the trailing window (S5)', () => {
  const twice = typology('where: incoming\nwhen: count() over 2h >= 2', 'twice');

  test.each([
    ['exactly W before the anchor is out', -2 * HOUR, []],
    ['W less a millisecond is in', -2 * HOUR + 1, ['t1']],
    ['W and a millisecond is out', -2 * HOUR - 1, []],
  ])('%s', (_, offset, hits) => {
    expect(new Desk([twice]).hits(inflows(offset, 0))).toEqual(hits);
  });

  test('transactions of one instant enter in order of source and identifier, in whichever order they come', () => {
    const desk = new Desk([twice]);
    const tied: Payment[] = [
      { t: NOON, id: 'b', source: 'bank-2', way: 'P>M' },
      { t: NOON, id: 'c', source: 'bank-1', way: 'P>M' },
      { t: NOON, id: 'a', source: 'bank-2', way: 'P>M' },
    ];
    expect(desk.hits(tied)).toEqual(['a', 'b']);
  });

  test('texts are ordered by their bytes, so that U+FFFF comes before what lies beyond it', () => {
    const desk = new Desk([twice]);
    expect(
      desk.hits([
        { t: NOON, id: '\u{1F600}', way: 'P>M' },
        { t: NOON, id: '\uFFFD', way: 'P>M' },
      ]),
    ).toEqual(['\u{1F600}']);
  });

  test('over nothing, count and sum are 0 and the others missing', () => {
    const desk = new Desk([
      typology(`let:
  n: count(where outgoing) over 1h
  total: sum(amount where outgoing) over 1h
  mean: avg(amount where outgoing) over 1h
  least: min(amount where outgoing) over 1h
  most: max(amount where outgoing) over 1h
  payees: distinct(counterparty.party where outgoing) over 1h
  moved: passed_through(where outgoing and incoming) over 1h
when: incoming and n == 0 and total == 0 EUR
alert: { title: "{n} {total} {mean} {least} {most} {payees} {moved}", period: 24h, route: standard, next: [look] }`),
    ]);
    const [alert] = desk.alerts(inflows(0));
    expect(alert?.title).toBe('0 0.00 EUR missing missing missing missing missing');
    expect(alert?.values).toEqual({ n: 0, total: '0.00 EUR', mean: null, least: null, most: null, payees: null, moved: null });
  });

  test('averages, extremes and distinct values of a window', () => {
    const desk = new Desk([
      typology(`let:
  mean: avg(amount) over 1d
  least: min(amount) over 1d
  most: max(amount) over 1d
  payers: distinct(debtor.account) over 1d
when: payers >= 3
alert: { title: "{mean} {least} {most} {payers}", period: 24h, route: standard, next: [look] }`),
    ]);
    const amounts = ['10.00', '20.00', '0.02'];
    const payments = [...amounts.map((eur, i) => ({ t: NOON + i, way: `P${i}>M`, eur })), { t: NOON - DAY, way: 'P9>M', eur: '99.00' }];
    expect(desk.alerts(payments).map((a) => a.title)).toEqual(['10.01 EUR 0.02 EUR 20.00 EUR 3']);
  });
});

describe('correlation with the anchor', () => {
  const regular = typology('where: incoming\nwhen: count(where counterparty.account == anchor.counterparty.account) over 1d >= 2');

  test('an equality looks at the legs that share what is compared', () => {
    const payments = ['A', 'B', 'A', 'C', 'B'].map((from, i) => ({ t: NOON + i, id: `t${i}`, way: `${from}>M` }));
    expect(new Desk([regular]).hits(payments)).toEqual(['t2', 't4']);
  });

  test('what is missing on either side equals nothing', () => {
    const payments = [0, 1, 2].map((i) => ({ t: NOON + i, id: `t${i}`, way: '>M', kind: 'cash-deposit' }));
    expect(new Desk([regular]).hits(payments)).toEqual([]);
  });

  test('other comparisons with the anchor look at the whole window', () => {
    const larger = typology('where: incoming\nwhen: count(where amount > anchor.amount) over 1d >= 2');
    const payments = ['30.00', '20.00', '10.00', '25.00'].map((eur, i) => ({ t: NOON + i, id: `t${i}`, way: 'P>M', eur }));
    expect(new Desk([larger]).hits(payments)).toEqual(['t2']);
  });
});

describe('pass-through (S9)', () => {
  const moved = (when: string): Desk => new Desk([typology(`let:\n  moved: passed_through() over 10h\nwhen: outgoing and debtor.account == "M" and ${when}`)]);
  const flow = (...steps: readonly (readonly [number, string, string])[]): Payment[] =>
    steps.map(([hour, way, eur], i) => ({ t: NOON + hour * HOUR, id: `t${i}`, way, eur }));

  test('an outflow uses up what earlier inflows of the window left, and no more', () => {
    const payments = flow([0, 'P>M', '100.00'], [1, 'M>X', '70.00'], [2, 'M>X', '70.00'], [3, 'P>M', '50.00'], [4, 'M>X', '10.00']);
    expect(moved('moved == 70 EUR').hits(payments)).toEqual(['t1']);
    expect(moved('moved == 100 EUR').hits(payments)).toEqual(['t2']);
    expect(moved('moved == 110 EUR').hits(payments)).toEqual(['t4']);
  });

  test('money from before the window never counts', () => {
    const payments = flow([-10, 'P>M', '100.00'], [0, 'M>X', '70.00']);
    expect(moved('moved == 0 EUR').hits(payments)).toEqual(['t1']);
  });

  test('a payment of the key to itself neither comes in nor goes out', () => {
    const payments = flow([0, 'M>M', '100.00'], [1, 'M>X', '70.00']);
    expect(moved('moved == 0 EUR').hits(payments)).toEqual(['t1']);
  });
});

describe('money in two currencies (S17)', () => {
  const rates = 'date,currency,perEuro\n2026-03-03,USD,2\n2026-02-25,GBP,0.8\n';

  test('amounts are converted once, half-even, by the row before the day', () => {
    const total = typology(
      'where: incoming\nlet:\n  total: sum(amount) over 1d\nwhen: total >= 100.02 EUR\nalert: { title: "{total}", period: 24h, route: standard, next: [look] }',
    );
    const desk = new Desk([total], { rates });
    const payments: Payment[] = [
      { t: NOON, way: 'P>M', eur: '200.01', currency: 'USD' },
      { t: NOON + 1, way: 'P>M', eur: '0.03', currency: 'USD' },
    ];
    // 100.005 and 0.015 are as near to the cent below as to the one above: 100.00 and 0.02.
    expect(desk.alerts(payments).map((a) => a.title)).toEqual(['100.02 EUR']);
  });

  test('a row of more than seven days before is none, and what it was wanted for is errored', () => {
    const total = typology('where: incoming\nwhen: sum(amount) over 1d >= 1 EUR');
    const desk = new Desk([total], { rates });
    const gbp = (t: number): Payment => ({ t, way: 'P>M', currency: 'GBP' });
    expect(desk.hits([gbp(NOON)])).toHaveLength(1);
    expect(desk.hits([gbp(NOON + DAY)])).toHaveLength(1);
    expect(desk.engine.drainNotices()).toEqual([{ typology: 'a-typology', subject: 'M', day: '2026-03-05', cause: 'missing-rate' }]);
  });

  test('a sum beyond 2^53 − 1 is an overflow', () => {
    const desk = new Desk([typology('where: incoming\nwhen: sum(amount) over 1d >= 1 EUR')]);
    const most = '10000000000.00';
    const payments = Array.from({ length: 9008 }, (_, i) => ({ t: NOON + i, id: `t${i}`, way: 'P>M', eur: most }));
    const hits = desk.alerts(payments)[0];
    expect(hits?.hitCount).toBe(9007);
    expect(desk.engine.drainNotices().map((n) => n.cause)).toEqual(['overflow']);
  });
});
