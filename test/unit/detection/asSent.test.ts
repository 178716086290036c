import { Desk, HOUR, NOON, typology } from './desk.ts';

const alike = typology(`let:
  alike: count(where amount.original == anchor.amount.original and outgoing) over 1d
when: outgoing and alike >= 3 and amount.original >= amount.original`);

describe('amounts compared as sent', () => {
  const usd = (t: number, id: string, eur: string) => ({ t, id, way: 'M>X', eur, currency: 'USD' });

  test.each([true, false])('need no rate, and those of another currency are not the same (generated code: %s)', (generates) => {
    const d = new Desk([alike], { generates });
    expect(
      d.hits([
        usd(NOON, 'a', '500.00'),
        { t: NOON + HOUR, id: 'other currency', way: 'M>X', eur: '500.00' },
        usd(NOON + 2 * HOUR, 'b', '500.00'),
        usd(NOON + 3 * HOUR, 'other amount', '500.01'),
        usd(NOON + 4 * HOUR, 'c', '500.00'),
        { t: NOON + 5 * HOUR, id: 'second euro', way: 'M>X', eur: '500.00' },
      ]),
    ).toEqual(['c']);
    expect(d.engine.inspect('a-typology', ['M'], NOON + 4 * HOUR)?.conditions[2]).toEqual({
      text: 'amount.original >= amount.original',
      result: 'true',
      value: '500.00 USD',
      threshold: '>= 500.00 USD',
    });
  });
});
