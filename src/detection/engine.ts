import type { DecodedTransaction } from '../transactions/decoded.ts';
import { TEXT_SLOT } from '../transactions/fields.ts';
import { fieldsRead } from '../typologies/walk.ts';
import type { Alert } from './alerts/alert.ts';
import { AlertBook } from './alerts/book.ts';
import { Drafts } from './alerts/draft.ts';
import type { Conflict, DetectionEngine, EngineOptions, Inspection, OperationsNotice, Outcome, Receipt } from './api.ts';
import { Asking } from './asking.ts';
import { canGenerate } from './compile/emitter.ts';
import { settleMsOf } from './compile/program.ts';
import { Compiler } from './compiler.ts';
import { Constants } from './constants.ts';
import type { AlertChange } from './content.ts';
import { HOUR_MS } from './days.ts';
import { Forgetting } from './forgetting.ts';
import { Hours } from './hours.ts';
import { Identities } from './identities.ts';
import { Identity } from './identity.ts';
import { inspectAt } from './inspect.ts';
import { Ledger } from './ledger.ts';
import { Notices } from './notices.ts';
import { Returns } from './returns.ts';
import { Rows } from './rows.ts';
import { Sweeping } from './sweeping.ts';

const SOURCE = TEXT_SLOT.get('source')!;
const HOT_LEGS = 32;

export function createEngine(options: EngineOptions): DetectionEngine {
  return new Engine(options);
}

class Engine implements DetectionEngine {
  readonly retentionMs: number;
  private readonly options: EngineOptions;
  private readonly isEager: boolean;
  private readonly rows: Rows;
  private readonly constants: Constants;
  private readonly compiler: Compiler;
  private readonly identity: Identity;
  private readonly ledger: Ledger;
  private readonly book: AlertBook;
  private readonly notices = new Notices();
  private readonly sweeping: Sweeping;
  private readonly forgetting: Forgetting;
  private readonly drafts: Drafts;
  private readonly settleMs: number;
  private readonly reachMs: number;
  private wmMs = Number.NEGATIVE_INFINITY;
  /** In `final` mode: anchors before this were asked. */
  private askedMs = Number.NEGATIVE_INFINITY;
  private replaying = false;
  /** What was said by `advance`, to be handed over by the next `drain`. */
  private outbox: AlertChange[] = [];

  constructor(options: EngineOptions) {
    const { settings, texts, typologies, rates } = options;
    this.options = options;
    this.isEager = settings.mode === 'eager';
    this.settleMs = settleMsOf(settings.returnHorizonMs);
    this.reachMs = Math.max(0, ...typologies.map((t) => t.reachMs));
    this.retentionMs = Math.max(0, ...typologies.map((t) => t.reachMs + this.settleMs + t.alert.periodMs));
    const rows = new Rows(texts, typologies.flatMap(fieldsRead), settings.rowsReserve, settings.rowsMax);
    this.rows = rows;
    this.constants = new Constants(texts);
    const generates = options.generates ?? canGenerate();
    this.compiler = new Compiler({ rows, constants: this.constants, rates, settings, generates, hotLegs: options.hotLegs ?? HOT_LEGS });
    for (const typology of typologies) this.compiler.add(typology);
    const { anchor, evidences, programs, subjects, wordings, world } = this.compiler;
    const hours = new Hours(rows);
    const identities = new Identities(rows);
    this.identity = new Identity(rows, identities, hours);
    this.book = new AlertBook(rows, settings.alertKey, programs.length);
    const asking = new Asking(world, this.book, this.notices, anchor, evidences);
    this.sweeping = new Sweeping(rows, hours, subjects, asking);
    const returns = new Returns(rows, identities, settings.returnHorizonMs);
    this.ledger = new Ledger(rows, hours, subjects, this.identity, returns, asking, this.sweeping, {
      dayLegsMax: settings.dayLegsMax,
      keepsUnseen: options.keepsUnseen ?? false,
    });
    this.ledger.asksOnArrival = this.isEager;
    this.forgetting = new Forgetting(rows, hours, subjects, this.identity, this.ledger, this.book, this.notices);
    this.drafts = new Drafts(world, settings, anchor, evidences, wordings);
  }

  get counts(): DetectionEngine['counts'] {
    return this.identity.counts;
  }

  get stats(): DetectionEngine['stats'] {
    const { subjects } = this.compiler;
    return {
      rows: this.rows.size,
      legs: subjects.reduce((n, s) => n + s.histories.size, 0),
      keys: subjects.reduce((n, s) => n + s.keys.size, 0),
      texts: this.options.texts.size - this.constants.size,
      alerts: this.book.size,
      erroredByTypology: this.notices.byTypology,
    };
  }

  apply(tx: DecodedTransaction, receipt: Receipt): Outcome {
    const refused = this.refusalOf(tx, receipt.r);
    if (refused !== null) return refused;
    if (this.rows.full) this.forgetting.finish();
    const { identity, ledger } = this;
    const change = identity.take(tx, receipt);
    const { row } = identity;
    switch (change) {
      case 'new':
      case 'reused':
        ledger.add(row, tx);
        return change === 'new' ? 'applied' : 'id-reused';
      case 'duplicate':
        return 'duplicate';
      case 'status':
        ledger.raise(row, identity.statusBefore);
        return 'duplicate';
      case 'lost':
        ledger.lose(row, identity.loser);
        return 'conflict';
      case 'known':
        return 'conflict';
      case 'won':
        ledger.replace(identity.loser, row, tx);
        return 'applied';
    }
  }

  /** S4: decided by the record alone, lateness before the future; then whether it lies before what is settled. */
  private refusalOf(tx: DecodedTransaction, r: number): Outcome | null {
    const { settings, texts } = this.options;
    const { counts } = this.identity;
    const bySource = settings.latenessBySource;
    const latenessMs = (bySource.size === 0 ? undefined : bySource.get(texts.text(tx.texts[SOURCE]!))) ?? settings.latenessMs;
    if (r - tx.timeMs > latenessMs) {
      counts.late++;
      return 'too-late';
    }
    if (tx.timeMs - r > settings.futureMs || tx.timeMs > settings.asOfMs) {
      counts.future++;
      return 'future';
    }
    if (tx.timeMs < this.wmMs && !this.replaying) {
      counts.clockSkew++;
      return 'clock-skew';
    }
    return null;
  }

  advance(wmMs: number): void {
    if (this.replaying || !(wmMs > this.wmMs)) return;
    const askedMs = this.settleTo(wmMs - this.settleMs);
    this.wmMs = wmMs;
    this.book.wmMs = wmMs;
    for (const alert of [...this.book.finalBefore(wmMs)]) {
      if (alert.isQueued || !this.isEager) this.say(alert, this.outbox);
      this.drop(alert);
    }
    this.ledger.settle(wmMs);
    this.forgetting.settle(wmMs);
    this.forgetting.forget(askedMs - this.reachMs);
  }

  /** Asks what has to be asked before anchors up to a time are settled. Answers before which time no anchor will be asked again. */
  private settleTo(settledMs: number): number {
    if (this.isEager) {
      if (this.sweeping.fromMs < settledMs) this.sweeping.sweep();
      return settledMs;
    }
    // An alert is final only after all anchors of its period were asked: periods end where hours or periods do.
    let toMs = settledMs === Number.POSITIVE_INFINITY ? settledMs : lastMultiple(settledMs, HOUR_MS);
    if (Number.isFinite(toMs)) for (const { typology } of this.compiler.programs) toMs = Math.max(toMs, lastMultiple(settledMs, typology.alert.periodMs));
    if (toMs > this.askedMs) {
      this.sweeping.askHours(this.askedMs, toMs);
      this.askedMs = toMs;
    }
    return this.askedMs;
  }

  drain(options: { readonly deferLate?: boolean } = {}): AlertChange[] {
    if (this.replaying) return [];
    if (options.deferLate === true) this.sweeping.sweepOld();
    else this.sweeping.sweep();
    const changes = this.outbox;
    this.outbox = [];
    if (this.isEager) this.sayChanged(changes);
    else this.book.takeChanged();
    return changes.sort((a, b) => (a.alertId < b.alertId ? -1 : 1));
  }

  private sayChanged(changes: AlertChange[]): void {
    // As far as that is quickly done, nothing is said of a key of which some anchors still have to be asked. More alerts may change by that.
    const changed = this.book.peekChanged();
    for (let i = 0; i < changed.length; i++) this.sweeping.sweepKey(changed[i]!.subject, changed[i]!.key);
    for (const alert of this.book.takeChanged()) {
      this.say(alert, changes);
      if (alert.rows.length === 0) this.drop(alert);
    }
  }

  private say(alert: Alert, changes: AlertChange[]): void {
    if (alert.rows.length === 0 && alert.said === '') return;
    const { content, digest: contentDigest } = alert.rows.length === 0 ? { content: null, digest: '' } : this.drafts.contentOf(alert);
    if (contentDigest === alert.said) return;
    alert.said = contentDigest;
    changes.push({ alertId: alert.id, finalAtMs: alert.finalAtMs, content, contentDigest });
  }

  private drop(alert: Alert): void {
    this.book.drop(alert);
    this.forgetting.forgetKey(alert.subject, alert.key);
  }

  drainConflicts(): Conflict[] {
    const conflicts = this.identity.takeConflicts();
    return this.replaying ? [] : conflicts;
  }

  drainNotices(): OperationsNotice[] {
    const notices = this.notices.take();
    return this.replaying ? [] : notices;
  }

  setFirstReceipt(ms: number): void {
    this.drafts.firstReceiptMs = ms;
  }

  beginReplay(): void {
    this.replaying = true;
    this.ledger.asksOnArrival = false;
  }

  endReplay(wmMs: number): void {
    this.identity.takeConflicts();
    this.replaying = false;
    this.ledger.asksOnArrival = this.isEager;
    this.wmMs = Math.max(this.wmMs, wmMs);
    this.book.wmMs = this.wmMs;
    const settledMs = this.wmMs - this.settleMs;
    let fromMs = Number.POSITIVE_INFINITY;
    // The start of the first period of which an alert is not yet final.
    for (const { typology } of this.compiler.programs)
      fromMs = Math.min(fromMs, (Math.ceil(settledMs / typology.alert.periodMs) - 1) * typology.alert.periodMs);
    if (this.isEager) this.sweeping.askHours(fromMs, Number.POSITIVE_INFINITY);
    else this.askedMs = fromMs;
    this.forgetting.forget(this.settleTo(settledMs) - this.reachMs);
  }

  inspect(typologyId: string, key: readonly string[], atMs: number): Inspection | null {
    const { anchor, subjects, wordings, world } = this.compiler;
    return inspectAt(world, anchor, subjects, wordings, typologyId, key, atMs);
  }
}

function lastMultiple(timeMs: number, stepMs: number): number {
  return Math.floor(timeMs / stepMs) * stepMs;
}
