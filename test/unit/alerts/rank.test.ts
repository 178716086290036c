import fc from 'fast-check';
import { rankText } from '../../../src/alerts/rank.ts';
import { SEVERITIES } from '../../../src/typologies/ast.ts';
import { contentOf, idOf } from '../../contract/alertsFixtures.ts';

test('byte order of the text is the ranking', () => {
  const ranked = fc.record({
    severity: fc.constantFrom(...SEVERITIES),
    score: fc.oneof(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 0, max: 2_000_000 }).map((n) => n / 1000),
    ),
    openedAtMs: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 8.64e15 })),
    id: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(ranked, ranked, (a, b) => {
      const [x, y] = [a, b].map((r) => rankText(contentOf(idOf(r.id), { severity: r.severity, score: r.score }), r.openedAtMs)) as [string, string];
      const order = SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || b.score - a.score || a.openedAtMs - b.openedAtMs || a.id - b.id;
      expect(Math.sign(Buffer.compare(Buffer.from(x), Buffer.from(y)))).toBe(Math.sign(order));
    }),
    { seed: 7, numRuns: 2000 },
  );
});
