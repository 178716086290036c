import type { AggregateName } from '../ast.ts';

export const AGGREGATES: readonly AggregateName[] = ['count', 'sum', 'avg', 'min', 'max', 'distinct', 'passed_through'];
export const FUNCTIONS = ['exists', 'coalesce', 'any'] as const;

/** Part of the language, but not of this version: recognised, so that the answer is not "unknown". */
export const LATER_FUNCTIONS: ReadonlySet<string> = new Set([
  'sequence',
  'absent',
  'median',
  'cv',
  'share',
  'first',
  'last',
  'dwell',
  'baseline',
  'peers',
  'zscore',
  'tariff',
  'lexicon',
  'matches',
  'trace',
  'first_seen',
  'regular_since',
  'dormancy',
  'signals',
  'within',
]);
export const LATER_WINDOWS: ReadonlySet<string> = new Set(['day', 'week', 'month', 'session']);
/** What stands before the point in `signals.x` and the like. */
export const LATER_ROOTS: ReadonlySet<string> = new Set(['signals', 'lexicons', 'tariffs', 'geo', 'baseline']);

export const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'where', 'over', 'within', 'unless']);
export const ROOTS: ReadonlySet<string> = new Set([
  'params',
  'lists',
  'anchor',
  'holder',
  'counterparty',
  'incoming',
  'outgoing',
  'amount',
  'true',
  'false',
  'subject',
]);
