import type { Exception, Expr, Let, Points, Typology } from '../ast.ts';
import { type Environment, type Scope, TOP, WHERE } from '../checking/environment.ts';
import { check, condition } from '../checking/checker.ts';
import { isReserved } from '../checking/names.ts';
import { presentNames, warn } from '../checking/warnings.ts';
import { contentDigest } from '../digest.ts';
import { printSyntax, type Syntax } from '../expressions/syntax.ts';
import type { Findings } from '../findings.ts';
import type { YamlNode, YamlScalar } from '../parse/nodes.ts';
import { descendants, expressions } from '../walk.ts';
import { folded, parseScalar } from './expression.ts';
import { TYPOLOGY } from './keys.ts';
import { readParam, type ReadParam } from './params.ts';
import { checkScore } from './score.ts';
import type { Shape } from './shapes.ts';
import { readSubject } from './subject.ts';
import { readTitle } from './title.ts';

export type TypologyFile = typeof TYPOLOGY extends Shape<infer T> ? T : never;

/** An expression of the file: as written, as read, and checked. */
interface Read {
  readonly node: YamlScalar;
  readonly syntax: Syntax | null;
  readonly expr: Expr | null;
}

/** Checks the document whole and builds the typology; null where a part that it cannot do without is wrong. */
export function readTypology(
  document: YamlNode, text: string, findings: Findings, lists: ReadonlyMap<string, readonly string[]>, retentionMsMax: number,
): Typology | null {
  const file = TYPOLOGY.read(document, 'The file', findings);
  if (file === undefined) return null;
  const params = (file.params ?? []).map(({ name, value }) => readParam(name, value, findings));
  const env: Environment = {
    findings, lists, retentionMsMax,
    params: new Map(params.map((p) => [p.name, p.spec?.value ?? null])),
    lets: new Map(),
    letNames: new Set((file.let ?? []).map((l) => l.name.value)),
    subject: file.subject === undefined ? null : readSubject(file.subject, findings),
    paramsUsed: new Set(),
    letsUsed: new Set(),
  };
  const read = (node: YamlScalar | undefined, scope: Scope, as: typeof check): Read | undefined => {
    if (node === undefined) return undefined;
    const syntax = parseScalar(node, findings);
    return { node, syntax, expr: syntax && as(syntax, env, scope) };
  };
  const where = read(file.where, WHERE, condition);
  const lets = readLets(file, env, (node) => read(node, TOP, checkLet));
  const when = read(file.when, TOP, condition);
  const points = (file.score?.add ?? []).map((entry) => ({ entry, when: read(entry.when, TOP, condition) }));
  const unless = (file.unless ?? []).map((entry) => ({ entry, when: read(entry.when, TOP, condition) }));
  const title = file.alert?.title === undefined ? [] : readTitle(file.alert.title, env);
  checkScore(file, findings);
  const present = presentNames(env.subject, where?.expr ?? null);
  for (const part of [where, ...lets.map((l) => l.read), when, ...points.map((p) => p.when), ...unless.map((u) => u.when)]) {
    if (part?.expr) warn(part.expr, env, present);
  }
  reportUnused(file, params, env, [where, ...lets.map((l) => l.read), when, ...points.map((p) => p.when), ...unless.map((u) => u.when)]);
  if (findings.hasErrors) return null;

  const typology: Omit<Typology, 'digest'> = {
    id: file.typology!.value,
    version: file.version!.value,
    major: Number(file.version!.value.split('.')[0]),
    title: folded(file.title!.value),
    phase: file.phase!.value,
    status: file.status!.value,
    severity: file.severity!.value,
    sources: file.sources!.map((s) => ({ document: s.document!.value, grade: s.grade!.value })),
    limits: (file.limits ?? []).map((l) => folded(l.value)),
    params: params.map((p) => p.spec!),
    subject: env.subject!,
    ...(where === undefined ? {} : { where: where.expr! }),
    lets: lets.map((l): Let => ({ name: l.name, expr: l.read!.expr!, text: folded(l.read!.node.value) })),
    when: when!.expr!,
    whenText: folded(when!.node.value),
    score: {
      base: file.score?.base!.value ?? 0,
      points: points.map((p): Points => ({ points: p.entry.points!.value, when: p.when!.expr!, because: folded(p.entry.because!.value), text: folded(p.when!.node.value) })),
      alertAt: file.score?.alert_at!.value ?? 0,
      bands: (file.score?.severity ?? []).map((b) => ({ from: b.from!.value, severity: b.severity!.value })),
    },
    unless: unless.map((u): Exception => ({ when: u.when!.expr!, because: folded(u.entry.because!.value), text: folded(u.when!.node.value) })),
    alert: {
      title,
      periodMs: file.alert!.period!.value,
      route: file.alert!.route?.value ?? 'standard',
      next: (file.alert!.next ?? []).map((n) => folded(n.value)),
    },
    onReturn: file.on_return?.value ?? 'exclude',
    reachMs: 0,
    text,
  };
  const wholes = expressions({ ...typology, digest: '' });
  const parts = wholes.flatMap((whole) => [...descendants(whole)]);
  const reachMs = Math.max(0, ...parts.map((part) => (part.kind === 'aggregate' ? part.windowMs : 0)));
  const printed = (part: Read | undefined): string | null => (part?.syntax ? printSyntax(part.syntax) : null);
  const digest = contentDigest({
    ...typology, text: undefined, reachMs: undefined, whenText: undefined,
    amltrix: (file.amltrix ?? []).map((code) => code.value),
    params: params.map((p) => [p.name, p.type, p.printed, p.spec!.reason, p.spec!.basis]).sort(([a], [b]) => (a! < b! ? -1 : 1)),
    where: printed(where),
    lets: lets.map((l) => [l.name, printed(l.read)]),
    when: printed(when),
    score: { ...typology.score, points: points.map((p, i) => ({ ...typology.score.points[i], when: printed(p.when), text: undefined })) },
    unless: unless.map((u, i) => ({ ...typology.unless[i], when: printed(u.when), text: undefined })),
    lists: listsRead(parts),
  });
  return deepFreeze({ ...typology, reachMs, digest });
}

/** A let can be a condition as well as a value. */
function checkLet(node: Syntax, env: Environment, scope: Scope): Expr | null {
  const expr = check(node, env, scope);
  if (expr?.type !== 'list') return expr;
  env.findings.add('list-misplaced', node.span);
  return null;
}

function readLets(
  file: TypologyFile, env: Environment, read: (node: YamlScalar | undefined) => Read | undefined,
): { name: string; read: Read | undefined }[] {
  return (file.let ?? []).map(({ name, value }, index) => {
    if (isReserved(name.value)) env.findings.add('name-reserved', name.span, { name: name.value });
    else if (env.params.has(name.value)) env.findings.add('name-taken', name.span, { name: name.value });
    const found = read(value);
    env.lets.set(name.value, { index, expr: found?.expr ?? null });
    return { name: name.value, read: found };
  });
}

/** An expression that could not be read may use anything: then nothing is called unused. */
function reportUnused(file: TypologyFile, params: readonly ReadParam[], env: Environment, reads: readonly (Read | undefined)[]): void {
  if (reads.some((part) => part !== undefined && part.syntax === null)) return;
  for (const { name, node } of params) if (!env.paramsUsed.has(name)) env.findings.add('param-unused', node.span, { name });
  for (const { name } of file.let ?? []) if (!env.letsUsed.has(name.value)) env.findings.add('let-unused', name.span, { name: name.value });
}

function listsRead(parts: readonly Expr[]): [string, string[]][] {
  const lists = new Map<string, string[]>();
  for (const part of parts) if (part.kind === 'list' && part.name !== undefined) lists.set(part.name, [...new Set(part.values)].sort());
  return [...lists].sort(([a], [b]) => (a < b ? -1 : 1));
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
  return value;
}
