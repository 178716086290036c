import { Desk, NOON, type Payment, typology } from './desk.ts';

const keys = (lines: string, payments: readonly Payment[]): unknown[] => new Desk([typology(lines)]).alerts(payments).map((a) => a.subject.key);
const one = (more: Partial<Payment> = {}): Payment => ({ t: NOON, id: 'x', way: 'A>B', ...more });

describe('keys and legs (S0)', () => {
  test.each([
    ['account', '', ['A', 'B']],
    ['account', 'incoming', ['B']],
    ['account', 'outgoing', ['A']],
    ['party', '', ['p-A', 'p-B']],
    ['debtor.account', 'outgoing', ['A']],
    ['creditor.account', 'incoming', ['B']],
    ['[account, creditor.country]', 'incoming', [['B', 'TR']]],
    ['[debtor.party, creditor.party]', '', [['p-A', 'p-B']]],
    ['creditor.country', '', []],
  ])('subject %s where %s', (subject, side, expected) => {
    const where = side === '' ? '' : `where: ${side}\n`;
    const more = subject.includes('creditor.country') && subject.startsWith('[') ? { creditor: { account: 'B', country: 'TR' } } : {};
    const lines = `subject: ${subject}\n${where}when: count() over 1h >= 1`;
    expect(keys(lines, [one({ more })])).toEqual(expected);
  });

  test('a transaction of a key with itself is one leg, neither in nor out, held by the debtor', () => {
    const self = one({ way: 'A>A', more: { debtor: { account: 'A', country: 'GB' }, creditor: { account: 'A', country: 'TR' } } });
    expect(keys('when: incoming or outgoing', [self])).toEqual([]);
    expect(keys('when: count() over 1h == 1 and holder.country == "GB" and counterparty.country == "TR"', [self])).toEqual(['A']);
  });

  test('holder and counterparty are the sides of the leg, and ages are counted to its time', () => {
    const more = { debtor: { account: 'A', country: 'GB', accountOpened: '2026-03-03' }, creditor: { account: 'B', country: 'TR' } };
    expect(keys('when: incoming and holder.country == "TR" and counterparty.country == "GB"', [one({ more })])).toEqual(['B']);
    expect(keys('when: holder.accountAge <= 36h', [one({ more })])).toEqual(['A']);
    expect(keys('when: holder.accountAge < 36h', [one({ more })])).toEqual([]);
    expect(keys('when: incoming and debtor.accountAge == 36h', [one({ more })])).toEqual(['B']);
  });

  test('items, lists, and what an exception says', () => {
    const more = { items: [{ text: 'boat', quantity: 2 }, { text: 'rope' }] };
    expect(keys('where: incoming\nwhen: any(items, text == "boat" and quantity >= 2)', [one({ more })])).toEqual(['B']);
    expect(keys('where: incoming\nwhen: any(items, text == "rope" and quantity >= 0)', [one({ more })])).toEqual([]);
    expect(keys('where: incoming\nwhen: any(items, text == "boat")', [one()])).toEqual([]);
    expect(keys('where: incoming\nwhen: counterparty.account in lists.hubs', [one({ way: 'C>B' }), one({ id: 'y', way: 'A>E' })])).toEqual(['B']);
    expect(keys('where: incoming\nwhen: id == "x" and status == "settled"', [one({ status: 'settled' }), one({ id: 'y', way: 'A>E' })])).toEqual(['B']);
    const unless = 'where: incoming\nwhen: count() over 1h >= 1\nunless: [{ when: creditor.account == "B", because: a reason }]';
    expect(keys(unless, [one(), one({ id: 'y', way: 'A>C' })])).toEqual(['C']);
  });
});

describe('several typologies', () => {
  const first = typology('where: kind == "p2p"\nlet:\n  n: count() over 1h\nwhen: incoming and n >= 1', 'first');
  const second = typology('where: kind in [p2p, remittance]\nwhen: incoming and count() over 1h >= 2', 'second');
  const third = typology('when: incoming and channel == "atm" and count() over 1h >= 1', 'third');
  const payments: Payment[] = [
    one({ kind: 'p2p' }),
    one({ t: NOON + 1, id: 'y', kind: 'remittance' }),
    one({ t: NOON + 2, id: 'z', kind: 'cheque', more: { channel: 'atm' } }),
  ];

  test('share what means the same, and nothing of it shows', () => {
    const alone = [first, second, third].flatMap((t) => new Desk([t]).alerts(payments));
    const together = new Desk([third, second, first]).alerts(payments);
    expect(together).toEqual(alone);
    expect(together.map((a) => [a.typology.id, a.hits.map((h) => h.id)])).toEqual([
      ['first', ['x']],
      ['second', ['y']],
      ['third', ['z']],
    ]);
  });

  test('the same aggregate in another currency is another', () => {
    const rates = 'date,currency,perEuro\n2026-03-03,USD,2\n';
    const euro = typology('where: incoming\nwhen: passed_through(where incoming) over 1h == 0 EUR and sum(amount) over 1h >= 100 EUR', 'euro');
    const dollar = typology('where: incoming\nwhen: passed_through(where incoming) over 1h == 0 USD and sum(amount) over 1h >= 201 USD', 'dollar');
    expect(new Desk([euro, dollar], { rates }).alerts([one()]).map((a) => a.typology.id)).toEqual(['euro']);
  });
});
