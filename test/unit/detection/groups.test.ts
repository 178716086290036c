import { Desk, HOUR, NOON, type Payment, typology } from './desk.ts';

const payments = Array.from(
  { length: 60 },
  (_, i): Payment => ({
    t: NOON + i * (HOUR / 10),
    id: `t${i}`,
    way: i % 2 === 0 ? 'X>K' : 'K>Y',
    eur: `${10 + (i % 7)}.00`,
    more: { device: `d${(i * 5) % 3}` },
  }),
);
/** What a rule reads of the legs that have a device in common with the anchor, of the window of an hour before it, worked out anew for each. */
function expected(i: number, value: (like: readonly number[]) => number): number {
  const like = payments.flatMap((_, j) => (j <= i && i - j < 10 && (j * 5) % 3 === (i * 5) % 3 ? [j] : []));
  return value(like);
}

describe('a window of the legs that are like the anchor', () => {
  test.each([
    ['count() >= 4', 'count(where device == anchor.device) over 1h >= 4', (like: readonly number[]) => like.length, 4],
    ['sum >= 50', 'sum(amount where device == anchor.device) over 1h >= 50 EUR', (like: readonly number[]) => like.reduce((n, j) => n + 10 + (j % 7), 0), 50],
    ['max >= 16', 'max(amount where device == anchor.device) over 1h >= 16 EUR', (like: readonly number[]) => Math.max(...like.map((j) => 10 + (j % 7))), 16],
  ] as const)('%s', (_, when, value, bound) => {
    const hits = payments.flatMap(({ id }, i) => (expected(i, value) >= bound ? [id!] : []));
    expect(hits.length).toBeGreaterThan(0);
    expect(hits.length).toBeLessThan(60);
    const rule = typology(`subject: party\nwhere: debtor.account == "X" or debtor.account == "K"\nwhen: (incoming or outgoing) and ${when}`);
    for (const hotLegs of [0, 2, 1000])
      for (const generates of [true, false]) {
        const alerts = new Desk([rule], { hotLegs, generates }).alerts(payments).filter((alert) => alert.subject.key === 'p-K');
        expect([hotLegs, generates, alerts.flatMap((alert) => alert.hits.map((hit) => hit.id))]).toEqual([hotLegs, generates, hits]);
      }
  });
});
