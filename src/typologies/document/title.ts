import type { TitlePart } from '../ast.ts';
import type { Environment } from '../checking/environment.ts';
import { nearestName } from '../nearest.ts';
import type { Located } from './shapes.ts';

/** Takes a title apart: what stands in braces is the subject, a let or a parameter. */
export function readTitle({ value, node }: Located<string>, env: Environment): TitlePart[] {
  const parts: TitlePart[] = [];
  const shift = node.value.indexOf(value);
  const place = (start: number, end: number): { start: number; end: number } => ({ start: node.offsets[shift + start]!, end: node.offsets[shift + end]! });
  for (const match of value.matchAll(/\{+[^{}]+\}+|[{}]|[^{}]+/g)) {
    const piece = match[0];
    if (!/[{}]/.test(piece)) {
      parts.push(piece.replace(/\s+/g, ' '));
      continue;
    }
    const name = piece.replace(/[{}]/g, '').trim();
    const part = /^\{[^{}]*\}$/.test(piece) ? placeholder(name, env) : undefined;
    if (part !== undefined) parts.push(part);
    // What could not be read as a whole may hold the name.
    else if (piece.length === 1 || !(env.letsBroken || env.paramsBroken)) {
      const known = ['subject', ...env.letNames, ...env.params.keys()];
      env.findings.add(
        'title-placeholder',
        place(match.index, match.index + piece.length),
        { name: piece },
        bracesAround(nearestName(name.replace(/^lets?\./, ''), known)),
      );
    }
  }
  return parts;
}

const bracesAround = (name: string | undefined): string | undefined => (name === undefined || name === '' ? undefined : `{${name}}`);

function placeholder(name: string, env: Environment): TitlePart | undefined {
  if (name === 'subject') return { subject: true };
  const found = env.lets.get(name);
  if (found !== undefined) {
    env.letsUsed.add(name);
    return { let: found.index };
  }
  const param = name.startsWith('params.') ? name.slice('params.'.length) : name;
  if (!env.params.has(param)) return undefined;
  env.paramsUsed.add(param);
  return { param };
}
