import type { AlertQueue } from '../../src/alerts/queue.ts';
import { ACTIONS, type Action, type Facts, type LifeState, nextState, STATES } from '../../src/alerts/states.ts';
import { type Bench, type OpenBench, withBench } from './alertsBench.ts';
import { changeOf, deliver, idOf } from './alertsFixtures.ts';

const ID = idOf(0xa);
const LEASE_MS = 60_000;
/** With two tries, the second time that a claim ends is the last. */
const TRIES_MAX = 2;

const hit = (...hits: string[]) => changeOf(ID, { hits });
const lose = changeOf(ID, null);

/** A way into a state, and what the guards see there (S13). */
interface Way {
  readonly state: LifeState;
  readonly facts: Omit<Facts, 'added'>;
  reach(bench: Bench): Promise<void>;
}

async function claim(queue: AlertQueue): Promise<void> {
  expect(await queue.claim({ by: 'ann', alertId: ID, leaseMs: LEASE_MS })).toHaveLength(1);
}

const fresh = async ({ queue }: Bench): Promise<void> => void (await deliver(queue, [hit('h1')]));
const held = async (bench: Bench): Promise<void> => {
  await fresh(bench);
  await claim(bench.queue);
};
const heldAgain = async (bench: Bench): Promise<void> => {
  await held(bench);
  await bench.queue.release(ID, 'ann');
  await claim(bench.queue);
};
const resolved = async (bench: Bench): Promise<void> => {
  await held(bench);
  await bench.queue.resolve(ID, 'ann', 'no-suspicion', 'a family sends rent');
};
const dead = async (bench: Bench): Promise<void> => {
  await heldAgain(bench);
  await bench.queue.release(ID, 'ann');
};
const after = (way: (bench: Bench) => Promise<void>, change: typeof lose) => async (bench: Bench) => {
  await way(bench);
  await deliver(bench.queue, [change]);
};

const WAYS: readonly Way[] = [
  { state: 'none', facts: { touched: false, hits: false, triesLeft: true }, reach: async () => undefined },
  { state: 'ready', facts: { touched: false, hits: true, triesLeft: true }, reach: fresh },
  {
    state: 'ready',
    facts: { touched: true, hits: true, triesLeft: true },
    reach: async (bench) => {
      await fresh(bench);
      await bench.queue.note(ID, 'bea', 'seen before');
    },
  },
  { state: 'claimed', facts: { touched: true, hits: true, triesLeft: true }, reach: held },
  { state: 'claimed', facts: { touched: true, hits: true, triesLeft: false }, reach: heldAgain },
  { state: 'claimed', facts: { touched: true, hits: false, triesLeft: true }, reach: after(held, lose) },
  { state: 'claimed', facts: { touched: true, hits: false, triesLeft: false }, reach: after(heldAgain, lose) },
  { state: 'resolved', facts: { touched: true, hits: true, triesLeft: true }, reach: resolved },
  { state: 'resolved', facts: { touched: true, hits: false, triesLeft: true }, reach: after(resolved, lose) },
  {
    state: 'withdrawn',
    facts: { touched: true, hits: false, triesLeft: true },
    reach: async (bench) => {
      await after(held, lose)(bench);
      await bench.queue.release(ID, 'ann');
    },
  },
  { state: 'dead', facts: { touched: true, hits: true, triesLeft: false }, reach: dead },
  { state: 'dead', facts: { touched: true, hits: false, triesLeft: false }, reach: after(dead, lose) },
  { state: 'retracted', facts: { touched: false, hits: false, triesLeft: true }, reach: after(fresh, lose) },
];

/** Does the action as the holder; `added` chooses a delivery with another hit. */
async function act({ queue, clock }: Bench, action: Action, added: boolean): Promise<'done' | 'refused'> {
  const told = (transition: { ok: boolean }): 'done' | 'refused' => (transition.ok ? 'done' : 'refused');
  switch (action) {
    case 'hit':
      await deliver(queue, [added ? hit('h1', 'h2') : changeOf(ID, { hits: ['h1'], title: 'told otherwise' })]);
      return 'done';
    case 'lose':
      await deliver(queue, [lose]);
      return 'done';
    case 'claim':
      return (await queue.claim({ by: 'ann', alertId: ID, leaseMs: LEASE_MS })).length === 1 ? 'done' : 'refused';
    case 'expire':
      clock.nowMs += LEASE_MS;
      return 'done';
    case 'extend':
      return told(await queue.extend(ID, 'ann', LEASE_MS));
    case 'release':
      return told(await queue.release(ID, 'ann'));
    case 'resolve':
      return told(await queue.resolve(ID, 'ann', 'reported', 'collector'));
    case 'reopen':
      return told(await queue.reopen(ID, 'ann', 'a mistake'));
    case 'note':
      return told(await queue.note(ID, 'ann', 'called the branch'));
  }
}

async function stateOf(queue: AlertQueue): Promise<LifeState> {
  return (await queue.get(ID))?.state ?? 'none';
}

/** Every state with every action, against the table. */
export function stateContract(open: OpenBench): void {
  const states = Object.keys(STATES) as LifeState[];
  test('the ways reach every state', () => {
    expect([...new Set(WAYS.map(({ state }) => state))].sort()).toEqual([...states].sort());
  });

  const pairs = WAYS.flatMap((way) => ACTIONS.flatMap((action) => (action === 'hit' ? [true, false] : [false]).map((added) => ({ way, action, added }))));
  test.each(
    pairs.map((pair) => {
      const { state, facts } = pair.way;
      const held = Object.entries({ ...facts, added: pair.added }).filter(([, holds]) => holds);
      return [`${state}, ${pair.action} (${held.map(([fact]) => fact).join(', ')})`, pair] as const;
    }),
  )('%s', async (_, { way, action, added }) => {
    await withBench(open, { triesMax: TRIES_MAX }, async (bench) => {
      await way.reach(bench);
      expect(await stateOf(bench.queue)).toBe(way.state);
      // A withdrawn alert that hits again has a hit that it had not.
      const to = nextState(way.state, action, { ...way.facts, added: added || !way.facts.hits });
      const done = await act(bench, action, added);
      // Nothing happens to a lease that is not there; all else that the table does not know is refused.
      expect(done).toBe(to === null && action !== 'expire' ? 'refused' : 'done');
      expect(await stateOf(bench.queue)).toBe(to ?? way.state);
      const counts: Record<string, number> = await bench.queue.counts();
      const wanted = to ?? way.state;
      expect(Object.entries(counts).filter(([, n]) => n > 0)).toEqual(wanted in counts ? [[wanted, 1]] : []);
    });
  });
}
