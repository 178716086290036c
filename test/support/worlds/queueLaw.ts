import { createMemoryQueue } from '../../../src/alerts/memory/queue.ts';
import type { AlertQueue, DeliveryBatch, Standing } from '../../../src/alerts/queue.ts';
import type { AlertChange } from '../../../src/detection/content.ts';
import { firstReceipt } from '../oracle/oracle.ts';
import type { OracleRecord } from '../oracle/types.ts';
import { difference } from './breaches.ts';
import type { History } from './history.ts';
import { askOracle, optionsOf, replayStart } from './laws.ts';
import { batched, interleaved } from './schedule.ts';
import { type Fold, type MakeEngine, Session, withoutPlaces } from './session.ts';
import { Tape } from './tape.ts';

/** What happened in one history, so that kills that hit nothing are not counted. */
export interface QueueFacts {
  takeovers: number;
  lostAcknowledgements: number;
  zombies: number;
  /** Takeovers at which something stood in the queue that was not yet final. */
  comparisons: number;
  /** Takeovers that put right what had been left for later. */
  caughtUp: number;
  revisions: number;
}

/** An owner of the input with what it has done since its last delivery. */
interface Owner {
  readonly session: Session;
  readonly epoch: number;
  before: DeliveryBatch['before'];
  /** Records that it has consumed in all, replays included. */
  at: number;
  /** Whether the last batch left something for later. */
  defers: boolean;
}

type OwnerName = 'eager' | 'final';

/**
 * L5 on the queue's port (S20): owners are killed before and after their delivery, acknowledgements are lost, zombies go on. Every takeover would say
 * what stands; the queue ends as the oracle has it, and each alert's revisions are 1, 2, 3 … without a gap.
 */
export class QueueLaw {
  readonly facts: QueueFacts = { takeovers: 0, lostAcknowledgements: 0, zombies: 0, comparisons: 0, caughtUp: 0, revisions: 0 };
  private readonly history: History;
  private readonly make: MakeEngine;
  private readonly mode: OwnerName;
  private readonly tape: Tape;
  private readonly order: readonly OracleRecord[];
  private readonly queue: AlertQueue;
  private nowMs = 1;
  /** Whether something that late records changed was left for a later batch by what was delivered last (S13). */
  private isBehind = false;

  constructor(history: History, make: MakeEngine, mode: OwnerName = 'eager', queue?: AlertQueue) {
    this.history = history;
    this.make = make;
    this.mode = mode;
    this.tape = new Tape(history.steering.slice(37));
    this.order = interleaved(history.records, this.tape);
    this.queue = queue ?? createMemoryQueue({ nowMs: () => this.nowMs, engineVersion: 'test' });
  }

  async breach(): Promise<string | null> {
    let owner = await this.takeOver();
    if (typeof owner === 'string') return owner;
    for (const size of batched(this.order, this.tape).map((batch) => batch.length)) {
      const killed = this.tape.below(100);
      if (killed < 12) this.consume(owner, size);
      else {
        const refused = await this.deliver(owner, this.consume(owner, size));
        if (refused !== null) return refused;
      }
      if (killed >= 24) continue;
      const zombie: Owner = owner;
      owner = await this.takeOver();
      if (typeof owner === 'string') return owner;
      const spoke = await this.zombieSpeaks(zombie);
      if (spoke !== null) return spoke;
    }
    const rest = await this.deliver(owner, this.consume(owner, this.order.length - owner.at));
    if (rest !== null) return rest;
    owner.session.end();
    return (await this.deliver(owner, owner.session.said.splice(0))) ?? (await this.standsAsItShould());
  }

  private consume(owner: Owner, size: number): AlertChange[] {
    for (const record of this.order.slice(owner.at, owner.at + size)) owner.session.consume(record);
    owner.at = Math.min(this.order.length, owner.at + size);
    owner.defers = this.mode === 'eager' && this.tape.chance(20);
    owner.session.settle(owner.defers);
    return owner.session.said.splice(0);
  }

  /** Delivers, sometimes without hearing that it was applied; then the standing tells. */
  private async deliver(owner: Owner, changes: readonly AlertChange[]): Promise<string | null> {
    this.nowMs++;
    const after = { frontier: this.frontier(owner.at), wmMs: owner.session.wmMs };
    const batch = {
      epoch: owner.epoch,
      before: owner.before,
      after,
      firstReceiptMs: firstReceipt(this.history.records),
      rulesDigest: 'r',
      ratesDigest: 'x',
      skip: [],
      changes,
    };
    const result = await this.queue.deliver(batch);
    if (!result.applied) return 'a batch of the owner was refused';
    if (this.tape.chance(10)) {
      this.facts.lostAcknowledgements++;
      const again = await this.queue.deliver(batch);
      const isNothing = JSON.stringify(owner.before) === JSON.stringify(after);
      if (again.applied && !isNothing) return 'a batch was applied twice';
      if (!again.applied && !isOwn(again.stored, owner.epoch, after)) return 'an applied batch is not recognised';
    }
    owner.before = after;
    this.isBehind = owner.defers;
    return null;
  }

  private async zombieSpeaks(zombie: Owner): Promise<string | null> {
    this.facts.zombies++;
    const changes = this.consume(zombie, 3);
    const after = { frontier: this.frontier(zombie.at), wmMs: zombie.session.wmMs };
    const batch = { epoch: zombie.epoch, before: zombie.before, after, firstReceiptMs: 0, rulesDigest: 'r', ratesDigest: 'x', skip: [], changes };
    return (await this.queue.deliver(batch)).applied ? 'an old owner was heard' : null;
  }

  /** The next epoch; silent replay to the stored frontier; what it would say stands already. */
  private async takeOver(): Promise<Owner | string> {
    const standing = await this.queue.takeOwnership('test');
    const session = new Session(this.history, this.make, { mode: this.mode, ...optionsOf(this.history, this.order, this.tape) });
    const wmMs = standing.wmMs ?? Number.NEGATIVE_INFINITY;
    const consumed = this.order.filter((record) => record.offset < (standing.frontier[`t/${record.partition}`] ?? 0));
    const at = consumed.length;
    if (JSON.stringify(this.frontier(at)) !== JSON.stringify(standing.frontier)) return 'the frontier is no state of the input';
    session.replayTo(consumed, wmMs, replayStart(session, wmMs, this.history));
    const owner: Owner = { session, epoch: standing.epoch, before: { frontier: standing.frontier, wmMs: standing.wmMs }, at, defers: false };
    if (standing.wmMs === null) return owner;
    this.facts.takeovers++;
    const differing = await this.differing(session.said.splice(0), wmMs);
    if (differing.length === 0) return owner;
    if (!this.isBehind) return `a takeover would say ${differing[0]!.alertId} otherwise than it stands`;
    this.facts.caughtUp++;
    return (await this.deliver(owner, differing)) ?? (await this.standsAsConsumed(consumed, wmMs)) ?? owner;
  }

  /** Of the alerts not yet final, what a replay says otherwise than it stands; what it does not speak of has no hits. */
  private async differing(said: readonly AlertChange[], wmMs: number): Promise<AlertChange[]> {
    if (this.mode === 'final') return [...said];
    const ids = await this.queue.notFinal(wmMs);
    if (ids.length > 0) this.facts.comparisons++;
    const differing = said.filter((change) => change.content !== null && !ids.includes(change.alertId));
    for (const alertId of ids) {
      const { contentDigest, finalAtMs } = (await this.queue.get(alertId))!;
      const change = said.find((c) => c.alertId === alertId) ?? { alertId, finalAtMs, content: null, contentDigest: '' };
      if (change.contentDigest !== contentDigest) differing.push(change);
    }
    return differing;
  }

  private async standing(): Promise<Fold> {
    const fold: Fold = new Map();
    for (const alert of await this.queue.list({ state: 'any', limit: 1000 })) {
      if (alert.content === null || alert.withdrawn) continue;
      fold.set(alert.alertId, { content: withoutPlaces(alert.content), digest: alert.contentDigest, finalAtMs: alert.finalAtMs });
    }
    return fold;
  }

  /** What a takeover that found something behind has put right: what is not yet final stands as the records consumed so far have it. */
  private async standsAsConsumed(consumed: readonly OracleRecord[], wmMs: number): Promise<string | null> {
    const { alerts, finalAtMs } = askOracle(this.history, consumed);
    const open = new Map([...(await this.standing())].filter(([, alert]) => alert.finalAtMs >= wmMs));
    const breach = difference(open, new Map([...alerts].filter(([id]) => finalAtMs.get(id)! >= wmMs)));
    return breach === null ? null : `after a takeover: ${breach}`;
  }

  private async standsAsItShould(): Promise<string | null> {
    const revisions = new Map<string, number>();
    for (const line of await this.firehose()) {
      const { alertId, rev } = JSON.parse(line) as { alertId: string; rev: number };
      if (rev !== (revisions.get(alertId) ?? 0) + 1) return `revision ${rev} of ${alertId} follows ${revisions.get(alertId) ?? 0}`;
      revisions.set(alertId, rev);
      this.facts.revisions++;
    }
    return difference(await this.standing(), askOracle(this.history).alerts);
  }

  private async firehose(): Promise<string[]> {
    const lines: string[] = [];
    for (let after = '0-0'; ; ) {
      const page = await this.queue.readFirehose(after, 500);
      lines.push(...page.map(({ line }) => line));
      if (page.length < 500) return lines;
      after = page.at(-1)!.id;
    }
  }

  private frontier(at: number): Record<string, number> {
    const frontier: Record<string, number> = {};
    for (const { partition, offset } of this.order.slice(0, at)) frontier[`t/${partition}`] = Math.max(frontier[`t/${partition}`] ?? 0, offset + 1);
    return frontier;
  }
}

function isOwn(stored: Standing, epoch: number, after: DeliveryBatch['after']): boolean {
  return stored.epoch === epoch && stored.wmMs === after.wmMs && JSON.stringify(stored.frontier) === JSON.stringify(after.frontier);
}
