import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkExpectations } from '../../../src/authoring/expectations.ts';
import { runTests } from '../../../src/authoring/runTests.ts';
import { parseTests } from '../../../src/authoring/testFile.ts';
import type { AuthorTest } from '../../../src/authoring/testModel.ts';
import { loadRates } from '../../../src/transactions/rates.ts';
import type { Typology } from '../../../src/typologies/ast.ts';
import { compileTypology } from '../../../src/typologies/compile.ts';
import { loadRules } from '../../../src/typologies/load.ts';
import { descendants } from '../../../src/typologies/walk.ts';

const dir = fileURLToPath(new URL('../../../rules', import.meta.url));
const rates = loadRates(join(dir, 'rates'));
const loaded = loadRules(dir);
const typologies = loaded.ruleSet?.typologies ?? [];
const named = typologies.map((t) => [t.id, t] as const);
const pathOf = (t: Typology, ending: string): string => join(dir, t.phase, `${t.id}${ending}`);
const parsed = new Map(typologies.map((t) => [t.id, parseTests(readFileSync(pathOf(t, '.test.yaml'), 'utf8'), 'tests', t).tests]));
const testsOf = (t: Typology): AuthorTest[] => parsed.get(t.id)!;

describe('the project’s own rules', () => {
  test('lint clean, without a warning', () => {
    expect(loaded.diagnostics).toEqual([]);
    expect(typologies.map((t) => t.id)).toEqual([
      'dispersed-fan-in',
      'geographic-funnel',
      'mule-pass-through',
      'multi-branch-remittance',
      'sub-threshold-structuring',
    ]);
  });

  test.each(named)(
    '%s passes its tests, and the laws hold on each',
    (id) => {
      const run = runTests(dir, typologies, { rates, only: new Set([id]) });
      expect(run.diagnostics).toEqual([]);
      expect(run.results.filter((r) => !r.passed).map((r) => [r.name, r.failures.map((f) => [f.expected, f.actual]), r.brokenLaws])).toEqual([]);
      expect(run.passed).toBeGreaterThanOrEqual(6);
      expect(run.ok).toBe(true);
    },
    60_000,
  );

  test.each(named)('%s: alerts and silence are both expected', (_, typology) => {
    const verdicts = testsOf(typology).flatMap((t) => t.expectations.map((e) => e.verdict));
    expect(verdicts.filter((v) => v === 'fires').length).toBeGreaterThanOrEqual(3);
    expect(verdicts.filter((v) => v === 'quiet').length).toBeGreaterThanOrEqual(3);
  });

  test.each(named)('%s: every number has a reason, a basis and a range, every source a grade', (_, typology) => {
    expect(typology.sources.length).toBeGreaterThan(0);
    for (const { grade } of typology.sources) expect(grade).toMatch(/^[ABCD]$/);
    for (const { name, reason } of typology.params) {
      expect(reason.length).toBeGreaterThan(20);
      const declared = new RegExp(`^  ${name}:(?: \\{.*| *\\n(?:    .*\\n)*)`, 'm').exec(typology.text)?.[0] ?? '';
      expect(declared).toMatch(/\bmin: /);
      expect(declared).toMatch(/\bmax: /);
    }
    expect(typology.limits.length).toBeGreaterThan(0);
    expect(typology.unless.length).toBeGreaterThan(0);
    expect(typology.alert.next.length).toBeGreaterThan(0);
  });

  test.each(named)('%s: a hub alone never makes an alert, and nobody is scored for who they are', (_, { score, params, lets, when, where, unless }) => {
    for (const points of score.points) {
      if (points.text.includes('hub_towns')) expect(points.points).toBeLessThan(score.alertAt / 2);
    }
    const parts = [...lets.map((l) => l.expr), when, ...(where === undefined ? [] : [where]), ...score.points.map((p) => p.when), ...unless.map((u) => u.when)];
    const read = parts.flatMap((p) => [...descendants(p)]);
    expect(params.length).toBeGreaterThan(0);
    // Places and names of people are never held against a list; towns of hubs are, and add points alone.
    for (const expr of read) {
      if (expr.kind === 'field' || expr.kind === 'sided') expect(expr.path).not.toMatch(/birthDate|name$|occupation/);
      if (expr.kind === 'in') expect(JSON.stringify(expr.left)).not.toMatch(/country/);
    }
  });
});

/** A step of the smallest size to either side of a parameter's value. */
function stepped(value: string, type: string, up: boolean): string {
  const [, number = '', rest = ''] = /^([\d.]+)(.*)$/.exec(value)!;
  const sign = up ? 1 : -1;
  if (type === 'count') return String(Number(number) + sign);
  if (type === 'number') return String(Math.round(Number(number) * 10 + sign) / 10);
  if (type === 'ratio') return String(Math.round(Number(number) * 1e6 + sign) / 1e6);
  if (type === 'money') return `${((Math.round(Number(number) * 100) + sign) / 100).toFixed(2)}${rest}`;
  const ms = { d: 86_400_000, h: 3_600_000 }[rest as 'd' | 'h'] * Number(number) + sign;
  return `${ms}ms`;
}

describe('the tests of the rules stand on both sides of every number', () => {
  const lists = new Map(['hub_towns', 'income_purposes', 'household_purposes'].map((name) => [name, ['Calais', 'Nogales', 'Izmir', 'SALA', 'RENT']]));
  const cases = typologies.flatMap((t) =>
    t.params.flatMap(
      ({ name }) =>
        [
          [t.id, name, 'more', t],
          [t.id, name, 'less', t],
        ] as const,
    ),
  );
  test.each(cases)(
    '%s: %s a little %s is noticed',
    (_, name, way, typology) => {
      const declared = new RegExp(
        `^(  ${name}:(?: \\{ |\\s+)type: (\\w+)(?:, |\\s+)default: )([\\w. ]+?)(?:, |\\s+)min: [\\w. ]+?(?:, |\\s+)max: [\\w. ]+?(, |\\n)`,
        'm',
      );
      const [, , type, value] = declared.exec(typology.text)!;
      const changed = typology.text.replace(
        declared,
        (_all, head: string, _type, _value, tail: string) => `${head}${stepped(value!, type!, way === 'more')}${tail}`,
      );
      const compiled = compileTypology(changed, 'changed', { lists });
      expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
      expect(testsOf(typology).some((t) => checkExpectations(t, compiled.typology!, rates).length > 0)).toBe(true);
    },
    60_000,
  );
});
