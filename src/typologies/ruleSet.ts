import type { Typology } from './ast.ts';

/** One finding on a rule file. Lines and columns count from 1, columns in UTF-16 units; `end` is exclusive and on the same line. */
export interface Diagnostic {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  /** Stable, listed in `diagnostics.ts`, never used again for something else. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** What is wrong, one sentence. */
  readonly message: string;
  /** What to write instead, one sentence. */
  readonly hint: string;
}

/** All typologies of a folder, checked and immutable. */
export interface RuleSet {
  /** In order of id, whatever their status. */
  readonly typologies: readonly Typology[];
  /** `sha256:…` of all typologies and what they read. */
  readonly digest: string;
}

/** `ruleSet` is null iff a diagnostic is an error. */
export interface LoadedRules {
  readonly ruleSet: RuleSet | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Typologies in whose files nothing is wrong, whatever is wrong with the others. */
  readonly sound: readonly Typology[];
  /** Texts of the files that could be read, by path as it stands in findings. */
  readonly sources: ReadonlyMap<string, string>;
  /** Typology files read; a folder without one is itself a diagnostic. */
  readonly files: number;
}
