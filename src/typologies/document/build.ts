import type { EscapedText, Expr, Typology } from '../ast.ts';
import { contentDigest } from '../digest.ts';
import { folded } from '../excerpt.ts';
import { printSyntax } from '../expressions/syntax.ts';
import { descendants, expressions } from '../walk.ts';
import type { ReadExpression, ReadTypology } from './typology.ts';

/** The immutable typology of a file in which nothing is wrong. */
export function buildTypology(read: ReadTypology, text: string): Typology {
  const { file, env, where, when } = read;
  const score = buildScore(read);
  const escaped = escapedIn(read, text);
  const typology: Omit<Typology, 'reachMs' | 'digest'> = {
    id: file.typology!.value,
    version: file.version!.value,
    major: Number(file.version!.value.split('.')[0]),
    title: folded(file.title!.value),
    phase: file.phase!.value,
    status: file.status!.value,
    severity: file.severity!.value,
    sources: file.sources!.map((s) => ({ document: folded(s.document!.value), grade: s.grade!.value })),
    limits: (file.limits ?? []).map((l) => folded(l.value)),
    params: read.params.map((p) => p.spec!),
    subject: env.subject!,
    ...(where === undefined ? {} : { where: where.expr! }),
    lets: read.lets.map(({ name, expression }) => ({ name, expr: expression!.expr!, text: folded(expression!.node.value) })),
    when: when!.expr!,
    whenText: folded(when!.node.value),
    score,
    unless: (file.unless ?? []).map(({ because }, i) => ({ ...conditionOf(read.unless[i]), because: folded(because!.value) })),
    alert: buildAlert(read),
    onReturn: file.on_return?.value ?? 'exclude',
    text,
    ...(escaped.length === 0 ? {} : { escaped }),
  };
  const parts = expressions({ ...typology, reachMs: 0, digest: '' }).flatMap((whole) => [...descendants(whole)]);
  const reachMs = Math.max(0, ...parts.map((part) => (part.kind === 'aggregate' ? part.windowMs : 0)));
  return deepFreeze({ ...typology, reachMs, digest: digestOf(typology, read, parts) });
}

/** The expressions whose text in the file is not what they say. */
function escapedIn({ where, lets, when, points, unless }: ReadTypology, text: string): EscapedText[] {
  const nodes = [where, ...lets.map((l) => l.expression), when, ...points, ...unless].flatMap((part) => (part === undefined ? [] : [part.node]));
  return nodes
    .filter(({ value, offsets }) => folded(text.slice(offsets[0], offsets.at(-1))) !== folded(value))
    .map(({ span, value, offsets }) => ({ ...span, value, offsets }));
}

function conditionOf(read: ReadExpression | undefined): { when: Expr; text: string } {
  return { when: read!.expr!, text: folded(read!.node.value) };
}

function buildScore({ file, points }: ReadTypology): Typology['score'] {
  const score = file.score;
  if (score === undefined) return { base: 0, points: [], alertAt: 0, bands: [] };
  return {
    base: score.base!.value,
    points: (score.add ?? []).map((entry, i) => ({ points: entry.points!.value, ...conditionOf(points[i]), because: folded(entry.because!.value) })),
    alertAt: score.alert_at!.value,
    bands: (score.severity ?? []).map((band) => ({ from: band.from!.value, severity: band.severity!.value })),
  };
}

function buildAlert({ file, title }: ReadTypology): Typology['alert'] {
  const alert = file.alert!;
  return {
    title,
    periodMs: alert.period!.value,
    route: alert.route?.value ?? 'standard',
    next: (alert.next ?? []).map((n) => folded(n.value)),
  };
}

/**
 * Of what the typology says and of the lists that it reads, in one spelling: comments, layout, the order of keys, of parameters and of a list's
 * values have no part in it; words have.
 */
function digestOf(typology: Omit<Typology, 'reachMs' | 'digest'>, read: ReadTypology, parts: readonly Expr[]): string {
  const { text: _, whenText: __, escaped: ___, ...said } = typology;
  const printed = (part: ReadExpression | undefined): string | null => (part?.syntax ? printSyntax(part.syntax) : null);
  return contentDigest({
    ...said,
    amltrix: (read.file.amltrix ?? []).map((code) => code.value),
    params: Object.fromEntries(read.params.map((p) => [p.name, [p.type, p.printed, p.spec!.reason, p.spec!.basis]])),
    where: printed(read.where),
    lets: read.lets.map((l) => [l.name, printed(l.expression)]),
    when: printed(read.when),
    score: { ...said.score, points: said.score.points.map((p, i) => [p.points, printed(read.points[i]), p.because]) },
    unless: said.unless.map((u, i) => [printed(read.unless[i]), u.because]),
    lists: listsRead(parts),
  });
}

/** Pairs, not an object: a list can have any name. */
function listsRead(parts: readonly Expr[]): [string, string[]][] {
  const lists = new Map<string, string[]>();
  for (const part of parts) if (part.kind === 'list' && part.name !== undefined) lists.set(part.name, [...new Set(part.values)].sort());
  return [...lists].sort(([x], [y]) => (x < y ? -1 : 1));
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
  return value;
}
