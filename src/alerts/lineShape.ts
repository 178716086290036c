import type { AlertContent } from '../detection/content.ts';
import { SEVERITIES } from '../typologies/ast.ts';

/** `alert/1` as it stands on a line: content and what delivery adds (interface.md). */
export interface ContentLine extends AlertContent {
  readonly rev: number;
  readonly op: 'open' | 'update';
  readonly finalAt: string;
  readonly withdrawn: boolean;
  readonly engine: string;
}
/** What is said of a retracted alert. */
export interface RetractedLine {
  readonly schema: 'alert/1';
  readonly alertId: string;
  readonly rev: number;
  readonly op: 'retract';
  readonly finalAt: string;
}
export type AlertLine = ContentLine | RetractedLine;

/** A check of a parsed value. What is not named is left alone: a later version may add fields. */
type Check = (value: unknown) => boolean;

const text: Check = (v) => typeof v === 'string';
const truth: Check = (v) => typeof v === 'boolean';
const number: Check = (v) => typeof v === 'number' && Number.isFinite(v);
const count: Check = (v) => Number.isSafeInteger(v) && (v as number) >= 0;
const oneOf =
  (...values: readonly unknown[]): Check =>
  (v) =>
    values.includes(v);
const listOf =
  (check: Check): Check =>
  (v) =>
    Array.isArray(v) && v.every(check);
const optional =
  (check: Check): Check =>
  (v) =>
    v === undefined || check(v);
const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);
const object = (shape: Readonly<Record<string, Check>>): Check => {
  const entries = Object.entries(shape);
  return (v) => isObject(v) && entries.every(([key, check]) => check(Object.hasOwn(v, key) ? v[key] : undefined));
};

const transactionId = object({ source: text, id: text });
const anchor = object({ source: text, id: text, time: text });
const side = object({ account: optional(text), party: optional(text), country: optional(text) });
const value: Check = (v) => v === null || typeof v === 'string' || number(v);

const started = { schema: oneOf('alert/1'), alertId: text, rev: count, finalAt: text };
const retracted = object({ ...started, op: oneOf('retract') });
const whole = object({
  ...started,
  op: oneOf('open', 'update'),
  typology: object({ id: text, version: text, title: text, phase: text, sources: listOf(text) }),
  subject: object({ type: text, key: (v) => text(v) || listOf(text)(v) }),
  period: object({ from: text, to: text }),
  title: text,
  anchor,
  hits: listOf(object({ source: text, id: text, time: text, score: number })),
  hitCount: count,
  score: number,
  severity: oneOf(...SEVERITIES),
  route: oneOf('standard', 'person-at-risk'),
  values: (v) => isObject(v) && Object.values(v).every(value),
  reasons: listOf(object({ text, points: number, value: text, threshold: text, source: optional(text) })),
  exceptionsTested: listOf(object({ because: text, matched: truth })),
  transactions: listOf(
    object({
      source: text,
      id: text,
      time: text,
      kind: text,
      amount: object({ value: text, currency: text }),
      debtor: side,
      creditor: side,
      role: text,
      place: text,
    }),
  ),
  transactionCount: count,
  truncated: truth,
  partialWindow: truth,
  orderUncertain: truth,
  withdrawn: truth,
  returned: listOf(transactionId),
  limits: listOf(text),
  next: listOf(text),
  signals: Array.isArray,
  rules: object({ digest: text }),
  engine: text,
});

export function isAlertLine(v: unknown): v is AlertLine {
  return whole(v) || retracted(v);
}
