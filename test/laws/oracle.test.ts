import { createHmac } from 'node:crypto';
import type { Typology } from '../../src/typologies/ast.ts';
import { ask } from '../support/oracle/oracle.ts';
import type { Json } from '../support/oracle/types.ts';
import { ALWAYS, alertsOf, from, hitsOf, sumAtLeast, to } from '../support/worlds/asked.ts';
import {
  aggregate,
  amount,
  amountOriginal,
  and,
  arithmetic,
  coalesce,
  compare,
  exists,
  field,
  incoming,
  isIn,
  letRef,
  list,
  money,
  not,
  num,
  or,
  outgoing,
  param,
  sided,
  text,
} from '../support/worlds/expressions.ts';
import { DAY, HOUR, MONDAY, PLAIN_SETTINGS, payment, plainTypology, received } from '../support/worlds/plain.ts';

/** The cases of this file are worked out by hand from `docs/semantics.md` and `docs/alert.md`; each names its clause. */

describe('S9 pass-through', () => {
  const moved = (minor: number): Typology => plainTypology({ when: and(outgoing(), compare('==', aggregate('passed_through', HOUR), money(minor, 'EUR'))) });
  const euros = (value: number): Json => ({ amount: { value: String(value), currency: 'EUR' } });

  test('each outflow uses up what earlier inflows left; money from before the window never counts', () => {
    const records = received(
      payment('1', 0, { ...from('X'), ...to('K'), ...euros(40) }),
      payment('2', 1, { ...from('K'), ...to('Y'), ...euros(60) }),
      payment('3', 2, { ...from('X'), ...to('K'), ...euros(50) }),
      payment('4', 3, { ...from('K'), ...to('Y'), ...euros(20) }),
      payment('5', HOUR + 1, { ...from('K'), ...to('Y'), ...euros(100) }),
    );
    expect(hitsOf(moved(4000), records)).toEqual(['K:2']);
    expect(hitsOf(moved(6000), records)).toEqual(['K:4']);
    // Of the last window (1, HOUR + 1] only the inflow of 50 is left, of which 20 and then 30 go on.
    expect(hitsOf(moved(5000), records)).toEqual(['K:5']);
  });
});

describe('S11 missing', () => {
  test('a comparison with a missing value is false, != and not in included; its negation holds', () => {
    const records = received(payment('1', 0));
    const device = field('device');
    expect(hitsOf(plainTypology({ when: compare('!=', device, text('d')) }), records)).toEqual([]);
    expect(hitsOf(plainTypology({ when: isIn(device, list(['d']), true) }), records)).toEqual([]);
    expect(hitsOf(plainTypology({ when: not(compare('==', device, text('d'))) }), records)).toEqual(['A:1', 'B:1']);
    expect(hitsOf(plainTypology({ when: compare('==', coalesce(device, text('d')), text('d')) }), records)).toEqual(['A:1', 'B:1']);
  });

  test('division by zero is missing', () => {
    const zero = aggregate('sum', HOUR, amount(), isIn(field('kind'), list(['cheque'])));
    const typology = plainTypology({ when: compare('>=', arithmetic('/', aggregate('sum', HOUR, amount()), zero), num(0)) });
    expect(hitsOf(typology, received(payment('1', 0)))).toEqual([]);
  });
});

describe('S12 hits and alerts', () => {
  test('hits of one period are one alert; the lead is the greatest score, then the first; the id is an HMAC', () => {
    const typology = plainTypology({
      when: exists(field('kind')),
      score: {
        base: 10,
        points: [{ points: 5, when: compare('>=', amount(), money(20_000, 'EUR')), because: 'much', text: '' }],
        alertAt: 10,
        bands: [{ from: 15, severity: 'critical' }],
      },
      subject: { paths: ['debtor.account'], sides: 'out' },
    });
    const much = { amount: { value: '200', currency: 'EUR' } };
    const [first, second, ...rest] = alertsOf(typology, received(payment('1', 0), payment('2', HOUR, much), payment('3', DAY - 1, much), payment('4', DAY)));
    expect(rest).toEqual([]);
    expect(first).toMatchObject({
      anchor: { id: '2' },
      score: 15,
      severity: 'critical',
      hitCount: 3,
      period: { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' },
    });
    expect(first!.reasons).toEqual([
      { text: 'exists(kind)', points: 10, value: 'true', threshold: 'true' },
      { text: 'much', points: 5, value: '200.00 EUR', threshold: '>= 200.00 EUR' },
    ]);
    expect(second).toMatchObject({ anchor: { id: '4' }, score: 10, severity: 'medium' });
    const array = `["alert/1","plain",1,86400000,["debtor.account"],["A"],${MONDAY / DAY}]`;
    expect(first!.alertId).toBe(createHmac('sha256', 'key').update(array).digest('hex').slice(0, 32));
  });
});

describe('S15 errored', () => {
  const dollars = { amount: { value: '100', currency: 'USD' } };

  test('a missing rate is errored: false and errored is false, true or errored is true, otherwise errored', () => {
    const isErrored = compare('>=', aggregate('sum', HOUR, amount()), money(1, 'EUR'));
    const never = isIn(field('kind'), list(['cheque']));
    const records = received(payment('1', 0, dollars));
    const asked = (when: Typology['when']): { hits: string[]; errored: number } => {
      const typology = plainTypology({ when, subject: { paths: ['debtor.account'], sides: 'out' } });
      return { hits: hitsOf(typology, records), errored: ask([typology], records, PLAIN_SETTINGS).errored.size };
    };
    expect(asked(isErrored)).toEqual({ hits: [], errored: 1 });
    expect(asked(not(isErrored))).toEqual({ hits: [], errored: 1 });
    expect(asked(and(isErrored, never))).toEqual({ hits: [], errored: 0 });
    expect(asked(or(isErrored, not(never)))).toEqual({ hits: ['A:1'], errored: 0 });
  });

  test('an errored point makes the verdict errored, though the base reaches alert_at', () => {
    const points = [{ points: 5, when: compare('>=', amount(), money(1, 'EUR')), because: '', text: '' }];
    const typology = plainTypology({ when: exists(field('kind')), score: { base: 10, points, alertAt: 10, bands: [] } });
    expect(hitsOf(typology, received(payment('1', 0, dollars)))).toEqual([]);
  });

  test('a key with more than N transactions of one day is overfull: before where, rejected, returned and losing ones counted', () => {
    const typology = plainTypology({
      when: compare('>=', aggregate('count', 2 * HOUR), num(1)),
      where: isIn(field('kind'), list(['p2p'])),
      subject: { paths: ['debtor.account'], sides: 'out' },
    });
    const last = payment('5', DAY + 2 * HOUR - 2);
    const next = payment('6', DAY + 2 * HOUR - 1);
    const three = [payment('1', 0), payment('2', 1, { kind: 'cheque' }), payment('3', 2, { status: 'rejected' })];
    expect(hitsOf(typology, received(...three, last), { dayLegsMax: 3 })).toEqual(['A:1', 'A:5']);
    expect(hitsOf(typology, received(...three, last, next), { dayLegsMax: 2 })).toEqual(['A:6']);
    const losing = [payment('4', 3, from('Z')), [payment('4', 3), MONDAY + 4] as const];
    expect(hitsOf(typology, received(...three, ...losing, last, next), { dayLegsMax: 3 })).toEqual(['A:6', 'Z:4']);
  });
});

describe('S17 numbers', () => {
  const rates = [
    { date: '2026-03-01', currency: 'USD', perEuro: '1.25' },
    { date: '2026-03-02', currency: 'USD', perEuro: '2' },
    { date: '2026-03-01', currency: 'JPY', perEuro: '160' },
  ];
  const usd = payment('1', 0, { amount: { value: '100.00', currency: 'USD' } });

  test('converted by the row before the UTC date, at most 7 days before it', () => {
    expect(hitsOf(sumAtLeast(8_000), received(usd), { rates })).toEqual(['A:1', 'B:1']);
    expect(hitsOf(sumAtLeast(8_001), received(usd), { rates })).toEqual([]);
    const later = payment('1', 8 * DAY - 1, { amount: { value: '160.00', currency: 'USD' } });
    expect(hitsOf(sumAtLeast(8_000), received(later), { rates })).toEqual(['A:1', 'B:1']);
    expect(hitsOf(sumAtLeast(1), received(payment('1', 8 * DAY, { amount: { value: '160.00', currency: 'USD' } })), { rates })).toEqual([]);
  });

  test('two currencies convert by the exact quotient, half-even to minor units, once for each transaction', () => {
    // 1.00 USD is 128 yen; 0.02 USD is 2.56, rounded to 3.
    const cents = payment('1', 0, { amount: { value: '0.02', currency: 'USD' } });
    const yen = (n: number): Typology => plainTypology({ when: compare('==', aggregate('sum', HOUR, amount()), money(n, 'JPY')) });
    expect(hitsOf(yen(3), received(cents), { rates })).toEqual(['A:1', 'B:1']);
    expect(hitsOf(yen(6), received(cents, { ...cents, id: '2' }), { rates })).toEqual(['A:2', 'B:2']);
    // Two and six cents of a euro are 2.5 and 7.5 cents of a dollar; a half goes to the even one.
    const dollarCents = (value: string, cents: number): string[] =>
      hitsOf(plainTypology({ when: compare('==', amount(), money(cents, 'USD')) }), received(payment('1', 0, { amount: { value, currency: 'EUR' } })), {
        rates,
      });
    expect(dollarCents('0.02', 2)).toEqual(['A:1', 'B:1']);
    expect(dollarCents('0.06', 8)).toEqual(['A:1', 'B:1']);
  });

  test('a let is computed in the currency of the comparison that reads it, and printed in that of the first', () => {
    const typology = plainTypology({
      lets: [{ name: 'total', expr: aggregate('sum', HOUR, amount()), text: '' }],
      when: and(compare('>=', letRef(0, 'total', 'money'), money(10_000, 'USD')), compare('>=', letRef(0, 'total', 'money'), money(8_000, 'EUR'))),
      subject: { paths: ['debtor.account'], sides: 'out' },
      alert: { title: [{ let: 0 }], periodMs: DAY, route: 'standard', next: [] },
    });
    const [alert] = alertsOf(typology, received(usd), { rates });
    expect(alert).toMatchObject({ title: '100.00 USD', values: { total: '100.00 USD' } });
    expect(alert!.reasons.map((r) => [r.value, r.threshold])).toEqual([
      ['100.00 USD', '>= 100.00 USD'],
      ['80.00 EUR', '>= 80.00 EUR'],
    ]);
  });

  test('the amount as sent compares only with money of its own currency', () => {
    expect(hitsOf(plainTypology({ when: compare('>=', amountOriginal(), money(1, 'EUR')) }), received(usd), { rates })).toEqual([]);
    expect(hitsOf(plainTypology({ when: compare('>=', amountOriginal(), money(1, 'USD')) }), received(usd), { rates })).toEqual(['A:1', 'B:1']);
  });

  test('amounts as sent compare with each other in the currency in which they were sent', () => {
    expect(hitsOf(plainTypology({ when: compare('==', amountOriginal(), amountOriginal()) }), received(usd), { rates })).toEqual(['A:1', 'B:1']);
  });
});

describe('S18 evidence and words', () => {
  test('evidence is the anchor and what the lets of when and of points that held read; the role is the first reader', () => {
    const inflow = aggregate('sum', 2 * HOUR, amount(), incoming());
    const floor = { name: 'floor', value: money(10_000, 'EUR'), reason: 'low', basis: 'E' } as const;
    const typology = plainTypology({
      params: [floor],
      lets: [
        { name: 'unused', expr: aggregate('count', 10 * HOUR), text: '' },
        { name: 'inflow', expr: inflow, text: '' },
        { name: 'twice', expr: arithmetic('*', num(2), letRef(1, 'inflow', 'money')), text: '' },
      ],
      when: and(outgoing(), compare('<=', param(floor), letRef(2, 'twice', 'money'))),
      score: {
        base: 1,
        alertAt: 1,
        bands: [],
        points: [
          { points: 1, when: compare('>=', aggregate('count', 3 * HOUR), num(3)), because: 'three', text: '' },
          { points: 1, when: compare('>=', aggregate('count', 9 * HOUR), num(9)), because: 'nine', text: '' },
        ],
      },
    });
    const into = { ...from('X'), ...to('A') };
    const records = received(
      payment('old', 0, into),
      payment('1', 5 * HOUR, into),
      payment('2', 5 * HOUR + 30 * 60_000, into),
      payment('3', 6.5 * HOUR),
      payment('4', 7 * HOUR),
    );
    const alert = alertsOf(typology, records).find((a) => a.subject.key === 'A')!;
    expect(alert.hits.map((h) => [h.id, h.score])).toEqual([
      ['3', 2],
      ['4', 2],
    ]);
    expect(alert.transactions.map((x) => [x.id, x.role])).toEqual([
      ['1', 'inflow'],
      ['2', 'inflow'],
      ['3', 'anchor'],
      ['4', 'anchor'],
    ]);
    expect(alert.values).toEqual({ inflow: '200.00 EUR', twice: '400.00 EUR' });
    expect(alert.reasons).toEqual([
      { text: 'outgoing', points: 1, value: 'true', threshold: 'true' },
      { text: 'params.floor <= twice', points: 0, value: '400.00 EUR', threshold: '>= 100.00 EUR', source: 'floor (E): low' },
      { text: 'three', points: 1, value: '3', threshold: '>= 3' },
    ]);
  });

  test('beyond 500 the lead anchor and the latest are listed, and the true count', () => {
    const records = received(...Array.from({ length: 502 }, (_, i) => payment(String(i).padStart(3, '0'), i * 1000)));
    const alert = alertsOf(ALWAYS, records)[0]!;
    expect(alert).toMatchObject({ hitCount: 502, transactionCount: 502, truncated: true });
    expect(alert.hits.map((h) => h.id)).toEqual(['000', ...Array.from({ length: 499 }, (_, i) => String(i + 3))].map((id) => id.padStart(3, '0')));
    expect(alert.transactions.map((x) => x.id)).toEqual(alert.hits.map((h) => h.id));
  });

  test('numbers are rounded half-even to 4 decimals; durations and missing values have their words', () => {
    const lets = [
      { name: 'third', expr: arithmetic('/', num(2), num(3)), text: '' },
      { name: 'half', expr: num(12_345, 100_000_000), text: '' },
      { name: 'age', expr: sided('holder', 'accountAge', 'duration'), text: '' },
      { name: 'nothing', expr: field('device'), text: '' },
    ];
    const title = [{ let: 0 }, ' ', { let: 1 }, ' ', { let: 2 }, ' ', { let: 3 }];
    const typology = plainTypology({
      lets,
      when: exists(field('kind')),
      alert: { title, periodMs: DAY, route: 'standard', next: [] },
      subject: { paths: ['debtor.account'], sides: 'out' },
    });
    const records = received(payment('1', 90 * 60_000 + 5, { debtor: { account: 'A', accountOpened: '2026-03-01' } }));
    expect(alertsOf(typology, records)[0]).toMatchObject({
      title: '0.6667 0.0001 1d1h30m5ms missing',
      values: { third: 0.6667, half: 0.0001, age: '1d1h30m5ms', nothing: null },
    });
  });

  test('the order is uncertain where a day-precision transaction shares its date; the window is partial before the first receipt', () => {
    const typology = plainTypology({ subject: { paths: ['debtor.account'], sides: 'out' } });
    const records = received(payment('1', 0, { precision: 'day' }), payment('2', 1));
    expect(alertsOf(typology, records)[0]).toMatchObject({ orderUncertain: true, partialWindow: false });
    expect(alertsOf(typology, received(payment('1', 0), payment('2', 1)))[0]).toMatchObject({ orderUncertain: false });
    const partialAt = (b: number): boolean | undefined => [...ask([typology], records, PLAIN_SETTINGS, b).alerts.values()][0]?.partialWindow;
    expect([partialAt(MONDAY + 1 - HOUR), partialAt(MONDAY + 2 - HOUR)]).toEqual([false, true]);
  });
});
