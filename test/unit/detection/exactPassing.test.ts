import { Desk, NOON, type Payment, SECOND, typology } from './desk.ts';

/** The greatest amount that is taken: 10^12 minor units. */
const GREATEST = '10000000000.00';
const [IN, OUT] = [3000, 6100];

test('what passes through is exact where all amounts together are more than a double holds', () => {
  // 9,100 × 10^12 is beyond 2^53. The first half comes in, then twice as much goes out, of which no more than came in was passed on.
  const half = typology('when: holder.account == "M" and outgoing and passed_through() over 30d <= 0.5 * sum(amount where outgoing) over 30d');
  const desk = new Desk([half]);
  const feed = Array.from({ length: IN + OUT }, (_, i): Payment => ({ t: NOON + i * SECOND, id: `${i}`, way: i < IN ? 'P>M' : 'M>P', eur: GREATEST }));
  const hits = desk.hits(feed);
  expect(hits.at(-1)).toBe(`${IN + OUT - 1}`);
  // Twice as much as came in has gone out with the 6,000th payment, the anchor included.
  expect([...desk.queue.values()].map((alert) => alert.hitCount)).toEqual([OUT - 2 * IN + 1]);
});
