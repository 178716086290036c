import type { Expr, Span, Subject } from '../ast.ts';
import type { DiagnosticCode } from '../diagnostics.ts';
import type { Syntax } from '../expressions/syntax.ts';
import type { Findings } from '../findings.ts';

/** What an expression can name, and where its findings go. A value of null is declared but broken: told already, so nothing more is said. */
export interface Environment {
  readonly findings: Findings;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly params: ReadonlyMap<string, Expr | null>;
  /** Lets in the file's order, each added once it has been checked. */
  readonly lets: Map<string, { readonly index: number; readonly expr: Expr | null }>;
  /** All lets of the file, those that follow included. */
  readonly letNames: ReadonlySet<string>;
  /** Whether `let`, `params` could not be read as a whole, so that nothing is known about the names in them. */
  readonly letsBroken: boolean;
  readonly paramsBroken: boolean;
  /** Null where the subject is broken. */
  readonly subject: Subject | null;
  readonly retentionMsMax: number;
  readonly paramsUsed: Set<string>;
  readonly letsUsed: Set<string>;
}

type Check = (node: Syntax, env: Environment, scope: Scope) => Expr | null;

/** The checker, as what it calls for a call or an aggregate calls it back for the parts. */
export interface Checks {
  readonly check: Check;
  /** Of what must be true or false. */
  readonly condition: Check;
  /** Of what must be neither a condition nor a list. */
  readonly value: Check;
}

/** Where in the typology an expression stands. */
export interface Scope {
  /** Top-level `where` is asked of each leg, before there is a history. */
  readonly top: 'where' | 'other';
  readonly inAggregate: boolean;
  readonly inAny: boolean;
}

export const TOP: Scope = { top: 'other', inAggregate: false, inAny: false };
export const WHERE: Scope = { top: 'where', inAggregate: false, inAny: false };

/** Reports and answers null, for the checker to hand on. */
export function fail(env: Environment, code: DiagnosticCode, span: Span, details: Readonly<Record<string, string>> = {}, nearest?: string): null {
  env.findings.add(code, span, details, nearest);
  return null;
}
