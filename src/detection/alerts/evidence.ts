import type { Typology } from '../../typologies/ast.ts';
import { correlationOf } from '../compile/correlation.ts';
import type { AnchorInHand } from '../compile/unit.ts';
import type { Histories } from '../histories.ts';
import type { Rows } from '../rows.ts';
import type { Aggregates } from '../windows/aggregates.ts';
import type { WindowAggregate } from '../windows/windowAggregate.ts';
import type { Alert } from './alert.ts';
import type { ReaderState } from './evidenceLog.ts';
import { PointSets } from './pointSets.ts';
import { ANCHOR_RANK, readersOf } from './readers.ts';

/** How a reader's legs hang on the anchor: not at all, by equalities alone, or otherwise. */
type Kind = 'steady' | 'grouped' | 'open';

interface ActiveReader {
  readonly aggregate: WindowAggregate;
  readonly rank: number;
  /** Number of the point through which it is read; −1 where `when` reads it. */
  readonly point: number;
  readonly kind: Kind;
}

/** The place of a hit in its key's history. */
interface Place {
  readonly histories: Histories;
  readonly key: number;
  readonly position: number;
  readonly timeMs: number;
  /** What lies at or before this time is in already. */
  readonly cutMs: number;
}

/** A grouped reader looks at the whole window of each hit where that has at most so many legs. */
const SMALL_LEGS = 32;

/**
 * The evidence of the alerts of one typology (S18): the union over the hits, kept up as hits come. Windows trail: of a window that reads the same legs
 * whatever the anchor, a hit adds only what lies after the hit before it, so that a key that hits at every leg costs one look at each leg. Where an
 * equality correlates with the anchor, legs wait for a hit of their group.
 */
export class Evidence {
  readonly points: PointSets;
  private readonly rows: Rows;
  private readonly anchor: AnchorInHand;
  private readonly readers: readonly ActiveReader[];
  private readonly reachMs: number;
  /** Whether every hit reads with all readers, and these read the same whatever the anchor. */
  private readonly isSteady: boolean;

  constructor(typology: Typology, aggregates: Aggregates, reporting: string, rows: Rows, anchor: AnchorInHand) {
    this.rows = rows;
    this.anchor = anchor;
    const readers = readersOf(typology);
    this.points = new PointSets(readers.map((r) => r.points).filter((p) => p >= 0));
    this.readers = readers.map(({ aggregate, rank, points }) => {
      const { equalities, isOpen } = correlationOf(aggregate);
      const kind = isOpen ? 'open' : equalities.length > 0 ? 'grouped' : 'steady';
      return { aggregate: aggregates.of(aggregate, typology, reporting), rank, point: points < 0 ? -1 : this.points.numberOf(points), kind };
    });
    this.reachMs = Math.max(0, ...this.readers.map((r) => r.aggregate.windowMs));
    this.isSteady = this.readers.every((r) => r.point < 0 && r.kind === 'steady');
  }

  /** Brings an alert's evidence up to its hits. */
  update(alert: Alert): void {
    const { evidence, key, subject } = alert;
    const { histories } = subject;
    if (evidence.readers.length === 0) {
      for (let k = 0; k < Math.max(1, this.readers.length); k++) evidence.readers.push({ lastRow: -1, waiting: null, waitingLegs: 0 });
    }
    const known = evidence.hits;
    const cutMs = this.forgetStale(alert);
    let position = -1;
    for (let i = evidence.hits; i < alert.rows.length; i++) {
      const row = alert.rows[i]!;
      position = histories.positionFrom(key, row, position);
      const place = { histories, key, position, timeMs: this.rows.t(row), cutMs: i < known ? cutMs : Number.NEGATIVE_INFINITY };
      if (this.isSteady) this.addSteady(alert, place);
      else this.addHit(alert, i, place);
    }
    evidence.merge(this.rows);
    evidence.hits = alert.rows.length;
  }

  /** Drops what may have changed. Answers the time up to which everything that known hits read is still there. */
  private forgetStale(alert: Alert): number {
    const { evidence, staleMs } = alert;
    alert.staleMs = Number.POSITIVE_INFINITY;
    if (staleMs === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
    // With steady readers alone, the last hit before has read whatever a later one reads of what lies before it.
    const keepMs = this.isSteady ? staleMs : staleMs - this.reachMs;
    let hits = Math.min(evidence.hits, alert.rows.length);
    while (hits > 0 && this.isAfter(alert.rows[hits - 1]!, keepMs)) hits--;
    evidence.hits = hits;
    for (const state of evidence.readers) this.restart(state);
    if (!this.isSteady) {
      evidence.dropAfter(keepMs, this.rows);
      return keepMs;
    }
    const lastRow = hits === 0 ? -1 : alert.rows[hits - 1]!;
    evidence.readers[0]!.lastRow = lastRow;
    if (lastRow < 0) evidence.dropAfter(Number.NEGATIVE_INFINITY, this.rows);
    else evidence.dropBehind(lastRow, this.rows);
    return Number.NEGATIVE_INFINITY;
  }

  private isAfter(row: number, keepMs: number): boolean {
    const t = this.rows.t(row);
    return this.isSteady ? t >= keepMs : t > keepMs;
  }

  private restart(state: ReaderState): void {
    state.lastRow = -1;
    state.waiting = null;
    state.waitingLegs = 0;
  }

  private addSteady(alert: Alert, place: Place): void {
    const { histories, key, position, timeMs } = place;
    const state = alert.evidence.readers[0]!;
    for (let p = this.startOf(state, this.reachMs, place); p < position; p++) {
      const leg = histories.leg(key, p);
      const rank = this.rankOf(leg, timeMs);
      if (rank < Number.POSITIVE_INFINITY) alert.evidence.push(leg >>> 2, rank);
    }
    state.lastRow = histories.leg(key, position) >>> 2;
    alert.evidence.push(state.lastRow, ANCHOR_RANK);
  }

  /** First position of the window of a hit that its reader has not looked at with the hit before. */
  private startOf(state: ReaderState, windowMs: number, { histories, key, position, timeMs, cutMs }: Place): number {
    const fromMs = Math.max(timeMs - windowMs, cutMs) + 1;
    if (state.lastRow >= 0) {
      const next = histories.positionBefore(key, state.lastRow, position) + 1;
      if (next <= position && this.rows.t(histories.leg(key, next) >>> 2) >= fromMs) return next;
    }
    return histories.lowerBound(key, fromMs);
  }

  private rankOf(leg: number, anchorMs: number): number {
    const legMs = this.rows.t(leg >>> 2);
    let best = Number.POSITIVE_INFINITY;
    for (const { aggregate, rank } of this.readers) {
      if (rank < best && legMs > anchorMs - aggregate.windowMs && aggregate.unit.isRead(leg >>> 2, leg & 3)) best = rank;
    }
    return best;
  }

  /** Adds what one hit reads with each of its readers. */
  private addHit(alert: Alert, hit: number, place: Place): void {
    const { evidence } = alert;
    const row = alert.rows[hit]!;
    alert.takeInHand(this.anchor, row, place.position);
    this.readers.forEach((reader, k) => {
      if (reader.point >= 0 && !this.points.has(reader.point, alert.held[hit]!)) return;
      const state = evidence.readers[k]!;
      if (reader.kind === 'grouped') this.readGroup(alert, reader, state, place);
      else
        this.readWindow(
          alert,
          reader,
          reader.kind === 'steady' ? this.startOf(state, reader.aggregate.windowMs, place) : this.windowStart(reader, place),
          place,
        );
      state.lastRow = row;
    });
    evidence.offer(row, ANCHOR_RANK, this.rows);
  }

  private windowStart({ aggregate }: ActiveReader, { histories, key, timeMs, cutMs }: Place): number {
    return histories.lowerBound(key, Math.max(timeMs - aggregate.windowMs, cutMs) + 1);
  }

  private readWindow(alert: Alert, { aggregate, rank }: ActiveReader, start: number, { histories, key, position }: Place): void {
    for (let p = start; p <= position; p++) {
      const leg = histories.leg(key, p);
      if (aggregate.unit.isRead(leg >>> 2, leg & 3)) alert.evidence.offer(leg >>> 2, rank, this.rows);
    }
  }

  private readGroup(alert: Alert, reader: ActiveReader, state: ReaderState, place: Place): void {
    const { histories, key, position, timeMs } = place;
    const { unit, windowMs } = reader.aggregate;
    if (state.waiting === null) {
      const start = this.windowStart(reader, place);
      if (position - start < SMALL_LEGS) {
        this.readWindow(alert, reader, start, place);
        return;
      }
      state.waiting = new Map();
      state.lastRow = -1;
    } else if (state.waitingLegs > 2 * histories.count(key)) {
      state.waiting.clear();
      state.waitingLegs = 0;
      state.lastRow = -1;
    }
    for (let p = this.startOf(state, windowMs, place); p <= position; p++) {
      const leg = histories.leg(key, p);
      const group = unit.isReadRest(leg >>> 2, leg & 3) ? unit.groupOf(leg >>> 2, leg & 3) : 0;
      if (group === 0) continue;
      const legs = state.waiting.get(group);
      if (legs === undefined) state.waiting.set(group, [leg >>> 2]);
      else legs.push(leg >>> 2);
      state.waitingLegs++;
    }
    const group = unit.groupOfAnchor();
    const legs = state.waiting.get(group) ?? [];
    for (const row of legs) if (this.rows.t(row) > timeMs - windowMs) alert.evidence.offer(row, reader.rank, this.rows);
    state.waiting.delete(group);
    state.waitingLegs -= legs.length;
  }
}
