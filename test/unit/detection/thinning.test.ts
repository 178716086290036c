import { DAY, Desk, HOUR, NOON, type Payment, typology } from './desk.ts';

const remittances = typology('where: incoming and kind == "remittance"\nwhen: count() over 2h >= 1');
const settings = { latenessMs: 10 * DAY };
const pay = (i: number, kind: string, more: Partial<Payment> = {}): Payment => ({ t: NOON + i * 1000, id: `${kind}${i}`, way: 'P>M', kind, ...more });

describe('transactions of which no key has a leg', () => {
  test('go when their day is past, the others when their windows are', () => {
    const desk = new Desk([remittances], { settings });
    for (let i = 0; i < 50; i++) desk.take(pay(i, i % 5 === 0 ? 'remittance' : 'card-payment'));
    desk.drain();
    desk.engine.advance(NOON + 6 * HOUR);
    expect(desk.engine.stats.rows).toBe(50);
    desk.engine.advance(NOON + 12 * HOUR);
    expect(desk.engine.stats.rows).toBe(10);
    expect(desk.take(pay(1, 'card-payment', { r: NOON + DAY }))).toBe('clock-skew');
    expect(desk.queue.size).toBe(1);
    desk.engine.advance(Number.POSITIVE_INFINITY);
    expect(desk.engine.stats).toMatchObject({ rows: 0, legs: 0, keys: 0 });
  });

  test('are known until then, as are their returns', () => {
    const desk = new Desk([remittances], { settings });
    desk.take(pay(1, 'card-payment'));
    expect(desk.take(pay(1, 'card-payment'))).toBe('duplicate');
    expect(desk.take(pay(1, 'card-payment', { eur: '7.77', r: NOON + HOUR }))).toBe('conflict');
    desk.take(pay(2, 'card-payment', { returnOf: 'card-payment1' }));
    desk.engine.advance(NOON + 12 * HOUR);
    // The content that lost and the return are kept as long as any other may ask for them.
    expect(desk.engine.stats.rows).toBe(2);
  });

  test('stay where a typology sees one of them after all', () => {
    const desk = new Desk([remittances], { settings });
    desk.take(pay(1, 'card-payment', { r: NOON + 2 * DAY }));
    desk.take(pay(1, 'remittance', { id: 'card-payment1', r: NOON + DAY }));
    desk.drain();
    desk.engine.advance(NOON + 12 * HOUR);
    expect(desk.engine.stats.legs).toBe(2);
    expect([...desk.queue.values()].map((alert) => alert.hitCount)).toEqual([1]);
  });

  test('are dropped hour by hour, in parts, and forgetting passes by the hours that they leave empty', () => {
    const desk = new Desk([remittances], { settings: { ...settings, returnHorizonMs: DAY } });
    const hours = 30;
    for (let i = 0; i < 12_000; i++) {
      const t = NOON - 12 * HOUR + (i % hours) * HOUR + i;
      desk.take({ t, id: `${i}`, way: 'P>M', kind: i % hours === 3 ? 'remittance' : 'card-payment', r: NOON + DAY });
    }
    desk.drain();
    desk.engine.advance(NOON + 12 * HOUR);
    const { rows } = desk.engine.stats;
    expect(rows).toBeLessThan(12_000);
    expect(rows).toBeGreaterThan(4_000);
    for (let ms = 1; ms < 4; ms++) desk.engine.advance(NOON + 12 * HOUR + ms);
    // The last six hours are of the next day.
    expect(desk.engine.stats.rows).toBe(400 * 7);
    desk.engine.advance(NOON + 9 * DAY);
    expect(desk.engine.stats.legs).toBe(0);
  });
});
