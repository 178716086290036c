import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from '@swc/core';

/** A repository as the rules see it: the text of every file by its path, with `/` between folders. Fake ones are a few lines in a test. */
export type Tree = ReadonlyMap<string, string>;

export interface Import {
  /** As written: a path, a package with its subpath, or `node:…`; null where it is computed. */
  readonly from: string | null;
  /** Whether nothing of it is left at run time. */
  readonly typeOnly: boolean;
}

const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.cache', 'reports', 'coverage', '.stryker-tmp']);
/** Recorded feeds may be large and hold no code. */
const BYTES_MAX = 2_000_000;
const CODE = /\.(ts|mts|js|mjs|cjs)$/;

export function readTree(root: string): Tree {
  const tree = new Map<string, string>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (NOT_OURS.has(entry.name)) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile() && statSync(join(root, path)).size <= BYTES_MAX) tree.set(path, readFileSync(join(root, path), 'utf8'));
    }
  };
  walk('');
  return tree;
}

/** The code files under a folder, in order. */
export function codeUnder(tree: Tree, folder: string): string[] {
  return [...tree.keys()].filter((path) => path.startsWith(`${folder}/`) && CODE.test(path)).sort();
}

interface Node {
  readonly type?: string;
  readonly [key: string]: unknown;
}

export interface Anatomy {
  readonly imports: readonly Import[];
  /** The plain names that it calls and does not bind itself. */
  readonly calls: ReadonlySet<string>;
  /** Messages of log calls that are put together instead of written down, by the level. */
  readonly builtMessages: readonly string[];
}

const parsed = new Map<string, Anatomy>();

/** What a file imports, in whatever form: static, dynamic, re-exported, `require`, or in a type; what it calls; how it logs. */
export function anatomyOf(text: string): Anatomy {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const imports: Import[] = [];
  const calls = new Set<string>();
  const bound = new Set<string>();
  const builtMessages: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
    } else if (typeof value === 'object' && value !== null) {
      look(value as Node, imports, calls);
      bind(value as Node, bound);
      listen(value as Node, builtMessages);
      for (const item of Object.values(value)) visit(item);
    }
  };
  visit(parseSync(text, { syntax: 'typescript', target: 'es2022' }).body);
  for (const name of bound) calls.delete(name);
  const anatomy = { imports, calls, builtMessages };
  parsed.set(text, anatomy);
  return anatomy;
}

function look(node: Node, imports: Import[], calls: Set<string>): void {
  const literal = (value: unknown): string | null => {
    const { type, value: text } = (value ?? {}) as Node;
    return type === 'StringLiteral' ? (text as string) : null;
  };
  if (node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration' || node.type === 'ExportNamedDeclaration') {
    if (node['source'] !== null && node['source'] !== undefined) imports.push({ from: literal(node['source']), typeOnly: isTypeOnly(node) });
  } else if (node.type === 'TsImportType') {
    imports.push({ from: literal(node['argument']), typeOnly: true });
  } else if (node.type === 'CallExpression') {
    const callee = node['callee'] as Node;
    const name = calleeName(callee);
    if (name !== null) calls.add(name);
    const first = (node['arguments'] as { expression: unknown }[])[0];
    if (callee.type === 'Import' || name === 'require') imports.push({ from: literal(first?.expression), typeOnly: false });
  }
}

/** Notes the names that a file gives itself; jest's own, imported by name, stay jest's. */
function bind(node: Node, bound: Set<string>): void {
  const name = (value: unknown): string => (value as Node)['value'] as string;
  if (node.type === 'FunctionDeclaration') bound.add(name(node['identifier']));
  else if (node.type === 'VariableDeclarator' && (node['id'] as Node).type === 'Identifier') bound.add(name(node['id']));
  else if (node.type === 'Parameter' && (node['pat'] as Node).type === 'Identifier') bound.add(name(node['pat']));
  else if (node.type === 'ImportDeclaration' && name(node['source']) !== '@jest/globals') {
    for (const specifier of node['specifiers'] as Node[]) bound.add(name(specifier['local']));
  }
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** Notes the calls of a log, under whatever path it is reached, whose message is not a text written down, or a choice of such. */
function listen(node: Node, builtMessages: string[]): void {
  if (node.type !== 'CallExpression') return;
  const { object, property } = node['callee'] as { object?: Node; property?: Node };
  const level = property?.['value'] as string;
  if (object === undefined || !LEVELS.includes(level)) return;
  const name = object.type === 'MemberExpression' ? (object['property'] as Node)['value'] : object['value'];
  if (name !== 'log' && name !== 'logger') return;
  const message = (node['arguments'] as { expression: Node }[])[1]?.expression;
  if (message === undefined || !isWritten(message)) builtMessages.push(level);
}

function isWritten(expression: Node): boolean {
  if (expression.type === 'ConditionalExpression') return isWritten(expression['consequent'] as Node) && isWritten(expression['alternate'] as Node);
  return expression.type === 'StringLiteral';
}

function isTypeOnly(node: Node): boolean {
  const specifiers = (node['specifiers'] ?? []) as { isTypeOnly?: boolean }[];
  return node['typeOnly'] === true || (specifiers.length > 0 && specifiers.every((s) => s.isTypeOnly === true));
}

/** `test` for `test(…)`, `test.each(…)` and `test.each(…)(…)` alike; `Date.now` for a call of a member of a name. */
function calleeName(callee: Node): string | null {
  if (callee.type === 'Identifier') return callee['value'] as string;
  if (callee.type !== 'MemberExpression') return callee.type === 'CallExpression' ? calleeName(callee['callee'] as Node) : null;
  const [object, property] = [callee['object'] as Node, callee['property'] as Node];
  if (object.type !== 'Identifier') return null;
  return ['test', 'it', 'describe'].includes(object['value'] as string) ? (object['value'] as string) : `${object['value']}.${property['value']}`;
}

/** The file of the tree that a relative import of `path` names, or null where it is none of ours. */
export function resolveIn(path: string, from: string): string | null {
  return from.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), from)) : null;
}

/** The package that an import names, `@scope/name` included; `node:…` stays whole. */
export function packageOf(from: string): string {
  if (from.startsWith('node:')) return from;
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Files that `start` reaches by imports inside the tree, itself included, each with the first way there. */
export function reach(tree: Tree, start: string, follow: (path: string) => boolean = () => true): Map<string, readonly string[]> {
  const ways = new Map<string, readonly string[]>([[start, [start]]]);
  for (const [path, way] of ways) {
    const text = tree.get(path);
    if (text === undefined || !CODE.test(path) || !follow(path)) continue;
    for (const { from } of anatomyOf(text).imports) {
      const target = from === null ? null : resolveIn(path, from);
      if (target !== null && !ways.has(target)) ways.set(target, [...way, target]);
    }
  }
  return ways;
}
