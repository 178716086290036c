import type { Typology } from './ast.ts';
import { buildTypology } from './document/build.ts';
import type { Located } from './document/shapes.ts';
import { readTypology } from './document/typology.ts';
import { Findings } from './findings.ts';
import { withoutMark } from './parse/offsets.ts';
import { parseYaml } from './parse/yaml.ts';
import type { Diagnostic } from './ruleSet.ts';

export interface CompileContext {
  /** Values of each list that exists, by name. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** The longest window that histories are kept for; 400 days unless given. */
  readonly retentionMsMax?: number;
}

/** 400 days: a year and a month, so that a yearly pattern can be seen twice. */
export const RETENTION_MS_MAX = 400 * 86_400_000;
/** UTF-16 units of one rule file; `loadRules` holds files to as many bytes. */
export const TEXT_MAX = 256 * 1024;

/** A checked file, with what its place in the folder must agree with. */
export interface CheckedTypology {
  readonly typology: Typology | null;
  readonly findings: Findings;
  readonly id: Located<string> | undefined;
  readonly phase: Located<string> | undefined;
}

/** From the text of a rule file to a checked, immutable typology: pure, all findings at once. `typology` is null iff one of them is an error. */
export function compileTypology(text: string, path: string, context: CompileContext): { typology: Typology | null; diagnostics: Diagnostic[] } {
  const { typology, findings } = checkTypology(text, path, context);
  return { typology, diagnostics: findings.diagnostics() };
}

export function checkTypology(file: string, path: string, context: CompileContext): CheckedTypology {
  const text = withoutMark(file);
  const findings = new Findings(path, text);
  if (text.length > TEXT_MAX) findings.add('file-too-large', { start: 0, end: 1 }, { limit: '256 KiB' });
  const document = findings.hasErrors ? null : parseYaml(text, findings);
  const surroundings = { lists: context.lists, retentionMsMax: context.retentionMsMax ?? RETENTION_MS_MAX };
  const read = document === null ? undefined : readTypology(document, surroundings, findings);
  const typology = read === undefined || findings.hasErrors ? null : buildTypology(read, text);
  return { typology, findings, id: read?.file.typology, phase: read?.file.phase };
}
