import { readdirSync, readFileSync } from 'node:fs';
import { createEngine } from '../../../src/detection/engine.ts';
import { historiesOf } from '../worlds/forall.ts';
import { LAWS } from '../worlds/laws.ts';
import { fromText } from '../worlds/minimize.ts';
import { QueueLaw } from '../worlds/queueLaw.ts';

/** The laws over as many random histories as kill most mutants, and over those that once broke one; ends at the first breach, with a status of 1. */
const RUNS = { seed: 20260302, runs: Number(process.env['LAWS_RUNS'] ?? 15) };
const REGRESSIONS = 'test/laws/regressions';

const kept = readdirSync(REGRESSIONS).map((name) => fromText(readFileSync(`${REGRESSIONS}/${name}`, 'utf8')));
for (const history of [...historiesOf(RUNS), ...kept]) {
  for (const [name, law] of Object.entries(LAWS)) stopAt(name, law(history, createEngine));
  for (const mode of ['eager', 'final'] as const) stopAt(`queue, ${mode}`, await new QueueLaw(history, createEngine, mode).breach());
}

function stopAt(name: string, breach: string | null): void {
  if (breach === null) return;
  process.stderr.write(`${name}: ${breach}\n`);
  process.exit(1);
}
