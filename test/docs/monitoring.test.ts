import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseDocument } from 'yaml';
import { known, literals, unset } from './knownMetrics.ts';
import { type KnownMetric, type Matcher, type Reading, read } from './promql.ts';

const docs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs');
const page = readFileSync(join(docs, 'monitoring.md'), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
interface Cases {
  readonly tests: readonly {
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly { readonly exp_labels: Record<string, string>; readonly exp_annotations: Rule['annotations'] }[];
    }[];
  }[];
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly templating: { readonly list: readonly { readonly name: string }[] };
  readonly panels: readonly Panel[];
}

const document = parseDocument(readFileSync(join(docs, 'monitoring/alerts.yaml'), 'utf8'));
const { groups } = document.toJS() as { groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(readFileSync(join(docs, 'monitoring/dashboard.json'), 'utf8')) as Dashboard;
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const targets = panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ ...target, title })));

/** Ways in which the value of a matcher is none that the code sets. Variables of the dashboard are Grafana's. */
function unmatched({ metric, label, operator, value }: Matcher): string[] {
  if (value.startsWith('$')) return [];
  const wanted = operator.endsWith('~') ? value.split('|') : [value.replace(/[^\w-]/g, '\\$&')];
  return wanted.filter((one) => ![...literals].some((text) => new RegExp(`^(?:${one})$`).test(text))).map((one) => `${metric} never has ${label} ${one}`);
}

const wrongWith = (reading: Reading): string[] => [...reading.problems, ...reading.matchers.flatMap(unmatched)];

/** Labels that a text of a template asks for and the result does not have. */
function missingLabels(text: string, { labels }: Reading): string[] {
  const asked = [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label]) => label!);
  return asked.filter((label) => !labels.has(label));
}

describe('the metrics of the code', () => {
  test('are all set somewhere, with labels that can be read from the calls', () => {
    expect(known.size).toBeGreaterThan(25);
    expect(unset).toEqual([]);
    expect(known.get('moneytrail_records_total')).toEqual({ kind: 'counter', labels: ['outcome'] });
    expect(known.get('moneytrail_notices_total')?.labels).toEqual(['typology', 'cause']);
    expect(known.get('moneytrail_lag_records')).toEqual({ kind: 'gauge', labels: ['partition'] });
    expect(known.get('moneytrail_batch_seconds')).toEqual({ kind: 'histogram', labels: [] });
  });

  test('are all on the dashboard, or left out with a reason', () => {
    const shown = new Set(targets.flatMap(({ expr }) => read(expr, known).metrics));
    const leftOut = [...page.matchAll(/^\| `(moneytrail_\w+)` \| (.{10,}) \|$/gm)].map(([, name]) => name!);
    expect([...shown].filter((name) => leftOut.includes(name))).toEqual([]);
    expect([...shown, ...leftOut].sort()).toEqual([...known.keys()].sort());
  });
});

describe('docs/monitoring/alerts.yaml', () => {
  test('is YAML with rules of different names', () => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    expect(rules.length).toBeGreaterThan(12);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  test.each(rules.map((rule) => [rule.alert, rule] as const))('%s is whole', (_, rule) => {
    const reading = read(rule.expr, known);
    expect(wrongWith(reading)).toEqual([]);
    // Without a comparison it would always fire.
    expect(rule.expr).toMatch(/[<>]|==|^absent\(/);
    expect(rule.alert).toMatch(/^Moneytrail[A-Z][A-Za-z]+$/);
    expect(rule.for).toMatch(/^[1-9]\d*[smh]$/);
    expect(['warning', 'critical']).toContain(rule.labels.severity);
    expect(rule.annotations.summary.length).toBeGreaterThan(20);
    expect(missingLabels(rule.annotations.summary, reading)).toEqual([]);
    expect(rule.annotations.runbook).toBe(`docs/monitoring.md#${rule.alert.toLowerCase()}`);
    expect(page).toContain(`\n### ${rule.alert}\n`);
  });

  // Whether the cases hold says promtool, which is not everywhere.
  test('has a case for every rule in which it fires, with the texts that it has then', () => {
    const cases = parse(readFileSync(join(docs, 'monitoring/alerts.test.yaml'), 'utf8')) as Cases;
    const expected = cases.tests.flatMap((one) => one.alert_rule_test);
    expect(expected.filter(({ exp_alerts }) => exp_alerts.length === 0).length).toBeGreaterThan(3);
    for (const { alert, labels, annotations } of rules) {
      const fires = expected.filter(({ alertname }) => alertname === alert).flatMap(({ exp_alerts }) => exp_alerts);
      expect([alert, fires.length > 0]).toEqual([alert, true]);
      for (const { exp_labels, exp_annotations } of fires) {
        expect(exp_labels['severity']).toBe(labels.severity);
        expect(exp_annotations.runbook).toBe(annotations.runbook);
      }
    }
  });

  test('has a rule for every heading of a runbook', () => {
    const headings = [...page.matchAll(/^### (Moneytrail\w+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual(rules.map(({ alert }) => alert));
  });
});

describe('docs/monitoring/dashboard.json', () => {
  test('has panels of different ids and places, each explained here and on the page', () => {
    expect(panels.length).toBeGreaterThan(15);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { h, w, x, y } }) => Array.from({ length: h * w }, (_, i) => `${x + (i % w)}/${y + Math.floor(i / w)}`));
    expect(new Set(cells).size).toBe(cells.length);
    expect(dashboard.panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
    for (const { title, description = '' } of panels) {
      expect(description.length).toBeGreaterThan(20);
      expect(page).toContain(`| ${title} |`);
    }
  });

  test('asks what there is, in a unit of Grafana', () => {
    const variables = dashboard.templating.list.map(({ name }) => name);
    for (const { title, fieldConfig, targets = [] } of panels) {
      expect(['short', 's', 'cps', 'ops', 'percentunit']).toContain(fieldConfig?.defaults.unit);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      expect([title, targets.length > 0]).toEqual([title, true]);
    }
    for (const { title, expr, legendFormat } of targets) {
      const reading = read(expr, known);
      expect([title, ...wrongWith(reading), ...missingLabels(legendFormat, reading)]).toEqual([title]);
      for (const [, name] of expr.matchAll(/\$(\w+)/g)) expect(variables).toContain(name);
    }
  });
});

describe('the reader of expressions', () => {
  const some = new Map<string, KnownMetric>([
    ['c_total', { kind: 'counter', labels: ['code'] }],
    ['g', { kind: 'gauge', labels: [] }],
    ['h_seconds', { kind: 'histogram', labels: [] }],
  ]);
  test.each([
    ['sum by (code) (rate(c_total{code=~"redis-.+"}[5m])) > 0 and on (job) g == 1'],
    ['histogram_quantile(0.99, sum by (job, le) (rate(h_seconds_bucket[5m])))'],
    ['(c_total > 0 unless c_total offset 1h) or absent(g)'],
    ['rate(h_seconds_sum[5m]) / rate(h_seconds_count[5m])'],
  ])('takes %s', (expression) => expect(wrongWith(read(expression, some))).toEqual([]));

  test.each([
    ['rate(c_total[5m]', '( is not closed'],
    ['rate(c_total[5m])) > 0', ') closes nothing'],
    ['c_totals > 0', 'there is no metric c_totals'],
    ['c_total > 5', 'c_total is a counter: it is read by rate or increase'],
    ['rate(c_total) > 0', 'c_total is read by rate without a range'],
    ['c_total[5m] > 0', 'c_total is read over a range outside of a function of ranges'],
    ['rate(g[5m]) > 0', 'g is a gauge, and rate reads counters'],
    ['deriv(c_total[5m]) > 0', 'c_total is a counter, and deriv reads gauges'],
    ['rate(h_seconds[5m])', 'h_seconds is a histogram: it is read by its buckets, sum or count'],
    ['histogram_quantile(0.5, sum by (job) (rate(h_seconds_bucket[5m])))', 'h_seconds_bucket is read by histogram_quantile over a sum by le'],
    ['rate(c_total{kode="a"}[5m])', 'c_total has no label kode'],
    ['rate(c_total{code="nosuchcode"}[5m])', 'c_total never has code nosuchcode'],
    ['rate(c_total{code=~"redis-.+|nosuch-.+"}[5m])', 'c_total never has code nosuch-.+'],
    ['rate(c_total{code="a"[5m])', 'the matchers of c_total do not end'],
    ['sum by (kode) (g)', 'no metric here has the label kode'],
    ['total(g)', 'total is no function that is used here'],
    ['rate by (code) (c_total[5m])', 'rate does not aggregate'],
    ['rate(c_total[5 m])', 'a range is a duration in brackets'],
    ['1 > 0', 'reads no metric'],
    ['g ; g', 'cannot be read: g ; g'],
  ])('refuses %s', (expression, problem) => expect(wrongWith(read(expression, some))).toContain(problem));

  test('knows which labels the result has', () => {
    const reading = read('sum by (job) (rate(c_total[5m]))', some);
    expect(missingLabels('{{ $labels.job }} {{code}}', reading)).toEqual(['code']);
    expect(missingLabels('{{code}}', read('rate(c_total[5m])', some))).toEqual([]);
  });
});
