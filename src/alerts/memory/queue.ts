import { randomUUID } from 'node:crypto';
import { assert } from '../../base/assert.ts';
import { EXPIRED_MAX, FIREHOSE_LENGTH, TRIES_MAX } from '../limits.ts';
import { alertLine } from '../line.ts';
import type { AlertQueue, AlertState, DeliveryBatch, DeliveryResult, Disposition, HistoryEntry, Standing, StoredAlert, Transition } from '../queue.ts';
import { LANES, rankText } from '../rank.ts';
import type { ClaimRequest } from '../requests.ts';
import {
  assertBatch,
  byBytes,
  checkDisposition,
  checkFirehose,
  checkLease,
  checkName,
  checkNote,
  claimRequest,
  frontierText,
  listRequest,
} from '../requests.ts';
import type { Action } from '../states.ts';
import type { Kept } from './life.ts';
import { ENGINE_NAME, giveBack, hit, lose, step, withEntry } from './life.ts';

export interface MemoryQueueOptions {
  readonly nowMs: () => number;
  readonly triesMax?: number;
  readonly engineVersion: string;
  /** Lines that the firehose keeps. A batch tool that reads none gives 0, which spares the memory of old contents. */
  readonly firehoseLength?: number;
}

export function createMemoryQueue(options: MemoryQueueOptions): AlertQueue {
  return new MemoryQueue(options);
}

/** The queue's port in one process and without durability: for `demo`, `screen` and tests. Answers what the Redis version answers. */
class MemoryQueue implements AlertQueue {
  private readonly nowMs: () => number;
  private readonly triesMax: number;
  private readonly engineVersion: string;
  private readonly firehoseLength: number;
  private readonly alerts = new Map<string, Kept>();
  private readonly leased = new Set<string>();
  /** Each revision as it was; the line is made when it is read. `firehoseStart` is the number of lines that are gone. */
  private firehose: StoredAlert[] = [];
  private firehoseStart = 0;
  private stands: Standing = { epoch: 0, frontier: {}, wmMs: null, firstReceiptMs: null, rulesDigest: null, ratesDigest: null, skip: [] };

  constructor(options: MemoryQueueOptions) {
    this.nowMs = options.nowMs;
    this.triesMax = options.triesMax ?? TRIES_MAX;
    this.engineVersion = options.engineVersion;
    this.firehoseLength = options.firehoseLength ?? FIREHOSE_LENGTH;
    assert(this.triesMax >= 1, 'an alert can be claimed at least once');
  }

  async takeOwnership(_owner: string): Promise<Standing> {
    this.stands = { ...this.stands, epoch: this.stands.epoch + 1 };
    return this.stands;
  }

  async standing(): Promise<Standing> {
    return this.stands;
  }

  async deliver(batch: DeliveryBatch): Promise<DeliveryResult> {
    assertBatch(batch);
    const { stands } = this;
    const fits = frontierText(batch.before.frontier) === frontierText(stands.frontier) && batch.before.wmMs === stands.wmMs;
    if (batch.epoch < stands.epoch || !fits) return { applied: false, stored: stands };
    const nowMs = this.expire();
    let revisions = 0;
    for (const change of batch.changes) {
      const kept = this.alerts.get(change.alertId);
      const after = change.content === null ? lose(kept, nowMs) : hit(kept, change, change.content, this.engineVersion, nowMs);
      if (after !== null) {
        this.alerts.set(change.alertId, after);
        this.tell(after.alert);
        revisions++;
      } else if (change.content !== null && kept !== undefined) {
        this.alerts.set(change.alertId, { ...kept, alert: { ...kept.alert, finalAtMs: change.finalAtMs } });
      }
    }
    const { epoch, after, firstReceiptMs, rulesDigest, ratesDigest } = batch;
    const skip = [...new Set([...stands.skip, ...batch.skip])].sort(byBytes);
    this.stands = { epoch, frontier: { ...after.frontier }, wmMs: after.wmMs, firstReceiptMs, rulesDigest, ratesDigest, skip };
    return { applied: true, revisions };
  }

  async notFinal(wmMs: number): Promise<string[]> {
    const ids: string[] = [];
    for (const { alert } of this.alerts.values()) if (alert.content !== null && !alert.withdrawn && alert.finalAtMs >= wmMs) ids.push(alert.alertId);
    return ids.sort(byBytes);
  }

  async claim(options: Parameters<AlertQueue['claim']>[0]): Promise<StoredAlert[]> {
    const request = claimRequest(options);
    const nowMs = this.expire();
    const token = randomUUID();
    return this.claimable(request).map((kept) => {
      const { alert } = kept;
      const untilMs = nowMs + request.leaseMs;
      const state = step(kept, 'claim');
      assert(state === 'claimed', 'only what can be claimed is claimed');
      const claim = { by: request.by, token, untilMs };
      return this.keep({ ...alert, ...withEntry(alert, { atMs: nowMs, by: request.by, action: 'claim' }), state, claim, changed: false }, null);
    });
  }

  async extend(alertId: string, by: string, leaseMs: number): Promise<Transition> {
    checkName(by);
    checkLease(leaseMs);
    return this.held(alertId, by, 'extend', (kept, nowMs) => {
      const { alert } = kept;
      const claim = { ...alert.claim!, untilMs: nowMs + leaseMs };
      return { ...kept, alert: { ...alert, ...withEntry(alert, { atMs: nowMs, by, action: 'extend' }), claim } };
    });
  }

  async release(alertId: string, by: string, note?: string): Promise<Transition> {
    checkName(by);
    if (note !== undefined) checkNote('the note', note);
    return this.held(alertId, by, 'release', (kept, atMs) => giveBack(kept, 'release', this.triesMax, entry({ atMs, by, action: 'release' }, note)));
  }

  async resolve(alertId: string, by: string, disposition: Disposition, reason: string, options: { readonly rev?: number } = {}): Promise<Transition> {
    checkName(by);
    checkDisposition(disposition);
    checkNote('the reason', reason);
    const { rev } = options;
    return this.held(alertId, by, 'resolve', ({ alert }, atMs) => {
      if (rev !== undefined && rev !== alert.rev) return 'changed';
      const resolution = { by, disposition, reason, rev: alert.rev, atMs };
      const history = withEntry(alert, { atMs, by, action: 'resolve', note: `${disposition}: ${reason}` });
      return { alert: { ...alert, ...history, state: 'resolved', claim: null, changed: false, changedAfterResolution: false, resolution }, lapsedBy: null };
    });
  }

  async reopen(alertId: string, by: string, reason: string): Promise<Transition> {
    checkName(by);
    checkNote('the reason', reason);
    return this.act(alertId, 'reopen', (kept, atMs) => {
      const { alert } = kept;
      const state = step(kept, 'reopen');
      if (state === null || state === 'none') return 'wrong-state';
      return { alert: { ...alert, ...withEntry(alert, { atMs, by, action: 'reopen', note: reason }), state, tries: 0, resolution: null }, lapsedBy: null };
    });
  }

  async note(alertId: string, by: string, text: string): Promise<Transition> {
    checkName(by);
    checkNote('the note', text);
    return this.act(alertId, 'note', (kept, atMs) => ({
      ...kept,
      alert: { ...kept.alert, ...withEntry(kept.alert, { atMs, by, action: 'note', note: text }) },
    }));
  }

  async get(alertId: string): Promise<StoredAlert | null> {
    this.expire();
    return this.alerts.get(alertId)?.alert ?? null;
  }

  async list(options: Parameters<AlertQueue['list']>[0]): Promise<StoredAlert[]> {
    const { states, lanes, limit, afterLane, afterRank } = listRequest(options);
    this.expire();
    const ranked: { lane: number; rank: string; alert: StoredAlert }[] = [];
    for (const { alert } of this.alerts.values()) {
      if (alert.content === null || !(states as readonly string[]).includes(alert.state) || !lanes.includes(alert.content.route)) continue;
      const [lane, rank] = [LANES.indexOf(alert.content.route), rankText(alert.content, alert.createdAtMs)];
      if (lane > afterLane || (lane === afterLane && rank > afterRank)) ranked.push({ lane, rank, alert });
    }
    ranked.sort((a, b) => a.lane - b.lane || (a.rank < b.rank ? -1 : 1));
    return ranked.slice(0, limit).map(({ alert }) => alert);
  }

  async counts(): Promise<Readonly<Record<AlertState, number>>> {
    this.expire();
    const counts = { ready: 0, claimed: 0, resolved: 0, withdrawn: 0, dead: 0 };
    for (const { alert } of this.alerts.values()) if (alert.state !== 'retracted') counts[alert.state]++;
    return counts;
  }

  async readFirehose(afterId: string, count: number): Promise<{ id: string; line: string }[]> {
    checkFirehose(afterId, count);
    const from = Math.max(Number(afterId.split('-')[0] ?? 0) - this.firehoseStart, 0);
    return this.firehose
      .slice(from, from + count)
      .map((alert, i) => ({ id: `${this.firehoseStart + from + i + 1}-0`, line: alertLine(alert, alert.engineVersion) }));
  }

  async close(): Promise<void> {
    this.leased.clear();
    this.alerts.clear();
  }

  private keep(alert: StoredAlert, lapsedBy: string | null): StoredAlert {
    this.alerts.set(alert.alertId, { alert, lapsedBy });
    if (alert.state === 'claimed') this.leased.add(alert.alertId);
    else this.leased.delete(alert.alertId);
    return alert;
  }

  private tell(alert: StoredAlert): void {
    this.firehose.push(alert);
    if (this.firehose.length < 2 * this.firehoseLength + 1) return;
    this.firehoseStart += this.firehose.length - this.firehoseLength;
    this.firehose = this.firehose.slice(this.firehose.length - this.firehoseLength);
  }

  /** Ends the leases whose time is over, before anything else is done, and gives the present. */
  private expire(): number {
    const nowMs = this.nowMs();
    const due = [...this.leased].map((id) => this.alerts.get(id)!).filter(({ alert }) => alert.claim!.untilMs <= nowMs);
    due.sort((a, b) => a.alert.claim!.untilMs - b.alert.claim!.untilMs || (a.alert.alertId < b.alert.alertId ? -1 : 1));
    for (const kept of due.slice(0, EXPIRED_MAX)) {
      const { by, untilMs } = kept.alert.claim!;
      const after = giveBack(kept, 'expire', this.triesMax, { atMs: untilMs, by: ENGINE_NAME, action: 'expire', note: `the claim of ${by} ran out` });
      this.keep(after.alert, after.lapsedBy);
    }
    return nowMs;
  }

  private claimable(request: ClaimRequest): Kept[] {
    if (request.alertId !== null) {
      const kept = this.alerts.get(request.alertId);
      return kept !== undefined && step(kept, 'claim') !== null ? [kept] : [];
    }
    const ready: { rank: string; kept: Kept }[] = [];
    for (const kept of this.alerts.values()) {
      const { alert } = kept;
      if (alert.state === 'ready' && alert.content!.route === request.lane) ready.push({ rank: rankText(alert.content!, alert.createdAtMs), kept });
    }
    return ready
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .slice(0, request.count)
      .map(({ kept }) => kept);
  }

  /** A step that is the holder's alone. */
  private async held(alertId: string, by: string, action: Action, make: (kept: Kept, nowMs: number) => Kept | 'changed'): Promise<Transition> {
    return this.act(alertId, action, (kept, nowMs) => {
      const { claim } = kept.alert;
      if (claim === null) return kept.lapsedBy === by ? 'not-holder' : 'wrong-state';
      return claim.by === by ? make(kept, nowMs) : 'not-holder';
    });
  }

  private act(alertId: string, action: Action, make: (kept: Kept, nowMs: number) => Kept | 'wrong-state' | 'not-holder' | 'changed'): Transition {
    const nowMs = this.expire();
    const kept = this.alerts.get(alertId);
    if (kept === undefined || kept.alert.state === 'retracted') return { ok: false, code: 'not-found', state: null };
    const made = make(kept, nowMs);
    if (typeof made === 'string') return { ok: false, code: made, state: kept.alert.state };
    assert(step(kept, action, { triesLeft: true }) !== null, 'a step that is made stands in the table');
    return { ok: true, alert: this.keep(made.alert, made.lapsedBy) };
  }
}

function entry(made: HistoryEntry, note: string | undefined): HistoryEntry {
  return note === undefined ? made : { ...made, note };
}
