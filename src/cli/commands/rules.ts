import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { OWN_RULES } from '../../app/paths.ts';
import { EXIT, type ExitStatus } from '../../base/errors.ts';
import { loadRules } from '../../typologies/load.ts';
import { formatDiagnostic } from '../../typologies/report.ts';
import type { Diagnostic } from '../../typologies/ruleSet.ts';
import type { Io } from '../io.ts';
import { type Outcome, unavailable } from '../program.ts';

export function registerRules(root: Command, io: Io, outcome: Outcome): void {
  const rules = root.command('rules').description('The author’s tools on typologies.');
  rules
    .command('lint')
    .description('Say everything that is wrong with the rule files, and where. What lints clean would load.')
    .option('--rules <dir>', 'folder of typologies', OWN_RULES)
    .option('--json', 'one diagnostic a line')
    .action((flags: { rules: string; json?: true }) => {
      outcome.status = lint(flags, io);
    });
  unavailable(rules, ['backtest', 'diff', 'explain', 'docs', 'new', 'sweep', 'mutate']);
}

function lint(flags: { rules: string; json?: true }, io: Io): ExitStatus {
  const { diagnostics, files, ruleSet } = loadRules(flags.rules);
  if (flags.json === true) io.out(diagnostics.map((d) => `${JSON.stringify(d)}\n`).join(''));
  else {
    printDiagnostics(diagnostics, io);
    const errors = diagnostics.filter((d) => d.severity === 'error').length;
    io.out(`${files} typology files: ${errors} errors, ${diagnostics.length - errors} warnings\n`);
  }
  return ruleSet === null ? EXIT.notInOrder : EXIT.done;
}

/** Each with its place, a caret under it, and what to write instead. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], io: Io): void {
  const texts = new Map<string, string>();
  for (const d of diagnostics) {
    if (!texts.has(d.path)) texts.set(d.path, readIfThere(d.path));
    io.out(`${formatDiagnostic(d, texts.get(d.path)!)}\n`);
  }
}

/** A diagnostic may be about a folder, or a file that cannot be read: then there is no line to show. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
