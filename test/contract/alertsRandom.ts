import fc from 'fast-check';
import type { DeliveryBatch, Disposition, Lane } from '../../src/alerts/queue.ts';
import { TRANSITIONS } from '../../src/alerts/states.ts';
import type { AlertChange } from '../../src/detection/content.ts';
import { type Bench, type OpenBench, withBench } from './alertsBench.ts';
import { batchAfter, changeOf, comparable, FINAL_AT_MS, idOf } from './alertsFixtures.ts';
import { QueueModel } from './alertsModel.ts';

const SEED = 20_261_107;
const RUNS = 100;
const TRIES_MAX = 2;
/** Times that each way from state to state must have been walked; with the seed above the rarest, dead → withdrawn, is walked three times. */
const WALKED_MIN = 3;
const PEOPLE = ['ann', 'bea'] as const;

/** Few ids, people and times, so that commands meet each other. */
const person = fc.constantFrom(...PEOPLE);
const id = fc.integer({ min: 1, max: 3 }).map(idOf);
const lane = fc.constantFrom<Lane>('standard', 'person-at-risk');
const leaseMs = fc.integer({ min: 1, max: 9 });
const change: fc.Arbitrary<AlertChange> = fc
  .record({
    alertId: id,
    hits: fc.oneof(fc.constant([]), fc.subarray(['h1', 'h2', 'h3'], { minLength: 1 }), fc.subarray(['h1', 'h2', 'h3'], { minLength: 1 })),
    severity: fc.constantFrom('medium' as const, 'high' as const),
    score: fc.constantFrom(60, 80),
    final: fc.integer({ min: 0, max: 1 }),
  })
  .map(({ alertId, hits, severity, score, final }) => {
    const route = alertId.endsWith('3') ? 'person-at-risk' : 'standard';
    return changeOf(alertId, hits.length === 0 ? null : { hits, severity, score, route }, FINAL_AT_MS + final);
  });

type Command =
  | { do: 'deliver'; changes: AlertChange[]; as: 'owner' | 'zombie' | 'lost' | 'again' | 'wrong-wm'; skip: string[] }
  | { do: 'own' }
  | { do: 'claim'; by: string; lane: Lane; count: number; leaseMs: number; alertId?: string }
  | { do: 'extend' | 'release' | 'resolve' | 'reopen' | 'note'; by: string; id: string; apt: boolean; leaseMs: number; rev: number | null }
  | { do: 'tick'; ms: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      changes: fc.uniqueArray(change, { maxLength: 3, selector: (c) => c.alertId }),
      as: fc.oneof(
        { weight: 8, arbitrary: fc.constant('owner' as const) },
        fc.constantFrom('zombie' as const, 'lost' as const, 'again' as const, 'wrong-wm' as const),
      ),
      skip: fc.subarray(['t/0/1', 't/0/2'], { maxLength: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'own' as const }) },
  {
    weight: 5,
    arbitrary: fc
      .record({ by: person, lane, count: fc.integer({ min: 1, max: 3 }), leaseMs, alertId: fc.option(id) })
      .map(({ alertId, ...rest }) => ({ do: 'claim' as const, ...rest, ...(alertId === null ? {} : { alertId }) })),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('extend' as const, 'release' as const, 'resolve' as const, 'release' as const, 'reopen' as const, 'reopen' as const, 'note' as const),
      by: person,
      id,
      apt: fc.boolean(),
      leaseMs,
      rev: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, fc.integer({ min: 1, max: 4 })),
    }),
  },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 3 }).map((ms) => ({ do: 'tick' as const, ms })) },
);

/** Random lives of a few alerts: queue and model answer the same at every step, and every row of the table is walked. */
export function randomContract(open: OpenBench): void {
  test('answers what the plain model answers', async () => {
    const walked = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 30, maxLength: 60, size: 'max' }), (commands) =>
        withBench(open, { triesMax: TRIES_MAX }, async (bench) => {
          const run = new Run(bench, walked);
          for (const next of commands) await run.step(next);
          await run.compareAll();
        }),
      ),
      { seed: SEED, numRuns: RUNS },
    );
    const rows = new Set(TRANSITIONS.filter((row) => row.from !== row.to).map((row) => `${row.from} → ${row.to}`));
    expect([...rows].filter((row) => (walked.get(row) ?? 0) < WALKED_MIN)).toEqual([]);
    expect(walked.get('refused batch')).toBeGreaterThan(50);
  }, 120_000);
}

class Run {
  private readonly bench: Bench;
  private readonly model = new QueueModel(TRIES_MAX, '0.1.0');
  private readonly walked: Map<string, number>;
  private last: DeliveryBatch | null = null;
  private epoch = 0;
  private before = new Map<string, string>();

  constructor(bench: Bench, walked: Map<string, number>) {
    this.bench = bench;
    this.walked = walked;
  }

  async step(next: Command): Promise<void> {
    const { queue, clock } = this.bench;
    if (next.do === 'tick') clock.nowMs += next.ms;
    else if (next.do === 'own') {
      expect(await queue.takeOwnership('next')).toEqual(this.model.takeOwnership());
      this.epoch++;
    } else if (next.do === 'deliver') await this.deliver(next);
    else if (next.do === 'claim') {
      const { do: _do, ...request } = next;
      expect((await queue.claim(request)).map(comparable)).toEqual(this.model.claim(request, clock.nowMs));
    } else await this.person(next);
    this.note();
    // Not after a tick, so that every command gets to see leases that ran out and that nobody has put back yet.
    if (next.do !== 'tick') expect(await queue.counts()).toEqual(this.model.counts(clock.nowMs));
  }

  async compareAll(): Promise<void> {
    const { queue, clock } = this.bench;
    const t = clock.nowMs;
    for (const alertId of this.model.happened.keys()) {
      const alert = await queue.get(alertId);
      expect(alert === null ? null : comparable(alert)).toEqual(this.model.view(alertId, t));
    }
    const states = ['ready', 'claimed', 'resolved', 'withdrawn', 'dead'] as const;
    for (const state of states)
      expect((await queue.list({ state })).map((a) => a.alertId)).toEqual(this.model.ranked(t, [state], ['standard', 'person-at-risk']));
    expect((await queue.list({ state: 'any', lane: 'standard' })).map((a) => a.alertId)).toEqual(this.model.ranked(t, states, ['standard']));
    for (const wmMs of [FINAL_AT_MS, FINAL_AT_MS + 1, FINAL_AT_MS + 2]) expect(await queue.notFinal(wmMs)).toEqual(this.model.notFinal(wmMs, t));
    expect(await queue.standing()).toEqual(this.model.stands);
    const told = (await queue.readFirehose('', 1000)).map(({ line }) => JSON.parse(line));
    expect(told.map(({ alertId, rev, op, withdrawn }) => ({ alertId, rev, op, withdrawn: withdrawn ?? false }))).toEqual(
      this.model.said.map(({ alertId, rev, op, withdrawn }) => ({ alertId, rev, op, withdrawn })),
    );
  }

  private async deliver({ changes, as, skip }: Extract<Command, { do: 'deliver' }>): Promise<void> {
    const { queue, other, clock } = this.bench;
    const fits = { ...batchAfter(this.model.stands, changes), epoch: this.epoch, skip };
    const batch =
      as === 'zombie'
        ? { ...fits, epoch: fits.epoch - 1 }
        : as === 'wrong-wm'
          ? { ...fits, before: { ...fits.before, wmMs: (fits.before.wmMs ?? 0) - 1 } }
          : as === 'again'
            ? (this.last ?? fits)
            : fits;
    if (batch.epoch < 0) return;
    const answer = await (as === 'zombie' ? other : queue).deliver(batch);
    const wanted = this.model.deliver(batch, clock.nowMs);
    expect(answer).toEqual(wanted);
    if (!wanted.applied) this.walked.set('refused batch', (this.walked.get('refused batch') ?? 0) + 1);
    if (wanted.applied) this.last = batch;
    // The acknowledgement was lost: the owner sends it again and learns that it was applied.
    if (wanted.applied && as === 'lost') expect(await queue.deliver(batch)).toMatchObject({ applied: false, stored: { epoch: batch.epoch, ...batch.after } });
  }

  private async person(next: Extract<Command, { id: string }>): Promise<void> {
    const { queue, clock } = this.bench;
    const t = clock.nowMs;
    const { leaseMs: lease, rev } = next;
    const { by, alertId } = next.apt ? this.apt(next) : { by: next.by, alertId: next.id };
    const disposition: Disposition = 'reported';
    const made = {
      extend: () => [queue.extend(alertId, by, lease), this.model.step(alertId, { t, what: 'extend', by, until: t + lease }, t)],
      release: () => [queue.release(alertId, by, 'why'), this.model.step(alertId, { t, what: 'release', by, note: 'why' }, t)],
      resolve: () => [
        queue.resolve(alertId, by, disposition, 'because', rev === null ? {} : { rev }),
        this.model.step(alertId, { t, what: 'resolve', by, disposition, reason: 'because' }, t, rev ?? undefined),
      ],
      reopen: () => [queue.reopen(alertId, by, 'again'), this.model.step(alertId, { t, what: 'reopen', by, note: 'again' }, t)],
      note: () => [queue.note(alertId, by, 'seen'), this.model.step(alertId, { t, what: 'note', by, note: 'seen' }, t)],
    }[next.do]() as [ReturnType<typeof queue.note>, object];
    const answer = await made[0];
    expect(answer.ok ? { ok: true, alert: comparable(answer.alert) } : answer).toEqual(made[1]);
  }

  /** An alert that the action fits, and its holder; else those that were drawn. Drawn blindly, few lives would get far. */
  private apt({ do: action, by, id: drawn }: Extract<Command, { id: string }>): { by: string; alertId: string } {
    const fitting = action === 'reopen' ? ['resolved', 'dead'] : action === 'note' ? ['ready'] : ['claimed'];
    const found = [...this.before].findLast(([, state]) => fitting.includes(state))?.[0];
    const stand = found === undefined ? null : (this.model.view(found, this.bench.clock.nowMs) as { claim: { by: string } | null });
    return { by: stand?.claim?.by ?? by, alertId: found ?? drawn };
  }

  private states(): Map<string, string> {
    const t = this.bench.clock.nowMs;
    return new Map([...this.model.happened.keys()].map((alertId) => [alertId, (this.model.view(alertId, t) as { state: string } | null)?.state ?? 'none']));
  }

  private note(): void {
    const now = this.states();
    for (const [alertId, state] of now) {
      const way = `${this.before.get(alertId) ?? 'none'} → ${state}`;
      this.walked.set(way, (this.walked.get(way) ?? 0) + 1);
    }
    this.before = now;
  }
}
