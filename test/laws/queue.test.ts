import fc from 'fast-check';
import { createEngine } from '../../src/detection/engine.ts';
import { CANARIES } from '../support/worlds/canaries.ts';
import { anyHistory } from '../support/worlds/history.ts';
import { toText } from '../support/worlds/minimize.ts';
import { type QueueFacts, QueueLaw } from '../support/worlds/queueLaw.ts';
import type { MakeEngine } from '../support/worlds/session.ts';

const SEED = Number(process.env['LAWS_SEED'] ?? 20260302);
const RUNS = Number(process.env['LAWS_RUNS'] ?? 50);

async function firstBreach(seed: number, runs: number, make: MakeEngine, mode: 'eager' | 'final'): Promise<{ breach: string | null; facts: QueueFacts }> {
  const facts: QueueFacts = { takeovers: 0, lostAcknowledgements: 0, zombies: 0, comparisons: 0, caughtUp: 0, revisions: 0 };
  for (const history of fc.sample(anyHistory(), { seed, numRuns: runs })) {
    const law = new QueueLaw(history, make, mode);
    const breach = await law.breach();
    for (const name of Object.keys(facts) as (keyof QueueFacts)[]) facts[name] += law.facts[name];
    if (breach !== null) return { breach: `seed ${seed}: ${breach}\n${toText(history)}`, facts };
  }
  return { breach: null, facts };
}

describe('L5 on the queue in memory', () => {
  test.each(['eager', 'final'] as const)(
    '%s: killed, taken over, fenced, and nothing lost or double',
    async (mode) => {
      const { breach, facts } = await firstBreach(SEED, RUNS, createEngine, mode);
      process.stdout.write(`\nseed ${SEED}, ${mode}: ${JSON.stringify(facts)}\n`);
      expect(breach).toBeNull();
      expect(facts.takeovers).toBeGreaterThan(RUNS);
      expect(facts.zombies).toBeGreaterThan(RUNS);
      expect(facts.lostAcknowledgements).toBeGreaterThan(RUNS / 4);
      if (mode === 'eager') expect([facts.comparisons > RUNS / 4, facts.caughtUp > 0]).toEqual([true, true]);
    },
    3_600_000,
  );

  test.each(CANARIES.filter((c) => c.law === 'L5').map((c) => [c.mistake, c.spoil] as const))('notices where %s', async (_, spoil) => {
    const { breach } = await firstBreach(99, 300, spoil(createEngine), 'eager');
    expect(breach).not.toBeNull();
  });
});
