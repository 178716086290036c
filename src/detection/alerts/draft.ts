import { hash } from 'node:crypto';
import { TEXT_SLOT } from '../../transactions/fields.ts';
import { formatMinor } from '../../transactions/money.ts';
import type { Severity, TitlePart, Typology } from '../../typologies/ast.ts';
import { conjuncts } from '../../typologies/walk.ts';
import { evaluate, type Value } from '../compile/interpret.ts';
import { legsRead } from '../compile/interpretAggregate.ts';
import { judge, type Judgement, sceneAt } from '../compile/judge.ts';
import type { Scene, World } from '../compile/scene.ts';
import { letsRead, paramsRead, printCurrencyOf } from '../compile/walk.ts';
import type { AlertContent, EvidenceEntry } from '../content.ts';
import { dayStart, timeText } from '../days.ts';
import { FLAG } from '../rows.ts';
import type { DetectionSettings } from '../settings.ts';
import type { Alert } from './alert.ts';
import { sidesOf, sidesOfPart } from './conditions.ts';
import { readersOf, roleOf } from './evidence.ts';
import { jsonOf, wordsOf } from './print.ts';

const SHOWN_MAX = 500;

export function contentOf(alert: Alert, world: World, settings: DetectionSettings, firstReceiptMs: number): AlertContent {
  const { typology } = alert.program;
  const { rows } = world;
  const lead = alert.leadIndex;
  const leadRow = alert.rows[lead]!;
  const scene = sceneOf(alert, leadRow, world);
  const judged = judge(scene);
  const evidence = evidenceOf(alert, world);
  const listed = shown(evidence.map((e) => e.row), leadRow).map((row) => evidence.find((e) => e.row === row)!);
  const texts = alert.subject.keys.texts(alert.key);
  const named = (row: number): { source: string; id: string; time: string } => ({
    source: rows.table.text(rows.texts[rows.source]![row]!),
    id: rows.id(row),
    time: timeText(rows.t[row]!),
  });
  const score = alert.scores[lead]!;
  return {
    schema: 'alert/1',
    alertId: alert.id,
    typology: { id: typology.id, version: typology.version, title: typology.title, phase: typology.phase, sources: typology.sources.map((s) => s.document) },
    subject: { type: typology.subject.paths.join('+'), key: texts.length === 1 ? texts[0]! : texts },
    period: { from: timeText(alert.fromMs), to: timeText(alert.fromMs + typology.alert.periodMs) },
    title: typology.alert.title.map((part) => titlePart(part, texts, scene)).join(''),
    anchor: named(leadRow),
    hits: shown(alert.rows, leadRow).map((row) => ({ ...named(row), score: alert.scores[alert.rows.indexOf(row)]! })),
    hitCount: alert.rows.length,
    score,
    severity: severityOf(score, typology),
    route: typology.alert.route,
    values: valuesOf(scene),
    reasons: reasonsOf(scene, judged),
    exceptionsTested: typology.unless.map(({ because }) => ({ because, matched: false })),
    transactions: listed.map(({ row, rank }) => ({ ...named(row), ...entryOf(row, roleOf(rank, typology), world, settings) })),
    transactionCount: evidence.length,
    truncated: evidence.length > SHOWN_MAX,
    partialWindow: typology.reachMs > 0 && rows.t[alert.rows[0]!]! - typology.reachMs < firstReceiptMs,
    orderUncertain: isOrderUncertain(listed.map((e) => e.row), world),
    returned: typology.onReturn === 'keep' ? listed.filter((e) => (rows.flags[e.row]! & FLAG.returned) !== 0).map(({ row }) => sourceAndId(named(row))) : [],
    limits: [...typology.limits],
    next: [...typology.alert.next],
    signals: [],
    rules: { digest: typology.digest },
  };
}

function sourceAndId({ source, id }: { source: string; id: string }): { source: string; id: string } {
  return { source, id };
}

/** Of the content without places. */
export function digestOf(content: AlertContent): string {
  return hash('sha256', JSON.stringify({ ...content, transactions: content.transactions.map((entry) => ({ ...entry, place: '' })) }), 'hex');
}

/** At most 500, in order: the lead and the latest of the others. */
function shown(inOrder: readonly number[], lead: number): number[] {
  if (inOrder.length <= SHOWN_MAX) return [...inOrder];
  const latest = inOrder.slice(-SHOWN_MAX);
  return latest.includes(lead) ? latest : [lead, ...latest.slice(1)];
}

function sceneOf(alert: Alert, row: number, world: World): Scene {
  const { histories } = alert.subject;
  const position = histories.positionOf(alert.key, row);
  const side = histories.leg(alert.key, position) & 3;
  return sceneAt(world, alert.program.typology, { subject: alert.subject, key: alert.key, position, row, side });
}

/** S18: of each hit its anchor, and what is read from `when` and from the points that held. */
function evidenceOf(alert: Alert, world: World): { row: number; rank: number }[] {
  const ranks = new Map<number, number>();
  const take = (row: number, rank: number): void => {
    const known = ranks.get(row);
    if (known === undefined || rank < known) ranks.set(row, rank);
  };
  const readers = readersOf(alert.program.typology);
  for (const hit of alert.rows) {
    const scene = sceneOf(alert, hit, world);
    const { points } = judge(scene);
    take(hit, -1);
    for (const reader of readers) {
      if (reader.points >= 0 && points[reader.points] !== true) continue;
      for (const leg of legsRead(reader.aggregate, scene)) take(leg.row, reader.rank);
    }
  }
  return [...ranks].map(([row, rank]) => ({ row, rank })).sort((a, b) => world.rows.compare(a.row, b.row));
}

function entryOf(row: number, role: string, { rows }: World, settings: DetectionSettings): Omit<EvidenceEntry, 'source' | 'id' | 'time'> {
  const text = (path: string): string | undefined => {
    const id = rows.text(row, TEXT_SLOT.get(path)!);
    return id === 0 ? undefined : rows.table.text(id);
  };
  const party = (side: string): EvidenceEntry['debtor'] => {
    const shownFields: { account?: string; party?: string; country?: string } = {};
    for (const name of ['account', 'party', 'country'] as const) {
      const value = text(`${side}.${name}`);
      if (value !== undefined) shownFields[name] = value;
    }
    return shownFields;
  };
  const currency = text('amount.currency')!;
  return {
    kind: text('kind')!,
    amount: { value: formatMinor(rows.amount[row]!, currency), currency },
    debtor: party('debtor'),
    creditor: party('creditor'),
    role,
    place: settings.place(rows.partition[row]!, rows.offset[row]!),
  };
}

function isOrderUncertain(listed: readonly number[], { rows }: World): boolean {
  const days = new Map<number, number>();
  for (const row of listed) {
    const day = dayStart(rows.t[row]!);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return listed.some((row) => (rows.flags[row]! & FLAG.dayPrecision) !== 0 && days.get(dayStart(rows.t[row]!))! > 1);
}

function severityOf(score: number, typology: Typology): Severity {
  let best: Typology['score']['bands'][number] | undefined;
  for (const band of typology.score.bands) if (band.from <= score && (best === undefined || band.from > best.from)) best = band;
  return best?.severity ?? typology.severity;
}

function letAt(index: number, scene: Scene): { value: Value; currency: string } {
  const currency = printCurrencyOf(index, scene.typology, scene.world.reportingCurrency);
  const { expr } = scene.typology.lets[index]!;
  return { value: evaluate(expr, { ...scene, currency }), currency };
}

function titlePart(part: TitlePart, subject: readonly string[], scene: Scene): string {
  if (typeof part === 'string') return part;
  if ('subject' in part) return subject.join(' / ');
  if ('let' in part) {
    const { value, currency } = letAt(part.let, scene);
    return wordsOf(value, scene.typology.lets[part.let]!.expr.type, currency);
  }
  const { value } = scene.typology.params.find((p) => p.name === part.param)!;
  return wordsOf(evaluate(value, scene), value.type, value.kind === 'money' ? value.currency : '');
}

function valuesOf(scene: Scene): AlertContent['values'] {
  const { typology } = scene;
  const named = new Set<number>();
  for (const condition of [typology.when, ...typology.score.points.map((p) => p.when)]) letsRead(condition, typology, named);
  for (const part of typology.alert.title) {
    if (typeof part === 'string' || !('let' in part)) continue;
    named.add(part.let);
    letsRead(typology.lets[part.let]!.expr, typology, named);
  }
  const inOrder = [...named].sort((a, b) => a - b);
  return Object.fromEntries(
    inOrder.map((index) => {
      const { value, currency } = letAt(index, scene);
      const { name, expr } = typology.lets[index]!;
      return [name, jsonOf(value, expr.type, currency)];
    }),
  );
}

function reasonsOf(scene: Scene, judged: Judgement): AlertContent['reasons'] {
  const { typology } = scene;
  const source = (names: readonly string[]): { source?: string } => {
    if (names.length === 0) return {};
    const words = names.map((name) => typology.params.find((p) => p.name === name)!).map((p) => `${p.name} (${p.basis}): ${p.reason}`);
    return { source: words.join('; ') };
  };
  const ofWhen = conjuncts(typology.when).map((part, i) => ({
    text: typology.text.slice(part.span.start, part.span.end).replace(/\s+/g, ' ').trim(),
    points: i === 0 ? typology.score.base : 0,
    ...sidesOfPart(part, scene),
    ...source(paramsRead(part)),
  }));
  const held = typology.score.points.filter((_, i) => judged.points[i] === true);
  const ofPoints = held.map((p) => ({ text: p.because, points: p.points, ...sidesOf(p.when, scene), ...source(paramsRead(p.when)) }));
  return [...ofWhen, ...ofPoints];
}
