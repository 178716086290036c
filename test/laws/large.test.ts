import { createEngine } from '../../src/detection/engine.ts';
import type { Typology } from '../../src/typologies/ast.ts';
import { difference } from '../support/worlds/breaches.ts';
import { aggregate, compare, num } from '../support/worlds/expressions.ts';
import type { History } from '../support/worlds/history.ts';
import { askOracle, run } from '../support/worlds/laws.ts';
import { DAY, HOUR, payment, plainTypology, received } from '../support/worlds/plain.ts';
import { Tape } from '../support/worlds/tape.ts';
import { COARSE } from '../support/worlds/world.ts';

/** More hits and more evidence than an alert lists. */
const NUMBERS = Array.from({ length: 530 }, (_, i) => i);

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
    const { fold } = run(history, createEngine, history.records, new Tape(new Array<number>(20).fill(99)));
    expect(difference(fold, alerts)).toBeNull();
  },
  120_000,
);
