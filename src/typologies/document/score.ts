import type { Findings } from '../findings.ts';
import type { TypologyFile } from './keys.ts';

/** What no transaction can reach, and bands that do not rise. Nothing is said where a number is missing. */
export function checkScore(file: TypologyFile, findings: Findings): void {
  const score = file.score;
  if (score === undefined) return;
  let before: number | undefined;
  for (const { from } of score.severity ?? []) {
    if (from === undefined) continue;
    if (before !== undefined && from.value <= before) findings.add('band-order', from.node.span, { found: String(from.value), before: String(before) });
    before = from.value;
  }
  const points = score.add ?? [];
  const unread = score.at.has('add') && score.add === undefined;
  if (score.base === undefined || unread || points.some((entry) => entry.points === undefined)) return;
  const reach = points.reduce((sum, entry) => sum + Math.max(0, entry.points!.value), score.base.value);
  if (score.alert_at !== undefined && score.alert_at.value > reach) {
    findings.add('alert-unreachable', score.alert_at.node.span, { alertAt: String(score.alert_at.value), reach: String(reach) });
  }
  for (const { from } of score.severity ?? []) {
    if (from !== undefined && from.value > reach) findings.add('band-unreachable', from.node.span, { from: String(from.value), reach: String(reach) });
  }
}
