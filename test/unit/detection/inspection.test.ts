import { Desk, HOUR, NOON, typology } from './desk.ts';

const rule = typology(`params:
  floor: { type: money, default: 150 EUR, min: 1 EUR, max: 900 EUR, reason: 'because', basis: E }
where: kind == "credit-transfer"
let:
  inflow: sum(amount where incoming) over 2h
when: incoming and inflow >= params.floor and kind in [credit-transfer, p2p]
score: { base: 10, add: [{ points: 5, when: amount > 120 EUR, because: 'it is large' }], alert_at: 12 }
unless: [{ when: debtor.party == creditor.party, because: own transfer }]`);

function desk(): Desk {
  const d = new Desk([rule], { keepsUnseen: true });
  d.alerts([
    { t: NOON, id: 'a', way: 'P>M' },
    { t: NOON + HOUR, id: 'b', way: 'Q>M', eur: '130.00' },
    { t: NOON + 2 * HOUR, id: 'c', way: 'Q>M', kind: 'cheque' },
    { t: NOON + 3 * HOUR, id: 'd', way: 'Q>M', status: 'rejected' },
  ]);
  return d;
}

describe('a verdict taken apart', () => {
  test('at the last anchor at or before a time', () => {
    expect(desk().engine.inspect('a-typology', ['M'], NOON + HOUR)).toEqual({
      typology: 'a-typology',
      subject: 'M',
      anchor: { source: 'bank', id: 'b', time: '2026-03-04T13:00:00Z' },
      seen: true,
      where: [{ text: 'kind == "credit-transfer"', result: 'true', value: 'credit-transfer', threshold: '== credit-transfer' }],
      lets: [{ name: 'inflow', value: '230.00 EUR' }],
      conditions: [
        { text: 'incoming', result: 'true', value: 'true', threshold: 'true' },
        { text: 'inflow >= params.floor', result: 'true', value: '230.00 EUR', threshold: '>= 150.00 EUR' },
        { text: 'kind in [credit-transfer, p2p]', result: 'true', value: 'credit-transfer', threshold: 'in [credit-transfer, p2p]' },
      ],
      exceptions: [
        {
          because: 'own transfer',
          result: 'false',
          condition: { text: 'debtor.party == creditor.party', result: 'false', value: 'p-Q', threshold: '== p-M' },
        },
      ],
      points: [
        {
          because: 'it is large',
          points: 5,
          result: 'true',
          condition: { text: 'amount > 120 EUR', result: 'true', value: '130.00 EUR', threshold: '> 120.00 EUR' },
        },
      ],
      score: 15,
      alertAt: 12,
      verdict: 'fired',
      causes: [],
    });
  });

  test('says what is not so', () => {
    const d = desk();
    expect(d.engine.inspect('a-typology', ['M'], NOON)).toMatchObject({
      verdict: 'clear',
      score: 10,
      conditions: [{}, { result: 'false' }, {}],
      points: [{ result: 'false' }],
    });
    expect(d.engine.inspect('a-typology', ['P'], NOON)?.conditions[0]).toEqual({ text: 'incoming', result: 'false', value: 'false', threshold: 'true' });
    expect(d.engine.inspect('a-typology', ['M'], NOON + 9 * HOUR)).toMatchObject({ anchor: { id: 'c' }, seen: false, leftOutBy: 'where' });
  });

  test('down to the comparisons, each with its own value; a let that is a condition is opened where it is met first', () => {
    const d = new Desk([
      typology(`let:
  n: count() over 1h
  busy: n >= 3 or (incoming and amount >= 500 EUR)
when: (busy or not (n > 1 and outgoing)) and (busy or n == 9)`),
    ]);
    d.alerts([{ t: NOON, id: 'a', way: 'P>M' }]);
    const n = (asked: string, result: 'true' | 'false' = 'false') => ({ text: `n ${asked}`, result, value: '1', threshold: asked });
    const busy = { text: 'busy', result: 'false', value: 'false', threshold: 'true' };
    const plain = (text: string, result: 'true' | 'false') => ({ text, result, value: result, threshold: 'true' });
    expect(d.engine.inspect('a-typology', ['M'], NOON)?.conditions).toEqual([
      {
        ...plain('(busy or not (n > 1 and outgoing))', 'true'),
        joined: 'or',
        parts: [
          {
            ...busy,
            joined: 'let',
            parts: [
              {
                ...plain('n >= 3 or (incoming and amount >= 500 EUR)', 'false'),
                joined: 'or',
                parts: [
                  n('>= 3'),
                  {
                    ...plain('(incoming and amount >= 500 EUR)', 'false'),
                    joined: 'and',
                    parts: [plain('incoming', 'true'), { text: 'amount >= 500 EUR', result: 'false', value: '100.00 EUR', threshold: '>= 500.00 EUR' }],
                  },
                ],
              },
            ],
          },
          {
            ...plain('not (n > 1 and outgoing)', 'true'),
            joined: 'not',
            parts: [{ ...plain('(n > 1 and outgoing)', 'false'), joined: 'and', parts: [n('> 1'), plain('outgoing', 'false')] }],
          },
        ],
      },
      { ...plain('(busy or n == 9)', 'false'), joined: 'or', parts: [busy, n('== 9')] },
    ]);
  });

  test('a transaction that was given back, or that where leaves out, is not asked, whatever holds there', () => {
    const d = new Desk([typology('where: amount >= 50 EUR\nwhen: count() over 1h >= 0')]);
    d.alerts([
      { t: NOON, id: 'a', way: 'P>M', eur: '60.00' },
      { t: NOON + HOUR, id: 'b', way: 'P>M', eur: '49.99' },
      { t: NOON + 2 * HOUR, id: 'r', way: 'M>P', eur: '60.00', returnOf: 'a' },
    ]);
    expect(d.engine.inspect('a-typology', ['M'], NOON)).toMatchObject({ anchor: { id: 'a' }, seen: false, leftOutBy: 'return', verdict: 'clear' });
    expect(d.engine.inspect('a-typology', ['M'], NOON + HOUR)).toMatchObject({
      anchor: { id: 'b' },
      seen: false,
      leftOutBy: 'where',
      verdict: 'clear',
      where: [{ text: 'amount >= 50 EUR', result: 'false', value: '49.99 EUR', threshold: '>= 50.00 EUR' }],
    });
  });

  test('why something cannot be computed', () => {
    const d = new Desk([typology('let: { other: amount > 1 GBP }\nwhen: amount > 1 EUR or amount > 5 USD\nalert: { title: "{other}", period: 7d }')]);
    d.alerts([{ t: NOON, id: 'a', way: 'P>M', eur: '0.50' }]);
    expect(d.engine.inspect('a-typology', ['M'], NOON)).toMatchObject({ verdict: 'errored', causes: ['missing-rate'] });
  });

  test('there is none where the key has no leg, or nobody asks for it', () => {
    const d = desk();
    expect(d.engine.inspect('a-typology', ['M'], NOON - 1)).toBeNull();
    expect(d.engine.inspect('a-typology', ['unknown'], NOON)).toBeNull();
    expect(d.engine.inspect('a-typology', ['M', 'M'], NOON)).toBeNull();
    expect(d.engine.inspect('another', ['M'], NOON)).toBeNull();
  });

  test('it moves nothing', () => {
    const d = desk();
    const before = d.engine.inspect('a-typology', ['M'], NOON + HOUR);
    d.take({ t: NOON + 4 * HOUR, id: 'e', way: 'P>M', eur: '200.00' });
    expect(d.engine.inspect('a-typology', ['M'], NOON + HOUR)).toEqual(before);
    d.drain();
    expect(d.said.at(-1)?.content?.hits.map((h) => h.id)).toEqual(['b', 'e']);
  });

  test('a key of several texts', () => {
    const pair = new Desk([typology('subject: [debtor.party, creditor.party]\nwhen: count() over 1h >= 2')]);
    pair.alerts([
      { t: NOON, way: 'P>M' },
      { t: NOON + 1, id: 'b', way: 'P>M' },
    ]);
    expect(pair.engine.inspect('a-typology', ['p-P', 'p-M'], NOON + 1)).toMatchObject({ subject: ['p-P', 'p-M'], verdict: 'fired' });
    expect(pair.engine.inspect('a-typology', ['p-M', 'p-P'], NOON + 1)).toBeNull();
    expect([...pair.queue.values()][0]?.subject).toEqual({ type: 'debtor.party+creditor.party', key: ['p-P', 'p-M'] });
  });
});
