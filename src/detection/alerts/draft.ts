import { hash } from 'node:crypto';
import { minorDigits } from '../../transactions/currencies.ts';
import { TEXT_SLOT } from '../../transactions/fields.ts';
import type { Severity, Typology } from '../../typologies/ast.ts';
import { sceneAt } from '../compile/judge.ts';
import type { World } from '../compile/scene.ts';
import type { AnchorInHand } from '../compile/unit.ts';
import type { AlertContent, EvidenceEntry } from '../content.ts';
import { dayStart, timeText } from '../days.ts';
import { FLAG, type Rows } from '../rows.ts';
import type { DetectionSettings } from '../settings.ts';
import type { Alert } from './alert.ts';
import type { Evidence } from './evidence.ts';
import { roleOf } from './readers.ts';
import type { Wording } from './wording.ts';

const SHOWN_MAX = 500;
const SLOTS = {
  kind: TEXT_SLOT.get('kind')!,
  debtor: { account: TEXT_SLOT.get('debtor.account')!, party: TEXT_SLOT.get('debtor.party')!, country: TEXT_SLOT.get('debtor.country')! },
  creditor: { account: TEXT_SLOT.get('creditor.account')!, party: TEXT_SLOT.get('creditor.party')!, country: TEXT_SLOT.get('creditor.country')! },
} as const;

/** Makes the content of alerts from their hits (`docs/alert.md`). */
export class Drafts {
  /** B of S18. */
  firstReceiptMs = Number.NEGATIVE_INFINITY;
  private readonly world: World;
  private readonly rows: Rows;
  private readonly settings: DetectionSettings;
  private readonly anchor: AnchorInHand;
  /** By index of the program. */
  private readonly evidences: readonly Evidence[];
  private readonly wordings: readonly Wording[];

  constructor(world: World, settings: DetectionSettings, anchor: AnchorInHand, evidences: readonly Evidence[], wordings: readonly Wording[]) {
    this.world = world;
    this.rows = world.rows;
    this.settings = settings;
    this.anchor = anchor;
    this.evidences = evidences;
    this.wordings = wordings;
  }

  /** The content of an alert that has hits, and SHA-256 of it without the places of transactions, which are not content (S12). */
  contentOf(alert: Alert): { content: AlertContent; digest: string } {
    const { rows } = this;
    const { typology } = alert.program;
    const lead = alert.leadIndex;
    const leadRow = alert.rows[lead]!;
    const subject = alert.subject.keys.texts(alert.key);
    if (alert.words?.row !== leadRow || rows.t(leadRow) >= alert.staleMs) {
      alert.takeInHand(this.anchor, leadRow);
      alert.words = this.wordings[alert.program.index]!.leadWords(leadRow, subject, sceneAt(this.world, typology, this.anchor));
    }
    this.evidences[alert.program.index]!.update(alert);
    const { evidence } = alert;
    const listed = shown(evidence.rows, evidence.rows.length <= SHOWN_MAX ? 0 : evidence.indexOf(leadRow, rows));
    const score = alert.scores[lead]!;
    const { entries, texts } = this.entriesOf(listed, alert);
    const content: AlertContent = {
      schema: 'alert/1',
      alertId: alert.id,
      typology: { id: typology.id, version: typology.version, title: typology.title, phase: typology.phase, sources: typology.sources.map((s) => s.document) },
      subject: { type: typology.subject.paths.join('+'), key: subject.length === 1 ? subject[0]! : subject },
      period: { from: timeText(alert.fromMs), to: timeText(alert.fromMs + typology.alert.periodMs) },
      title: alert.words.title,
      anchor: this.named(leadRow),
      hits: shown(alert.rows, lead).map((i) => this.hitOf(alert.rows[i]!, alert.scores[i]!)),
      hitCount: alert.rows.length,
      score,
      severity: severityOf(score, typology),
      route: typology.alert.route,
      values: alert.words.values,
      reasons: alert.words.reasons,
      exceptionsTested: typology.unless.map(({ because }) => ({ because, matched: false })),
      transactions: entries,
      transactionCount: evidence.rows.length,
      truncated: evidence.rows.length > SHOWN_MAX,
      partialWindow: typology.reachMs > 0 && rows.t(alert.rows[0]!) - typology.reachMs < this.firstReceiptMs,
      orderUncertain: this.isOrderUncertain(listed.map((i) => evidence.rows[i]!)),
      returned: typology.onReturn === 'keep' ? this.returnedOf(listed.map((i) => evidence.rows[i]!)) : [],
      limits: [...typology.limits],
      next: [...typology.alert.next],
      signals: [],
      rules: { digest: typology.digest },
    };
    const digest = hash('sha256', `${JSON.stringify({ ...content, transactions: [] })}\n${texts.join('\n')}`, 'hex');
    return { content, digest };
  }

  /** The listed evidence, and each entry without its place as JSON text. */
  private entriesOf(listed: readonly number[], { evidence, program }: Alert): { entries: EvidenceEntry[]; texts: string[] } {
    const entries: EvidenceEntry[] = [];
    const texts: string[] = [];
    for (const i of listed) {
      const row = evidence.rows[i]!;
      const entry = this.entryOf(row, roleOf(evidence.ranks[i]!, program.typology));
      texts.push(JSON.stringify(entry));
      // The place goes last, so that the text of all else can be made before.
      entries.push(Object.assign(entry, { place: this.settings.place(this.rows.partition(row), this.rows.offset(row)) }));
    }
    return { entries, texts };
  }

  private hitOf(row: number, score: number): AlertContent['hits'][number] {
    const { rows } = this;
    return { source: rows.source(row), id: rows.id(row), time: timeText(rows.t(row)), score };
  }

  private named(row: number): { source: string; id: string; time: string } {
    const { rows } = this;
    return { source: rows.source(row), id: rows.id(row), time: timeText(rows.t(row)) };
  }

  private returnedOf(listed: readonly number[]): AlertContent['returned'] {
    const { rows } = this;
    return listed.filter((row) => rows.has(row, FLAG.returned)).map((row) => ({ source: rows.source(row), id: rows.id(row) }));
  }

  private entryOf(row: number, role: string): Omit<EvidenceEntry, 'place'> {
    const { rows } = this;
    const currency = rows.table.text(rows.currency(row));
    return {
      source: rows.source(row),
      id: rows.id(row),
      time: timeText(rows.t(row)),
      kind: this.textAt(row, SLOTS.kind)!,
      amount: { value: this.amountText(rows.amount(row), currency), currency },
      debtor: this.partyOf(row, SLOTS.debtor),
      creditor: this.partyOf(row, SLOTS.creditor),
      role,
    };
  }

  /** The amount as sent: whole minor units, of which a great many are printed. */
  private amountText(minor: number, currency: string): string {
    const digits = minorDigits(currency) ?? 0;
    const text = String(minor).padStart(digits + 1, '0');
    return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  }

  private partyOf(row: number, slots: { readonly account: number; readonly party: number; readonly country: number }): EvidenceEntry['debtor'] {
    const shownFields: { account?: string; party?: string; country?: string } = {};
    const account = this.textAt(row, slots.account);
    const party = this.textAt(row, slots.party);
    const country = this.textAt(row, slots.country);
    if (account !== undefined) shownFields.account = account;
    if (party !== undefined) shownFields.party = party;
    if (country !== undefined) shownFields.country = country;
    return shownFields;
  }

  private textAt(row: number, slot: number): string | undefined {
    const id = this.rows.text(row, slot);
    return id === 0 ? undefined : this.rows.table.text(id);
  }

  /** Whether one of the rows gives only its date, and another is of the same UTC date. */
  private isOrderUncertain(listed: readonly number[]): boolean {
    const { rows } = this;
    if (!listed.some((row) => rows.has(row, FLAG.dayPrecision))) return false;
    const byDay = new Map<number, number>();
    for (const row of listed) {
      const day = dayStart(rows.t(row));
      byDay.set(day, (byDay.get(day) ?? 0) + 1);
    }
    return listed.some((row) => rows.has(row, FLAG.dayPrecision) && byDay.get(dayStart(rows.t(row)))! > 1);
  }
}

/** Indices of at most 500, rising: the lead and the latest of the others. */
function shown(inOrder: readonly number[], lead: number): number[] {
  const n = inOrder.length;
  if (n <= SHOWN_MAX) return inOrder.map((_, i) => i);
  const first = n - SHOWN_MAX;
  const latest = Array.from({ length: SHOWN_MAX }, (_, i) => first + i);
  if (lead < first) latest[0] = lead;
  return latest;
}

function severityOf(score: number, typology: Typology): Severity {
  let best: Typology['score']['bands'][number] | undefined;
  for (const band of typology.score.bands) if (band.from <= score && (best === undefined || band.from > best.from)) best = band;
  return best?.severity ?? typology.severity;
}
