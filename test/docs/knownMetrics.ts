import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { METRICS } from '../../src/pipeline/metrics.ts';
import type { KnownMetric } from './promql.ts';

const KINDS = { counters: 'counter', gauges: 'gauge', histograms: 'histogram' } as const;
const source = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'src');

function sources(): string[] {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files.map((name) => readFileSync(join(source, name), 'utf8'));
}

/** All texts of the code, in single quotes. */
export const literals: ReadonlySet<string> = new Set(sources().flatMap((text) => [...text.matchAll(/'([^'\n]+)'/g)].map(([, literal]) => literal!)));

/** The metrics of the code with the labels that it sets, which are read from the calls: `gauge('…', n, { typology })` and `add('…', 'code', …)`. */
export const known: ReadonlyMap<string, KnownMetric> = (() => {
  const labels = new Map<string, Set<string>>();
  for (const text of sources())
    for (const [call, name] of text.matchAll(/\.(?:count|gauge|observe|add)\(\s*'(moneytrail_\w+)'[^;]*;/g)) {
      const found = labels.get(name!) ?? new Set();
      labels.set(name!, found);
      for (const [, list] of call.matchAll(/\{([^}]*)\}/g)) for (const [, label] of list!.matchAll(/(?:^|,)\s*(\w+)/g)) found.add(label!);
      const added = call.match(/^\.add\(\s*'\w+', '(\w+)'/)?.[1];
      if (added !== undefined) found.add(added);
    }
  const all = Object.entries(METRICS).flatMap(([kind, table]) =>
    Object.keys(table).map((name) => [name, { kind: KINDS[kind as keyof typeof KINDS], labels: [...(labels.get(name) ?? [])] }] as const),
  );
  return new Map(all);
})();

/** Metrics that no code sets, so that the table promises what is not there. */
export const unset: readonly string[] = (() => {
  const text = sources().join('\n');
  return [...known.keys()].filter((name) => !text.includes(`'${name}'`));
})();
