import type { EvidenceEntry } from '../../detection/content.ts';
import { timeText } from '../line.ts';
import type { AlertLine, ContentLine } from '../lineShape.ts';
import type { StoredAlert } from '../queue.ts';
import { totalLines, transactionTable } from './evidence.ts';
import { plain } from './plain.ts';
import { type RenderOptions, type Style, styleOf } from './style.ts';
import { table } from './table.ts';
import { bullets, counted, paragraphs, wrapped } from './text.ts';

/** Names of those who paid or received that are listed with the subject; all stand in the table. */
const NAMES_MAX = 12;

/** Both forms of an alert, with the same names. What only the queue knows is null for a line. */
interface View {
  readonly line: Omit<ContentLine, 'engine'> & { readonly engine: string };
  readonly stored: StoredAlert | null;
}

/** What an analyst reads of one alert: who, what, when, where, why and how, and what was done about it. Ends with a line break. */
export function renderAlert(alert: StoredAlert | AlertLine, options: RenderOptions = {}): string {
  const view = viewOf(alert);
  if (view === null) return `Alert ${plain(alert.alertId)}, revision ${alert.rev}, was retracted: it has no hits any more, and nothing else of it is kept.\n`;
  const style = styleOf(options);
  const sections = [
    head(view, style),
    atRisk(view, style),
    who(view, style),
    what(view, style),
    when(view, style),
    where(view, style),
    why(view, style),
    how(view, style),
    exceptions(view, style),
    unknown(view, style),
    next(view, style),
    handling(view, style),
    history(view, style),
    basis(view, style),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function viewOf(alert: StoredAlert | AlertLine): View | null {
  if (!('state' in alert)) return alert.op === 'retract' ? null : { line: alert, stored: null };
  const { content, rev, op, finalAtMs, withdrawn, engineVersion } = alert;
  if (content === null || op === 'retract') return null;
  return { line: { ...content, rev, op, finalAt: timeText(finalAtMs), withdrawn, engine: engineVersion }, stored: alert };
}

function head({ line, stored }: View, style: Style): string[] {
  const lane = line.route === 'person-at-risk' ? 'route: person at risk' : 'route: standard';
  const lines = [...wrapped(line.title, style.textColumns).map(style.bold), style.loud(`${line.severity.toUpperCase()} · score ${line.score} · ${lane}`)];
  lines.push(`Alert ${plain(line.alertId)} · revision ${line.rev}${stored === null ? '' : ` · ${stored.state}`}`);
  if (line.withdrawn)
    lines.push(style.loud('WITHDRAWN: what made this alert does not hold any more (late or returned transactions). Below stands what it said last.'));
  if (stored?.changed) lines.push(style.loud('CHANGED since it was claimed: read it again before you decide.'));
  if (stored?.changedAfterResolution) lines.push(style.loud('CHANGED AFTER ITS RESOLUTION: a hit was added, or the severity rose.'));
  return lines;
}

/** Smuggled people and their families pay; they are whom the law protects. */
function atRisk({ line }: View, style: Style): string[] {
  if (line.route !== 'person-at-risk') return [];
  return [
    style.bold('PERSON AT RISK'),
    ...wrapped(
      'The payer is a possible victim: of smuggling, extortion or a ransom, or a relative of one. Look for whoever collects the money.',
      style.textColumns,
    ),
    ...wrapped('Where a life may be in danger, act on that before anything else.', style.textColumns),
  ];
}

function who({ line }: View, style: Style): string[] {
  const keys = typeof line.subject.key === 'string' ? [line.subject.key] : line.subject.key;
  const types = line.subject.type.split('+');
  const names = keys.map((key, i) => `  ${plain(types[i] ?? 'key')}: ${plain(key)}`);
  const paying = new Set(line.transactions.map(({ debtor }) => nameOf(debtor)));
  const receiving = new Set(line.transactions.map(({ creditor }) => nameOf(creditor)));
  const payers = line.route === 'person-at-risk' ? 'paying, possible victims' : 'paying';
  return [style.bold('Who'), ...names, ...some(payers, paying, style), ...some('receiving', receiving, style)];
}

function nameOf(side: EvidenceEntry['debtor']): string {
  return side.party ?? side.account ?? '?';
}

/** The first names of a set, and how many more there are. */
function some(label: string, names: ReadonlySet<string>, style: Style): string[] {
  const shown = [...names].slice(0, NAMES_MAX).map((name) => plain(name));
  const more = names.size > NAMES_MAX ? ` and ${names.size - NAMES_MAX} more` : '';
  return names.size === 0 ? [] : wrapped(`${label} (${names.size}): ${shown.join(', ')}${more}`, style.textColumns, '  ');
}

function what({ line }: View, style: Style): string[] {
  const count = `  ${counted(line.hitCount, 'hit', 'hits')}, ${counted(line.transactionCount, 'transaction', 'transactions')}`;
  return [style.bold('What'), count, ...totalLines(line.transactions, line.truncated)];
}

function when({ line }: View, style: Style): string[] {
  const times = line.transactions.map((t) => t.time);
  const lines = [style.bold('When'), `  period: ${plain(line.period.from)} to ${plain(line.period.to)} (the end is not in it)`];
  if (times.length > 0) lines.push(`  transactions: ${plain(times[0]!)} to ${plain(times.at(-1)!)}`);
  lines.push(`  lead transaction: ${plain(line.anchor.time)} · ${plain(line.anchor.source)} · ${plain(line.anchor.id)}`);
  lines.push(`  final when the input has gone past ${plain(line.finalAt)}`);
  return lines;
}

function where({ line }: View, style: Style): string[] {
  const ways = new Map<string, number>();
  for (const { debtor, creditor } of line.transactions) {
    const way = `${debtor.country ?? '?'} → ${creditor.country ?? '?'}`;
    ways.set(way, (ways.get(way) ?? 0) + 1);
  }
  const lines = [...ways].map(([way, n]) => `  ${plain(way)}: ${counted(n, 'transaction', 'transactions')}`);
  return [style.bold('Where'), ...(lines.length > 0 ? lines : ['  not known'])];
}

function why({ line }: View, style: Style): string[] {
  const rows = line.reasons.map((r) => [r.text, r.value, r.threshold, String(r.points), r.source ?? ''].map(plain));
  const reasons = table(['reason', 'value', 'against', 'points', 'basis of the threshold'], rows, {
    right: [3],
    most: { 0: 44, 1: 24, 2: 24, 4: 44 },
    columns: style.tableColumns,
  });
  const values = Object.entries(line.values).map(([name, value]) => `  ${plain(name)} = ${value === null ? 'missing' : plain(String(value))}`);
  return [style.bold('Why'), reasons, ...(values.length === 0 ? [] : ['What was computed at the lead transaction:', ...values])];
}

function how({ line }: View, style: Style): string[] {
  const lines = [
    style.bold('How'),
    ...wrapped(`${line.typology.title} (${line.typology.phase}; ${line.typology.id} ${line.typology.version})`, style.textColumns, '  '),
    transactionTable(line.transactions, style),
  ];
  if (line.truncated) lines.push(`  ${line.transactions.length} of ${line.transactionCount} transactions are listed; the totals are theirs.`);
  if (line.hits.length < line.hitCount) lines.push(`  ${line.hits.length} of ${line.hitCount} hits are listed.`);
  for (const { source, id } of line.returned) lines.push(`  returned: ${plain(source)} · ${plain(id)}`);
  return lines;
}

function exceptions({ line }: View, style: Style): string[] {
  const tested = line.exceptionsTested.map((e) => `  ${e.matched ? 'matched' : 'not so'}: ${plain(e.because)}`);
  return [style.bold('Exceptions that were tested'), ...(tested.length > 0 ? tested : ['  the typology has none'])];
}

function unknown({ line }: View, style: Style): string[] {
  const notes = [...line.limits];
  if (line.partialWindow) notes.push('The window begins before the first record that this system ever received: earlier transactions are missing.');
  if (line.orderUncertain) notes.push('Some transactions give only their date, so the order within that day is not certain.');
  return [style.bold('What the typology does not know'), ...(notes.length > 0 ? bullets(notes, style.textColumns) : ['  its author names nothing'])];
}

function next({ line }: View, style: Style): string[] {
  return line.next.length === 0 ? [] : [style.bold('What to do next'), ...bullets(line.next, style.textColumns)];
}

function handling({ stored }: View, style: Style): string[] {
  if (stored === null) return [];
  const lines = [
    style.bold('In the queue'),
    `  opened ${timeText(stored.createdAtMs)} · ${stored.state}${stored.tries > 0 ? ` · given back ${counted(stored.tries, 'time', 'times')}` : ''}`,
  ];
  if (stored.claim !== null) lines.push(`  claimed by ${plain(stored.claim.by)} until ${timeText(stored.claim.untilMs)}`);
  if (stored.resolution !== null) {
    const { by, disposition, reason, rev, atMs } = stored.resolution;
    lines.push(
      `  resolved as ${disposition} by ${plain(by)} at ${timeText(atMs)}, for revision ${rev}${rev === stored.rev ? '' : ` (now it is ${stored.rev})`}`,
    );
    lines.push(...paragraphs(`because: ${reason}`, style.textColumns, '    '));
  }
  return lines;
}

function history({ stored }: View, style: Style): string[] {
  if (stored === null || stored.history.length === 0) return [];
  const lines = stored.history.flatMap(({ atMs, by, action, note }) => [
    `  ${timeText(atMs)}  ${plain(by)}  ${plain(action)}`,
    ...(note === undefined ? [] : paragraphs(note, style.textColumns, '      ')),
  ]);
  if (stored.historyOmitted > 0) lines.push(`  (${stored.historyOmitted} entries after the first ones are left out)`);
  return [style.bold('Who did what'), ...lines];
}

function basis({ line }: View, style: Style): string[] {
  const made = `  rules ${plain(line.rules.digest)} · engine ${plain(line.engine)}`;
  return [style.bold('Sources'), ...(line.typology.sources.length > 0 ? bullets(line.typology.sources, style.textColumns) : ['  none named']), made];
}
