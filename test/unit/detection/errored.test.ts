import { DAY, Desk, HOUR, NOON, type Payment, typology } from './desk.ts';

const pounds: Payment = { t: NOON, id: 'x', way: 'P>M', currency: 'GBP' };
/** Errored where there is no rate. */
const E = 'amount > 1 EUR';
const fires = (lines: string): boolean => new Desk([typology(`where: incoming\n${lines}`)]).hits([pounds]).length > 0;
const notices = (lines: string, payment = pounds): number => {
  const desk = new Desk([typology(`where: incoming\n${lines}`)]);
  desk.hits([payment]);
  return desk.engine.drainNotices().length;
};
const F = 'kind == "cheque"';
const T = 'kind == "credit-transfer"';

describe('three-valued logic (S15)', () => {
  test.each([
    [`(${E}) and ${F}`, false, 0],
    [`${F} and (${E})`, false, 0],
    [`(${E}) and ${T}`, false, 1],
    [`${T} and (${E})`, false, 1],
    [`(${E}) or ${T}`, true, 0],
    [`${T} or (${E})`, true, 0],
    [`(${E}) or ${F}`, false, 1],
    [`not (${E})`, false, 1],
    ['sum(amount) over 1h > 1 EUR', false, 1],
    [`count(where ${E}) over 1h >= 0`, false, 1],
    [`count(where ${F} and ${E}) over 1h == 0`, true, 0],
    ['amount.original > 1 EUR', false, 0],
    ['amount.original > 1 GBP', true, 0],
    ['amount > 1 GBP', true, 0],
  ])('%s', (when, fired, told) => {
    expect([fires(`when: ${when}`), notices(`when: ${when}`)]).toEqual([fired, told]);
  });

  test('an exception or a point that is errored makes the verdict errored, unless something decides it', () => {
    const unless = (condition: string): string => `when: ${T}\nunless: [{ when: '${condition}', because: 'a reason' }]`;
    expect([fires(unless(E)), notices(unless(E))]).toEqual([false, 1]);
    expect([fires(unless(F)), notices(unless(F))]).toEqual([true, 0]);
    const points = (alertAt: number, when = T): string =>
      `when: ${when}\nscore: { base: 50, add: [{ points: 10, when: '${E}', because: 'a reason' }], alert_at: ${alertAt} }`;
    expect([fires(points(40)), notices(points(40))]).toEqual([false, 1]);
    expect([fires(points(40, F)), notices(points(40, F))]).toEqual([false, 0]);
  });

  test('a let that is not read has no part in it', () => {
    expect(fires(`let:\n  total: sum(amount) over 1h\n  n: count() over 1h\nwhen: n >= 1 and (${T} or total > 1 EUR)`)).toBe(true);
  });

  test('exists of what is errored is errored, and a missing comparison is false', () => {
    const lets = 'let:\n  total: sum(amount) over 1h\n';
    expect([fires(`${lets}when: exists(total)`), notices(`${lets}when: exists(total)`)]).toEqual([false, 1]);
    for (const when of ['debtor.country != "GB"', 'debtor.country not in [GB]', 'device == "d"']) expect(fires(`when: ${when}`)).toBe(false);
    expect(fires('when: not (debtor.country == "GB")')).toBe(true);
    expect(fires('when: travel.oneWay')).toBe(false);
    expect(fires('when: 1 / (count(where outgoing) over 1h) < 1 or 1 / (count(where outgoing) over 1h) >= 1')).toBe(false);
  });

  test('operations are told once for typology, key and day', () => {
    const desk = new Desk([typology(`where: incoming\nwhen: ${E}`)]);
    desk.hits([0, HOUR, DAY].map((offset, i) => ({ ...pounds, t: NOON + offset, id: `t${i}` })));
    expect(desk.engine.drainNotices()).toEqual([
      { typology: 'a-typology', subject: 'M', day: '2026-03-04', cause: 'missing-rate' },
      { typology: 'a-typology', subject: 'M', day: '2026-03-05', cause: 'missing-rate' },
    ]);
    expect(desk.engine.stats.erroredByTypology.get('a-typology')).toBe(2);
  });
});

describe('overfull days (S15)', () => {
  const settings = { dayLegsMax: 3 };
  const each = typology('where: incoming\nwhen: count() over 2h >= 1');
  const on = (n: number, from = NOON): Payment[] => Array.from({ length: n }, (_, i) => ({ t: from + i * 1000, id: `t${i}`, way: 'P>M' }));

  test('N transactions of a day are kept, one more takes all of them', () => {
    const desk = new Desk([each], { settings });
    expect(desk.hits(on(3))).toEqual(['t0', 't1', 't2']);
    expect(desk.hits(on(4).slice(3))).toEqual([]);
    expect(desk.engine.drainNotices()).toEqual([{ typology: 'a-typology', subject: 'M', day: '2026-03-04', cause: 'overfull-day' }]);
    // P's own history is as full; neither keeps a leg, the transactions themselves are kept.
    expect(desk.engine.stats).toMatchObject({ legs: 0, rows: 4 });
  });

  test('rejected transactions and contents that lost count too', () => {
    const rejected = new Desk([each], { settings });
    expect(rejected.hits([...on(3), { t: NOON - 1, id: 'r', way: 'Q>M', status: 'rejected' }])).toEqual([]);
    const contested = new Desk([each], { settings });
    contested.hits([...on(3), { t: NOON + HOUR, id: 'x', way: 'Q>R' }]);
    expect(contested.hits([{ t: NOON + HOUR, id: 'x', way: 'Q>M', r: NOON + 2 * HOUR }])).toEqual(['x']);
  });

  test('a losing content counts once for each transaction, and no longer where it comes to stand', () => {
    const desk = new Desk([each], { settings });
    const x = (payment: Partial<Payment>): Payment => ({ t: NOON + HOUR, id: 'x', way: 'Q>M', r: NOON + 2 * HOUR, ...payment });
    desk.hits([...on(2), x({ way: 'Q>R' }), x({ r: NOON + 3 * HOUR }), x({ r: NOON + 4 * HOUR, eur: '7.00' })]);
    expect(desk.hits([x({ r: NOON + HOUR })])).toEqual(['t0', 't1', 'x']);
    expect(desk.hits([{ t: NOON + 2 * HOUR, id: 'y', way: 'Q>M' }])).toEqual([]);
  });

  test('later anchors are errored as far as their windows hold a millisecond of the day', () => {
    const desk = new Desk([each], { settings });
    const midnight = NOON + DAY / 2;
    const later = (offset: number, id: string): Payment => ({ t: midnight + offset, id, way: 'P>M' });
    const hits = desk.hits([...on(4), later(2 * HOUR - 2, 'in'), later(2 * HOUR - 1, 'edge'), later(3 * HOUR, 'out')]);
    expect(hits).toEqual(['edge', 'out']);
  });

  test('signs of an overfull day leave the alerts that read them', () => {
    const twoDays = typology('where: incoming\nwhen: count() over 2d >= 2');
    const desk = new Desk([twoDays], { settings });
    expect(desk.hits([...on(2), { t: NOON + DAY, id: 'next', way: 'P>M' }])).toEqual(['t1', 'next']);
    expect(
      desk.hits([
        { t: NOON + 1, id: 'u', way: 'P>M' },
        { t: NOON + 2, id: 'v', way: 'P>M' },
      ]),
    ).toEqual([]);
  });
});
