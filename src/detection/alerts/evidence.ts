import type { Typology } from '../../typologies/ast.ts';
import { correlationOf } from '../compile/correlation.ts';
import type { AnchorInHand } from '../compile/unit.ts';
import type { Rows } from '../rows.ts';
import type { Aggregates } from '../windows/aggregates.ts';
import type { WindowAggregate } from '../windows/windowAggregate.ts';
import type { Alert } from './alert.ts';
import { ANCHOR_RANK, readersOf } from './readers.ts';

interface ActiveReader {
  readonly aggregate: WindowAggregate;
  readonly rank: number;
  /** Number among `Evidence.points` of the point through which it is read; −1 where `when` reads it. */
  readonly point: number;
  readonly isCorrelated: boolean;
}

/** As many points have a bit each in what `heldOf` answers. */
const BITS = 31;

/**
 * The evidence of the alerts of one typology (S18): the union over the hits, kept up as hits come. Windows trail: of a window that reads the same legs
 * whatever the anchor, a hit adds only what lies after the hit before it, so that a key that hits at every leg costs one look at each leg.
 */
export class Evidence {
  private readonly rows: Rows;
  private readonly anchor: AnchorInHand;
  private readonly readers: readonly ActiveReader[];
  private readonly reachMs: number;
  /** Whether every hit reads with all readers, and these read the same whatever the anchor. */
  private readonly isSteady: boolean;
  /** Indices of the points that have readers. */
  private readonly points: number[];
  /** Which of very many points held, by the number that stands for it. */
  private readonly sets: string[] = [];
  private readonly setNumbers = new Map<string, number>();

  constructor(typology: Typology, aggregates: Aggregates, reporting: string, rows: Rows, anchor: AnchorInHand) {
    this.rows = rows;
    this.anchor = anchor;
    const readers = readersOf(typology);
    this.points = [...new Set(readers.map((r) => r.points).filter((p) => p >= 0))];
    this.readers = readers.map(({ aggregate, rank, points }) => {
      const { equalities, isOpen } = correlationOf(aggregate);
      return {
        aggregate: aggregates.of(aggregate, typology, reporting),
        rank,
        point: points < 0 ? -1 : this.points.indexOf(points),
        isCorrelated: isOpen || equalities.length > 0,
      };
    });
    this.reachMs = Math.max(0, ...this.readers.map((r) => r.aggregate.windowMs));
    this.isSteady = this.points.length === 0 && this.readers.every((r) => !r.isCorrelated);
  }

  /** A number that says which points held, as far as evidence hangs on them, from what a program says of each. */
  heldOf(held: Uint8Array): number {
    if (this.points.length <= BITS) return this.points.reduce((mask, point, i) => (held[point] === 1 ? mask | (1 << i) : mask), 0);
    const set = this.points.map((point) => held[point]).join('');
    const known = this.setNumbers.get(set);
    if (known !== undefined) return known;
    this.setNumbers.set(set, this.sets.length);
    return this.sets.push(set) - 1;
  }

  private isHeld(point: number, held: number): boolean {
    return this.points.length <= BITS ? ((held >> point) & 1) === 1 : this.sets[held]![point] === '1';
  }

  /** Brings an alert's evidence up to its hits. */
  update(alert: Alert): void {
    const log = alert.evidence;
    const known = log.hits;
    const cutMs = this.forgetStale(alert);
    const { histories } = alert.subject;
    const last = log.lastRows.map((row) => (row < 0 ? -1 : histories.positionOf(alert.key, row)));
    for (let i = log.hits; i < alert.rows.length; i++) {
      const position = histories.positionOf(alert.key, alert.rows[i]!);
      if (this.isSteady) this.addSteady(alert, position, last);
      else this.addHit(alert, i, position, last, i < known ? cutMs : Number.NEGATIVE_INFINITY);
    }
    log.hits = alert.rows.length;
    log.lastRows = last.map((position) => (position < 0 ? -1 : histories.leg(alert.key, position) >>> 2));
  }

  /** Drops what may have changed. Answers the time up to which everything that known hits read is still there. */
  private forgetStale(alert: Alert): number {
    const log = alert.evidence;
    const staleMs = alert.staleMs;
    alert.staleMs = Number.POSITIVE_INFINITY;
    if (log.lastRows.length === 0) log.lastRows = new Array(Math.max(1, this.readers.length)).fill(-1);
    if (staleMs === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
    const { t } = this.rows;
    if (this.isSteady) {
      let hits = Math.min(log.hits, alert.rows.length);
      while (hits > 0 && t[alert.rows[hits - 1]!]! >= staleMs) hits--;
      log.hits = hits;
      const lastRow = hits === 0 ? -1 : alert.rows[hits - 1]!;
      log.lastRows = [lastRow];
      if (lastRow < 0) log.dropAfter(Number.NEGATIVE_INFINITY, this.rows);
      else log.dropBehind(lastRow, this.rows);
      return Number.NEGATIVE_INFINITY;
    }
    const cutMs = staleMs - this.reachMs;
    let hits = Math.min(log.hits, alert.rows.length);
    while (hits > 0 && t[alert.rows[hits - 1]!]! > cutMs) hits--;
    log.hits = hits;
    log.lastRows = log.lastRows.fill(-1);
    log.dropAfter(cutMs, this.rows);
    return cutMs;
  }

  private addSteady(alert: Alert, position: number, last: number[]): void {
    const { histories } = alert.subject;
    const { t } = this.rows;
    const time = t[histories.leg(alert.key, position) >>> 2]!;
    const start = histories.lowerBound(alert.key, time - this.reachMs + 1);
    for (let p = Math.max(start, last[0]! + 1); p < position; p++) {
      const leg = histories.leg(alert.key, p);
      const rank = this.rankOf(leg, time);
      if (rank < Number.POSITIVE_INFINITY) alert.evidence.push(leg >>> 2, rank);
    }
    alert.evidence.push(histories.leg(alert.key, position) >>> 2, ANCHOR_RANK);
    last[0] = position;
  }

  private rankOf(leg: number, anchorMs: number): number {
    const legMs = this.rows.t[leg >>> 2]!;
    let best = Number.POSITIVE_INFINITY;
    for (const { aggregate, rank } of this.readers) {
      if (rank < best && legMs > anchorMs - aggregate.windowMs && aggregate.unit.isRead(leg >>> 2, leg & 3)) best = rank;
    }
    return best;
  }

  /** Adds what one hit reads with each of its readers, after `cutMs`. */
  private addHit(alert: Alert, hit: number, position: number, last: number[], cutMs: number): void {
    const { evidence, key, subject } = alert;
    const { histories } = subject;
    const row = alert.rows[hit]!;
    const time = this.rows.t[row]!;
    alert.takeInHand(this.anchor, row);
    this.readers.forEach((reader, k) => {
      if (reader.point >= 0 && !this.isHeld(reader.point, alert.held[hit]!)) return;
      const start = histories.lowerBound(key, Math.max(time - reader.aggregate.windowMs, cutMs) + 1);
      for (let p = reader.isCorrelated ? start : Math.max(start, last[k]! + 1); p <= position; p++) {
        const leg = histories.leg(key, p);
        if (reader.aggregate.unit.isRead(leg >>> 2, leg & 3)) evidence.offer(leg >>> 2, reader.rank, this.rows);
      }
      last[k] = position;
    });
    evidence.offer(row, ANCHOR_RANK, this.rows);
  }
}
