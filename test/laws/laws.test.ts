import { createEngine } from '../../src/detection/engine.ts';
import { historiesOf, holdsEverywhere } from '../support/worlds/forall.ts';
import type { History } from '../support/worlds/history.ts';
import { askOracle, LAWS, run } from '../support/worlds/laws.ts';
import { interleaved } from '../support/worlds/schedule.ts';
import { Statistics } from '../support/worlds/statistics.ts';
import { Tape } from '../support/worlds/tape.ts';
import { Watch } from '../support/worlds/watch.ts';

/** `LAWS_SEED` repeats a run, `LAWS_RUNS` says how many histories each law gets. */
const SEED = Number(process.env['LAWS_SEED'] ?? 20260302);
const RUNS = Number(process.env['LAWS_RUNS'] ?? 120);

/** Percent of histories that must reach a thing; the first four are the contract's own floors. */
const FLOORS = {
  'histories that alert': 40,
  'histories that retract': 15,
  'histories with too-late records': 10,
  'histories with ties': 10,
  'histories with future records': 10,
  'histories with duplicates': 30,
  'histories with conflicts': 30,
  'histories where the winner changes': 20,
  'histories with returns': 30,
  'histories with raised statuses': 10,
  'histories with overfull days': 20,
  'histories with windows on an overfull day': 5,
  'histories with errored verdicts': 10,
  'histories with final-mode alerts before the end': 15,
  'histories with alerts of several hits': 15,
  'histories with listed returns': 4,
  'histories with a partial window': 10,
  'histories with an uncertain order': 4,
  "histories with a leg at a window's open edge": 25,
  'histories with a leg 1 ms inside a window': 5,
  'histories with a leg 1 ms outside a window': 5,
  "histories with a leg in the anchor's instant after it": 15,
  'histories with a window of more than 32 legs': 2,
  'histories with self-transfers': 30,
  'histories with legs that a typology does not see': 20,
  'histories with comparisons of missing fields': 30,
  'histories with amounts of two currencies': 30,
  'histories of the coarse world': 30,
  'histories of the narrow world': 20,
  'histories of the dense world': 5,
  'histories with one identifier for all': 1,
};
/** Hits for each hundred histories whose `when` names the aggregate, and evaluations of each kind of expression. */
const HITS = ['count', 'sum', 'avg', 'min', 'max', 'distinct', 'passed_through'].map((name) => [`hits by ${name}`, 20] as const);
const KINDS = [
  'number',
  'money',
  'duration',
  'text',
  'param',
  'let',
  'field',
  'sided',
  'accountAge',
  'direction',
  'amount',
  'amountOriginal',
  'item',
  'and',
  'or',
  'not',
  'compare',
  'in',
  'arithmetic',
  'negate',
  'exists',
  'coalesce',
  'any',
].map((name) => [`evaluations of ${name}`, 50] as const);

/** Laws whose runs leave late anchors for later (S13). */
const DEFERRING = ['L2', 'L3', 'L4', 'L6', 'L7', 'L9', 'L12', 'L13'];

describe(`laws, seed ${SEED}, ${RUNS} histories each`, () => {
  test.each(Object.keys(LAWS))(
    '%s',
    (name) => {
      const watch = new Watch();
      holdsEverywhere({ seed: SEED, runs: RUNS }, LAWS[name]!, watch.watched(createEngine));
      process.stdout.write(`\nseed ${SEED}, ${name}, ${watch.print()}\n`);
      expect(watch.below(3)).toEqual([]);
      if (name === 'L5') expect([watch.takeovers > RUNS, watch.takeoversThatSpeak > RUNS / 2]).toEqual([true, true]);
      if (DEFERRING.includes(name)) expect(watch.deferrals).toBeGreaterThan(RUNS);
    },
    3_600_000,
  );

  test('the histories reach what they are for', () => {
    const statistics = new Statistics();
    for (const history of historiesOf({ seed: SEED, runs: RUNS })) noteHistory(history, statistics);
    process.stdout.write(`\nseed ${SEED}: ${statistics.print()}\n`);
    expect(statistics.below({ ...FLOORS, ...Object.fromEntries([...HITS, ...KINDS]) })).toEqual([]);
  }, 3_600_000);
});

function noteHistory(history: History, statistics: Statistics): void {
  const order = interleaved(history.records, new Tape(history.steering));
  const eager = run(history, createEngine, order, new Tape(history.steering));
  const final = run(history, createEngine, order, new Tape(history.steering), { mode: 'final' });
  statistics.note(history, askOracle(history), eager, final);
}
