import { Desk, HOUR, NOON, type Payment, SECOND, typology } from './desk.ts';

const each = typology('where: incoming\nwhen: count() over 1h >= 1');
const digests = (desk: Desk): (readonly [string, string])[] => desk.engine.drainConflicts().map((c) => [c.winningDigest, c.losingDigest] as const);
const of = (payment: Partial<Payment> = {}): Payment => ({ t: NOON, id: 'x', way: 'P>M', ...payment });

describe('identity (S2)', () => {
  test('the content received first stands, in whichever order the records are read', () => {
    const records = [of({ r: NOON + 10 }), of({ r: NOON + 5, eur: '7.00' }), of({ r: NOON + 20, eur: '9.00' })];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ]) {
      const desk = new Desk([each]);
      const [alert] = desk.alerts(order.map((i) => records[i]!));
      expect(alert?.transactions.map((entry) => entry.amount.value)).toEqual(['7.00']);
      expect(desk.engine.counts).toEqual({ applied: 1, duplicate: 0, conflict: 2, late: 0, future: 0, clockSkew: 0 });
    }
  });

  test('received at once, the lesser digest stands', () => {
    const values = ['1.00', '2.00', '3.00'];
    const winners = [
      [0, 1, 2],
      [2, 0, 1],
      [1, 2, 0],
    ].map((order) => {
      const desk = new Desk([each]);
      const [alert] = desk.alerts(order.map((i) => of({ eur: values[i]! })));
      return alert?.transactions[0]?.amount.value;
    });
    expect(new Set(winners).size).toBe(1);
  });

  test('a conflict is told once for each losing content, and the other way round when the winner changes', () => {
    const desk = new Desk([each]);
    expect(desk.take(of({ r: NOON + 10 }))).toBe('applied');
    expect(desk.take(of({ r: NOON + 20, eur: '7.00' }))).toBe('conflict');
    expect(desk.take(of({ r: NOON + 30, eur: '7.00' }))).toBe('conflict');
    const [[a, b]] = digests(desk) as [readonly [string, string]];
    expect(desk.take(of({ r: NOON + 5, eur: '7.00' }))).toBe('applied');
    expect(digests(desk)).toEqual([[b, a]]);
    expect(desk.take(of({ r: NOON + 1 }))).toBe('applied');
    expect(digests(desk)).toEqual([[a, b]]);
    expect(desk.engine.counts).toEqual({ applied: 1, duplicate: 1, conflict: 3, late: 0, future: 0, clockSkew: 0 });
  });

  test('a conflict names the place of the record that lost', () => {
    const desk = new Desk([each]);
    desk.take(of({ partition: 3 }));
    desk.take(of({ r: NOON - 1, eur: '7.00', partition: 4 }));
    expect(desk.engine.drainConflicts()).toMatchObject([{ source: 'bank', id: 'x', place: { partition: 3, offset: 0 } }]);
  });

  test('a place is kept as it was given, however far into the log', () => {
    const desk = new Desk([each], { settings: { place: (partition, offset) => `${partition}/${offset}` } });
    desk.take(of());
    desk.take({ ...of({ partition: 65_535, r: NOON - 1 }) });
    expect(desk.alerts([])[0]?.transactions[0]?.place).toBe('65535/1');
  });

  test('the same identifier under another time is another transaction, and said to be so', () => {
    const desk = new Desk([each]);
    expect(desk.take(of())).toBe('applied');
    expect(desk.take(of({ t: NOON + 1 }))).toBe('id-reused');
    expect(desk.take(of({ t: NOON + 1 }))).toBe('duplicate');
    expect(desk.take(of({ source: 'another' }))).toBe('applied');
    expect(desk.hits([])).toHaveLength(3);
    expect(desk.engine.counts.applied).toBe(3);
  });

  test('the status is the greatest of the records with the content that stands, and of no others', () => {
    const desk = new Desk([each]);
    desk.take(of({ eur: '7.00', r: NOON + 9, status: 'rejected' }));
    expect(desk.hits([of({ r: NOON + 5 })])).toEqual(['x']);
    desk.take(of({ r: NOON + 7, status: 'rejected' }));
    expect(desk.hits([])).toEqual([]);
    expect(desk.hits([of({ eur: '7.00', r: NOON + 1, status: 'settled' })])).toEqual([]);
  });

  test('a lower status changes nothing, and a higher one is heard where a typology reads it', () => {
    const settled = typology('where: incoming\nwhen: count(where status == "settled") over 1h >= 2', 'settled');
    const desk = new Desk([settled]);
    const second = of({ id: 'y', t: NOON + SECOND, status: 'settled' });
    expect(desk.hits([of(), second])).toEqual([]);
    expect(desk.hits([of({ status: 'settled' })])).toEqual(['y']);
    expect(desk.hits([of({ status: 'accepted' })])).toEqual(['y']);
  });

  test('a content that comes to stand takes the transaction to its own keys', () => {
    const desk = new Desk([each]);
    const keys = (): unknown[] => desk.alerts([]).map((a) => a.subject.key);
    desk.take(of({ r: NOON + 10 }));
    desk.drain();
    expect(keys()).toEqual(['M']);
    desk.take(of({ way: 'P>N', r: NOON + 5 }));
    expect(keys()).toEqual(['N']);
    expect(desk.said.at(0)?.content?.subject.key).toBe('M');
    expect(desk.said.filter((c) => c.content === null)).toHaveLength(1);
  });
});

describe('lateness (S4)', () => {
  const desk = (settings: object): Desk => new Desk([each], { settings });

  test.each([
    ['at the limit', 48 * HOUR, 'applied'],
    ['a millisecond beyond', 48 * HOUR + 1, 'too-late'],
  ])('a record received %s of lateness', (_, late, outcome) => {
    expect(desk({}).take(of({ r: NOON + late }))).toBe(outcome);
  });

  test('a source can have a lateness of its own', () => {
    const own = desk({
      latenessBySource: new Map([
        ['slow', 72 * HOUR],
        ['quick', HOUR],
      ]),
    });
    const outcomes = ['slow', 'quick', 'bank'].map((source) => own.take(of({ source, r: NOON + 50 * HOUR })));
    expect(outcomes).toEqual(['applied', 'too-late', 'too-late']);
    expect(own.take(of({ source: 'quick', id: 'y', r: NOON + 2 * HOUR }))).toBe('too-late');
  });

  test.each([
    ['an hour ahead', HOUR, 'applied'],
    ['an hour and a millisecond ahead', HOUR + 1, 'future'],
  ])('a record %s of its receipt', (_, ahead, outcome) => {
    expect(desk({}).take(of({ r: NOON - ahead }))).toBe(outcome);
  });

  test('in recorded input the run says what the present is', () => {
    const recorded = desk({ futureMs: Number.POSITIVE_INFINITY, asOfMs: NOON });
    expect(recorded.take(of({ r: NOON - 40 * HOUR }))).toBe('applied');
    expect(recorded.take(of({ t: NOON + 1, id: 'y' }))).toBe('future');
  });

  test('an accepted record before wm can only come of broken clocks; one at wm is taken', () => {
    const d = desk({});
    d.engine.advance(NOON);
    expect(d.take(of())).toBe('applied');
    expect(d.take(of({ t: NOON - 1 }))).toBe('clock-skew');
    expect(d.engine.counts.clockSkew).toBe(1);
  });

  test('wm never falls', () => {
    const d = desk({});
    d.engine.advance(NOON);
    d.engine.advance(NOON - HOUR);
    expect(d.take(of({ t: NOON - 1 }))).toBe('clock-skew');
  });
});
