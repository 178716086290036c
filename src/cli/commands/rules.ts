import type { Command } from 'commander';
import { OWN_RATES, OWN_RULES } from '../../app/paths.ts';
import { renderTestRun, testResultJson } from '../../authoring/renderTests.ts';
import { checkTests, runTests } from '../../authoring/runTests.ts';
import { EXIT, type ExitStatus } from '../../base/errors.ts';
import { loadRates } from '../../transactions/rates.ts';
import { loadRules } from '../../typologies/load.ts';
import { formatDiagnostic } from '../../typologies/report.ts';
import type { Diagnostic } from '../../typologies/ruleSet.ts';
import type { Io } from '../io.ts';
import type { Outcome } from '../outcome.ts';
import { unavailable } from '../unavailable.ts';
import { registerWhyNot, typologyUnknown } from './whyNot.ts';

export function registerRules(root: Command, io: Io, outcome: Outcome): void {
  const rules = root.command('rules').description('The author’s tools on typologies.');
  rules
    .command('lint')
    .description('Say everything that is wrong with the rule files, and where. What lints clean would load.')
    .argument('[dir]', 'folder of typologies, as with --rules')
    .option('--rules <dir>', 'folder of typologies', OWN_RULES)
    .option('--json', 'one diagnostic a line')
    .action((dir: string | undefined, flags: { rules: string; json?: true }) => {
      outcome.status = lint({ ...flags, rules: dir ?? flags.rules }, io);
    });
  rules
    .command('test')
    .description('Run the tests that lie beside the typologies, and the laws on each of them.')
    .argument('[typology...]', 'only these; all of them unless given')
    .option('--rules <dir>', 'folder of typologies', OWN_RULES)
    .option('--rates <file>', 'exchange rates, a CSV file or a folder of them', OWN_RATES)
    .option('--json', 'one finding or result a line')
    .action((only: string[], flags: TestFlags) => {
      outcome.status = test(only, flags, io);
    });
  registerWhyNot(rules, io);
  unavailable(rules, ['backtest', 'diff', 'explain', 'docs', 'schema', 'new', 'sweep', 'mutate']);
}

function lint(flags: { rules: string; json?: true }, io: Io): ExitStatus {
  const { diagnostics: onRules, files, ruleSet, sound, sources } = loadRules(flags.rules);
  const tests = checkTests(flags.rules, sound);
  const diagnostics = [...onRules, ...tests.diagnostics];
  if (flags.json === true) printJson(diagnostics, io);
  else {
    printDiagnostics(diagnostics, new Map([...sources, ...tests.sources]), io.out);
    const errors = diagnostics.filter((d) => d.severity === 'error').length;
    io.out(`${files} typology files: ${errors} errors, ${diagnostics.length - errors} warnings\n`);
  }
  return ruleSet === null || diagnostics.some((d) => d.severity === 'error') ? EXIT.notInOrder : EXIT.done;
}

interface TestFlags {
  rules: string;
  rates: string;
  json?: true;
}

function test(only: readonly string[], flags: TestFlags, io: Io): ExitStatus {
  const { ruleSet, diagnostics, sources } = loadRules(flags.rules);
  if (ruleSet === null) {
    if (flags.json === true) printJson(diagnostics, io);
    else printDiagnostics(diagnostics, sources, io.err);
    return EXIT.notInOrder;
  }
  const unknown = only.find((id) => !ruleSet.typologies.some((t) => t.id === id));
  if (unknown !== undefined) throw typologyUnknown(unknown, ruleSet.typologies, flags.rules);
  const run = runTests(flags.rules, ruleSet.typologies, { rates: loadRates(flags.rates), ...(only.length === 0 ? {} : { only: new Set(only) }) });
  if (flags.json === true) {
    printJson(run.diagnostics, io);
    io.out(run.results.map((result) => `${testResultJson(result)}\n`).join(''));
  } else {
    printDiagnostics(run.diagnostics, run.sources, io.out);
    io.out(`${renderTestRun(run)}\n`);
  }
  return run.ok ? EXIT.done : EXIT.notInOrder;
}

function printJson(diagnostics: readonly Diagnostic[], io: Io): void {
  io.out(diagnostics.map((d) => `${JSON.stringify(d)}\n`).join(''));
}

/** Each with its place, a caret under it, and what to write instead. Of a folder, or a file that cannot be read, there is no line to show. */
function printDiagnostics(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>, out: (text: string) => void): void {
  for (const d of diagnostics) out(`${formatDiagnostic(d, sources.get(d.path) ?? '')}\n`);
}
