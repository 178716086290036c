import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { OperatingError } from '../../base/errors.ts';
import { CONFIG_BYTES_MAX, SECRET_BYTES_MAX } from '../../base/limits.ts';
import { Findings } from '../../typologies/findings.ts';
import { editDistance } from '../../typologies/nearest.ts';
import type { YamlNode } from '../../typologies/parse/nodes.ts';
import { parseYaml } from '../../typologies/parse/yaml.ts';
import { path as pathForm } from './forms.ts';
import { type ConfigProblem, reasonOf } from './problems.ts';
import { ALL_SETTINGS, type Setting } from './schema.ts';

/** A tree of texts: file below, environment on top. Objects have no prototype, so that every name is data. */
export interface ConfigTree {
  [key: string]: unknown;
}

export interface Gathered {
  readonly tree: ConfigTree;
  /** Where each value was written, by its key. */
  readonly origins: Map<string, string>;
  readonly problems: ConfigProblem[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

const emptyTree = (): ConfigTree => Object.create(null) as ConfigTree;
export const CONFIG_VARIABLE = 'MONEYTRAIL_CONFIG';

/** Gathers what file and environment say; the environment wins. Throws where the file is named and cannot be read. */
export function gather(env: Environment, configPath: string | undefined): Gathered {
  const gathered: Gathered = { tree: emptyTree(), origins: new Map(), problems: [] };
  if (configPath !== undefined) addFile(gathered, configPath);
  for (const setting of ALL_SETTINGS) if (setting.form.secret) addSecretOfFile(gathered, setting, configPath);
  for (const setting of ALL_SETTINGS) if (setting.variable !== null) addVariable(gathered, setting, env);
  addSlips(gathered, env);
  return gathered;
}

function addFile(gathered: Gathered, configPath: string): void {
  const text = readText(configPath, CONFIG_BYTES_MAX, (reason) => {
    return new OperatingError('config-unreadable', `The configuration file ${configPath} cannot be read (${reason})`);
  });
  const findings = new Findings(configPath, text);
  const root = parseYaml(text, findings);
  const at = placesIn(configPath, text);
  for (const d of findings.diagnostics()) gathered.problems.push({ key: '', origin: `${d.path}:${d.line}:${d.column}`, message: d.message.replace(/\.$/, '') });
  if (root === null || (root.kind === 'scalar' && root.value === '')) return;
  if (root.kind === 'broken') return;
  if (root.kind !== 'map') {
    gathered.problems.push({ key: '', origin: at(root.span.start), message: 'The file must be a mapping of keys to values' });
    return;
  }
  Object.assign(gathered.tree, plain(root, [], { gathered, at, folder: dirname(configPath) }));
}

interface FileContext {
  readonly gathered: Gathered;
  readonly at: (offset: number) => string;
  readonly folder: string;
}

/** The node as texts, lists and objects; places are noted, and paths start at the file's folder. */
function plain(node: YamlNode, keys: readonly string[], context: FileContext): unknown {
  const key = keys.join('.');
  context.gathered.origins.set(key, context.at(node.span.start));
  const setting = ALL_SETTINGS.find((s) => s.key === key);
  if (node.kind === 'scalar') return setting?.form === pathForm && node.value !== '' ? resolve(context.folder, node.value) : node.value;
  if (node.kind === 'list') {
    const items = node.items.map((item) => (item.kind === 'scalar' ? item.value : null));
    return key === 'kafka.brokers' && items.every((item) => item !== null && !item.includes(',')) ? items.join(',') : node.items;
  }
  const tree = emptyTree();
  // What could not be read is told by the reader.
  if (node.kind === 'broken') return tree;
  for (const entry of node.entries) {
    const name = entry.key.value;
    if (name === '__proto__') {
      // The library that checks the whole passes over it in silence.
      context.gathered.problems.push({ key: [...keys, name].join('.'), origin: context.at(entry.key.span.start), message: 'cannot be used as a name' });
      continue;
    }
    tree[name] = plain(entry.value, [...keys, name], context);
    // What is wrong with a key is wrong where the key stands.
    context.gathered.origins.set([...keys, name].join('.'), context.at(entry.key.span.start));
  }
  return tree;
}

function placesIn(path: string, text: string): (offset: number) => string {
  return (offset) => {
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    return `${path}:${line}:${offset - before.lastIndexOf('\n')}`;
  };
}

/** `alertKeyFile` beside `alertKey`: the path of a file that holds the secret. */
function addSecretOfFile(gathered: Gathered, { key }: Setting, configPath: string | undefined): void {
  const [parent, name] = parentOf(gathered.tree, key);
  const path = parent?.[`${name}File`];
  if (parent === undefined || path === undefined) return;
  const origin = gathered.origins.get(`${key}File`)!;
  delete parent[`${name}File`];
  if (typeof path !== 'string' || path === '') gathered.problems.push({ key: `${key}File`, origin, message: `must be ${pathForm.says}` });
  else if (name in parent) gathered.problems.push({ key, origin, message: `is given both as ${name} and as ${name}File`, hint: 'Keep one of the two.' });
  else addSecret(gathered, key, resolve(dirname(configPath!), path), origin);
}

function addVariable(gathered: Gathered, setting: Setting, env: Environment): void {
  const name = setting.variable!;
  const [value, file] = [env[name], setting.form.secret ? env[`${name}_FILE`] : undefined].map((text) => (text === '' ? undefined : text));
  const origin = `environment variable ${name}`;
  if (value !== undefined && file !== undefined) {
    gathered.problems.push({ key: setting.key, origin, message: `is given both as ${name} and as ${name}_FILE`, hint: 'Keep one of the two.' });
  } else if (value !== undefined) {
    put(gathered, setting.key, setting.form === pathForm ? resolve(value) : value, origin);
  } else if (file !== undefined) {
    addSecret(gathered, setting.key, resolve(file), `${origin}_FILE`);
  }
}

function addSecret(gathered: Gathered, key: string, path: string, origin: string): void {
  try {
    const text = readText(path, SECRET_BYTES_MAX, (reason) => new OperatingError('secret-unreadable', reason));
    put(gathered, key, text.replace(/\r?\n$/, ''), `${origin} (${path})`);
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    gathered.problems.push({ key, origin, message: `cannot be read from ${path} (${error.message})` });
  }
}

/** Reads a file that is not larger than it can rightly be. `fail` makes the error from the reason. */
export function readText(path: string, bytesMax: number, fail: (reason: string) => OperatingError): string {
  let size: number;
  let text: string;
  try {
    size = statSync(path).size;
    text = size > bytesMax ? '' : readFileSync(path, 'utf8');
  } catch (error) {
    throw fail(reasonOf(error));
  }
  if (size > bytesMax) throw fail(`it is larger than ${bytesMax} bytes`);
  return text;
}

function put(gathered: Gathered, key: string, value: string, origin: string): void {
  const [parent, name] = parentOf(gathered.tree, key, true);
  // Where the file has something else than a mapping, that is told by the check of the whole.
  if (parent !== undefined) parent[name] = value;
  gathered.origins.set(key, origin);
}

function parentOf(tree: ConfigTree, key: string, make = false): [ConfigTree | undefined, string] {
  const keys = key.split('.');
  const name = keys.pop()!;
  let parent: ConfigTree = tree;
  for (const part of keys) {
    if (make) parent[part] ??= emptyTree();
    const next = parent[part];
    if (typeof next !== 'object' || next === null || Array.isArray(next)) return [undefined, name];
    parent = next as ConfigTree;
  }
  return [parent, name];
}

const OURS = /^(?:MONEYTRAIL|KAFKA|REDIS|LOG)_/;

/** A variable that is one of ours but for a slip of the pen would otherwise do nothing, silently. Others belong to somebody else. */
function addSlips(gathered: Gathered, env: Environment): void {
  const known = [
    CONFIG_VARIABLE,
    ...ALL_SETTINGS.flatMap(({ variable, form }) => (variable === null ? [] : form.secret ? [variable, `${variable}_FILE`] : [variable])),
  ];
  for (const name of Object.keys(env).sort()) {
    if (!OURS.test(name) || name.length > 64 || known.includes(name) || env[name] === '') continue;
    const near = known.map((k) => [editDistance(name, k), k] as const).sort(([a], [b]) => a - b)[0]!;
    if (near[0] <= 2) gathered.problems.push({ key: '', origin: `environment variable ${name}`, message: 'is none of ours', hint: `Did you mean ${near[1]}?` });
  }
}
