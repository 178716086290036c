import { resolve } from 'node:path';
import { build } from './config/build.ts';
import { originOf, problemsOf } from './config/issues.ts';
import { invalidConfig } from './config/problems.ts';
import { reportOf, type SettingReport } from './config/report.ts';
import { configSchema } from './config/schema.ts';
import { CONFIG_VARIABLE, type Environment, gather } from './config/sources.ts';
import type { Config } from './config/types.ts';

export interface LoadedConfig {
  readonly config: Config;
  readonly settings: readonly SettingReport[];
}

/**
 * Reads the configuration from the file, if one is named by `path` or MONEYTRAIL_CONFIG, and from the environment, which wins. Throws
 * `config-unreadable`, or `config-invalid` with every problem at once.
 */
export function loadConfig(env: Environment, path?: string): LoadedConfig {
  const named = path ?? env[CONFIG_VARIABLE];
  const { tree, origins, problems } = gather(env, named === '' || named === undefined ? undefined : resolve(named));
  const parsed = configSchema.safeParse(tree);
  if (!parsed.success) problems.push(...parsed.error.issues.flatMap((issue) => problemsOf(issue, origins)));
  if (!parsed.success || problems.length > 0) throw invalidConfig(problems);
  const config = build(parsed.data, (key, message, hint) =>
    problems.push({ key, origin: originOf(key, origins), message, ...(hint === undefined ? {} : { hint }) }),
  );
  if (problems.length > 0) throw invalidConfig(problems);
  return { config, settings: reportOf(tree, origins) };
}

/** One line a setting: its value, secrets masked, and where it was said. */
export function describeConfig({ settings }: LoadedConfig): string {
  return settings.map(({ key, shown, origin }) => `${key} = ${shown} (${origin})\n`).join('');
}
