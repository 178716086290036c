import fc from 'fast-check';
import { editDistance, nearestName } from '../../../src/typologies/nearest.ts';

test.each([
  ['', '', 0],
  ['abc', '', 3],
  ['abc', 'abc', 0],
  ['abc', 'acb', 1],
  ['abc', 'bca', 2],
  ['kitten', 'sitting', 3],
  ['ca', 'abc', 3],
])('from %s to %s', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});

test('is a distance', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
    }),
    { seed: 1 },
  );
});

test('names that only look alike are not proposed', () => {
  const known = ['creditor.country', 'debtor.country', 'kind', 'channel'];
  expect(nearestName('creditor.contry', known)).toBe('creditor.country');
  expect(nearestName('KIND', known)).toBe('kind');
  expect(nearestName('amount', known)).toBeUndefined();
  expect(nearestName('kin'.repeat(40), known)).toBeUndefined();
});
