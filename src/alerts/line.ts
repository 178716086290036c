import { EXIT, OperatingError } from '../base/errors.ts';
import type { AlertContent } from '../detection/content.ts';
import { type AlertLine, type ContentLine, isAlertLine } from './lineShape.ts';

import type { StoredAlert } from './queue.ts';

export type { AlertLine, ContentLine, RetractedLine } from './lineShape.ts';

/** Characters of a line that is read: more than 500 hits and 500 transactions can fill. */
const LINE_LENGTH_MAX = 4 << 20;

/** The pieces between which delivery puts what it adds. Each hit is a piece, so that a Redis script can compare hits without parsing JSON. */
export interface LineParts {
  /** From `typology` to `anchor`. */
  readonly head: string;
  /** From `hitCount` to `orderUncertain`. */
  readonly middle: string;
  /** From `returned` to `engine`. */
  readonly tail: string;
  readonly hits: readonly string[];
}

export function lineParts(content: AlertContent, engineVersion: string): LineParts {
  const { typology, subject, period, title, anchor, hits, hitCount, score, severity, route, values, reasons, exceptionsTested } = content;
  const { transactions, transactionCount, truncated, partialWindow, orderUncertain, returned, limits, next, signals, rules } = content;
  return {
    head: fields({ typology, subject, period, title, anchor }),
    hits: hits.map(({ source, id, time, score: points }) => JSON.stringify({ source, id, time, score: points })),
    middle: fields({
      hitCount,
      score,
      severity,
      route,
      values,
      reasons,
      exceptionsTested,
      transactions,
      transactionCount,
      truncated,
      partialWindow,
      orderUncertain,
    }),
    tail: fields({ returned, limits, next, signals, rules, engine: engineVersion }),
  };
}

/** Without the braces. */
function fields(object: object): string {
  return JSON.stringify(object).slice(1, -1);
}

/** RFC 3339 in UTC, milliseconds only where they are not zero. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/**
 * The `alert/1` line of a stored alert, without a line break; byte for byte the same in queue, firehose, screen and lists.
 * `engineVersion`: of the revision, `stored.engineVersion`.
 */
export function alertLine(stored: Pick<StoredAlert, 'alertId' | 'rev' | 'op' | 'finalAtMs' | 'content' | 'withdrawn'>, engineVersion: string): string {
  const { alertId, rev, op, content } = stored;
  const start = fields({ schema: 'alert/1', alertId, rev, op, finalAt: timeText(stored.finalAtMs) });
  if (content === null) return `{${start}}`;
  const { head, hits, middle, tail } = lineParts(content, engineVersion);
  return `{${start},${head},"hits":[${hits.join(',')}],${middle},"withdrawn":${stored.withdrawn},${tail}}`;
}

/** Reads a line back. Throws OperatingError `alert-line-invalid` on anything else; the message does not repeat the line. */
export function parseAlertLine(line: string): AlertLine {
  let value: unknown;
  try {
    value = line.length > LINE_LENGTH_MAX ? null : JSON.parse(line);
  } catch {
    value = null;
  }
  if (!isAlertLine(value)) throw new OperatingError('alert-line-invalid', 'this is no alert/1 line', { exitStatus: EXIT.wrongUse });
  return value;
}

/** The content on a line, in the content's order of fields. */
export function contentOfLine(line: ContentLine): AlertContent {
  const { rev: _rev, op: _op, finalAt: _finalAt, withdrawn: _withdrawn, engine: _engine, ...content } = line;
  return content;
}
