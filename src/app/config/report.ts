import { ALL_SETTINGS } from './schema.ts';

/** What one setting is and where that was said. `shown` never holds a secret. */
export interface SettingReport {
  readonly key: string;
  readonly shown: string;
  readonly origin: string;
}

/** Every setting as it stands, whether it was given or not. */
export function reportOf(tree: unknown, origins: ReadonlyMap<string, string>): SettingReport[] {
  const reports: SettingReport[] = [];
  for (const { key, form, default: byDefault } of ALL_SETTINGS) {
    for (const [path, text] of textsAt(tree, key.split('.'), [])) {
      const shown = form.secret ? '[secret]' : (form.shown?.(text) ?? JSON.stringify(text));
      reports.push({ key: path, shown, origin: origins.get(path) ?? 'default' });
    }
    if (!reports.some((r) => r.key === key) && !key.includes('*')) {
      reports.push({ key, shown: byDefault === null ? '(not set)' : JSON.stringify(byDefault), origin: 'default' });
    }
  }
  return reports;
}

function textsAt(node: unknown, keys: readonly string[], path: readonly string[]): [string, string][] {
  if (keys.length === 0) return typeof node === 'string' ? [[path.join('.'), node]] : [];
  if (typeof node !== 'object' || node === null) return [];
  const [key, ...rest] = keys;
  const names = key === '*' ? Object.keys(node) : Object.hasOwn(node, key!) ? [key!] : [];
  return names.flatMap((name) => textsAt((node as Record<string, unknown>)[name], rest, [...path, name]));
}
