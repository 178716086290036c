/**
 * The checked syntax tree of a typology: what the type checker hands over, immutable. The engine compiles it, the oracle
 * walks it. Names are resolved (parameters and lists carry their values, `lets` are indices), types and currencies are known.
 */

/** An exact rational; `den` > 0, lowest terms. */
export interface Exact {
  readonly num: bigint;
  readonly den: bigint;
}

/** `share` and `ratio` are pure numbers too. Durations and times are milliseconds; a date is days since 1970-01-01. */
export type ValueType = 'boolean' | 'money' | 'number' | 'duration' | 'text' | 'country' | 'time' | 'date' | 'list';

/** Offsets in the file's text, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Which transaction a path reads: the leg in hand (inside an aggregate a leg of the history, outside the anchor), or the anchor. */
export type Of = 'leg' | 'anchor';
export type Side = 'holder' | 'counterparty';

interface Node {
  readonly type: ValueType;
  readonly span: Span;
}

/** The currency of a comparison that holds no money but `amount.original` (S17): that in which the first of them was sent. It is no code of a currency. */
export const AS_SENT = 'as sent';

export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Expr =
  | (Node & { readonly kind: 'number'; readonly value: Exact })
  | (Node & { readonly kind: 'money'; readonly minor: number; readonly currency: string })
  | (Node & { readonly kind: 'duration'; readonly ms: number })
  | (Node & { readonly kind: 'boolean'; readonly value: boolean })
  | (Node & { readonly kind: 'text'; readonly value: string })
  /** A list of texts: written in place, or a named list with its values in place. */
  | (Node & { readonly kind: 'list'; readonly values: readonly string[]; readonly name?: string })
  /** A parameter with its value in place; `value` is a number, money, duration or text node. */
  | (Node & { readonly kind: 'param'; readonly name: string; readonly value: Expr })
  | (Node & { readonly kind: 'let'; readonly index: number; readonly name: string })
  /** A path of `TEXT_FIELDS` or `NUMBER_FIELDS`, or `id`, `time`, `status`. */
  | (Node & { readonly kind: 'field'; readonly of: Of; readonly path: string })
  /** `holder.x` and `counterparty.x`; `path` is below the party, `accountAge` included (a duration at the leg's time). */
  | (Node & { readonly kind: 'sided'; readonly of: Of; readonly side: Side; readonly path: string })
  /** `debtor.accountAge` and `creditor.accountAge`. */
  | (Node & { readonly kind: 'accountAge'; readonly of: Of; readonly party: 'debtor' | 'creditor' })
  | (Node & { readonly kind: 'direction'; readonly of: Of; readonly value: 'incoming' | 'outgoing' })
  /** The amount, converted to the currency of the comparison it stands in. */
  | (Node & { readonly kind: 'amount'; readonly of: Of })
  /** The amount as sent: missing in a comparison of another currency. */
  | (Node & { readonly kind: 'amountOriginal'; readonly of: Of })
  /** `text` and `quantity` of the item in hand, inside `any(items, …)`. */
  | (Node & { readonly kind: 'item'; readonly path: 'text' | 'quantity' })
  | (Node & { readonly kind: 'and' | 'or'; readonly left: Expr; readonly right: Expr })
  | (Node & { readonly kind: 'not'; readonly operand: Expr })
  /**
   * `currency` (S17): that of the money constants in it, lets looked through; without one, `AS_SENT` where its money is `amount.original` alone, '' (the
   * reporting currency) where money is compared, else absent.
   */
  | (Node & { readonly kind: 'compare'; readonly op: CompareOp; readonly left: Expr; readonly right: Expr; readonly currency?: string })
  | (Node & { readonly kind: 'in'; readonly negated: boolean; readonly left: Expr; readonly right: Expr })
  | (Node & { readonly kind: 'arithmetic'; readonly op: '+' | '-' | '*' | '/'; readonly left: Expr; readonly right: Expr })
  | (Node & { readonly kind: 'negate'; readonly operand: Expr })
  | (Node & { readonly kind: 'exists'; readonly operand: Expr })
  | (Node & { readonly kind: 'coalesce'; readonly operands: readonly Expr[] })
  | (Node & { readonly kind: 'any'; readonly of: Of; readonly condition: Expr })
  | (Node & Aggregate);

export type AggregateName = 'count' | 'sum' | 'avg' | 'min' | 'max' | 'distinct' | 'passed_through';

export interface Aggregate {
  readonly kind: 'aggregate';
  readonly name: AggregateName;
  /** Missing for `count` and `passed_through`. */
  readonly argument?: Expr;
  readonly where?: Expr;
  /** Trailing window, left-open, anchor included (S5). */
  readonly windowMs: number;
}

/** Whose history is looked at (S0). `account` and `party` see both sides; a list of paths is a composite key. */
export interface Subject {
  /** As written: one path, or several for a composite key. */
  readonly paths: readonly string[];
  /** `both`: legs in, out and self; `out`/`in`: under debtor. / creditor.; `none`: no side. */
  readonly sides: 'both' | 'out' | 'in' | 'none';
}

export interface Let {
  readonly name: string;
  readonly expr: Expr;
  readonly text: string;
}

export interface Points {
  /** Whole number, may be negative. */
  readonly points: number;
  readonly when: Expr;
  readonly because: string;
  readonly text: string;
}

export interface Exception {
  readonly when: Expr;
  readonly because: string;
  readonly text: string;
}

/** `{name}` in a title: `subject`, a let or a parameter. */
export type TitlePart = string | { readonly subject: true } | { readonly let: number } | { readonly param: string };

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface ParamSpec {
  readonly name: string;
  readonly value: Expr;
  readonly reason: string;
  readonly basis: 'S' | 'D' | 'E';
}

/** A text of the file whose quotes hold escapes. */
export interface EscapedText extends Span {
  /** Without the escapes. */
  readonly value: string;
  /** Offset in the file of each UTF-16 unit of `value`, and of its end. */
  readonly offsets: readonly number[];
}

export interface Typology {
  readonly id: string;
  readonly version: string;
  readonly major: number;
  readonly title: string;
  readonly phase: string;
  readonly status: 'draft' | 'trial' | 'active' | 'retired';
  readonly severity: Severity;
  readonly sources: readonly { readonly document: string; readonly grade: string }[];
  /** What the typology cannot know, for the analyst. */
  readonly limits: readonly string[];
  readonly params: readonly ParamSpec[];
  readonly subject: Subject;
  readonly where?: Expr;
  readonly lets: readonly Let[];
  readonly when: Expr;
  readonly whenText: string;
  /** Without a score: base 0, no points, alertAt 0. */
  readonly score: {
    readonly base: number;
    readonly points: readonly Points[];
    readonly alertAt: number;
    /** Severity from this score on, rising; none: always `severity`. */
    readonly bands: readonly { readonly from: number; readonly severity: Severity }[];
  };
  readonly unless: readonly Exception[];
  readonly alert: {
    readonly title: readonly TitlePart[];
    readonly periodMs: number;
    readonly route: 'standard' | 'person-at-risk';
    readonly next: readonly string[];
  };
  readonly onReturn: 'exclude' | 'keep';
  /** The longest window, 0 without one. */
  readonly reachMs: number;
  /** The file's text, which spans point into. */
  readonly text: string;
  /** Expressions that the file holds with escapes, as YAML asks for in quotes; absent where there are none. */
  readonly escaped?: readonly EscapedText[];
  /** `sha256:…` of the typology and what it reads, words included. */
  readonly digest: string;
}
