import type { Expr, TitlePart } from '../ast.ts';
import { check, condition } from '../checking/checker.ts';
import { type Environment, type Scope, TOP, WHERE } from '../checking/environment.ts';
import { isReserved } from '../checking/names.ts';
import { checkSize } from '../checking/size.ts';
import { presentNames, warn } from '../checking/warnings.ts';
import type { Syntax } from '../expressions/syntax.ts';
import type { Findings } from '../findings.ts';
import type { YamlNode, YamlScalar } from '../parse/nodes.ts';
import { parseScalar } from './expression.ts';
import { TYPOLOGY, type TypologyFile } from './keys.ts';
import { type ReadParam, readParam } from './params.ts';
import { checkScore } from './score.ts';
import { NAME_FORM } from './shapes.ts';
import { readSubject } from './subject.ts';
import { readTitle } from './title.ts';

/** An expression of the file: as written, as read, and checked. */
export interface ReadExpression {
  readonly node: YamlScalar;
  readonly syntax: Syntax | null;
  readonly expr: Expr | null;
}

/** All of a typology file, checked. Where nothing was reported as an error, every part that is required is there and none is null. */
export interface ReadTypology {
  readonly file: TypologyFile;
  readonly env: Environment;
  readonly params: readonly ReadParam[];
  readonly where: ReadExpression | undefined;
  readonly lets: readonly { readonly name: string; readonly expression: ReadExpression | undefined }[];
  readonly when: ReadExpression | undefined;
  /** Conditions of `score.add` and of `unless`, in the file's order. */
  readonly points: readonly (ReadExpression | undefined)[];
  readonly unless: readonly (ReadExpression | undefined)[];
  readonly title: readonly TitlePart[];
}

export interface Surroundings {
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly retentionMsMax: number;
}

/** Reads and checks the document whole, whatever is wrong with a part of it. Undefined where it is no mapping at all. */
export function readTypology(document: YamlNode, surroundings: Surroundings, findings: Findings): ReadTypology | undefined {
  const file = TYPOLOGY.read(document, 'The file', findings);
  if (file === undefined) return undefined;
  const params = (file.params ?? []).map(({ name, value }) => readParam(name, value, findings));
  const env: Environment = {
    ...surroundings,
    findings,
    params: new Map(params.map((p) => [p.name, p.spec?.value ?? null])),
    lets: new Map(),
    letNames: new Set((file.let ?? []).map((l) => l.name.value)),
    letsBroken: isBroken('let', file),
    paramsBroken: isBroken('params', file),
    subject: file.subject === undefined ? null : readSubject(file.subject, findings),
    paramsUsed: new Set(),
    letsUsed: new Set(),
  };
  const asked = (node: YamlScalar | undefined): ReadExpression | undefined => readExpression(node, env, TOP, condition);
  const where = readExpression(file.where, env, WHERE, condition);
  const lets = readLets(file, env);
  const when = asked(file.when);
  const points = (file.score?.add ?? []).map((entry) => asked(entry.when));
  const unless = (file.unless ?? []).map((entry) => asked(entry.when));
  const title = file.alert?.title === undefined ? [] : readTitle(file.alert.title, env);
  const read: ReadTypology = { file, env, params, where, lets, when, points, unless, title };
  checkScore(file, findings);
  const present = presentNames(env.subject, where?.expr ?? null);
  for (const part of expressionsOf(read)) if (part?.expr) warn(part.expr, env, present);
  const sizes = new Map();
  for (const { name, expression } of lets) if (expression?.expr) checkSize(expression.expr, env, sizes, name);
  for (const part of [where, when, ...points, ...unless]) if (part?.expr) checkSize(part.expr, env, sizes);
  reportUnused(read);
  return read;
}

/** Whether a key is there and could not be read, or is there under a name that is wrong: nothing is known of what it holds. */
function isBroken(key: 'let' | 'params', file: TypologyFile): boolean {
  return file[key] === undefined && (file.at.has(key) || file.meant.has(key));
}

function readExpression(node: YamlScalar | undefined, env: Environment, scope: Scope, as: typeof check): ReadExpression | undefined {
  if (node === undefined) return undefined;
  const syntax = parseScalar(node, env.findings);
  return { node, syntax, expr: syntax && as(syntax, env, scope) };
}

function readLets(file: TypologyFile, env: Environment): { name: string; expression: ReadExpression | undefined }[] {
  return (file.let ?? []).map(({ name, value }, index) => {
    if (isReserved(name.value)) env.findings.add('name-reserved', name.span, { name: name.value });
    const expression = readExpression(value, env, TOP, checkLet);
    env.lets.set(name.value, { index, expr: expression?.expr ?? null });
    return { name: name.value, expression };
  });
}

/** A let can be a condition as well as a value. */
function checkLet(node: Syntax, env: Environment, scope: Scope): Expr | null {
  const expr = check(node, env, scope);
  if (expr?.type !== 'list') return expr;
  env.findings.add('list-misplaced', node.span);
  return null;
}

function expressionsOf({ where, lets, when, points, unless }: ReadTypology): (ReadExpression | undefined)[] {
  return [where, ...lets.map((l) => l.expression), when, ...points, ...unless];
}

/** An expression that could not be read, or is missing, might use anything: then nothing is called unused. */
function reportUnused(read: ReadTypology): void {
  const { file, params, env, when } = read;
  if (when === undefined || env.letsBroken || expressionsOf(read).some((part) => part !== undefined && part.syntax === null)) return;
  for (const { name, node } of params) if (name !== '' && !env.paramsUsed.has(name)) env.findings.add('param-unused', node.span, { name });
  for (const { name } of file.let ?? []) {
    if (NAME_FORM.test(name.value) && !isReserved(name.value) && !env.letsUsed.has(name.value)) env.findings.add('let-unused', name.span, { name: name.value });
  }
}
