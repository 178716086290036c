import type { z } from 'zod';
import { nearestName } from '../../typologies/nearest.ts';
import type { ConfigProblem } from './problems.ts';
import { ALL_SETTINGS } from './schema.ts';

/** What the check of the whole found, in words, with the place of each. */
export function problemsOf(issue: z.core.$ZodIssue, origins: ReadonlyMap<string, string>): ConfigProblem[] {
  const key = issue.path.join('.');
  const origin = originOf(key, origins);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((name) => unknownKey([...issue.path.map(String), name], origins));
  if (issue.code === 'invalid_key') return [{ key, origin, message: issue.issues[0]?.message ?? issue.message }];
  const isGroup = issue.code === 'invalid_type' && issue.expected !== 'string';
  return [{ key, origin, message: isGroup ? 'must be a mapping of keys to values' : issue.message }];
}

/** The place of a key, or of the nearest one around it. */
export function originOf(key: string, origins: ReadonlyMap<string, string>): string {
  for (let k = key; ; k = k.slice(0, k.lastIndexOf('.'))) {
    const origin = origins.get(k);
    if (origin !== undefined) return origin;
    if (!k.includes('.')) return origins.get('') ?? 'configuration';
  }
}

function unknownKey(path: readonly string[], origins: ReadonlyMap<string, string>): ConfigProblem {
  const depth = path.length - 1;
  const name = path[depth]!;
  const around = path.slice(0, depth);
  const inside = (key: string): boolean => around.every((part, i) => key.split('.')[i] === part || key.split('.')[i] === '*');
  const siblings = ALL_SETTINGS.filter(({ key }) => inside(key)).flatMap(({ key, form }) => {
    const sibling = key.split('.')[depth];
    if (sibling === undefined) return [];
    return form.secret && key.split('.').length === depth + 1 ? [sibling, `${sibling}File`] : [sibling];
  });
  const near = nearestName(name, siblings) ?? nearestElsewhere(name);
  const hint = near === undefined ? `The keys here are ${[...new Set(siblings)].join(', ')}.` : `Did you mean ${near}?`;
  return { key: path.join('.'), origin: originOf(path.join('.'), origins), message: 'is no setting', hint };
}

/** A right name in the wrong place, or the name of the variable instead of the key's. */
function nearestElsewhere(name: string): string | undefined {
  return ALL_SETTINGS.find(({ key, variable }) => variable === name || key.split('.').at(-1) === name)?.key;
}
