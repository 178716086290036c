import type { Inspection } from '../detection/api.ts';

/** A verdict taken apart, as text: each condition with its value against its threshold, the first that failed marked, exceptions, points, lets. */
export function renderInspection(inspection: Inspection, indent = ''): string {
  const { typology, subject, anchor, seen, conditions, exceptions, points, score, alertAt, verdict, lets } = inspection;
  const key = typeof subject === 'string' ? subject : subject.join(' / ');
  const lines = [`${typology} at ${key}, ${anchor.time} (${anchor.source}:${anchor.id}): ${verdict}`];
  if (!seen) lines.push('  its where leaves this transaction out');
  lines.push('  when');
  const firstFailed = conditions.findIndex((c) => c.result !== 'true');
  conditions.forEach((condition, i) => {
    const mark = condition.result === 'true' ? 'yes' : i === firstFailed ? 'NO ' : 'no ';
    const result = condition.result === 'errored' ? ', which cannot be computed' : '';
    lines.push(`    ${mark} ${condition.text}`, `        is ${condition.value}, asked ${condition.threshold}${distance(condition.value, condition.threshold)}${result}`);
  });
  if (exceptions.length > 0) lines.push('  unless');
  for (const { because, result } of exceptions) lines.push(`    ${result === 'true' ? 'YES' : result === 'errored' ? '?  ' : 'no '} ${because}`);
  if (points.length > 0 || alertAt > 0) lines.push(`  score ${score}, an alert from ${alertAt}${score < alertAt ? ` (short by ${alertAt - score})` : ''}`);
  for (const { because, points: p, result } of points) lines.push(`    ${result === 'true' ? `${p < 0 ? '' : '+'}${p}` : result === 'errored' ? '?' : '0'}  ${because}`);
  if (lets.length > 0) lines.push('  let');
  for (const { name, value } of lets) lines.push(`    ${name} = ${value ?? 'missing'}`);
  return lines.map((line) => indent + line).join('\n');
}

/** By how much a number or an amount misses its threshold, where both are plain decimals of one unit. */
export function distance(value: string, threshold: string): string {
  const [, op, bound, unit] = /^(>=|>|<=|<|==) (-?\d+(?:\.\d+)?)( [A-Z]{3})?$/.exec(threshold) ?? [];
  const [, number, ownUnit] = /^(-?\d+(?:\.\d+)?)( [A-Z]{3})?$/.exec(value) ?? [];
  if (op === undefined || bound === undefined || number === undefined || unit !== ownUnit) return '';
  const [have, want, scale] = integers(number, bound);
  const holds = op === '>=' ? have >= want : op === '>' ? have > want : op === '<=' ? have <= want : op === '<' ? have < want : have === want;
  if (holds) return '';
  const by = have < want ? want - have : have - want;
  const digits = by.toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return by === 0n ? '; it is exactly there' : `; ${text}${unit ?? ''} too ${have < want ? 'little' : 'much'}`;
}

/** Both as integers of the finer scale. */
function integers(a: string, b: string): [bigint, bigint, number] {
  const decimals = (text: string): number => text.split('.')[1]?.length ?? 0;
  const scale = Math.max(decimals(a), decimals(b));
  const scaled = (text: string): bigint => BigInt(text.replace('.', '') + '0'.repeat(scale - decimals(text)));
  return [scaled(a), scaled(b), scale];
}
