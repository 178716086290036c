import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { OperatingError } from '../base/errors.ts';
import { TEXT_MAX } from './compile.ts';
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
  const typologies: RuleFile[] = [];
  const lists: RuleFile[] = [];
  const diagnostics: Diagnostic[] = [];
  let files = 0;
  const root = realRoot(dir);
  for (const entry of namesIn(dir)) {
    const path = join(dir, entry);
    if (!isFolder(path)) {
      if (isYaml(entry)) report(diagnostics, path, 'file-misplaced');
      continue;
    }
    if (OTHER_FOLDERS.has(entry)) continue;
    if (entry !== 'lists' && !(PHASES as readonly string[]).includes(entry)) {
      report(diagnostics, path, 'folder-unknown', { name: entry, known: PHASES.join(', ') }, nearestName(entry, [...PHASES, 'lists', ...OTHER_FOLDERS]));
      continue;
    }
    if (leadsOut(root, path)) {
      report(diagnostics, path, 'file-link');
      continue;
    }
    for (const name of namesIn(path)) {
      const file = join(path, name);
      if (name.endsWith('.test.yaml') && entry !== 'lists') continue;
      if (!name.endsWith('.yaml')) {
        if (isYaml(name) || isFolder(file)) report(diagnostics, file, 'file-misplaced');
        continue;
      }
      if (entry !== 'lists') files++;
      const text = readText(root, file, diagnostics);
      if (text !== null) (entry === 'lists' ? lists : typologies).push({ path: file, folder: entry, stem: name.slice(0, -'.yaml'.length), text });
    }
  }
  return { typologies, lists, diagnostics, files };
}

function realRoot(dir: string): string {
  try {
    if (!statSync(dir).isDirectory()) throw new Error('not a folder');
    return realpathSync(dir);
  } catch (cause) {
    throw new OperatingError('rules-unreadable', `the rules folder ${dir} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/** Names in a fixed order, those that begin with a point left out (editors, and the mounts of Kubernetes). */
function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir).filter((name) => !name.startsWith('.')).sort();
  } catch (cause) {
    throw new OperatingError('rules-unreadable', `the rules folder ${dir} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name);

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function leadsOut(root: string, path: string): boolean {
  try {
    const below = relative(root, realpathSync(path));
    return below.startsWith('..') || isAbsolute(below);
  } catch {
    // A link to nothing leads nowhere; reading it says so.
    return lstatSync(path).isSymbolicLink();
  }
}

function readText(root: string, path: string, diagnostics: Diagnostic[]): string | null {
  if (leadsOut(root, path)) return report(diagnostics, path, 'file-link');
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return report(diagnostics, path, 'file-unreadable', { reason: 'it is no plain file' });
    if (stat.size > TEXT_MAX) return report(diagnostics, path, 'file-too-large', { limit: '256 KiB' });
    const bytes = readFileSync(path);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return report(diagnostics, path, 'file-not-utf8');
    }
  } catch (cause) {
    return report(diagnostics, path, 'file-unreadable', { reason: reasonOf(cause) });
  }
}

function report(diagnostics: Diagnostic[], path: string, ...[code, details, nearest]: [Parameters<Findings['add']>[0], Record<string, string>?, string?]): null {
  const findings = new Findings(path, '');
  findings.add(code, START, details, nearest);
  diagnostics.push(...findings.diagnostics());
  return null;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : cause instanceof Error ? cause.message : 'unknown';
}
