import { isUtf8 } from 'node:buffer';
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { OperatingError } from '../base/errors.ts';
import { whyUnreadable } from '../base/unreadable.ts';
import { TEXT_MAX } from './compile.ts';
import type { DiagnosticCode } from './diagnostics.ts';
import { PHASES } from './document/keys.ts';
import { Findings } from './findings.ts';
import { nearestName } from './nearest.ts';
import type { Diagnostic } from './ruleSet.ts';

/** A file of rules that could be read. */
export interface RuleFile {
  /** As it is told in findings: the folder as given, then the path below it. */
  readonly path: string;
  /** Phase, or `lists`. */
  readonly folder: string;
  /** Name without `.yaml`. */
  readonly stem: string;
  readonly text: string;
}

export interface RuleFolder {
  readonly typologies: readonly RuleFile[];
  readonly lists: readonly RuleFile[];
  readonly diagnostics: readonly Diagnostic[];
  /** Typology files found, unreadable ones included. */
  readonly files: number;
}

/** Read by others, or in a later version. */
const OTHER_FOLDERS: ReadonlySet<string> = new Set(['lexicons', 'rates', 'tariffs']);
const START = { start: 0, end: 1 };

/** Reads the rule files of a folder, each whole and at most 256 KiB. Throws `OperatingError('rules-unreadable')` where there is no such folder. */
export function readFolder(dir: string): RuleFolder {
  const found: Found = { root: realRoot(dir), typologies: [], lists: [], diagnostics: [], files: 0 };
  for (const entry of namesIn(dir)) {
    const path = join(dir, entry);
    if (OTHER_FOLDERS.has(entry)) continue;
    if (!isFolder(path)) {
      if (isYaml(entry)) report(found, path, 'file-misplaced');
    } else if (entry !== 'lists' && !(PHASES as readonly string[]).includes(entry)) {
      report(found, path, 'folder-unknown', { name: entry, known: PHASES.join(', ') }, nearestName(entry, [...PHASES, 'lists', ...OTHER_FOLDERS]));
    } else if (leadsOut(found.root, path)) {
      report(found, path, 'file-link');
    } else {
      for (const name of namesIn(path)) readEntry(found, entry, name, join(path, name));
    }
  }
  return found;
}

interface Found {
  readonly root: string;
  readonly typologies: RuleFile[];
  readonly lists: RuleFile[];
  readonly diagnostics: Diagnostic[];
  files: number;
}

function readEntry(found: Found, folder: string, name: string, path: string): void {
  const isList = folder === 'lists';
  if (name.endsWith('.test.yaml') && !isList) return;
  if (!name.endsWith('.yaml')) {
    // Under another name a rule would be left out without a word.
    if (isYaml(name) || isFolder(path)) report(found, path, 'file-misplaced');
    return;
  }
  if (!isList) found.files++;
  const text = readText(found, path);
  if (text !== null) (isList ? found.lists : found.typologies).push({ path, folder, stem: name.slice(0, -'.yaml'.length), text });
}

/** The path of the folder without links. Throws `OperatingError('rules-unreadable')` where there is none. */
export function realRoot(dir: string): string {
  try {
    if (!statSync(dir).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    return realpathSync(dir);
  } catch (cause) {
    throw new OperatingError('rules-unreadable', `the rules folder ${dir} cannot be read: ${whyUnreadable(cause)}`, { cause });
  }
}

/** Names in a fixed order, those that begin with a point left out (editors, and the mounts of Kubernetes). */
function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch (cause) {
    throw new OperatingError('rules-unreadable', `the rules folder ${dir} cannot be read: ${whyUnreadable(cause)}`, { cause });
  }
}

const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name);

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

export function leadsOut(root: string, path: string): boolean {
  try {
    const below = relative(root, realpathSync(path));
    return below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below);
  } catch {
    // A link to nothing, or to itself, leads to no file of the folder.
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  }
}

function readText(found: Found, path: string): string | null {
  const read = readPlainFile(found.root, path);
  return 'text' in read ? read.text : report(found, path, read.code, read.details);
}

/** What is wrong with a file as a whole, with what its message names. */
interface Unread {
  readonly code: 'file-link' | 'file-unreadable' | 'file-too-large' | 'file-not-utf8';
  readonly details: Readonly<Record<string, string>>;
}

/** The text of a plain UTF-8 file of at most 256 KiB that lies below `root`, a path without links. Nothing else is opened: a pipe would never end. */
export function readPlainFile(root: string, path: string): { readonly text: string } | Unread {
  if (leadsOut(root, path)) return { code: 'file-link', details: {} };
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return { code: 'file-unreadable', details: { reason: 'it is no plain file' } };
    if (stat.size > TEXT_MAX) return { code: 'file-too-large', details: { limit: '256 KiB' } };
    const bytes = readFileSync(path);
    return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { code: 'file-not-utf8', details: {} };
  } catch (cause) {
    return { code: 'file-unreadable', details: { reason: whyUnreadable(cause) } };
  }
}

function report(found: Found, path: string, code: DiagnosticCode, details: Readonly<Record<string, string>> = {}, nearest?: string): null {
  const findings = new Findings(path, '');
  findings.add(code, START, details, nearest);
  found.diagnostics.push(...findings.diagnostics());
  return null;
}
