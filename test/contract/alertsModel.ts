import type { AlertState, DeliveryBatch, HistoryEntry, Lane, Standing } from '../../src/alerts/queue.ts';
import type { AlertChange, AlertContent } from '../../src/detection/content.ts';

/**
 * A third statement of the alert's life, as plain as it can be: what happened to an alert is a list, and how it stands is told by reading that list from
 * the start, each time. It shares no code with the queues. Bounds (lengths, pages, history) are left to tests of their own.
 */
type Happening =
  | { t: number; what: 'hit'; change: AlertChange; content: AlertContent }
  | { t: number; what: 'lose' }
  | { t: number; what: 'claim' | 'extend'; by: string; until: number }
  | { t: number; what: 'release' | 'reopen' | 'note'; by: string; note?: string }
  | { t: number; what: 'resolve'; by: string; disposition: string; reason: string };

interface Stand {
  rev: number;
  op: 'open' | 'update' | 'retract';
  state: AlertState | 'retracted';
  finalAtMs: number;
  content: AlertContent | null;
  contentDigest: string;
  changed: boolean;
  changedAfterResolution: boolean;
  withdrawn: boolean;
  claim: { by: string; untilMs: number } | null;
  resolution: { by: string; disposition: string; reason: string; rev: number; atMs: number } | null;
  tries: number;
  createdAtMs: number;
  history: HistoryEntry[];
  lapsedBy: string | null;
}

const NEW = { changed: false, changedAfterResolution: false, withdrawn: false, claim: null, resolution: null, tries: 0, lapsedBy: null } as const;
const SEVERITIES = ['low', 'medium', 'high', 'critical'];

export class QueueModel {
  readonly happened = new Map<string, Happening[]>();
  readonly said: { alertId: string; rev: number; op: string; withdrawn: boolean; digest: string }[] = [];
  stands: Standing = { epoch: 0, frontier: {}, wmMs: null, firstReceiptMs: null, rulesDigest: null, ratesDigest: null, skip: [] };
  private readonly triesMax: number;
  private readonly engineVersion: string;

  constructor(triesMax: number, engineVersion: string) {
    this.triesMax = triesMax;
    this.engineVersion = engineVersion;
  }

  takeOwnership(): Standing {
    this.stands = { ...this.stands, epoch: this.stands.epoch + 1 };
    return this.stands;
  }

  deliver(batch: DeliveryBatch, t: number): { applied: true; revisions: number } | { applied: false; stored: Standing } {
    const sameFrontier = JSON.stringify(Object.entries(batch.before.frontier).sort()) === JSON.stringify(Object.entries(this.stands.frontier).sort());
    if (batch.epoch < this.stands.epoch || !sameFrontier || batch.before.wmMs !== this.stands.wmMs) return { applied: false, stored: this.stands };
    let revisions = 0;
    for (const change of batch.changes) {
      const before = this.stand(change.alertId, t)?.rev ?? 0;
      if (change.content === null) this.happen(change.alertId, { t, what: 'lose' });
      else this.happen(change.alertId, { t, what: 'hit', change, content: change.content });
      const after = this.stand(change.alertId, t);
      if (after === null || after.rev === before) continue;
      revisions++;
      this.said.push({ alertId: change.alertId, rev: after.rev, op: after.op, withdrawn: after.withdrawn, digest: after.contentDigest });
    }
    const skip = [...new Set([...this.stands.skip, ...batch.skip])].sort();
    const { epoch, firstReceiptMs, rulesDigest, ratesDigest } = batch;
    this.stands = { epoch, frontier: batch.after.frontier, wmMs: batch.after.wmMs, firstReceiptMs, rulesDigest, ratesDigest, skip };
    return { applied: true, revisions };
  }

  claim(request: { by: string; lane: Lane; count: number; leaseMs: number; alertId?: string }, t: number): object[] {
    const { by, leaseMs, alertId } = request;
    const free = (id: string): boolean => ['ready', 'withdrawn'].includes(this.stand(id, t)?.state ?? '');
    const ids = alertId === undefined ? this.ranked(t, ['ready'], [request.lane]).slice(0, request.count) : [alertId].filter(free);
    for (const id of ids) this.happen(id, { t, what: 'claim', by, until: t + leaseMs });
    return ids.map((id) => this.view(id, t)!);
  }

  /** `happening` without its time: what the person wants. */
  step(id: string, happening: Happening, t: number, rev?: number): object {
    const stand = this.stand(id, t);
    if (stand === null || stand.state === 'retracted') return { ok: false, code: 'not-found', state: null };
    const no = (code: string): object => ({ ok: false, code, state: stand.state });
    if (happening.what === 'extend' || happening.what === 'release' || happening.what === 'resolve') {
      if (stand.claim === null) return no(stand.lapsedBy === happening.by ? 'not-holder' : 'wrong-state');
      if (stand.claim.by !== happening.by) return no('not-holder');
      if (rev !== undefined && rev !== stand.rev) return no('changed');
    }
    if (happening.what === 'reopen' && stand.state !== 'resolved' && stand.state !== 'dead') return no('wrong-state');
    this.happen(id, happening);
    return { ok: true, alert: this.view(id, t) };
  }

  ranked(t: number, states: readonly string[], lanes: readonly Lane[]): string[] {
    const rows = [...this.happened.keys()].map((id) => ({ id, stand: this.stand(id, t)! })).filter(({ stand }) => stand !== null && stand.content !== null);
    const chosen = rows.filter(({ stand }) => states.includes(stand.state) && lanes.includes(stand.content!.route));
    const lane = (s: Stand): number => (s.content!.route === 'person-at-risk' ? 0 : 1);
    const severity = (s: Stand): number => SEVERITIES.indexOf(s.content!.severity);
    chosen.sort(
      (a, b) =>
        lane(a.stand) - lane(b.stand) ||
        severity(b.stand) - severity(a.stand) ||
        b.stand.content!.score - a.stand.content!.score ||
        a.stand.createdAtMs - b.stand.createdAtMs ||
        (a.id < b.id ? -1 : 1),
    );
    return chosen.map(({ id }) => id);
  }

  counts(t: number): Record<AlertState, number> {
    const counts = { ready: 0, claimed: 0, resolved: 0, withdrawn: 0, dead: 0 };
    for (const id of this.happened.keys()) {
      const state = this.stand(id, t)?.state;
      if (state !== undefined && state !== 'retracted') counts[state]++;
    }
    return counts;
  }

  notFinal(wmMs: number, t: number): string[] {
    const live = (id: string): boolean => {
      const stand = this.stand(id, t);
      return stand !== null && stand.content !== null && !stand.withdrawn && stand.finalAtMs >= wmMs;
    };
    return [...this.happened.keys()].filter(live).sort();
  }

  view(id: string, t: number): object | null {
    const stand = this.stand(id, t);
    if (stand === null) return null;
    const { lapsedBy: _lapsedBy, ...shown } = stand;
    return { alertId: id, ...shown, engineVersion: stand.content === null ? '' : this.engineVersion, historyOmitted: 0 };
  }

  private happen(id: string, happening: Happening): void {
    this.happened.set(id, [...(this.happened.get(id) ?? []), happening]);
  }

  private stand(id: string, t: number): Stand | null {
    let stand: Stand | null = null;
    for (const happening of this.happened.get(id) ?? []) {
      if (stand !== null) this.lapse(stand, happening.t);
      stand = this.after(stand, happening);
    }
    if (stand !== null) this.lapse(stand, t);
    return stand;
  }

  private lapse(stand: Stand, t: number): void {
    if (stand.claim === null || stand.claim.untilMs > t) return;
    const { by, untilMs } = stand.claim;
    stand.history.push({ atMs: untilMs, by: 'moneytrail', action: 'expire', note: `the claim of ${by} ran out` });
    this.giveBack(stand);
    stand.lapsedBy = by;
  }

  private giveBack(stand: Stand): void {
    Object.assign(stand, { claim: null, changed: false, tries: stand.tries + 1, lapsedBy: null });
    stand.state = stand.withdrawn ? 'withdrawn' : stand.tries >= this.triesMax ? 'dead' : 'ready';
  }

  private after(before: Stand | null, h: Happening): Stand | null {
    if (h.what === 'hit') return this.hit(before, h.t, h.change, h.content);
    if (before === null) return null;
    if (h.what === 'lose') return this.lose(before, h.t);
    const note = h.what === 'resolve' ? `${h.disposition}: ${h.reason}` : 'note' in h ? h.note : undefined;
    before.history.push({ atMs: h.t, by: h.by, action: h.what, ...(note === undefined ? {} : { note }) });
    if (h.what === 'claim') Object.assign(before, { state: 'claimed', claim: { by: h.by, untilMs: h.until }, changed: false, lapsedBy: null });
    if (h.what === 'extend') before.claim = { by: h.by, untilMs: h.until };
    if (h.what === 'release') this.giveBack(before);
    if (h.what === 'reopen') Object.assign(before, { state: before.withdrawn ? 'withdrawn' : 'ready', tries: 0, resolution: null, lapsedBy: null });
    if (h.what === 'resolve') {
      const resolution = { by: h.by, disposition: h.disposition, reason: h.reason, rev: before.rev, atMs: h.t };
      Object.assign(before, { state: 'resolved', claim: null, changed: false, changedAfterResolution: false, resolution, lapsedBy: null });
    }
    return before;
  }

  private hit(before: Stand | null, t: number, change: AlertChange, content: AlertContent): Stand {
    const { finalAtMs, contentDigest } = change;
    if (before === null || before.state === 'retracted')
      return { ...NEW, rev: (before?.rev ?? 0) + 1, op: 'open', state: 'ready', finalAtMs, content, contentDigest, createdAtMs: t, history: [] };
    if (before.contentDigest === contentDigest && !before.withdrawn) return { ...before, finalAtMs };
    const old = before.content!;
    const names = old.hits.map((h) => h.id);
    const added = before.withdrawn || content.hits.some((h) => !names.includes(h.id)) || content.hitCount > old.hitCount;
    const worse = SEVERITIES.indexOf(content.severity) > SEVERITIES.indexOf(old.severity);
    const after: Stand = { ...before, rev: before.rev + 1, op: 'update', finalAtMs, content, contentDigest, withdrawn: false };
    if (before.state === 'claimed') after.changed = true;
    if (before.state === 'resolved' && (added || worse)) {
      Object.assign(after, { state: 'ready', changedAfterResolution: true, tries: 0 });
      after.history.push({ atMs: t, by: 'moneytrail', action: 'changed-after-resolution' });
    } else if (before.withdrawn && before.state !== 'claimed') after.history.push({ atMs: t, by: 'moneytrail', action: 'hit-again' });
    if (before.state === 'withdrawn') after.state = 'ready';
    return after;
  }

  private lose(before: Stand, t: number): Stand {
    if (before.state === 'retracted' || before.withdrawn) return before;
    const { finalAtMs } = before;
    if (before.history.length === 0)
      return { ...NEW, rev: before.rev + 1, op: 'retract', state: 'retracted', finalAtMs, content: null, contentDigest: '', createdAtMs: 0, history: [] };
    before.history.push({ atMs: t, by: 'moneytrail', action: 'withdrawn' });
    const state = before.state === 'ready' ? 'withdrawn' : before.state;
    return { ...before, rev: before.rev + 1, op: 'update', withdrawn: true, state, changed: before.state === 'claimed' };
  }
}
