import { basename } from 'node:path';
import type { Typology } from './ast.ts';
import { compileTypology } from './compile.ts';
import { contentDigest } from './digest.ts';
import { readListFile } from './document/listFile.ts';
import { Findings } from './findings.ts';
import { type RuleFile, readFolder } from './folder.ts';
import type { Diagnostic, LoadedRules } from './ruleSet.ts';

export interface LoadOptions {
  /** The longest window that histories are kept for; 400 days unless given. */
  readonly retentionMsMax?: number;
}

/**
 * Reads and checks all rules of a folder: `<dir>/<phase>/<typology>.yaml` and `<dir>/lists/<list>.yaml`. This is what lint does, so that what lints
 * clean would load. Throws `OperatingError('rules-unreadable')` where the folder itself cannot be read.
 */
export function loadRules(dir: string, options: LoadOptions = {}): LoadedRules {
  const folder = readFolder(dir);
  const diagnostics: Diagnostic[] = [...folder.diagnostics];
  const lists = new Map<string, readonly string[]>();
  for (const file of folder.lists) {
    const read = readListFile(file.text, file.path, file.stem);
    diagnostics.push(...read.diagnostics);
    // A broken list has its name all the same, so that its readers are not told of a mistake that is not theirs.
    lists.set(file.stem, read.values);
  }
  const context = { lists, ...(options.retentionMsMax === undefined ? {} : { retentionMsMax: options.retentionMsMax }) };
  const typologies: Typology[] = [];
  const pathOf = new Map<string, string>();
  for (const file of folder.typologies) {
    const compiled = compileTypology(file.text, file.path, context);
    diagnostics.push(...compiled.diagnostics);
    if (compiled.typology === null) continue;
    diagnostics.push(...placed(compiled.typology, file, pathOf));
    typologies.push(compiled.typology);
  }
  if (folder.files === 0) {
    const findings = new Findings(dir, '');
    findings.add('folder-empty', { start: 0, end: 1 });
    diagnostics.push(...findings.diagnostics());
  }
  typologies.sort((a, b) => (a.id < b.id ? -1 : 1));
  const broken = diagnostics.some((d) => d.severity === 'error');
  const ruleSet = broken ? null : { typologies, digest: contentDigest(typologies.map((t) => [t.id, t.digest])) };
  return { ruleSet, diagnostics: inOrder(diagnostics), files: folder.files };
}

/** What is wrong with where a typology lies. */
function placed(typology: Typology, file: RuleFile, pathOf: Map<string, string>): Diagnostic[] {
  const findings = new Findings(file.path, file.text);
  const place = (key: string): { start: number; end: number } => {
    const found = new RegExp(`^${key}\\s*:[ \\t]*`, 'm').exec(file.text);
    const start = found === null ? 0 : found.index + found[0].length;
    return { start, end: Math.max(start + 1, file.text.indexOf('\n', start)) };
  };
  const other = pathOf.get(typology.id);
  if (other !== undefined) findings.add('typology-duplicate', place('typology'), { name: typology.id, other });
  pathOf.set(typology.id, file.path);
  if (typology.id !== file.stem) findings.add('file-name', place('typology'), { file: basename(file.path), name: typology.id });
  if (typology.phase !== file.folder) findings.add('file-phase', place('phase'), { folder: file.folder, phase: typology.phase });
  return findings.diagnostics();
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
