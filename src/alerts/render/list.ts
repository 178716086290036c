import { timeText } from '../line.ts';
import type { StoredAlert } from '../queue.ts';
import type { RenderOptions } from './alert.ts';
import { cut, plain } from './plain.ts';
import { paint, table } from './table.ts';

/** Characters of a title in a list; the whole one shows with the alert. */
const TITLE_LENGTH_MAX = 60;

/** One alert a row, in the order given. Ends with a line break. */
export function renderList(alerts: readonly StoredAlert[], options: RenderOptions = {}): string {
  if (alerts.length === 0) return 'No alerts.\n';
  const tint = paint(options.colour ?? false);
  const rows = alerts.map((alert) => {
    const { content, claim } = alert;
    const state = [alert.state, ...marksOf(alert)].join('\n');
    const holder = claim === null ? '' : `${cut(plain(claim.by), 24)}\nuntil ${timeText(claim.untilMs)}`;
    if (content === null) return [plain(alert.alertId), '', '', state, '', '', holder];
    const lane = content.route === 'person-at-risk' ? 'person at risk' : 'standard';
    const worst = content.severity === 'critical' ? tint.loud(content.severity) : content.severity;
    const told = `${cut(plain(content.title), TITLE_LENGTH_MAX)}\n${plain(content.typology.id)} · opened ${timeText(alert.createdAtMs)}`;
    return [plain(alert.alertId), worst, String(content.score), state, lane, told, holder];
  });
  return `${table(['alert', 'severity', 'score', 'state', 'route', 'what', 'held by'], rows, { right: [2] })}\n`;
}

function marksOf(alert: StoredAlert): string[] {
  const marks: string[] = [];
  if (alert.withdrawn && alert.state !== 'withdrawn') marks.push('(withdrawn)');
  if (alert.changed) marks.push('(changed)');
  if (alert.changedAfterResolution) marks.push('(changed after resolution)');
  return marks;
}
