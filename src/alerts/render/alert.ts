import type { EvidenceEntry } from '../../detection/content.ts';
import { timeText } from '../line.ts';
import type { AlertLine, ContentLine } from '../lineShape.ts';
import type { StoredAlert } from '../queue.ts';
import { cut, plain } from './plain.ts';
import { type Paint, paint, table } from './table.ts';
import { Totals } from './totals.ts';

export interface RenderOptions {
  /** Colours, for a terminal. Off unless asked for. */
  readonly colour?: boolean;
}

/** Characters of one cell of the table of transactions; what is longer is cut with `…` and stands whole on the line (`--json`). */
const CELL_LENGTH_MAX = 34;
/** Names of those who paid or received that are listed with the subject; all stand in the table. */
const NAMES_MAX = 12;
/** Columns after which running text goes on in the next line. */
const TEXT_COLUMNS = 100;

/** Both forms of an alert, with the same names. What only the queue knows is null for a line. */
interface View {
  readonly line: Omit<ContentLine, 'engine'> & { readonly engine: string };
  readonly stored: StoredAlert | null;
}

/** What an analyst reads of one alert: who, what, when, where, why and how, and what was done about it. Ends with a line break. */
export function renderAlert(alert: StoredAlert | AlertLine, options: RenderOptions = {}): string {
  const view = viewOf(alert);
  if (view === null) return `Alert ${plain(alert.alertId)}, revision ${alert.rev}, was retracted: it has no hits any more, and nothing else of it is kept.\n`;
  const tint = paint(options.colour ?? false);
  const sections = [
    head(view, tint),
    atRisk(view, tint),
    who(view, tint),
    what(view, tint),
    when(view, tint),
    where(view, tint),
    why(view, tint),
    how(view, tint),
    exceptions(view, tint),
    unknown(view, tint),
    next(view, tint),
    handling(view, tint),
    history(view, tint),
    basis(view, tint),
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

function head({ line, stored }: View, tint: Paint): string[] {
  const lane = line.route === 'person-at-risk' ? 'route: person at risk' : 'route: standard';
  const lines = [...wrapped(line.title).map(tint.bold), tint.loud(`${line.severity.toUpperCase()} · score ${line.score} · ${lane}`)];
  lines.push(`Alert ${plain(line.alertId)} · revision ${line.rev}${stored === null ? '' : ` · ${stored.state}`}`);
  if (line.withdrawn)
    lines.push(tint.loud('WITHDRAWN: what made this alert does not hold any more (late or returned transactions). Below stands what it said last.'));
  if (stored?.changed) lines.push(tint.loud('CHANGED since it was claimed: read it again before you decide.'));
  if (stored?.changedAfterResolution) lines.push(tint.loud('CHANGED AFTER ITS RESOLUTION: a hit was added, or the severity rose.'));
  return lines;
}

/** Smuggled people and their families pay; they are whom the law protects. */
function atRisk({ line }: View, tint: Paint): string[] {
  if (line.route !== 'person-at-risk') return [];
  return [
    tint.bold('PERSON AT RISK'),
    ...wrapped('The payer is a possible victim: of smuggling, extortion or a ransom, or a relative of one. Look for whoever collects the money.'),
    ...wrapped('Where a life may be in danger, act on that before anything else.'),
  ];
}

function who({ line }: View, tint: Paint): string[] {
  const keys = typeof line.subject.key === 'string' ? [line.subject.key] : line.subject.key;
  const types = line.subject.type.split('+');
  const names = keys.map((key, i) => `  ${plain(types[i] ?? 'key')}: ${plain(key)}`);
  const paying = new Set(line.transactions.map(({ debtor }) => nameOf(debtor)));
  const receiving = new Set(line.transactions.map(({ creditor }) => nameOf(creditor)));
  const payers = line.route === 'person-at-risk' ? 'paying, possible victims' : 'paying';
  return [tint.bold('Who'), ...names, ...some(payers, paying), ...some('receiving', receiving)];
}

function nameOf(side: EvidenceEntry['debtor']): string {
  return side.party ?? side.account ?? '?';
}

/** The first names of a set, and how many more there are. */
function some(label: string, names: ReadonlySet<string>): string[] {
  const shown = [...names].slice(0, NAMES_MAX).map((name) => plain(name));
  const more = names.size > NAMES_MAX ? ` and ${names.size - NAMES_MAX} more` : '';
  return names.size === 0 ? [] : wrapped(`${label} (${names.size}): ${shown.join(', ')}${more}`, TEXT_COLUMNS, '  ');
}

function what({ line }: View, tint: Paint): string[] {
  const lines = [tint.bold('What'), `  ${counted(line.hitCount, 'hit', 'hits')}, ${counted(line.transactionCount, 'transaction', 'transactions')}`];
  const totals = new Totals();
  for (const t of line.transactions) totals.add([t.role, t.amount.currency], t.amount.value);
  for (const { key, total, count } of totals) lines.push(`  ${plain(key[0]!)}: ${total} ${plain(key[1]!)} in ${counted(count, 'transaction', 'transactions')}`);
  for (const [name, value] of Object.entries(line.values)) lines.push(`  ${plain(name)} = ${value === null ? 'missing' : plain(String(value))}`);
  return lines;
}

function when({ line }: View, tint: Paint): string[] {
  const times = line.transactions.map((t) => t.time);
  const lines = [tint.bold('When'), `  period: ${plain(line.period.from)} to ${plain(line.period.to)} (the end is not in it)`];
  if (times.length > 0) lines.push(`  transactions: ${plain(times[0]!)} to ${plain(times.at(-1)!)}`);
  lines.push(`  lead transaction: ${plain(line.anchor.time)} · ${plain(line.anchor.source)} · ${plain(line.anchor.id)}`);
  lines.push(`  final when the input has gone past ${plain(line.finalAt)}`);
  return lines;
}

function where({ line }: View, tint: Paint): string[] {
  const ways = new Map<string, number>();
  for (const { debtor, creditor } of line.transactions) {
    const way = `${debtor.country ?? '?'} → ${creditor.country ?? '?'}`;
    ways.set(way, (ways.get(way) ?? 0) + 1);
  }
  const lines = [...ways].map(([way, n]) => `  ${plain(way)}: ${counted(n, 'transaction', 'transactions')}`);
  return [tint.bold('Where'), ...(lines.length > 0 ? lines : ['  not known'])];
}

function why({ line }: View, tint: Paint): string[] {
  const rows = line.reasons.map((r) => [
    wrapped(r.text, 44).join('\n'),
    wrapped(r.value, 24).join('\n'),
    wrapped(r.threshold, 24).join('\n'),
    String(r.points),
    wrapped(r.source ?? '', 44).join('\n'),
  ]);
  return [tint.bold('Why'), table(['reason', 'value', 'against', 'points', 'basis of the threshold'], rows, { right: [3] })];
}

function how({ line }: View, tint: Paint): string[] {
  const lines = [
    tint.bold('How'),
    ...wrapped(`${line.typology.title} (${line.typology.phase}; ${line.typology.id} ${line.typology.version})`, TEXT_COLUMNS, '  '),
  ];
  const totals = new Totals();
  const rows = line.transactions.map((t) => transactionRow(t, totals));
  lines.push(table(['time and kind', 'role', 'amount', 'running total', 'from', 'to', 'record'], rows, { right: [2, 3] }));
  if (line.truncated) lines.push(`  ${line.transactions.length} of ${line.transactionCount} transactions are listed; the totals are theirs.`);
  if (line.hits.length < line.hitCount) lines.push(`  ${line.hits.length} of ${line.hitCount} hits are listed.`);
  for (const { source, id } of line.returned) lines.push(`  returned: ${plain(source)} · ${plain(id)}`);
  return lines;
}

/** The running total is that of the transaction's role and currency. */
function transactionRow(t: EvidenceEntry, totals: Totals): string[] {
  const currency = plain(t.amount.currency);
  const total = totals.add([t.role, t.amount.currency], t.amount.value);
  return [
    `${cell(t.time)}\n${cell(t.kind)}`,
    cell(t.role),
    `${plain(t.amount.value)} ${currency}`,
    total === null ? '' : `${total} ${currency}`,
    side(t.debtor),
    side(t.creditor),
    `${cell(`${t.source} · ${t.id}`)}\n${cell(t.place)}`,
  ];
}

function side(party: EvidenceEntry['debtor']): string {
  return [party.party, party.account, party.country]
    .filter((text) => text !== undefined)
    .map(cell)
    .join('\n');
}

function cell(text: string): string {
  return cut(plain(text), CELL_LENGTH_MAX);
}

function exceptions({ line }: View, tint: Paint): string[] {
  const tested = line.exceptionsTested.map((e) => `  ${e.matched ? 'matched' : 'not so'}: ${plain(e.because)}`);
  return [tint.bold('Exceptions that were tested'), ...(tested.length > 0 ? tested : ['  the typology has none'])];
}

function unknown({ line }: View, tint: Paint): string[] {
  const notes = [...line.limits];
  if (line.partialWindow) notes.push('The window begins before the first record that this system ever received: earlier transactions are missing.');
  if (line.orderUncertain) notes.push('Some transactions give only their date, so the order within that day is not certain.');
  return [tint.bold('What the typology does not know'), ...(notes.length > 0 ? bullets(notes) : ['  its author names nothing'])];
}

function next({ line }: View, tint: Paint): string[] {
  return line.next.length === 0 ? [] : [tint.bold('What to do next'), ...bullets(line.next)];
}

function handling({ stored }: View, tint: Paint): string[] {
  if (stored === null) return [];
  const lines = [
    tint.bold('In the queue'),
    `  opened ${timeText(stored.createdAtMs)} · ${stored.state}${stored.tries > 0 ? ` · given back ${counted(stored.tries, 'time', 'times')}` : ''}`,
  ];
  if (stored.claim !== null) lines.push(`  claimed by ${plain(stored.claim.by)} until ${timeText(stored.claim.untilMs)}`);
  if (stored.resolution !== null) {
    const { by, disposition, reason, rev, atMs } = stored.resolution;
    lines.push(
      `  resolved as ${disposition} by ${plain(by)} at ${timeText(atMs)}, for revision ${rev}${rev === stored.rev ? '' : ` (now it is ${stored.rev})`}`,
    );
    lines.push(...wrapped(`because: ${reason}`, TEXT_COLUMNS, '    '));
  }
  return lines;
}

function history({ stored }: View, tint: Paint): string[] {
  if (stored === null || stored.history.length === 0) return [];
  const lines = stored.history.flatMap(({ atMs, by, action, note }) => [
    `  ${timeText(atMs)}  ${plain(by)}  ${plain(action)}`,
    ...(note === undefined ? [] : wrapped(note, TEXT_COLUMNS, '      ')),
  ]);
  if (stored.historyOmitted > 0) lines.push(`  (${stored.historyOmitted} entries after the first ones are left out)`);
  return [tint.bold('Who did what'), ...lines];
}

function basis({ line }: View, tint: Paint): string[] {
  const made = `  rules ${plain(line.rules.digest)} · engine ${plain(line.engine)}`;
  return [tint.bold('Sources'), ...(line.typology.sources.length > 0 ? bullets(line.typology.sources) : ['  none named']), made];
}

function bullets(texts: readonly string[]): string[] {
  return texts.flatMap((text) => wrapped(text, TEXT_COLUMNS, '    ').map((l, i) => (i === 0 ? `  - ${l.trimStart()}` : l)));
}

function counted(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Safe text in lines of at most so many columns, broken at blanks; a longer word is broken anywhere. */
function wrapped(text: string, columns = TEXT_COLUMNS, indent = ''): string[] {
  const room = columns - indent.length;
  const lines: string[] = [];
  let open = '';
  for (const word of plain(text)
    .split(' ')
    .flatMap((w) => pieces(w, room))) {
    if (open !== '' && open.length + 1 + word.length > room) {
      lines.push(indent + open);
      open = word;
    } else open = open === '' ? word : `${open} ${word}`;
  }
  return [...lines, indent + open];
}

function pieces(word: string, room: number): string[] {
  if (word.length <= room) return [word];
  const characters = [...word];
  const made: string[] = [];
  for (let i = 0; i < characters.length; i += room) made.push(characters.slice(i, i + room).join(''));
  return made;
}
