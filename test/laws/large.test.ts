import { createEngine } from '../../src/detection/engine.ts';
import type { Typology } from '../../src/typologies/ast.ts';
import { difference } from '../support/worlds/breaches.ts';
import { aggregate, amount, and, compare, incoming, letRef, money, num } from '../support/worlds/expressions.ts';
import type { History } from '../support/worlds/history.ts';
import { askOracle, run } from '../support/worlds/laws.ts';
import { PATHS } from '../support/worlds/paths.ts';
import { DAY, HOUR, MONDAY, payment, plainTypology, received } from '../support/worlds/plain.ts';
import { Tape } from '../support/worlds/tape.ts';
import { COARSE } from '../support/worlds/world.ts';

/** More hits and more evidence than an alert lists. */
const NUMBERS = Array.from({ length: 530 }, (_, i) => i);

/** Code and the plain evaluator, and windows without states, with states that come and go, and with states always. */
const EVERY_SECOND_PATH = PATHS.filter((_, i) => i % 2 === 0);

function crowd(typology: Typology): History {
  const transactions = NUMBERS.map((i) => payment(`${(i * 7) % 530}`, i * 30_000, i % 50 === 3 ? { precision: 'day' } : {}));
  const world = { ...COARSE, latenessMs: 48 * HOUR, dayLegsMax: 1000 };
  return { world, typologies: [typology], records: received(...transactions), rates: [], steering: [], reportingCurrency: 'EUR' };
}

const subject = { paths: ['debtor.account'], sides: 'out' } as const;
const score = {
  base: 1,
  points: [{ points: 1, when: compare('==', aggregate('count', HOUR), num(17)), because: 'seventeen', text: '' }],
  alertAt: 1,
  bands: [],
};

test.each([
  ['every leg is a hit, the lead is the seventeenth', plainTypology({ subject, score, when: compare('>=', aggregate('count', HOUR), num(1)) }), 530],
  ['every leg is a hit, the lead is the first', plainTypology({ subject, when: compare('>=', aggregate('count', HOUR), num(1)) }), 530],
  ['one hit reads every leg', plainTypology({ subject, when: compare('==', aggregate('count', DAY), num(530)), reachMs: DAY }), 1],
])(
  '%s',
  (_, typology, hits) => {
    const history = crowd(typology);
    const { alerts } = askOracle(history);
    expect([...alerts.values()].map((a) => [a.hitCount, a.transactionCount, a.hits.length, a.transactions.length, a.truncated])).toEqual([
      [hits, 530, Math.min(500, hits), 500, true],
    ]);
    for (const path of EVERY_SECOND_PATH) {
      const { fold } = run(history, createEngine, history.records, new Tape(new Array<number>(20).fill(99)), { path });
      expect([path.name, difference(fold, alerts)]).toEqual([path.name, null]);
    }
  },
  120_000,
);

/** More legs in a window than one block of a running state holds, a tenth of them late, some given back. */
test('a key of twelve hundred legs whose money passes through', () => {
  const typology = plainTypology({
    lets: [
      { name: 'moved', expr: aggregate('passed_through', 8 * HOUR), text: '' },
      { name: 'most', expr: aggregate('max', 7 * HOUR, amount(), incoming()), text: '' },
    ],
    when: and(compare('>=', letRef(0, 'moved', 'money'), money(500_000, 'EUR')), compare('>=', letRef(1, 'most', 'money'), money(2_000, 'EUR'))),
    reachMs: 8 * HOUR,
  });
  const transactions = Array.from({ length: 1200 }, (_, i) => {
    const isIn = (i * 7919) % 13 < 6;
    const sides = isIn ? { debtor: { party: 'p' }, creditor: { account: 'K' } } : { debtor: { account: 'K' }, creditor: { party: 'q' } };
    const at = i * 30_000 - (i % 10 === 9 ? ((i * 104_729) % 240) * 60_000 : 0);
    return [payment(`${i}`, at, { amount: { value: String(5 + ((i * 31) % 19)), currency: 'EUR' }, ...sides }), MONDAY + i * 30_000] as const;
  });
  const world = { ...COARSE, latenessMs: 5 * HOUR, latenessBySource: {}, dayLegsMax: 2000 };
  const history: History = { world, typologies: [typology], records: received(...transactions), rates: [], steering: [], reportingCurrency: 'EUR' };
  const { alerts } = askOracle(history);
  expect([...alerts.values()].map((a) => a.hitCount > 50)).toContain(true);
  for (const path of EVERY_SECOND_PATH) {
    const { fold } = run(history, createEngine, history.records, new Tape([0, ...Array.from({ length: 1500 }, (_, i) => i)]), { path });
    expect([path.name, difference(fold, alerts)]).toEqual([path.name, null]);
  }
}, 120_000);
