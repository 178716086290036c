import { Desk, HOUR, NOON, type Payment, typology } from './desk.ts';

const MINUTE = HOUR / 60;
/** Fires at person-to-person payments, and reads what came within an hour before each. */
const rule = typology('let:\n  seen: count(where outgoing) over 1h\nwhen: kind == "p2p" and outgoing and seen >= 1');

const at = (id: string, t: number, kind = 'p2p'): Payment => ({ t, id, kind, way: 'K>', r: NOON + 9 * HOUR });
const MORNING = NOON - 9 * HOUR;
const EVENING = NOON + 9 * HOUR;

describe('evidence of one alert that late records change in two places', () => {
  test.each([
    ['the earlier first', [MORNING, EVENING]],
    ['the later first', [EVENING, MORNING]],
  ])('%s', (_, times) => {
    const desk = new Desk([rule]);
    desk.alerts([at('morning', MORNING), at('noon', NOON), at('evening', EVENING)]);
    const [alert] = desk.alerts(times.map((t) => at(t === MORNING ? 'late-morning' : 'late-evening', t - 30 * MINUTE, 'cheque')));
    expect(alert!.transactions.map(({ id }) => id)).toEqual(['late-morning', 'morning', 'noon', 'late-evening', 'evening']);
  });

  test('the earlier by a record, the later by a hit that goes', () => {
    const desk = new Desk([rule]);
    desk.alerts([at('morning', MORNING), at('noon', NOON), at('evening', EVENING)]);
    const late = at('late-morning', MORNING - 30 * MINUTE, 'cheque');
    const [alert] = desk.alerts([late, { ...at('evening', EVENING), status: 'returned' }]);
    expect(alert!.transactions.map(({ id }) => id)).toEqual(['late-morning', 'morning', 'noon']);
  });

  test.each([0, 1, 2])('behind %i hits that are new and were not spoken of yet', (fresh) => {
    const desk = new Desk([rule]);
    desk.alerts([at('morning', MORNING)]);
    const hits = Array.from({ length: fresh }, (_, i) => at(`new-${i}`, NOON + i * 2 * HOUR));
    const [alert] = desk.alerts([...hits, at('evening', EVENING), at('late-evening', EVENING - 30 * MINUTE, 'cheque')]);
    expect(alert!.transactions.map(({ id }) => id)).toEqual(['morning', ...hits.map(({ id }) => id), 'late-evening', 'evening']);
  });
});
