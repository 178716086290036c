import { DAY, Desk, HOUR, NOON, type Payment, SECOND, typology } from './desk.ts';

const roles = (desk: Desk, payments: readonly Payment[]): string[] =>
  (desk.alerts(payments)[0]?.transactions ?? []).map((entry) => `${entry.id} ${entry.role}`);

describe('evidence (S18)', () => {
  test('holds the anchor, and what is read from `when` and from points that held, under the name of the first reader', () => {
    const lines = (points: string): string => `where: incoming
let:
  small: count(where amount < 50 EUR) over 5h
  large: sum(amount where amount >= 200 EUR) over 5h
  unread: count() over 9h
  twice: small * 2
when: twice >= 2 and debtor.account == "Z" and count(where debtor.account == "C") over 5h >= 1
score: { base: 50, add: [{ points: 10, when: '${points}', because: 'a reason' }], alert_at: 50 }`;
    const payments: Payment[] = [
      { t: NOON - 8 * HOUR, id: 'old', way: 'A>M', eur: '10.00' },
      { t: NOON, id: 'small', way: 'A>M', eur: '10.00' },
      { t: NOON + 1, id: 'middle', way: 'B>M' },
      { t: NOON + 2, id: 'large', way: 'B>M', eur: '300.00' },
      { t: NOON + 3, id: 'direct', way: 'C>M' },
      { t: NOON + 4, id: 'both', way: 'C>M', eur: '20.00' },
      { t: NOON + HOUR, id: 'z', way: 'Z>M' },
    ];
    expect(roles(new Desk([typology(lines('large >= 300 EUR'))]), payments)).toEqual(['small small', 'large large', 'direct when', 'both small', 'z anchor']);
    expect(roles(new Desk([typology(lines('large >= 301 EUR'))]), payments)).toEqual(['small small', 'direct when', 'both small', 'z anchor']);
    expect(roles(new Desk([typology(lines('count(where debtor.account == "B") over 5h >= 2'))]), payments)).toEqual([
      'small small',
      'middle score',
      'large score',
      'direct when',
      'both small',
      'z anchor',
    ]);
  });

  test('of pass-through are the transactions that the key sent or received', () => {
    const desk = new Desk([typology('when: passed_through() over 5h >= 50 EUR and outgoing and debtor.account == "M"')]);
    const payments = ['A>M', 'M>M', 'M>X'].map((way, i) => ({ t: NOON + i, id: `t${i}`, way }));
    expect(roles(desk, payments)).toEqual(['t0 when', 't2 anchor']);
  });

  test('of an alert is the union over its hits, however they come', () => {
    const rule = typology('where: incoming\nwhen: count() over 1h >= 2');
    const times = [0, 30, 50, 140, 150, 400, 401].map((minutes) => NOON + minutes * 60 * SECOND);
    const payments = times.map((t, i) => ({ t, id: `t${i}`, way: 'P>M' }));
    const expected = ['t0 when', 't1 anchor', 't2 anchor', 't3 when', 't4 anchor', 't5 when', 't6 anchor'];
    expect(roles(new Desk([rule]), payments)).toEqual(expected);
    expect(roles(new Desk([rule]), [...payments].reverse())).toEqual(expected);
    const desk = new Desk([rule]);
    for (const payment of [4, 1, 6, 0, 2, 5, 3].map((i) => payments[i]!)) desk.alerts([payment]);
    expect(roles(desk, [])).toEqual(expected);
    expect(roles(desk, [{ ...payments[4]!, status: 'rejected' }])).toEqual(expected.slice(0, 3).concat(expected.slice(5)));
  });

  test('lists 500, the lead anchor and the latest of the others, and counts the rest', () => {
    const rule = typology(`where: incoming
when: count() over 2d >= 1
score: { base: 10, add: [{ points: 5, when: amount > 900 EUR, because: 'it is large' }], alert_at: 10 }`);
    const payments: Payment[] = Array.from({ length: 600 }, (_, i) => ({ t: NOON + i * SECOND, id: `t${i}`, way: 'P>M', eur: i === 7 ? '999.00' : '1.00' }));
    const [alert] = new Desk([rule]).alerts(payments);
    const ids = ['t7', ...payments.slice(101).map((p) => p.id!)];
    expect(alert).toMatchObject({ hitCount: 600, transactionCount: 600, truncated: true, anchor: { id: 't7' } });
    expect(alert?.hits.map((h) => h.id)).toEqual(ids);
    expect(alert?.transactions.map((entry) => entry.id)).toEqual(ids);
    const few = new Desk([rule]).alerts(payments.slice(0, 500))[0];
    expect(few).toMatchObject({ hitCount: 500, transactionCount: 500, truncated: false });
    expect(few?.transactions).toHaveLength(500);
  });

  test('entries show what the transaction has', () => {
    const [alert] = new Desk([typology('where: incoming\nwhen: count() over 1h >= 1')]).alerts([
      { t: NOON + 5, id: 'x', way: '>M', eur: '1500', currency: 'JPY', kind: 'cash-deposit', more: { creditor: { account: 'M', country: 'TR' } } },
    ]);
    expect(alert?.transactions).toEqual([
      {
        source: 'bank',
        id: 'x',
        time: '2026-03-04T12:00:00.005Z',
        kind: 'cash-deposit',
        amount: { value: '1500', currency: 'JPY' },
        debtor: {},
        creditor: { account: 'M', country: 'TR' },
        role: 'anchor',
        place: 'transactions/0/0',
      },
    ]);
  });

  test('the order is uncertain where a transaction gives only its day and another is of that day', () => {
    const rule = typology('where: incoming\nwhen: count() over 2d >= 2');
    const uncertain = (t: number): boolean | undefined =>
      new Desk([rule]).alerts([
        { t: NOON, id: 'a', way: 'P>M', precision: 'day' },
        { t, id: 'b', way: 'P>M' },
      ])[0]?.orderUncertain;
    expect([uncertain(NOON + HOUR), uncertain(NOON + DAY)]).toEqual([true, false]);
  });

  test('a window is partial where it begins before the first receipt', () => {
    const rule = typology('where: incoming\nwhen: count() over 2h >= 1');
    const partial = (firstReceiptMs: number): boolean | undefined => {
      const desk = new Desk([rule]);
      desk.engine.setFirstReceipt(firstReceiptMs);
      return desk.alerts([
        { t: NOON, way: 'P>M' },
        { t: NOON + HOUR, way: 'P>M' },
      ])[0]?.partialWindow;
    };
    expect([partial(NOON - 2 * HOUR), partial(NOON - 2 * HOUR + 1)]).toEqual([false, true]);
    expect(new Desk([rule]).alerts([{ t: NOON, way: 'P>M' }])[0]?.partialWindow).toBe(false);
  });
});

describe('large windows', () => {
  /** Two hundred payments in a window, with every reader there is; small windows, states and the plain evaluator must say the same. */
  const rule = typology(`let:
  inflow: sum(amount where incoming) over 3h
  payers: distinct(counterparty.account where incoming) over 3h
  largest: max(amount) over 3h
  least: min(amount) over 3h
  mean: avg(amount) over 3h
  regular: count(where counterparty.account == anchor.counterparty.account) over 3h
  pairs: count(where counterparty.account == anchor.counterparty.account and kind == anchor.kind) over 3h
  moved: passed_through() over 3h
when: payers >= 2 and regular >= 2 and moved >= 0.2 * inflow and largest > least and mean > 1 EUR
score: { base: 10, add: [{ points: 5, when: pairs >= 3, because: 'pairs' }], alert_at: 10 }
alert: { title: "{inflow} {payers} {largest} {least} {mean} {regular} {pairs} {moved}", period: 6h, route: standard, next: [look] }`);
  const kinds = ['p2p', 'remittance'];
  const payments: Payment[] = Array.from({ length: 400 }, (_, i) => ({
    t: NOON + Math.floor((i * 7919) % 400) * 90 * SECOND,
    id: `t${i}`,
    way: i % 3 === 2 ? `M>P${i % 11}` : `P${i % 7}>M`,
    eur: `${1 + ((i * 31) % 97)}.00`,
    kind: kinds[i % 2]!,
    ...(i % 41 === 40 ? { status: 'rejected' } : {}),
  }));
  const contents = (options: ConstructorParameters<typeof Desk>[1], order: readonly Payment[], batch: number): string => {
    const desk = new Desk([rule], options);
    order.forEach((payment, i) => {
      desk.take(payment);
      if (i % batch === batch - 1) desk.drain();
    });
    desk.drain();
    const withoutPlaces = [...desk.queue.values()].map((a) => ({ ...a, transactions: a.transactions.map(({ place: _, ...entry }) => entry) }));
    return JSON.stringify(withoutPlaces.sort((a, b) => (a.alertId < b.alertId ? -1 : 1)));
  };
  const inOrder = [...payments].sort((a, b) => a.t - b.t);
  const expected = contents({ hotLegs: 1_000_000 }, inOrder, 400);

  test('the rule fires often enough to tell', () => {
    const hits = (JSON.parse(expected) as { hitCount: number }[]).map((a) => a.hitCount);
    expect(hits.length).toBeGreaterThan(1);
    expect(Math.max(...hits)).toBeGreaterThan(50);
  });

  test.each([
    ['states for large windows', {}, inOrder, 10],
    ['states for all windows', { hotLegs: 0 }, inOrder, 1],
    ['states, out of order', { hotLegs: 0 }, payments, 7],
    ['no states, out of order', { hotLegs: 1_000_000 }, payments, 400],
    ['the plain evaluator', { generates: false }, inOrder, 400],
    ['the plain evaluator with states, out of order', { generates: false, hotLegs: 2 }, payments, 50],
  ] as const)('%s', (_, options, order, batch) => {
    expect(contents(options, order, batch)).toBe(expected);
  });
});
