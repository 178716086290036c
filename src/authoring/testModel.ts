import type { Severity, Span } from '../typologies/ast.ts';

/** One transaction of an author's test, as a bank would send it, with its receipt. */
export interface TestRecord {
  readonly json: Readonly<Record<string, unknown>>;
  readonly timeMs: number;
  readonly receivedAtMs: number;
  /** `source:id`. */
  readonly reference: string;
  /** Line of the file that made it. */
  readonly line: number;
}

export type Expectation = {
  readonly line: number;
  readonly span: Span;
  /** As written, after the exclamation mark. */
  readonly text: string;
  /** Index in `records` of the anchor that it is about. */
  readonly anchor: number;
  /** Texts of the key; without: any key of the anchor. */
  readonly subject?: readonly string[];
} & ({ readonly verdict: 'quiet' } | ({ readonly verdict: 'fires' } & FiresExpectation));

export interface FiresExpectation {
  readonly score?: number;
  readonly severity?: Severity;
  /** Labels or ids of the evidence, in any order; nothing else may be in it. */
  readonly evidence?: readonly string[];
  /** By let, as printed on the alert. */
  readonly values: ReadonlyMap<string, string>;
}

export interface AuthorTest {
  readonly name: string;
  readonly line: number;
  /** In the file's order. */
  readonly records: readonly TestRecord[];
  /** Index in `records` of what a label names. */
  readonly labels: ReadonlyMap<string, number>;
  /** In the file's order; at least one. */
  readonly expectations: readonly Expectation[];
}
