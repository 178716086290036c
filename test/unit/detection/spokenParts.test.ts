import { Desk, HOUR, NOON, typology } from './desk.ts';

test('a title names a key of several texts with all of them', () => {
  const pairs = typology('subject: [debtor.account, creditor.account]\nwhen: count() over 1h >= 1');
  expect(new Desk([pairs]).alerts([{ t: NOON, way: 'A>B' }]).map((alert) => alert.title)).toEqual(['A / B']);
});

test.each([
  ['a product of two values', 'incoming and (count() over 1h) * (count() over 2h) >= 6', ['t2', 't3']],
  ['a product of two averages', 'incoming and (avg(travel.passengers) over 1h) * (avg(travel.passengers) over 2h) >= 4', ['t2', 't3']],
  ['a status', 'incoming and status == "settled"', ['t1']],
])('%s, by code and without', (_, when, hits) => {
  const payments = [0, 1, 2, 3].map((i) => ({
    t: NOON + (i * HOUR) / 4,
    id: `t${i}`,
    more: { travel: { passengers: i + 1 } },
    ...(i === 1 ? { status: 'settled' } : {}),
  }));
  for (const generates of [true, false]) expect(new Desk([typology(`when: ${when}`)], { generates }).hits(payments)).toEqual(hits);
});
