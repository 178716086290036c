import { EXIT, OperatingError } from '../base/errors.ts';
import type { Typology } from '../typologies/ast.ts';
import { loadRules } from '../typologies/load.ts';
import type { RuleSet } from '../typologies/ruleSet.ts';

/** The rule set of a folder that has to be fit to run: otherwise every error is told. */
export function rulesToRun(dir: string): RuleSet {
  const { ruleSet, diagnostics } = loadRules(dir);
  if (ruleSet !== null) return ruleSet;
  const errors = diagnostics.filter((d) => d.severity === 'error');
  const lines = errors.map((d) => `${d.path}:${d.line}:${d.column}: ${d.code}: ${d.message}`);
  throw new OperatingError('rules-invalid', `the rules in ${dir} do not load; moneytrail rules lint shows more\n${lines.join('\n')}`, {
    exitStatus: EXIT.wrongUse,
  });
}

/** Those that run: trial, draft and retired ones raise no alert. */
export function activeOf(ruleSet: RuleSet): Typology[] {
  return ruleSet.typologies.filter((t) => t.status === 'active');
}
