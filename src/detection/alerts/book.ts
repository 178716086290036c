import { createHmac } from 'node:crypto';
import type { Program } from '../compile/program.ts';
import type { Rows } from '../rows.ts';
import { SegmentedMap } from '../segmentedMap.ts';
import type { Subject } from '../subject.ts';
import { Alert } from './alert.ts';

/** All alerts that are not yet final, found by typology, key and period, and those that changed since the last drain. */
export class AlertBook {
  private readonly rows: Rows;
  private readonly alertKey: string;
  /** By typology, then by key: the first of a chain of alerts. */
  private readonly heads: SegmentedMap<Alert>[];
  private readonly byFinal = new Map<number, Set<Alert>>();
  /** Keys of `byFinal`, rising. */
  private readonly finals: number[] = [];
  private changed: Alert[] = [];
  private count = 0;
  /** Alerts with a `finalAtMs` below this are final: nothing changes them any more. */
  wmMs = Number.NEGATIVE_INFINITY;

  constructor(rows: Rows, alertKey: string, programs: number) {
    this.rows = rows;
    this.alertKey = alertKey;
    this.heads = Array.from({ length: programs }, () => new SegmentedMap<Alert>());
  }

  get size(): number {
    return this.count;
  }

  /** The typology fired at an anchor of the key. From `staleMs` on something changed that it may have read. */
  hit(program: Program, subject: Subject, key: number, row: number, score: number, held: number, staleMs: number): void {
    const { periodMs } = program.typology.alert;
    const period = Math.floor(this.rows.t(row) / periodMs);
    const finalAtMs = (period + 1) * periodMs + program.settleMs;
    if (finalAtMs < this.wmMs) return;
    const alert = this.find(program, key, period) ?? this.open(program, subject, key, period, finalAtMs);
    alert.add(row, score, held, this.rows);
    alert.stale(staleMs);
    this.queue(alert);
  }

  /** The typology does not fire at an anchor where it may have fired before. */
  clear(program: Program, key: number, row: number): void {
    const alert = this.find(program, key, Math.floor(this.rows.t(row) / program.typology.alert.periodMs));
    if (alert?.remove(row, this.rows)) this.queue(alert);
  }

  /** The alerts of a typology and key. */
  *of(program: Program, key: number): IterableIterator<Alert> {
    for (let alert = this.heads[program.index]!.get(key) ?? null; alert !== null; alert = alert.next) yield alert;
  }

  queue(alert: Alert): void {
    if (alert.isQueued) return;
    alert.isQueued = true;
    this.changed.push(alert);
  }

  /** Those that changed since they were taken last; more may be added while this is read, and some may be gone. */
  peekChanged(): readonly Alert[] {
    return this.changed;
  }

  takeChanged(): Alert[] {
    const taken = this.changed.filter((alert) => alert.isQueued);
    this.changed = [];
    for (const alert of taken) alert.isQueued = false;
    return taken;
  }

  /** All that are held. */
  *all(): IterableIterator<Alert> {
    for (const alerts of this.byFinal.values()) yield* alerts;
  }

  /** Those that a wm makes final, in the order in which they become so. */
  *finalBefore(wmMs: number): IterableIterator<Alert> {
    for (const finalAtMs of this.finals) {
      if (finalAtMs >= wmMs) return;
      yield* this.byFinal.get(finalAtMs)!;
    }
  }

  /** Forgets an alert. */
  drop(alert: Alert): void {
    const alerts = this.byFinal.get(alert.finalAtMs)!;
    alerts.delete(alert);
    if (alerts.size === 0) {
      this.byFinal.delete(alert.finalAtMs);
      this.finals.splice(this.finals.indexOf(alert.finalAtMs), 1);
    }
    this.unlink(alert);
    this.count--;
    alert.isQueued = false;
    alert.subject.release(alert.key);
  }

  private find(program: Program, key: number, period: number): Alert | undefined {
    for (const alert of this.of(program, key)) if (alert.period === period) return alert;
    return undefined;
  }

  private open(program: Program, subject: Subject, key: number, period: number, finalAtMs: number): Alert {
    const { typology } = program;
    const array = ['alert/1', typology.id, typology.major, typology.alert.periodMs, typology.subject.paths, subject.keys.texts(key), period];
    const id = createHmac('sha256', this.alertKey).update(JSON.stringify(array)).digest('hex').slice(0, 32);
    const alert = new Alert(program, subject, key, period, id, finalAtMs);
    const heads = this.heads[program.index]!;
    alert.next = heads.get(key) ?? null;
    heads.set(key, alert);
    this.alertsAt(finalAtMs).add(alert);
    this.count++;
    subject.hold(key);
    return alert;
  }

  private alertsAt(finalAtMs: number): Set<Alert> {
    const known = this.byFinal.get(finalAtMs);
    if (known !== undefined) return known;
    const alerts = new Set<Alert>();
    this.byFinal.set(finalAtMs, alerts);
    let at = this.finals.length;
    while (at > 0 && this.finals[at - 1]! > finalAtMs) at--;
    this.finals.splice(at, 0, finalAtMs);
    return alerts;
  }

  private unlink(alert: Alert): void {
    const heads = this.heads[alert.program.index]!;
    const head = heads.get(alert.key)!;
    if (head === alert) {
      if (alert.next === null) heads.delete(alert.key);
      else heads.set(alert.key, alert.next);
      return;
    }
    let before = head;
    while (before.next !== alert) before = before.next!;
    before.next = alert.next;
  }
}
