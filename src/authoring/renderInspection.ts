import type { ConditionResult, Inspection } from '../detection/api.ts';
import type { Typology } from '../typologies/ast.ts';

/**
 * A verdict taken apart, as text: why or why not in one line, then each condition with its value against its threshold, exceptions, points and
 * every let. With the typology, the values of the parameters that a condition names stand under it.
 */
export function renderInspection(inspection: Inspection, options: { readonly typology?: Typology; readonly indent?: string } = {}): string {
  const { subject, anchor, conditions, exceptions, points, score, alertAt, verdict, lets } = inspection;
  const key = typeof subject === 'string' ? subject : subject.join(' / ');
  const lines = [`${inspection.typology} at ${key}, ${anchor.time} (${anchor.source}:${anchor.id}): ${verdict}`, `  ${reasonOf(inspection)}`, '  when'];
  for (const condition of conditions) lines.push(...conditionLines(condition, options.typology));
  if (exceptions.length > 0) lines.push('  unless');
  for (const { because, result } of exceptions) lines.push(`    ${MARK[result]} ${because}`);
  lines.push(`  score ${score}, an alert from ${alertAt}`);
  for (const { because, points: p, result } of points) lines.push(`    ${MARK[result]} ${p < 0 ? p : `+${p}`}: ${because}`);
  if (lets.length > 0) lines.push('  let');
  for (const { name, value } of lets) lines.push(`    ${name} = ${value ?? 'missing'}`);
  return lines.map((line) => (options.indent ?? '') + line).join('\n');
}

const MARK = { true: 'yes', false: 'no ', errored: '?  ' } as const;

/** The first thing that kept the typology from firing, and by how much; or that it fired. */
export function reasonOf({ seen, conditions, exceptions, score, alertAt, verdict }: Inspection): string {
  if (!seen) return 'Not asked: the typology’s where leaves this transaction out.';
  const failed = conditions.find((c) => c.result !== 'true');
  if (failed?.result === 'errored') return `Not known: ${failed.text} cannot be computed.`;
  if (failed !== undefined) return `No: ${failed.text} is ${failed.value}, asked is ${failed.threshold}${distance(failed.value, failed.threshold)}.`;
  const exception = exceptions.find((e) => e.result !== 'false');
  if (exception?.result === 'errored') return `Not known: whether ${exception.because} cannot be computed.`;
  if (exception !== undefined) return `No: an exception applies, ${exception.because}.`;
  if (verdict === 'errored') return 'Not known: a condition of the score cannot be computed.';
  return verdict === 'fired' ? `Yes: score ${score}, an alert from ${alertAt}.` : `No: score ${score}, ${alertAt - score} short of an alert.`;
}

function conditionLines({ text, result, value, threshold }: ConditionResult, typology: Typology | undefined): string[] {
  const lines = [`    ${MARK[result]} ${text}`];
  if (result !== 'true' || threshold !== 'true') lines.push(`        is ${value}, asked is ${threshold}${distance(value, threshold)}`);
  const named = new Set([...text.matchAll(/\bparams\.(\w+)/g)].map(([, name]) => name));
  const params = typology?.params.filter((p) => named.has(p.name)) ?? [];
  if (params.length > 0)
    lines.push(`        with ${params.map(({ name, value: v }) => `params.${name} = ${typology!.text.slice(v.span.start, v.span.end)}`).join(', ')}`);
  return lines;
}

/** By how much a number or an amount misses its threshold, where both are plain decimals of one unit; else nothing. */
export function distance(value: string, threshold: string): string {
  const [, op, bound, unit] = /^(>=|>|<=|<|==) (-?\d+(?:\.\d+)?)( [A-Z]{3})?$/.exec(threshold) ?? [];
  const [, number, ownUnit] = /^(-?\d+(?:\.\d+)?)( [A-Z]{3})?$/.exec(value) ?? [];
  if (op === undefined || bound === undefined || number === undefined || unit !== ownUnit) return '';
  const [have, want, scale] = integers(number, bound);
  const holds = { '>=': have >= want, '>': have > want, '<=': have <= want, '<': have < want, '==': have === want }[op];
  if (holds === true) return '';
  if (have === want) return ', and it is exactly there';
  const by = (have < want ? want - have : have - want).toString().padStart(scale + 1, '0');
  return `, so ${scale === 0 ? by : `${by.slice(0, -scale)}.${by.slice(-scale)}`}${unit ?? ''} too ${have < want ? 'little' : 'much'}`;
}

/** Both as integers of the finer scale. */
function integers(a: string, b: string): [bigint, bigint, number] {
  const decimals = (text: string): number => text.split('.')[1]?.length ?? 0;
  const scale = Math.max(decimals(a), decimals(b));
  const scaled = (text: string): bigint => BigInt(text.replace('.', '') + '0'.repeat(scale - decimals(text)));
  return [scaled(a), scaled(b), scale];
}
