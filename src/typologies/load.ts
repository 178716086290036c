import { basename } from 'node:path';
import type { Typology } from './ast.ts';
import { type CheckedTypology, checkTypology } from './compile.ts';
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
  const sound: Typology[] = [];
  const pathOf = new Map<string, string>();
  for (const file of folder.typologies) {
    const checked = checkTypology(file.text, file.path, context);
    checkPlace(checked, file, pathOf);
    diagnostics.push(...checked.findings.diagnostics());
    if (checked.typology !== null && !checked.findings.hasErrors) sound.push(checked.typology);
  }
  if (folder.files === 0) {
    const findings = new Findings(dir, '');
    findings.add('folder-empty', { start: 0, end: 1 });
    diagnostics.push(...findings.diagnostics());
  }
  sound.sort((a, b) => (a.id < b.id ? -1 : 1));
  const broken = diagnostics.some((d) => d.severity === 'error');
  const ruleSet = broken ? null : { typologies: sound, digest: contentDigest(sound.map((t) => [t.id, t.digest])) };
  const sources = new Map([...folder.lists, ...folder.typologies].map(({ path, text }) => [path, text]));
  return { ruleSet, diagnostics: inOrder(diagnostics), sound, sources, files: folder.files };
}

/** Reports what is wrong with where a typology lies. */
function checkPlace({ id, phase, findings }: CheckedTypology, file: RuleFile, pathOf: Map<string, string>): void {
  if (id !== undefined) {
    const other = pathOf.get(id.value);
    if (other !== undefined) findings.add('typology-duplicate', id.node.span, { name: id.value, other });
    else pathOf.set(id.value, file.path);
    if (id.value !== file.stem) findings.add('file-name', id.node.span, { file: basename(file.path), name: id.value });
  }
  if (phase !== undefined && phase.value !== file.folder) findings.add('file-phase', phase.node.span, { folder: file.folder, phase: phase.value });
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
