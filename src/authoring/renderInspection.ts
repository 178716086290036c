import { formatDuration, parseDuration } from '../base/duration.ts';
import type { ConditionResult, Inspection } from '../detection/api.ts';
import type { Typology } from '../typologies/ast.ts';
import { excerpt } from '../typologies/excerpt.ts';

/**
 * A verdict taken apart, as text: why or why not in one line, then each condition with its value against its threshold, exceptions, points and
 * every let. With the typology, the values of the parameters that a condition names stand under it.
 */
export function renderInspection(inspection: Inspection, options: { readonly typology?: Typology; readonly indent?: string } = {}): string {
  const { subject, anchor, conditions, exceptions, points, score, alertAt, verdict, lets } = inspection;
  const { typology } = options;
  const key = typeof subject === 'string' ? subject : subject.join(' / ');
  const lines = [`${inspection.typology} at ${key}, ${anchor.time} (${anchor.source}:${anchor.id}): ${verdict}`, `  ${reasonOf(inspection)}`];
  if (inspection.leftOutBy === 'where') lines.push('  where', ...inspection.where.flatMap((c) => conditionLines(c, '    ', typology)));
  lines.push('  when', ...conditions.flatMap((c) => conditionLines(c, '    ', typology)));
  if (exceptions.length > 0) lines.push('  unless');
  for (const { because, result, condition } of exceptions) lines.push(`    ${MARK[result]} ${because}`, ...insideLines(condition, typology));
  lines.push(`  score ${score}, an alert from ${alertAt}`);
  for (const { because, points: p, result, condition } of points)
    lines.push(`    ${MARK[result]} ${p < 0 ? p : `+${p}`}: ${because}`, ...insideLines(condition, typology));
  if (lets.length > 0) lines.push('  let');
  for (const { name, value } of lets) lines.push(`    ${name} = ${value ?? 'missing'}`);
  return lines.map((line) => (options.indent ?? '') + line).join('\n');
}

const MARK = { true: 'yes', false: 'no ', errored: '?  ' } as const;
const JOINED = { and: 'all of these', or: 'one of these', not: 'the contrary of', let: 'which stands for' } as const;
const CAUSES = {
  'missing-rate': 'an exchange rate is missing',
  overflow: 'a sum is too large',
  'overfull-day': 'the key has too many transactions on one day',
} as const;

/** The first thing that kept the typology from firing, and by how much; or that it fired. */
export function reasonOf({ leftOutBy, where, conditions, exceptions, score, alertAt, verdict, causes }: Inspection): string {
  if (leftOutBy === 'return') return 'Not asked: the transaction was given back, and the typology leaves such out.';
  const because = causes.length === 0 ? '' : `, since ${causes.map((cause) => CAUSES[cause]).join(' and ')}`;
  if (leftOutBy === 'where') {
    const part = where.find((c) => c.result !== 'true');
    return `Not asked: the typology’s where leaves this transaction out${part === undefined ? '' : `: ${shortfall(part)}`}.`;
  }
  const failed = conditions.find((c) => c.result === 'false') ?? conditions.find((c) => c.result === 'errored');
  if (failed?.result === 'errored') return `Not known: ${failed.text} cannot be computed${because}.`;
  if (failed !== undefined) return `No: ${shortfall(failed)}.`;
  const exception = exceptions.find((e) => e.result === 'true') ?? exceptions.find((e) => e.result === 'errored');
  if (exception?.result === 'errored') return `Not known: whether ${exception.because} cannot be computed${because}.`;
  if (exception !== undefined) return `No: an exception applies, ${exception.because}.`;
  if (verdict === 'errored') return `Not known: a condition of the score cannot be computed${because}.`;
  return verdict === 'fired' ? `Yes: score ${score}, an alert from ${alertAt}.` : `No: score ${score}, ${alertAt - score} short of an alert.`;
}

/** Why a condition does not hold: the comparison that fails and by how much; of alternatives, that of each. */
function shortfall(condition: ConditionResult): string {
  const { text, value, threshold, joined, parts = [] } = condition;
  const failing = parts.filter((part) => part.result !== 'true');
  if (joined === 'not' && parts[0] !== undefined) return `${parts[0].text} holds, and the contrary is asked`;
  if (joined === 'or') return `none of ${parts.length} alternatives holds: ${parts.map((part, i) => `(${i + 1}) ${shortfall(part)}`).join('; ')}`;
  if (failing[0] !== undefined) return shortfall(failing[0]);
  if (condition.result === 'errored') return `${text} cannot be computed`;
  return `${text} is ${value}, asked is ${threshold}${distance(value, threshold)}`;
}

function conditionLines(condition: ConditionResult, indent: string, typology: Typology | undefined): string[] {
  return [`${indent}${MARK[condition.result]} ${condition.text}`, ...detailLines(condition, `${indent}    `, typology)];
}

/** What stands under the words of an exception or of points: the condition itself, and its parts. */
function insideLines(condition: ConditionResult, typology: Typology | undefined): string[] {
  if (condition.parts !== undefined) return conditionLines(condition, '        ', typology);
  return [`        ${condition.text}`, ...detailLines(condition, '            ', typology)];
}

/** The parts of a condition; of one without parts its value against its threshold, and the parameters that it names. */
function detailLines({ text, result, value, threshold, joined, parts }: ConditionResult, indent: string, typology: Typology | undefined): string[] {
  if (joined !== undefined && parts !== undefined) return [`${indent}${JOINED[joined]}`, ...parts.flatMap((part) => conditionLines(part, indent, typology))];
  const lines: string[] = [];
  if (result !== 'true' || threshold !== 'true') lines.push(`${indent}is ${value}, asked is ${threshold}${distance(value, threshold)}`);
  const named = new Set([...text.matchAll(/\bparams\.(\w+)/g)].map(([, name]) => name));
  const params = typology?.params.filter((p) => named.has(p.name)) ?? [];
  if (params.length > 0) lines.push(`${indent}with ${params.map(({ name, value: v }) => `params.${name} = ${excerpt(v.span, typology!)}`).join(', ')}`);
  return lines;
}

/** By how much a number, an amount or a duration misses its threshold; else nothing. */
export function distance(value: string, threshold: string): string {
  const [, op, bound = ''] = /^(>=|>|<=|<|==) (.+)$/.exec(threshold) ?? [];
  const [have, want] = [measure(value), measure(bound)];
  if (op === undefined || have === null || want === null || have.unit !== want.unit) return '';
  const scale = Math.max(have.decimals, want.decimals);
  const [a, b] = [have, want].map((m) => m.digits * 10n ** BigInt(scale - m.decimals)) as [bigint, bigint];
  const holds = { '>=': a >= b, '>': a > b, '<=': a <= b, '<': a < b, '==': a === b }[op];
  if (holds === true) return '';
  if (a === b) return ', and it is exactly there';
  return `, so ${inUnit(a < b ? b - a : a - b, scale, have.unit)} too ${a < b ? 'little' : 'much'}`;
}

interface Measure {
  /** Without the point. */
  readonly digits: bigint;
  readonly decimals: number;
  /** A currency with the blank before it, `ms`, or nothing. */
  readonly unit: string;
}

/** A plain decimal, an amount or a duration as it is printed; null of anything else. */
function measure(text: string): Measure | null {
  const [, number, unit = ''] = /^(-?\d+(?:\.\d+)?)( [A-Z]{3})?$/.exec(text) ?? [];
  if (number !== undefined) return { digits: BigInt(number.replace('.', '')), decimals: number.split('.')[1]?.length ?? 0, unit };
  const ms = parseDuration(text.replace(/^-/, ''));
  return ms === null ? null : { digits: BigInt(text.startsWith('-') ? -ms : ms), decimals: 0, unit: 'ms' };
}

function inUnit(size: bigint, scale: number, unit: string): string {
  if (unit === 'ms') return formatDuration(Number(size));
  const digits = size.toString().padStart(scale + 1, '0');
  return `${scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`}${unit}`;
}
