import type { Alert } from './alerts/alert.ts';
import { AlertBook } from './alerts/book.ts';
import { digestOf, Drafts } from './alerts/draft.ts';
import { Evidence } from './alerts/evidence.ts';
import type { Conflict, DetectionEngine, EngineOptions, Inspection, OperationsNotice, Outcome, Receipt } from './api.ts';
import type { DecodedTransaction } from '../transactions/decoded.ts';
import { STATUSES, TEXT_SLOT } from '../transactions/fields.ts';
import { Asking } from './asking.ts';
import { canGenerate } from './compile/emitter.ts';
import { Program, settleMsOf } from './compile/program.ts';
import type { World } from './compile/scene.ts';
import type { AnchorInHand } from './compile/unit.ts';
import { fieldsWanted } from './compile/walk.ts';
import { Compiler } from './compiler.ts';
import { Constants } from './constants.ts';
import type { AlertChange } from './content.ts';
import { DAY_MS, HOUR_MS } from './days.ts';
import { Dirty } from './dirty.ts';
import { Hours } from './hours.ts';
import { Identities } from './identities.ts';
import { Identity } from './identity.ts';
import { inspectAt } from './inspect.ts';
import { Notices } from './notices.ts';
import { Overfull } from './overfull.ts';
import { Returns } from './returns.ts';
import { FLAG, Rows } from './rows.ts';
import { Subject } from './subject.ts';

const SOURCE = TEXT_SLOT.get('source')!;
const REJECTED = STATUSES.indexOf('rejected');
const RETURNED = STATUSES.indexOf('returned');
const HOT_LEGS = 32;

export function createEngine(options: EngineOptions): DetectionEngine {
  return new Engine(options);
}

class Engine implements DetectionEngine {
  readonly retentionMs: number;
  private readonly options: EngineOptions;
  private readonly rows: Rows;
  private readonly constants: Constants;
  private readonly world: World;
  private readonly hours: Hours;
  private readonly identity: Identity;
  private readonly returns: Returns;
  private readonly overfull: Overfull;
  private readonly compiler: Compiler;
  private readonly anchor: AnchorInHand;
  private readonly subjects: readonly Subject[];
  private readonly programs: readonly Program[];
  private readonly dirty = new Map<Subject, Dirty>();
  private readonly book: AlertBook;
  private readonly notices = new Notices();
  private readonly asking: Asking;
  private readonly settleMs: number;
  private readonly reachMs: number;
  private wmMs = Number.NEGATIVE_INFINITY;
  /** In `final` mode: anchors before this were asked. */
  private askedMs = Number.NEGATIVE_INFINITY;
  private forgottenMs = Number.NEGATIVE_INFINITY;
  private readonly drafts: Drafts;
  private replaying = false;
  /** What was said by `advance`, to be handed over by the next `drain`. */
  private outbox: AlertChange[] = [];

  constructor(options: EngineOptions) {
    this.options = options;
    const { settings, texts, typologies, rates } = options;
    this.rows = new Rows(texts, [...fieldsWanted(typologies)].filter((path) => !path.startsWith('returnOf.')), settings.rowsReserve, settings.rowsMax);
    this.constants = new Constants(texts);
    this.hours = new Hours(this.rows);
    const identities = new Identities(this.rows);
    this.identity = new Identity(this.rows, identities, this.hours);
    this.returns = new Returns(this.rows, identities, settings.returnHorizonMs);
    this.compiler = new Compiler({ rows: this.rows, constants: this.constants, rates, settings, generates: options.generates ?? canGenerate(), hotLegs: options.hotLegs ?? HOT_LEGS });
    for (const typology of typologies) this.compiler.add(typology);
    this.world = this.compiler.world;
    this.anchor = this.compiler.anchor;
    this.subjects = this.compiler.subjects;
    this.programs = this.compiler.programs;
    for (const subject of this.subjects) this.dirty.set(subject, new Dirty());
    this.book = new AlertBook(this.rows, settings.alertKey, this.programs.length);
    this.asking = new Asking(this.world, this.book, this.notices, this.anchor, this.compiler.evidences);
    this.drafts = new Drafts(this.world, settings, this.anchor, this.compiler.evidences);
    this.overfull = new Overfull(this.rows, this.identity, settings.dayLegsMax, (subject, key, day) => this.makeOverfull(subject, key, day));
    this.settleMs = settleMsOf(settings.returnHorizonMs);
    this.reachMs = Math.max(0, ...typologies.map((t) => t.reachMs));
    this.retentionMs = Math.max(0, ...typologies.map((t) => t.reachMs + this.settleMs + t.alert.periodMs));
  }

  get counts(): DetectionEngine['counts'] {
    return this.identity.counts;
  }

  get stats(): DetectionEngine['stats'] {
    return {
      rows: this.rows.size,
      legs: this.subjects.reduce((n, s) => n + s.histories.size, 0),
      keys: this.subjects.reduce((n, s) => n + s.keys.size, 0),
      texts: this.options.texts.size - this.constants.size,
      alerts: this.book.size,
      erroredByTypology: this.notices.byTypology,
    };
  }

  apply(tx: DecodedTransaction, receipt: Receipt): Outcome {
    const refused = this.refusalOf(tx, receipt.r);
    if (refused !== null) return refused;
    const change = this.identity.take(tx, receipt);
    switch (change.kind) {
      case 'new':
        this.addRow(change.row, tx);
        return change.isReused ? 'id-reused' : 'applied';
      case 'none':
        return 'duplicate';
      case 'status':
        this.statusRaised(change.row, change.before);
        return 'duplicate';
      case 'lost':
        this.overfull.recount(change.row, this.subjects);
        return 'conflict';
      case 'won':
        this.overfull.forget(change.loser);
        this.removeRow(change.loser);
        this.addRow(change.row, tx);
        this.overfull.recount(change.row, this.subjects);
        return 'applied';
    }
  }

  /** S4: decided by the record alone, lateness before the future; then whether it lies before what is settled. */
  private refusalOf(tx: DecodedTransaction, r: number): Outcome | null {
    const { settings, texts } = this.options;
    const { counts } = this.identity;
    const latenessMs = settings.latenessBySource.size === 0 ? settings.latenessMs : (settings.latenessBySource.get(texts.text(tx.texts[SOURCE]!)) ?? settings.latenessMs);
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

  private addRow(row: number, tx: DecodedTransaction): void {
    const { rows } = this;
    if ((rows.flags[row]! & FLAG.isReturn) !== 0) {
      this.returns.add(row, tx);
      this.refreshOriginals(row);
      return;
    }
    this.refreshFlags(row);
    for (const subject of this.subjects) this.addLegs(subject, row);
  }

  private addLegs(subject: Subject, row: number): void {
    const { rows } = this;
    const t = rows.t[row]!;
    const n = subject.findLegs(row, true);
    const isRejected = (rows.flags[row]! & FLAG.rejected) !== 0;
    for (let i = 0; i < n; i++) {
      const key = subject.legKeys[i]!;
      const side = subject.legSides[i]!;
      if (subject.overfull.has(key, Math.floor(t / DAY_MS) * DAY_MS)) {
        this.asking.overfull(subject, key, row, side);
        continue;
      }
      const isLast = subject.histories.insert(key, row, side);
      rows.legs[row]!++;
      this.overfull.check(subject, key, t);
      if (isRejected || !this.asksOnArrival || subject.overfull.has(key, Math.floor(t / DAY_MS) * DAY_MS)) continue;
      if (isLast) this.asking.askAt(subject, key, subject.histories.end(key) - 1, Number.POSITIVE_INFINITY);
      else this.markDirty(subject, key, t);
    }
  }

  private get asksOnArrival(): boolean {
    return this.options.settings.mode === 'eager' && !this.replaying;
  }

  private markDirty(subject: Subject, key: number, t: number, toMs: number = t + Math.max(1, subject.reachMs)): void {
    if (this.asksOnArrival) this.dirty.get(subject)!.mark(key, t, toMs);
  }

  private removeRow(row: number): void {
    const { rows } = this;
    if ((rows.flags[row]! & FLAG.isReturn) !== 0) {
      const originals = this.returns.originalsOf(row);
      this.returns.remove(row);
      for (const original of originals) this.refreshReturned(original);
      return;
    }
    for (const subject of this.subjects) {
      const n = subject.findLegs(row, false);
      for (let i = 0; i < n; i++) {
        const key = subject.legKeys[i]!;
        this.asking.clear(subject, key, row);
        if (!subject.histories.remove(key, row)) continue;
        rows.legs[row]!--;
        this.markDirty(subject, key, rows.t[row]!);
        subject.closeIfIdle(key);
      }
    }
  }

  private statusRaised(row: number, before: number): void {
    if ((this.rows.flags[row]! & FLAG.isReturn) === 0) {
      const isOther = this.refreshFlags(row);
      for (const subject of this.subjects) if (isOther || subject.readsStatus) this.touch(subject, row);
    } else if (before < RETURNED && this.rows.status[row]! >= RETURNED) this.refreshOriginals(row);
  }

  /** Sets the flags of a transaction by its status and returns. Whether that changed anything. */
  private refreshFlags(row: number): boolean {
    const { flags, status } = this.rows;
    const before = flags[row]!;
    const visible = before & ~(FLAG.rejected | FLAG.returned);
    flags[row] = visible | (status[row] === REJECTED ? FLAG.rejected : 0) | (this.returns.isReturned(row) ? FLAG.returned : 0);
    return flags[row] !== before;
  }

  private refreshOriginals(y: number): void {
    for (const original of this.returns.originalsOf(y)) this.refreshReturned(original);
  }

  private refreshReturned(row: number): void {
    if (this.refreshFlags(row)) for (const subject of this.subjects) this.touch(subject, row);
  }

  /** What a kept transaction means has changed: whoever sees it is asked again. */
  private touch(subject: Subject, row: number): void {
    const n = subject.findLegs(row, false);
    for (let i = 0; i < n; i++) {
      const key = subject.legKeys[i]!;
      subject.histories.version[key]!++;
      this.markDirty(subject, key, this.rows.t[row]!);
    }
  }

  private makeOverfull(subject: Subject, key: number, day: number): void {
    const { histories } = subject;
    subject.overfull.add(key, day);
    subject.hold(key);
    const end = histories.lowerBound(key, day + DAY_MS);
    for (let p = histories.lowerBound(key, day); p < end; p++) {
      const ref = histories.leg(key, p);
      this.asking.clear(subject, key, ref >>> 2);
      this.asking.overfull(subject, key, ref >>> 2, ref & 3);
      this.rows.legs[ref >>> 2]!--;
    }
    histories.removeBetween(key, day, day + DAY_MS);
    this.markDirty(subject, key, day, day + DAY_MS + subject.reachMs);
  }

  advance(wmMs: number): void {
    if (this.replaying || !(wmMs > this.wmMs)) return;
    const settledMs = wmMs - this.settleMs;
    const askedMs = this.settleTo(settledMs);
    this.wmMs = wmMs;
    this.book.wmMs = wmMs;
    for (const alert of [...this.book.finalBefore(wmMs)]) {
      if (alert.isQueued || this.options.settings.mode === 'final') this.say(alert, this.outbox);
      this.dropAlert(alert);
    }
    this.forget(askedMs - this.reachMs);
  }

  private dropAlert(alert: Alert): void {
    this.book.drop(alert);
    this.forgetKey(alert.subject, alert.key, this.forgottenMs);
  }

  /** Asks what has to be asked before anchors up to a time are settled. Answers before which time no anchor will be asked again. */
  private settleTo(settledMs: number): number {
    if (this.options.settings.mode === 'eager') {
      for (const dirty of this.dirty.values()) if (dirty.fromMs < settledMs) this.sweep();
      return settledMs;
    }
    let toMs = Math.floor(settledMs / HOUR_MS) * HOUR_MS;
    for (const { typology } of this.programs) toMs = Math.max(toMs, Math.floor(settledMs / typology.alert.periodMs) * typology.alert.periodMs);
    if (settledMs === Number.POSITIVE_INFINITY) toMs = settledMs;
    if (toMs > this.askedMs) {
      this.askHours(this.askedMs, toMs);
      this.askedMs = toMs;
    }
    return this.askedMs;
  }

  /** Asks every anchor with from <= t < to, hour by hour. */
  private askHours(fromMs: number, toMs: number): void {
    const asked = this.subjects.map(() => new Dirty());
    for (const head of this.hours.between(fromMs, toMs)) {
      const hourMs = Math.floor(this.rows.t[head]! / HOUR_MS) * HOUR_MS;
      for (let row = head; row >= 0; row = this.rows.next[row]!) {
        if (this.rows.legs[row] === 0) continue;
        this.subjects.forEach((subject, s) => {
          const n = subject.findLegs(row, false);
          for (let i = 0; i < n; i++) asked[s]!.mark(subject.legKeys[i]!, Math.max(hourMs, fromMs), Math.min(hourMs + HOUR_MS, toMs));
        });
      }
      this.subjects.forEach((subject, s) => {
        for (const [key, range] of asked[s]!.takeAll()) this.asking.askBetween(subject, key, range.fromMs, range.toMs, Number.POSITIVE_INFINITY);
      });
    }
  }

  private sweep(): void {
    for (const [subject, dirty] of this.dirty) {
      for (const [key, { fromMs, toMs }] of dirty.takeAll()) this.asking.askBetween(subject, key, fromMs, toMs, fromMs);
    }
  }

  private forget(beforeMs: number): void {
    for (let hour = this.hours.takeBefore(beforeMs); hour !== null; hour = this.hours.takeBefore(beforeMs)) {
      this.forgottenMs = hour.endMs;
      this.forgetHour(hour.head, hour.endMs);
    }
    for (const subject of this.subjects) {
      for (const key of subject.overfull.forget((k) => this.untilOf(subject, k, beforeMs))) subject.release(key);
    }
    this.notices.forget(beforeMs);
  }

  private forgetHour(head: number, endMs: number): void {
    const { rows } = this;
    for (let row = head, next = -1; row >= 0; row = next) {
      next = rows.next[row]!;
      if ((rows.flags[row]! & FLAG.lost) !== 0) {
        rows.free(row);
        continue;
      }
      this.overfull.forget(row);
      this.identity.forget(row);
      if ((rows.flags[row]! & FLAG.isReturn) !== 0) this.returns.remove(row);
      rows.flags[row]! |= FLAG.forgotten;
      if (rows.legs[row] === 0) {
        rows.free(row);
        continue;
      }
      for (const subject of this.subjects) {
        const n = subject.findLegs(row, false);
        const [a, b] = [subject.legKeys[0]!, subject.legKeys[1]!];
        if (n > 0) this.forgetKey(subject, a, endMs);
        if (n > 1) this.forgetKey(subject, b, endMs);
        if (rows.legs[row] === 0) break;
      }
    }
  }

  /** Forgets the legs of a key before a time, as far as no alert that is not yet final needs them; rows of forgotten hours go with their last leg. */
  private forgetKey(subject: Subject, key: number, beforeMs: number): void {
    if (!subject.keys.isOpen(key)) return;
    const { rows } = this;
    const { histories } = subject;
    const untilMs = this.untilOf(subject, key, beforeMs);
    const end = histories.lowerBound(key, untilMs);
    const freed: number[] = [];
    for (let p = histories.first(key); p < end; p++) {
      const row = histories.leg(key, p) >>> 2;
      if (--rows.legs[row]! === 0 && (rows.flags[row]! & FLAG.forgotten) !== 0) freed.push(row);
    }
    histories.forget(key, untilMs);
    for (const row of freed) rows.free(row);
    subject.closeIfIdle(key);
  }

  /** Up to when a key can forget: what alerts that are not yet final read is kept. */
  private untilOf(subject: Subject, key: number, beforeMs: number): number {
    let untilMs = beforeMs;
    if (!subject.isHeld(key)) return untilMs;
    for (const program of subject.programs) {
      for (const alert of this.book.of(program, key)) untilMs = Math.min(untilMs, alert.fromMs - program.typology.reachMs);
    }
    return untilMs;
  }

  drain(options: { readonly deferLate?: boolean } = {}): AlertChange[] {
    if (this.replaying) return [];
    if (options.deferLate !== true) this.sweep();
    const changes = this.outbox;
    this.outbox = [];
    if (this.options.settings.mode === 'eager') {
      for (const alert of this.book.takeChanged()) {
        this.sweepKey(alert.subject, alert.key);
        this.say(alert, changes);
        if (alert.rows.length === 0) this.dropAlert(alert);
      }
    } else this.book.takeChanged();
    return changes.sort((a, b) => (a.alertId < b.alertId ? -1 : 1));
  }

  /** Nothing is said of a key of which some anchors still have to be asked. */
  private sweepKey(subject: Subject, key: number): void {
    const range = this.dirty.get(subject)!.takeOne(key);
    if (range !== undefined) this.asking.askBetween(subject, key, range.fromMs, range.toMs, range.fromMs);
  }

  private say(alert: Alert, changes: AlertChange[]): void {
    if (alert.rows.length === 0 && alert.said === '') return;
    const content = alert.rows.length === 0 ? null : this.drafts.contentOf(alert);
    const contentDigest = content === null ? '' : digestOf(content);
    if (contentDigest === alert.said) return;
    alert.said = contentDigest;
    changes.push({ alertId: alert.id, finalAtMs: alert.finalAtMs, content, contentDigest });
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
  }

  endReplay(wmMs: number): void {
    this.identity.takeConflicts();
    this.replaying = false;
    this.wmMs = Math.max(this.wmMs, wmMs);
    this.book.wmMs = this.wmMs;
    const settledMs = this.wmMs - this.settleMs;
    let fromMs = Number.POSITIVE_INFINITY;
    for (const { typology } of this.programs) fromMs = Math.min(fromMs, (Math.ceil(settledMs / typology.alert.periodMs) - 1) * typology.alert.periodMs);
    if (this.options.settings.mode === 'eager') this.askHours(fromMs, Number.POSITIVE_INFINITY);
    else {
      this.askedMs = fromMs;
      this.settleTo(settledMs);
    }
    this.forget(settledMs - this.reachMs);
  }

  inspect(typologyId: string, key: readonly string[], atMs: number): Inspection | null {
    return inspectAt(this.world, this.anchor, this.subjects, typologyId, key, atMs);
  }
}
