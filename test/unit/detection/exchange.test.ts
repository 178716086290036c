import { DAY, Desk, NOON, type Payment, typology } from './desk.ts';

/** The exchange remembers conversions in so many places; currencies, amounts and days that lie that far apart share one. */
const PLACES = 1 << 14;
const EARLY = Date.UTC(2010, 0, 5, 12);
const LATE = EARLY + PLACES * DAY;
const RATES = ['date,currency,perEuro', '2010-01-04,USD,4', '2054-11-13,USD,8', '2026-03-03,USD,2', '2026-03-03,GBP,0.5', ''].join('\n');

const inEuros = typology('let:\n  total: sum(amount where outgoing) over 1h\nwhen: outgoing and total > 0 EUR');

/** What each payment is worth: every payment has a debtor of its own. */
function worth(desk: Desk, payments: readonly Omit<Payment, 'way'>[]): unknown[] {
  const alerts = desk.alerts(payments.map((payment, i) => ({ ...payment, way: `A${i}>` })));
  return payments.map((_, i) => alerts.find((alert) => alert.subject.key === `A${i}`)?.values['total']);
}

describe('S17 conversions that are remembered in one place', () => {
  test('of two amounts', () => {
    const two = ['10.00', `${(1000 + PLACES) / 100}`, '10.00'].map((eur, i) => ({ t: NOON + i, eur, currency: 'USD' }));
    expect(worth(new Desk([inEuros], { rates: RATES }), two)).toEqual(['5.00 EUR', '86.92 EUR', '5.00 EUR']);
  });

  test('of two days', () => {
    const two = [EARLY, LATE, LATE + 1].map((t) => ({ t, eur: '10.00', currency: 'USD' }));
    expect(worth(new Desk([inEuros], { rates: RATES }), two)).toEqual(['2.50 EUR', '1.25 EUR', '1.25 EUR']);
  });

  test('of two currencies', () => {
    const desk = new Desk([inEuros], { rates: RATES });
    const dollar = desk.texts.intern('USD');
    desk.texts.retain(dollar);
    for (let i = 1; i < PLACES; i++) desk.texts.retain(desk.texts.intern(`filling ${i}`));
    const pound = desk.texts.intern('GBP');
    desk.texts.retain(pound);
    expect(pound - dollar).toBe(PLACES);
    const two = ['USD', 'GBP', 'USD'].map((currency, i) => ({ t: NOON + i, eur: '10.00', currency }));
    expect(worth(desk, two)).toEqual(['5.00 EUR', '20.00 EUR', '5.00 EUR']);
  });
});
