import { createHash, createHmac } from 'node:crypto';
import type { Typology } from '../../src/typologies/ast.ts';
import { ask } from '../support/oracle/oracle.ts';
import { read } from '../support/oracle/records.ts';
import type { Json, OracleRecord, OracleSettings, PlacelessContent } from '../support/oracle/types.ts';
import {
  aggregate, amount, amountOriginal, and, arithmetic, compare, coalesce, exists, field, incoming, isIn, letRef, list, money, not, num, or, outgoing, param, sided, text,
} from '../support/worlds/expressions.ts';
import { DAY, HOUR, MONDAY, payment, PLAIN_SETTINGS, plainTypology, received } from '../support/worlds/plain.ts';

/** The cases of this file are worked out by hand from `docs/semantics.md` and `docs/alert.md`; each names its clause. */
function alertsOf(typology: Typology, records: readonly OracleRecord[], settings: Partial<OracleSettings> = {}): PlacelessContent[] {
  const answer = ask([typology], records, { ...PLAIN_SETTINGS, ...settings }, MONDAY - 30 * DAY);
  return [...answer.alerts.values()].sort((a, b) => (JSON.stringify([a.subject.key, a.period.from]) < JSON.stringify([b.subject.key, b.period.from]) ? -1 : 1));
}

/** Keys and anchors of all hits, as `key:id`. */
function hitsOf(typology: Typology, records: readonly OracleRecord[], settings: Partial<OracleSettings> = {}): string[] {
  return alertsOf(typology, records, settings).flatMap((alert) => alert.hits.map((hit) => `${[alert.subject.key].flat().join('+')}:${hit.id}`));
}

const from = (account: string): Json => ({ debtor: { account } });
const to = (account: string): Json => ({ creditor: { account } });
/** Holds at every leg of a key. */
const ALWAYS = plainTypology({ when: compare('>=', aggregate('count', HOUR), num(1)) });
const sumAtLeast = (minor: number, currency = 'EUR', windowMs = HOUR): Typology =>
  plainTypology({ lets: [{ name: 'total', expr: aggregate('sum', windowMs, amount()), text: '' }], when: compare('>=', letRef(0, 'total', 'money'), money(minor, currency)) });

describe('S0 keys and legs', () => {
  test('an account sees both sides, and a transfer to itself is one leg that is neither', () => {
    const records = received(payment('1', 0), payment('2', 2 * HOUR, { ...from('C'), ...to('C') }));
    expect(hitsOf(ALWAYS, records)).toEqual(['A:1', 'B:1', 'C:2']);
    expect(hitsOf(plainTypology({ when: outgoing() }), records)).toEqual(['A:1']);
    expect(hitsOf(plainTypology({ when: incoming() }), records)).toEqual(['B:1']);
  });

  test('a composite key has a leg where all of its paths are present', () => {
    const typology = plainTypology({ subject: { paths: ['debtor.party', 'creditor.party'], sides: 'none' }, when: exists(field('kind')) });
    const both = { debtor: { party: 'p' }, creditor: { party: 'q' } };
    const records = received(payment('1', 0, both), payment('2', HOUR, { debtor: { party: 'p' } }));
    expect(alertsOf(typology, records).map((a) => a.subject)).toEqual([{ type: 'debtor.party+creditor.party', key: ['p', 'q'] }]);
  });

  test('the holder of a leg to itself is the debtor; the counterparty is the other side', () => {
    const self = payment('1', 0, { debtor: { account: 'C', country: 'DE' }, creditor: { account: 'C', country: 'TR' } });
    const holder = (country: string): Typology => plainTypology({ when: compare('==', sided('holder', 'country', 'country'), text(country)) });
    expect(hitsOf(holder('DE'), received(self))).toEqual(['C:1']);
    expect(hitsOf(holder('TR'), received(self))).toEqual([]);
  });

  test('where says which legs are anchors and in windows', () => {
    const typology = plainTypology({ where: isIn(field('kind'), list(['p2p'])) });
    expect(hitsOf(typology, received(payment('1', 0, { kind: 'cheque' }), payment('2', 1), payment('3', 2)))).toEqual(['A:3', 'B:3']);
  });
});

describe('S1 order', () => {
  test('equal times are ordered by the UTF-8 bytes of source and id: U+FFFF comes before U+1F600', () => {
    const records = received(payment('😀', 0), payment('￿', 0), payment('z', 0), payment('é', 0));
    expect(alertsOf(ALWAYS, records)[0]!.hits.map((h) => h.id)).toEqual(['z', 'é', '￿', '😀']);
  });
});

describe('S2 identity', () => {
  const changed = payment('1', 0, { amount: { value: '400.00', currency: 'EUR' } });

  test('canonical content is path:length:text a line, in the order of the paths, hashed as UTF-8', () => {
    const transaction = payment('1', 0, {
      status: 'settled', receivedAt: '2026-03-02T00:00:00Z', precision: 'day', remittanceInformation: 'né', amount: { value: '1.5', currency: 'EUR' },
      debtor: { account: 'A', accountOpened: '1970-01-03' }, travel: { oneWay: true, passengers: 4 }, items: [{ quantity: 2, text: 'boat' }], other: 1,
    });
    const canonical = 'amount.currency:3:EUR\namount.minor:3:150\ncreditor.account:1:B\ndebtor.account:1:A\ndebtor.accountOpened:1:2\n'
      + 'items:30:[{"text":"boat","quantity":2}]\nkind:3:p2p\nprecision:3:day\nremittanceInformation:2:né\ntravel.oneWay:1:1\ntravel.passengers:1:4\n';
    expect(read(received(transaction)[0]!).digest).toBe(createHash('sha256').update(canonical).digest('hex'));
  });

  test('the least receipt time gives the content, whatever the order of the offsets', () => {
    const records = received([changed, MONDAY + 10], [payment('1', 0), MONDAY + 5]);
    expect(hitsOf(sumAtLeast(20_000), records)).toEqual([]);
    const answer = ask([], records, PLAIN_SETTINGS);
    expect(answer.counts).toEqual({ applied: 1, duplicate: 0, conflict: 1, late: 0, future: 0 });
    expect(answer.conflicts).toEqual([{ source: 's', id: '1', timeMs: MONDAY, winningDigest: read(records[1]!).digest, losingDigest: read(records[0]!).digest }]);
  });

  test('at one receipt time the least digest gives it', () => {
    const records = received([changed, MONDAY + 5], [payment('1', 0), MONDAY + 5]);
    const changedWins = read(records[0]!).digest < read(records[1]!).digest;
    expect(hitsOf(sumAtLeast(20_000), records)).toEqual(changedWins ? ['A:1', 'B:1'] : []);
  });

  test('the status is the greatest over the records with the winning content', () => {
    const records = received(payment('1', 0), [payment('1', 0, { status: 'rejected' }), MONDAY + 1], payment('2', 1));
    expect(hitsOf(ALWAYS, records)).toEqual(['A:2', 'B:2']);
    const losing = received(payment('1', 0), [{ ...changed, status: 'rejected' }, MONDAY + 1], payment('2', 1));
    expect(hitsOf(ALWAYS, losing)).toEqual(['A:1', 'A:2', 'B:1', 'B:2']);
  });

  test('the same identifier under another time is another transaction', () => {
    expect(hitsOf(plainTypology(), received(payment('1', 0), payment('1', 1)))).toEqual(['A:1', 'B:1']);
  });

  test('two writings of one instant and one amount are a duplicate', () => {
    const other = payment('1', 0, { time: '2026-03-02T01:30:00.0009+01:30', amount: { value: '100', currency: 'EUR' } });
    expect(ask([], received(payment('1', 0), other), PLAIN_SETTINGS).counts).toMatchObject({ applied: 1, duplicate: 1 });
  });
});

describe('S4 lateness', () => {
  test.each([
    ['exactly D is not too late', 48 * HOUR, 'applied'],
    ['a millisecond more is', 48 * HOUR + 1, 'late'],
    ['an hour ahead is not in the future', -HOUR, 'applied'],
    ['a millisecond more is', -HOUR - 1, 'future'],
  ])('%s', (_, delay, outcome) => {
    const { counts } = ask([], received([payment('1', 0), MONDAY + delay]), PLAIN_SETTINGS);
    expect(counts).toEqual({ applied: 0, duplicate: 0, conflict: 0, late: 0, future: 0, [outcome]: 1 });
  });

  test('a source can have a lateness of its own', () => {
    const settings = { ...PLAIN_SETTINGS, latenessBySource: new Map([['s', HOUR]]) };
    expect(ask([], received([payment('1', 0), MONDAY + HOUR + 1]), settings).tooLate).toHaveLength(1);
  });
});

describe('S5 trailing window', () => {
  test.each([
    ['a leg exactly W before is outside', HOUR, []],
    ['a millisecond less is inside', HOUR - 1, ['A:2', 'B:2']],
    ['at one instant the later identifier sees both', 0, ['A:2', 'B:2']],
  ])('%s', (_, gap, hits) => {
    expect(hitsOf(plainTypology(), received(payment('1', 0), payment('2', gap)))).toEqual(hits);
  });

  test('over nothing count and sum are 0, the others are missing', () => {
    const none = isIn(field('kind'), list(['cheque']));
    const zero = plainTypology({ when: and(compare('==', aggregate('count', HOUR, undefined, none), num(0)), compare('==', aggregate('sum', HOUR, amount(), none), money(0, 'EUR'))) });
    expect(hitsOf(zero, received(payment('1', 0)))).toEqual(['A:1', 'B:1']);
    for (const name of ['avg', 'min', 'max', 'distinct'] as const) {
      expect(hitsOf(plainTypology({ when: exists(aggregate(name, HOUR, amount(), none)) }), received(payment('1', 0)))).toEqual([]);
    }
    expect(hitsOf(plainTypology({ when: exists(aggregate('passed_through', HOUR, undefined, none)) }), received(payment('1', 0)))).toEqual([]);
  });

  test('a leg whose argument is missing is skipped', () => {
    const typology = plainTypology({ when: compare('==', aggregate('avg', HOUR, field('travel.passengers', 'number')), num(3)) });
    expect(hitsOf(typology, received(payment('1', 0, { travel: { passengers: 3 } }), payment('2', 1)))).toEqual(['A:1', 'A:2', 'B:1', 'B:2']);
  });
});

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
      score: { base: 10, points: [{ points: 5, when: compare('>=', amount(), money(20_000, 'EUR')), because: 'much', text: '' }], alertAt: 10, bands: [{ from: 15, severity: 'critical' }] },
      subject: { paths: ['debtor.account'], sides: 'out' },
    });
    const much = { amount: { value: '200', currency: 'EUR' } };
    const [first, second, ...rest] = alertsOf(typology, received(payment('1', 0), payment('2', HOUR, much), payment('3', DAY - 1, much), payment('4', DAY)));
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ anchor: { id: '2' }, score: 15, severity: 'critical', hitCount: 3, period: { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z' } });
    expect(first!.reasons).toEqual([
      { text: 'exists(kind)', points: 10, value: 'true', threshold: 'true' },
      { text: 'much', points: 5, value: '200.00 EUR', threshold: '>= 200.00 EUR' },
    ]);
    expect(second).toMatchObject({ anchor: { id: '4' }, score: 10, severity: 'medium' });
    const array = `["alert/1","plain",1,86400000,["debtor.account"],["A"],${MONDAY / DAY}]`;
    expect(first!.alertId).toBe(createHmac('sha256', 'key').update(array).digest('hex').slice(0, 32));
  });
});

describe('S14 returns', () => {
  const back = (atMs: number, changes: Json = {}): Json => payment('9', atMs, { ...from('B'), ...to('A'), returnOf: { source: 's', id: '1' }, ...changes });
  const pair = (gap: number, changes: Json = {}): OracleRecord[] => received(payment('1', 0), back(gap, changes));

  test.each([
    ['a full return', 10, {}, []],
    ['at the horizon', 10 * DAY, {}, []],
    ['beyond it', 10 * DAY + 1, {}, ['A:1', 'B:1']],
    ['before the original', -1, {}, ['A:1', 'B:1']],
    ['at its instant', 0, {}, []],
    ['a part', 10, { amount: { value: '99.99', currency: 'EUR' } }, ['A:1', 'B:1']],
    ['in another currency', 10, { amount: { value: '100', currency: 'USD' } }, ['A:1', 'B:1']],
    ['a rejected return', 10, { status: 'rejected' }, ['A:1', 'B:1']],
    ['a returned return', 10, { status: 'returned' }, ['A:1', 'B:1']],
  ])('%s', (_, gap, changes, hits) => {
    expect(hitsOf(ALWAYS, pair(gap, changes))).toEqual(hits);
  });

  test('a return of a return changes nothing, and a return is never a leg', () => {
    const again = payment('10', 20, { returnOf: { source: 's', id: '9' } });
    expect(hitsOf(ALWAYS, received(payment('1', 0), back(10), again))).toEqual([]);
  });

  test('with keep the leg stays and is listed', () => {
    const typology = { ...ALWAYS, onReturn: 'keep' } as const;
    expect(alertsOf(typology, pair(10)).map((a) => a.returned)).toEqual([[{ source: 's', id: '1' }], [{ source: 's', id: '1' }]]);
    expect(alertsOf(typology, received(payment('1', 0, { status: 'returned' })))[0]!.returned).toEqual([{ source: 's', id: '1' }]);
    expect(hitsOf(ALWAYS, received(payment('1', 0, { status: 'returned' })))).toEqual([]);
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
    const typology = plainTypology({ when: compare('>=', aggregate('count', 2 * HOUR), num(1)), where: isIn(field('kind'), list(['p2p'])), subject: { paths: ['debtor.account'], sides: 'out' } });
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
  const rates = [{ date: '2026-03-01', currency: 'USD', perEuro: '1.25' }, { date: '2026-03-02', currency: 'USD', perEuro: '2' }, { date: '2026-03-01', currency: 'JPY', perEuro: '160' }];
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
      hitsOf(plainTypology({ when: compare('==', amount(), money(cents, 'USD')) }), received(payment('1', 0, { amount: { value, currency: 'EUR' } })), { rates });
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
    expect(alert!.reasons.map((r) => [r.value, r.threshold])).toEqual([['100.00 USD', '>= 100.00 USD'], ['80.00 EUR', '>= 80.00 EUR']]);
  });

  test('the amount as sent compares only with money of its own currency', () => {
    expect(hitsOf(plainTypology({ when: compare('>=', amountOriginal(), money(1, 'EUR')) }), received(usd), { rates })).toEqual([]);
    expect(hitsOf(plainTypology({ when: compare('>=', amountOriginal(), money(1, 'USD')) }), received(usd), { rates })).toEqual(['A:1', 'B:1']);
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
        base: 1, alertAt: 1, bands: [],
        points: [
          { points: 1, when: compare('>=', aggregate('count', 3 * HOUR), num(3)), because: 'three', text: '' },
          { points: 1, when: compare('>=', aggregate('count', 9 * HOUR), num(9)), because: 'nine', text: '' },
        ],
      },
    });
    const into = { ...from('X'), ...to('A') };
    const records = received(payment('old', 0, into), payment('1', 5 * HOUR, into), payment('2', 5 * HOUR + 30 * 60_000, into), payment('3', 6.5 * HOUR), payment('4', 7 * HOUR));
    const alert = alertsOf(typology, records).find((a) => a.subject.key === 'A')!;
    expect(alert.hits.map((h) => [h.id, h.score])).toEqual([['3', 2], ['4', 2]]);
    expect(alert.transactions.map((x) => [x.id, x.role])).toEqual([['1', 'inflow'], ['2', 'inflow'], ['3', 'anchor'], ['4', 'anchor']]);
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
    const typology = plainTypology({ lets, when: exists(field('kind')), alert: { title, periodMs: DAY, route: 'standard', next: [] }, subject: { paths: ['debtor.account'], sides: 'out' } });
    const records = received(payment('1', 90 * 60_000 + 5, { debtor: { account: 'A', accountOpened: '2026-03-01' } }));
    expect(alertsOf(typology, records)[0]).toMatchObject({
      title: '0.6667 0.0001 1d1h30m5ms missing', values: { third: 0.6667, half: 0.0001, age: '1d1h30m5ms', nothing: null },
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
