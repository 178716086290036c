import { timeText } from '../line.ts';
import type { StoredAlert } from '../queue.ts';
import { plain } from './plain.ts';
import { type RenderOptions, type Style, styleOf } from './style.ts';
import { wrapped } from './text.ts';

/** Two lines or more an alert, in the order given: how bad it is, its id, what it says, and who has it. Ends with a line break. */
export function renderList(alerts: readonly StoredAlert[], options: RenderOptions = {}): string {
  if (alerts.length === 0) return 'No alerts.\n';
  const style = styleOf(options);
  return alerts.map((alert) => `${entry(alert, style).join('\n')}\n`).join('');
}

function entry(alert: StoredAlert, style: Style): string[] {
  const { content, claim } = alert;
  const state = [alert.state, ...marksOf(alert)].join(', ');
  if (content === null) return [`${plain(alert.alertId)}  ${state}`];
  const weight = `${content.severity.padEnd('critical'.length)} ${String(content.score).padStart(5)}`;
  const lane = content.route === 'person-at-risk' ? '  PERSON AT RISK' : '';
  const holder = claim === null ? '' : ` · held by ${claim.by} until ${timeText(claim.untilMs)}`;
  return [
    `${plain(alert.alertId)}  ${content.severity === 'critical' ? style.loud(weight) : style.bold(weight)}  ${state}${lane}`,
    ...wrapped(content.title, style.textColumns, '  '),
    ...wrapped(`${content.typology.id} · opened ${timeText(alert.createdAtMs)}${holder}`, style.textColumns, '  '),
  ];
}

function marksOf(alert: StoredAlert): string[] {
  const marks: string[] = [];
  if (alert.withdrawn && alert.state !== 'withdrawn') marks.push('withdrawn');
  if (alert.changed) marks.push('changed');
  if (alert.changedAfterResolution) marks.push('changed after resolution');
  return marks;
}
