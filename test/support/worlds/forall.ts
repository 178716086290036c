import fc from 'fast-check';
import { anyHistory, type History } from './history.ts';
import type { Law } from './laws.ts';
import { smallest, toText } from './minimize.ts';
import type { MakeEngine } from './session.ts';

export interface Runs {
  readonly seed: number;
  readonly runs: number;
}

/** The first of the random histories of which a test says something, with what it says; null where it never does. */
export function firstBreach({ seed, runs }: Runs, test: (history: History) => string | null): { history: History; breach: string } | null {
  let breach = '';
  const property = fc.property(anyHistory(), (history) => {
    breach = test(history) ?? '';
    return breach === '';
  });
  // fast-check's own shrinking would print the histories on its way; `smallest` knows what a history is.
  const { counterexample } = fc.check(property, { seed, numRuns: runs, endOnFailure: true });
  return counterexample === null ? null : { history: counterexample[0], breach };
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
