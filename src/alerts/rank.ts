import { assert } from '../base/assert.ts';
import type { AlertContent } from '../detection/content.ts';
import { SEVERITIES } from '../typologies/ast.ts';
import type { Lane, StoredAlert } from './queue.ts';

/** Scores are ranked up to this and to a thousandth; a greater score ranks like it. */
const SCORE_MAX = 999_999.999;

/** In this order a list without a lane shows them: a person at risk cannot wait. */
export const LANES: readonly Lane[] = ['person-at-risk', 'standard'];

/**
 * A text whose byte order is the ranking: severity, then score, then age since the alert was opened (oldest first), then id.
 * Of fixed width up to the id, so that Redis ranks by it in a sorted set without rounding.
 */
export function rankText(content: AlertContent, createdAtMs: number): string {
  return rankStart(content) + String(createdAtMs).padStart(16, '0') + content.alertId;
}

/** Severity (0 is the worst) and score. */
export function rankStart(content: AlertContent): string {
  const severity = SEVERITIES.indexOf(content.severity);
  assert(severity >= 0, 'a content has one of the known severities');
  const score = Math.min(Math.max(content.score, 0), SCORE_MAX);
  return String(SEVERITIES.length - 1 - severity) + String(Math.round((SCORE_MAX - score) * 1000)).padStart(9, '0');
}

/** Where an alert stands in a list. `list({ after })` goes on behind it, whatever became of the alert in between. */
export function listCursor(alert: StoredAlert): string {
  assert(alert.content !== null, 'a retracted alert stands in no list');
  return `${LANES.indexOf(alert.content.route)}:${rankText(alert.content, alert.createdAtMs)}`;
}
