import type { Asking } from './asking.ts';
import { HOUR_MS } from './days.ts';
import { Dirty, type Range } from './dirty.ts';
import type { Hours } from './hours.ts';
import type { Rows } from './rows.ts';
import type { Subject } from './subject.ts';

/** What late records touch waits so many deferring drains: enough for many of them to be swept together. */
const DRAINS_WAITED = 32;
/** As many anchors take some milliseconds. */
const ANCHORS_AT_ONCE = 8192;

/** Asks anchors that were not asked as they came: those that late records and erasures touched, and, where all wait until they are settled, those of an hour. */
export class Sweeping {
  private readonly rows: Rows;
  private readonly hours: Hours;
  private readonly subjects: readonly Subject[];
  private readonly asking: Asking;
  private readonly dirty = new Map<Subject, Dirty>();
  /** Drains that deferred. */
  private drains = 0;

  constructor(rows: Rows, hours: Hours, subjects: readonly Subject[], asking: Asking) {
    this.rows = rows;
    this.hours = hours;
    this.subjects = subjects;
    this.asking = asking;
    for (const subject of subjects) this.dirty.set(subject, new Dirty());
  }

  /** The earliest time of an anchor that has to be asked again; +∞ where there is none. */
  get fromMs(): number {
    let fromMs = Number.POSITIVE_INFINITY;
    for (const dirty of this.dirty.values()) fromMs = Math.min(fromMs, dirty.fromMs);
    return fromMs;
  }

  mark(subject: Subject, key: number, fromMs: number, toMs: number): void {
    this.dirty.get(subject)!.mark(key, fromMs, toMs, this.drains);
  }

  /** Sweeps everything. */
  sweep(): void {
    this.sweepUntil(this.drains);
  }

  /** At a drain that defers: sweeps some of what has waited for so many drains that it is time, so that a later one has less to do at once. */
  sweepOld(): void {
    this.sweepUntil(this.drains - DRAINS_WAITED, ANCHORS_AT_ONCE);
    this.drains++;
  }

  /** Sweeps one key that is about to be spoken of. A very large range is left to be swept in parts; what is said meanwhile is as it was. */
  sweepKey(subject: Subject, key: number): void {
    for (const range of this.dirty.get(subject)!.takeOne(key)) {
      const isLarge = this.anchorsOf(subject, key, range) > ANCHORS_AT_ONCE;
      this.sweepRange(subject, key, range, isLarge ? 0 : Number.POSITIVE_INFINITY);
    }
  }

  private sweepUntil(since: number, anchorsMax = Number.POSITIVE_INFINITY): void {
    let left = anchorsMax;
    for (const [subject, dirty] of this.dirty) {
      for (const [key, range] of dirty.takeUntil(since)) left -= this.sweepRange(subject, key, range, left);
    }
  }

  private anchorsOf({ histories }: Subject, key: number, { fromMs, toMs }: Range): number {
    return histories.lowerBound(key, toMs) - histories.lowerBound(key, fromMs);
  }

  /** Asks again from the beginning of a range, so many anchors of it at most; the rest stays to be swept. Answers how many. */
  private sweepRange(subject: Subject, key: number, range: Range, anchorsMax: number): number {
    const { fromMs, toMs } = range;
    const anchors = this.anchorsOf(subject, key, range);
    if (anchors <= anchorsMax) {
      this.asking.askBetween(subject, key, fromMs, toMs, fromMs);
      return anchors;
    }
    if (anchorsMax <= 0) {
      this.dirty.get(subject)!.keep(key, fromMs, toMs);
      return 0;
    }
    const { histories } = subject;
    const next = histories.leg(key, histories.lowerBound(key, fromMs) + anchorsMax);
    // Anchors of one instant stay together.
    const cutMs = Math.max(fromMs + 1, this.rows.t(next >>> 2));
    this.asking.askBetween(subject, key, fromMs, cutMs, fromMs);
    this.dirty.get(subject)!.keep(key, cutMs, toMs);
    return anchorsMax;
  }

  /** Asks every anchor with from <= t < to for the first time, hour by hour. */
  askHours(fromMs: number, toMs: number): void {
    for (const head of this.hours.between(fromMs, toMs)) {
      const hourMs = Math.floor(this.rows.t(head) / HOUR_MS) * HOUR_MS;
      for (const subject of this.subjects) this.askHour(subject, head, Math.max(hourMs, fromMs), Math.min(hourMs + HOUR_MS, toMs));
    }
  }

  private askHour(subject: Subject, head: number, fromMs: number, toMs: number): void {
    const { rows } = this;
    const keys = new Set<number>();
    for (let row = head; row >= 0; row = rows.next(row)) {
      if (rows.legs(row) === 0 || !subject.sight.sees(row)) continue;
      const n = subject.findLegs(row, false);
      for (let i = 0; i < n; i++) keys.add(subject.legKeys[i]!);
    }
    for (const key of keys) this.asking.askNext(subject, key, fromMs, toMs);
  }
}
