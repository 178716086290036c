import type { Program } from '../compile/program.ts';
import type { AnchorInHand } from '../compile/unit.ts';
import type { Rows } from '../rows.ts';
import type { Subject } from '../subject.ts';
import { EvidenceLog } from './evidenceLog.ts';
import type { LeadWords } from './wording.ts';

/** The hits of one typology and key in one period (S12), in ≺. */
export class Alert {
  readonly program: Program;
  readonly subject: Subject;
  readonly key: number;
  /** Number of the period since 1970-01-01. */
  readonly period: number;
  readonly id: string;
  readonly finalAtMs: number;
  readonly rows: number[] = [];
  readonly scores: number[] = [];
  /** By hit: which points held (`PointSets`). */
  readonly held: number[] = [];
  readonly evidence = new EvidenceLog();
  /** What was said of the lead when it was said last. */
  words: LeadWords | null = null;
  /** From this time on, evidence and the lead's words may be other than when they were last made. */
  staleMs = Number.POSITIVE_INFINITY;
  /** Digest of what was said last; '' where nothing stands. */
  said = '';
  /** Among those that have changed since the last drain. */
  isQueued = false;
  /** The alert of another period of the same typology and key. */
  next: Alert | null = null;
  private lead = -1;

  constructor(program: Program, subject: Subject, key: number, period: number, id: string, finalAtMs: number) {
    this.program = program;
    this.subject = subject;
    this.key = key;
    this.period = period;
    this.id = id;
    this.finalAtMs = finalAtMs;
  }

  get fromMs(): number {
    return this.period * this.program.typology.alert.periodMs;
  }

  /** Index of the hit with the greatest score, of several the first in ≺. */
  get leadIndex(): number {
    if (this.lead < 0) {
      this.lead = 0;
      for (let i = 1; i < this.scores.length; i++) if (this.scores[i]! > this.scores[this.lead]!) this.lead = i;
    }
    return this.lead;
  }

  /** Adds a hit, or says again what it is. */
  add(row: number, score: number, held: number, rows: Rows): void {
    const n = this.rows.length;
    if (n === 0 || rows.compare(this.rows[n - 1]!, row) < 0) {
      // In the place of one that is gone since the evidence was made.
      if (n < this.evidence.hits) this.stale(rows.t(row));
      this.rows.push(row);
      this.scores.push(score);
      this.held.push(held);
      if (this.lead >= 0 && score > this.scores[this.lead]!) this.lead = n;
      return;
    }
    this.stale(rows.t(row));
    const at = this.lowerBound(row, rows);
    if (this.rows[at] === row) {
      this.held[at] = held;
      if (this.scores[at] === score) return;
      this.scores[at] = score;
    } else {
      this.rows.splice(at, 0, row);
      this.scores.splice(at, 0, score);
      this.held.splice(at, 0, held);
    }
    this.lead = -1;
  }

  /** Whether there was such a hit. */
  remove(row: number, rows: Rows): boolean {
    const at = this.lowerBound(row, rows);
    if (this.rows[at] !== row) return false;
    this.stale(rows.t(row));
    this.rows.splice(at, 1);
    this.scores.splice(at, 1);
    this.held.splice(at, 1);
    this.lead = -1;
    return true;
  }

  stale(fromMs: number): void {
    if (fromMs < this.staleMs) this.staleMs = fromMs;
  }

  /** Makes one of its hits the anchor in hand, without moving the states of windows. */
  takeInHand(anchor: AnchorInHand, row: number, position: number = this.subject.histories.positionOf(this.key, row)): void {
    const { histories } = this.subject;
    anchor.subject = this.subject;
    anchor.key = this.key;
    anchor.position = position;
    anchor.row = row;
    anchor.side = histories.leg(this.key, position) & 3;
    anchor.isMoving = false;
    anchor.stamp++;
  }

  private lowerBound(row: number, rows: Rows): number {
    let lo = 0;
    let hi = this.rows.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (rows.compare(this.rows[mid]!, row) < 0) lo = mid + 1;
      else hi = mid;
    }
    return lo;
  }
}
