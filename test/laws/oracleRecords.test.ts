import { createHash } from 'node:crypto';
import type { Typology } from '../../src/typologies/ast.ts';
import { ask } from '../support/oracle/oracle.ts';
import { read } from '../support/oracle/records.ts';
import type { Json, OracleRecord } from '../support/oracle/types.ts';
import { ALWAYS, alertsOf, from, hitsOf, sumAtLeast, to } from '../support/worlds/asked.ts';
import { aggregate, amount, and, compare, exists, field, incoming, isIn, list, money, num, outgoing, sided, text } from '../support/worlds/expressions.ts';
import { DAY, HOUR, MONDAY, PLAIN_SETTINGS, payment, plainTypology, received } from '../support/worlds/plain.ts';

/** The cases of this file are worked out by hand from `docs/semantics.md`; each names its clause. */

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
      status: 'settled',
      receivedAt: '2026-03-02T00:00:00Z',
      precision: 'day',
      remittanceInformation: 'né',
      amount: { value: '1.5', currency: 'EUR' },
      debtor: { account: 'A', accountOpened: '1970-01-03' },
      travel: { oneWay: true, passengers: 4 },
      items: [{ quantity: 2, text: 'boat' }],
      other: 1,
    });
    const canonical =
      'amount.currency:3:EUR\namount.minor:3:150\ncreditor.account:1:B\ndebtor.account:1:A\ndebtor.accountOpened:1:2\n' +
      'items:30:[{"text":"boat","quantity":2}]\nkind:3:p2p\nprecision:3:day\nremittanceInformation:2:né\ntravel.oneWay:1:1\ntravel.passengers:1:4\n';
    expect(read(received(transaction)[0]!).digest).toBe(createHash('sha256').update(canonical).digest('hex'));
  });

  test('the least receipt time gives the content, whatever the order of the offsets', () => {
    const records = received([changed, MONDAY + 10], [payment('1', 0), MONDAY + 5]);
    expect(hitsOf(sumAtLeast(20_000), records)).toEqual([]);
    const answer = ask([], records, PLAIN_SETTINGS);
    expect(answer.counts).toEqual({ applied: 1, duplicate: 0, conflict: 1, late: 0, future: 0 });
    expect(answer.conflicts).toEqual([
      { source: 's', id: '1', timeMs: MONDAY, winningDigest: read(records[1]!).digest, losingDigest: read(records[0]!).digest },
    ]);
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
    const zero = plainTypology({
      when: and(compare('==', aggregate('count', HOUR, undefined, none), num(0)), compare('==', aggregate('sum', HOUR, amount(), none), money(0, 'EUR'))),
    });
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
