import { Random } from '../../../src/base/random.ts';
import { DAY, Desk, HOUR, NOON, type Payment, typology } from './desk.ts';

const settings = { dayLegsMax: 3 };
const remittances = typology('where: incoming and (kind == "remittance" and amount > 5 EUR or kind == "p2p")\nwhen: count() over 2h >= 1');
const card = (i: number, way = 'P>M'): Payment => ({ t: NOON + i * 1000, id: `card${i}`, way, kind: 'card-payment' });
const remittance = (i: number, way = 'P>M'): Payment => ({ t: NOON + i * 1000, id: `rem${i}`, way, kind: 'remittance', eur: '9.00' });

describe('legs that no typology sees', () => {
  test('are spared, and kept where they are asked for', () => {
    const feed = [card(1), card(2), remittance(3)];
    const desk = new Desk([remittances]);
    expect(desk.hits(feed)).toEqual(['rem3']);
    expect(desk.engine.stats).toMatchObject({ legs: 2, rows: 3, keys: 2 });
    const keeping = new Desk([remittances], { keepsUnseen: true });
    expect(keeping.hits(feed)).toEqual(['rem3']);
    expect(keeping.engine.stats).toMatchObject({ legs: 6, rows: 3, keys: 2 });
  });

  test('are kept for a subject of which one typology sees all', () => {
    const all = typology('when: outgoing and count() over 2h >= 5');
    const desk = new Desk([remittances, { ...all, id: 'all' }]);
    desk.hits([card(1)]);
    expect(desk.engine.stats).toMatchObject({ legs: 2 });
  });

  test('count towards overfull days as any other (S15)', () => {
    const desk = new Desk([remittances], { settings });
    expect(desk.hits([card(1), card(2), remittance(3)])).toEqual(['rem3']);
    expect(desk.hits([card(4)])).toEqual([]);
    expect(desk.engine.drainNotices()).toEqual([{ typology: 'a-typology', subject: 'M', day: '2026-03-04', cause: 'overfull-day' }]);
    expect(desk.engine.stats).toMatchObject({ legs: 0, rows: 4 });
  });

  test('count for their own key, day and side alone', () => {
    const desk = new Desk([remittances], { settings });
    expect(desk.hits([card(1), card(2, 'P>N'), card(3, 'Q>M'), { ...card(4), t: NOON + DAY }, remittance(5, 'R>M')])).toEqual(['rem5']);
    expect(desk.hits([card(6, 'M>Q')])).toEqual([]);
  });

  test('count though their contents lost, were rejected or come late', () => {
    const lost = new Desk([remittances], { settings });
    const x = (payment: Partial<Payment>): Payment => ({ ...card(9), r: NOON + 2 * HOUR, ...payment });
    expect(lost.hits([card(1), remittance(2), x({ way: 'Q>R' })])).toEqual(['rem2']);
    expect(lost.hits([x({ r: NOON + 3 * HOUR })])).toEqual(['rem2']);
    expect(lost.hits([card(0)])).toEqual([]);
    const rejected = new Desk([remittances], { settings });
    expect(rejected.hits([card(1), remittance(2), { ...card(3), status: 'rejected' }, card(0)])).toEqual([]);
  });

  test('make no difference to what fires', () => {
    const random = new Random(3);
    const ways = ['P>M', 'Q>M', 'M>P', 'P>P', 'Q>P', '>Q'];
    for (let run = 0; run < 60; run++) {
      const feed = Array.from({ length: 60 }, (_, i): Payment => {
        const t = NOON + random.below(3) * DAY + random.below(5) * HOUR;
        const id = `${random.below(45)}`;
        return { t, id, r: NOON + 4 * DAY + i, way: random.pick(ways), kind: random.pick(['card-payment', 'card-payment', 'remittance', 'p2p', 'cheque']) };
      });
      const hits = [false, true].map((keepsUnseen) => {
        const desk = new Desk([remittances], { settings: { dayLegsMax: 6, latenessMs: 10 * DAY }, keepsUnseen });
        const standing = feed.map((payment) => desk.hits([payment]));
        return { standing, notices: desk.engine.drainNotices() };
      });
      expect(hits[0]).toEqual(hits[1]);
    }
  });
});
