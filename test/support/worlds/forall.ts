import fc from 'fast-check';
import { anyHistory, type History } from './history.ts';
import type { Law } from './laws.ts';
import { smallest, toText } from './minimize.ts';
import type { MakeEngine } from './session.ts';

export interface Runs {
  readonly seed: number;
  readonly runs: number;
}

let sampled: { readonly name: string; readonly histories: readonly History[] } = { name: '', histories: [] };

/** The random histories of a seed. All laws of a run are asked of the same ones, so that what the run reached is known of each. */
export function historiesOf({ seed, runs }: Runs): readonly History[] {
  const name = `${seed} ${runs}`;
  if (sampled.name !== name) sampled = { name, histories: fc.sample(anyHistory(), { seed, numRuns: runs }) };
  return sampled.histories;
}

/** The first of the random histories of which a test says something, with what it says; null where it never does. */
export function firstBreach(runs: Runs, test: (history: History) => string | null): { history: History; breach: string } | null {
  for (const history of historiesOf(runs)) {
    const breach = test(history);
    if (breach !== null) return { history, breach };
  }
  return null;
}

/** Throws where a law is broken, with the smallest history found that breaks it, as text that can be kept under `test/laws/regressions/`. */
export function holdsEverywhere(runs: Runs, law: Law, make: MakeEngine): void {
  const found = firstBreach(runs, (history) => guarded(law, history, make));
  if (found === null) return;
  const kind = kindOf(found.breach);
  const least = smallest(found.history, (smaller) => kindOf(guarded(law, smaller, make) ?? '') === kind);
  throw new Error(`seed ${runs.seed}: ${guarded(law, least, make) ?? found.breach}\n${least.typologies.map((t) => t.text).join('\n')}\n${toText(least)}`);
}

/** An exception breaks a law too. */
function guarded(law: Law, history: History, make: MakeEngine): string | null {
  try {
    return law(history, make);
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

function kindOf(breach: string): string {
  return breach === '' ? '' : breach.startsWith('threw') ? 'threw' : 'broken';
}
