import { DAY, Desk, NOON, type Payment, typology } from './desk.ts';

const lines = 'where: incoming\nwhen: count() over 20d >= 2';
const excluding = typology(lines);
const keeping = typology(`${lines}\non_return: keep`);
const a: Payment = { t: NOON, id: 'a', way: 'P>M' };
const b: Payment = { t: NOON + 1, id: 'b', way: 'P>M' };
const back = (payment: Partial<Payment> = {}): Payment => ({ t: NOON + DAY, id: 'y', way: 'M>P', returnOf: 'a', ...payment });

describe('returns (S14)', () => {
  test('a returned transaction is lost from every history, in whichever order the two come', () => {
    expect(new Desk([excluding]).hits([a, b])).toEqual(['b']);
    for (const order of [
      [a, b, back()],
      [back(), a, b],
      [a, back(), b],
    ])
      expect(new Desk([excluding]).hits(order)).toEqual([]);
  });

  test('what was said is taken back', () => {
    const desk = new Desk([excluding]);
    desk.hits([a, b]);
    expect(desk.hits([back()])).toEqual([]);
    expect(desk.said.at(-1)).toMatchObject({ content: null, contentDigest: '' });
  });

  test('where the typology keeps it, the alert lists it', () => {
    const desk = new Desk([keeping]);
    expect(desk.alerts([a, b])[0]?.returned).toEqual([]);
    expect(desk.alerts([back()])[0]?.returned).toEqual([{ source: 'bank', id: 'a' }]);
  });

  test('a return is itself no leg', () => {
    const desk = new Desk([keeping]);
    expect(desk.engine.stats.legs).toBe(0);
    desk.take(back());
    expect(desk.engine.stats).toMatchObject({ rows: 1, legs: 0 });
  });

  test.each<[string, Partial<Payment>]>([
    ['of another amount', { eur: '99.99' }],
    ['of another currency', { currency: 'USD' }],
    ['beyond the horizon', { t: NOON + 10 * DAY + 1 }],
    ['before the transaction', { t: NOON - 1 }],
    ['that was rejected', { status: 'rejected' }],
    ['that was returned', { status: 'returned' }],
    ['of an unknown transaction', { returnOf: 'unknown' }],
    ['of another source', { source: 'another' }],
  ])('a return %s changes nothing', (_, payment) => {
    expect(new Desk([excluding]).hits([a, b, back(payment)])).toEqual(['b']);
  });

  test.each<[string, Partial<Payment>]>([
    ['at the horizon', { t: NOON + 10 * DAY }],
    ['in the same instant', { t: NOON }],
  ])('a return %s counts', (_, payment) => {
    expect(new Desk([excluding]).hits([a, b, back(payment)])).toEqual([]);
  });

  test('a return of a return changes nothing', () => {
    const second: Payment = { t: NOON + 2 * DAY, id: 'z', way: 'P>M', returnOf: 'y' };
    expect(new Desk([excluding]).hits([a, b, back(), second])).toEqual([]);
  });

  test('a return that comes to be rejected gives the transaction back to the histories', () => {
    const desk = new Desk([excluding]);
    expect(desk.hits([a, b, back()])).toEqual([]);
    expect(desk.hits([back({ status: 'rejected' })])).toEqual(['b']);
  });

  test('a return whose content loses no longer counts', () => {
    const desk = new Desk([excluding]);
    expect(desk.hits([a, b, back()])).toEqual([]);
    expect(desk.hits([back({ eur: '1.00', r: NOON + DAY - 1 })])).toEqual(['b']);
  });

  test('the status `returned` acts as a full return at once', () => {
    expect(new Desk([excluding]).hits([a, b, { ...a, status: 'returned' }])).toEqual([]);
    expect(new Desk([keeping]).alerts([{ ...a, status: 'returned' }, b])[0]?.returned).toEqual([{ source: 'bank', id: 'a' }]);
  });
});
