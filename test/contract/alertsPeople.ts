import { HISTORY_FIRST, HISTORY_MAX, LEASE_MS_MAX, NAME_LENGTH_MAX, NOTE_LENGTH_MAX } from '../../src/alerts/limits.ts';
import { alertLine } from '../../src/alerts/line.ts';
import type { Disposition } from '../../src/alerts/queue.ts';
import { type Bench, type OpenBench, withBench } from './alertsBench.ts';
import { changeOf, deliver, idOf } from './alertsFixtures.ts';

const [A, B] = [idOf(1), idOf(2)];

/** What analysts do, and what becomes of it when the alert changes (S13). */
export function peopleContract(open: OpenBench): void {
  const on = (name: string, run: (bench: Bench) => Promise<void>): void =>
    void test(name, () =>
      withBench(open, { triesMax: 3 }, async (bench) => {
        await bench.queue.takeOwnership('one');
        await deliver(bench.queue, [changeOf(A, {})]);
        await run(bench);
      }),
    );

  on('a lease is the holder’s alone until the moment at which it ends', async ({ queue, other, clock }) => {
    const [alert] = await queue.claim({ by: 'ann', leaseMs: 1000 });
    expect(alert).toMatchObject({ state: 'claimed', claim: { by: 'ann', untilMs: clock.nowMs + 1000 } });
    expect(alert!.claim!.token).not.toBe('');
    expect(await other.claim({ by: 'bea' })).toEqual([]);
    expect(await other.release(A, 'bea')).toEqual({ ok: false, code: 'not-holder', state: 'claimed' });
    expect(await other.resolve(A, 'bea', 'reported', 'x')).toEqual({ ok: false, code: 'not-holder', state: 'claimed' });
    expect(await other.extend(A, 'bea', 5)).toEqual({ ok: false, code: 'not-holder', state: 'claimed' });
    clock.nowMs += 999;
    expect(await queue.extend(A, 'ann', 500)).toMatchObject({ ok: true, alert: { claim: { untilMs: clock.nowMs + 500 }, tries: 0 } });
    clock.nowMs += 499;
    expect((await queue.get(A))?.state).toBe('claimed');
    clock.nowMs += 1;
    expect(await queue.resolve(A, 'ann', 'reported', 'too late')).toEqual({ ok: false, code: 'not-holder', state: 'ready' });
    expect(await other.release(A, 'bea')).toEqual({ ok: false, code: 'wrong-state', state: 'ready' });
    expect(await queue.get(A)).toMatchObject({ state: 'ready', claim: null, tries: 1, resolution: null });
    expect((await queue.get(A))?.history.at(-1)).toEqual({ atMs: clock.nowMs, by: 'moneytrail', action: 'expire', note: 'the claim of ann ran out' });
    expect(await other.claim({ by: 'bea' })).toHaveLength(1);
    expect(await queue.extend(A, 'ann', 5)).toEqual({ ok: false, code: 'not-holder', state: 'claimed' });
  });

  on('whose lease ran out is forgotten once somebody else has taken the alert', async ({ queue, clock }) => {
    await queue.claim({ by: 'ann', leaseMs: 10 });
    clock.nowMs += 10;
    expect(await queue.release(A, 'ann')).toEqual({ ok: false, code: 'not-holder', state: 'ready' });
    await queue.claim({ by: 'bea' });
    await queue.resolve(A, 'bea', 'reported', 'x');
    expect(await queue.resolve(A, 'ann', 'reported', 'x')).toEqual({ ok: false, code: 'wrong-state', state: 'resolved' });
  });

  on('an alert that is given back too often goes to the dead letters, and an operator takes it out', async ({ queue, clock }) => {
    for (const by of ['ann', 'bea']) {
      await queue.claim({ by });
      await queue.release(A, by, 'not mine');
    }
    expect(await queue.get(A)).toMatchObject({ state: 'ready', tries: 2 });
    await queue.claim({ by: 'cat', leaseMs: 10 });
    clock.nowMs += 10;
    expect(await queue.list({ state: 'dead' })).toMatchObject([{ alertId: A, state: 'dead', tries: 3 }]);
    expect(await queue.claim({ by: 'ann' })).toEqual([]);
    expect(await queue.claim({ by: 'ann', alertId: A })).toEqual([]);
    expect(await queue.reopen(A, 'operator', 'the evidence could not be opened; mended')).toMatchObject({ ok: true, alert: { state: 'ready', tries: 0 } });
    expect(await queue.claim({ by: 'ann' })).toHaveLength(1);
  });

  on('a claimed alert stays claimed and says that it changed', async ({ queue }) => {
    await queue.claim({ by: 'ann' });
    await deliver(queue, [changeOf(A, { hits: ['h1', 'h2'] })]);
    expect(await queue.get(A)).toMatchObject({ state: 'claimed', rev: 2, changed: true, claim: { by: 'ann' } });
    await queue.release(A, 'ann');
    expect(await queue.get(A)).toMatchObject({ state: 'ready', changed: false });
    expect(await queue.claim({ by: 'ann' })).toMatchObject([{ rev: 2, changed: false }]);
  });

  on('a disposition is refused where the alert is no longer what was read', async ({ queue }) => {
    await queue.claim({ by: 'ann' });
    await deliver(queue, [changeOf(A, { score: 70 })]);
    expect(await queue.resolve(A, 'ann', 'reported', 'x', { rev: 1 })).toEqual({ ok: false, code: 'changed', state: 'claimed' });
    expect(await queue.resolve(A, 'ann', 'reported', 'x', { rev: 2 })).toMatchObject({ ok: true, alert: { resolution: { rev: 2 } } });
  });

  on('a resolved alert keeps its disposition with the revision that it was given for', async ({ queue, clock }) => {
    await queue.claim({ by: 'ann' });
    await queue.resolve(A, 'ann', 'no-suspicion', 'rent');
    const resolution = { by: 'ann', disposition: 'no-suspicion', reason: 'rent', rev: 1, atMs: clock.nowMs };
    expect(await queue.get(A)).toMatchObject({ state: 'resolved', claim: null, resolution });
    await deliver(queue, [changeOf(A, { title: 'another word', score: 99 })]);
    expect(await queue.get(A)).toMatchObject({ state: 'resolved', rev: 2, resolution, changedAfterResolution: false });
    await deliver(queue, [changeOf(A, { title: 'another word', severity: 'low' })]);
    expect(await queue.get(A)).toMatchObject({ state: 'resolved', rev: 3, resolution });
    await deliver(queue, [changeOf(A, { severity: 'high' })]);
    expect(await queue.get(A)).toMatchObject({ state: 'ready', rev: 4, resolution, changedAfterResolution: true, tries: 0 });
    await queue.claim({ by: 'bea' });
    await queue.resolve(A, 'bea', 'reported', 'more payers');
    expect(await queue.get(A)).toMatchObject({ resolution: { by: 'bea', rev: 4 }, changedAfterResolution: false });
  });

  on('another hit brings a resolved alert back, the same ones in another order or with other scores do not', async ({ queue }) => {
    await deliver(queue, [changeOf(A, { hits: ['h1', 'h2'] })]);
    await queue.claim({ by: 'ann' });
    await queue.resolve(A, 'ann', 'no-suspicion', 'rent');
    await deliver(queue, [changeOf(A, { hits: ['h2', 'h1'], score: 50 })]);
    expect((await queue.get(A))?.state).toBe('resolved');
    await deliver(queue, [changeOf(A, { hits: ['h2'] })]);
    expect((await queue.get(A))?.state).toBe('resolved');
    await deliver(queue, [changeOf(A, { hits: ['h3'] })]);
    expect(await queue.get(A)).toMatchObject({ state: 'ready', changedAfterResolution: true });
  });

  on('hits are told apart by their whole text, even where it looks like a piece of a line', async ({ queue }) => {
    const [odd, evil] = ['x","score":1},{"', '],"hitCount":9,"hits":[{"'];
    await deliver(queue, [changeOf(A, { hits: [odd, evil, 'é\n\u2028'], title: evil })]);
    await queue.claim({ by: 'ann' });
    await queue.resolve(A, 'ann', 'no-suspicion', 'rent');
    await deliver(queue, [changeOf(A, { hits: ['é\n\u2028', evil, odd], score: 50, title: odd })]);
    expect((await queue.get(A))?.state).toBe('resolved');
    await deliver(queue, [changeOf(A, { hits: ['é\n\u2028', evil, `${odd} `], score: 50, title: odd })]);
    expect((await queue.get(A))?.state).toBe('ready');
  });

  on('a withdrawn alert says so on the firehose, with its last content, whatever is in it', async ({ queue }) => {
    await deliver(queue, [changeOf(B, { hits: ['é"withdrawn":false,'], title: ',"withdrawn":false,ü' })]);
    await queue.claim({ by: 'ann', alertId: B });
    const latest = async (): Promise<string> => (await queue.readFirehose('', 1000)).at(-1)!.line;
    const open = await latest();
    await deliver(queue, [changeOf(B, null)]);
    const line = await latest();
    expect(JSON.parse(line)).toEqual({ ...JSON.parse(open), rev: 2, op: 'update', withdrawn: true });
    const stored = (await queue.get(B))!;
    expect(alertLine(stored, stored.engineVersion)).toBe(line);
  });

  on('a hit more than the listed ones counts too', async ({ queue }) => {
    await queue.claim({ by: 'ann' });
    await queue.resolve(A, 'ann', 'no-suspicion', 'rent');
    const change = changeOf(A, {});
    await deliver(queue, [{ ...change, content: { ...change.content!, hitCount: 2 }, contentDigest: 'sha256:more' }]);
    expect((await queue.get(A))?.state).toBe('ready');
  });

  on('what somebody held or closed does not disappear without hits', async ({ queue }) => {
    await deliver(queue, [changeOf(B, {})]);
    await queue.claim({ by: 'ann', alertId: A });
    await queue.claim({ by: 'ann', alertId: B });
    await queue.resolve(B, 'ann', 'reported', 'x');
    expect(await deliver(queue, [changeOf(A, null), changeOf(B, null)])).toBe(2);
    expect(await queue.get(A)).toMatchObject({ state: 'claimed', withdrawn: true, changed: true, rev: 2, content: { alertId: A } });
    expect(await queue.get(B)).toMatchObject({ state: 'resolved', withdrawn: true, rev: 2, resolution: { rev: 1 }, content: { alertId: B } });
    expect(await deliver(queue, [changeOf(A, null), changeOf(B, null)])).toBe(0);
    await queue.release(A, 'ann');
    expect(await queue.list({ state: 'withdrawn' })).toMatchObject([{ alertId: A, withdrawn: true }]);
    expect(await queue.claim({ by: 'bea', count: 5 })).toEqual([]);
    expect(await queue.notFinal(0)).toEqual([]);
    expect(await deliver(queue, [changeOf(A, {}), changeOf(B, {})])).toBe(2);
    expect(await queue.get(A)).toMatchObject({ state: 'ready', withdrawn: false, rev: 3, op: 'update' });
    expect(await queue.get(B)).toMatchObject({ state: 'ready', withdrawn: false, rev: 3, changedAfterResolution: true });
  });

  on('who did what is kept, with notes from anybody', async ({ queue, clock }) => {
    await queue.claim({ by: 'Zoë O’Neill' });
    clock.nowMs += 1;
    await queue.note(A, 'bea', 'line one\nline "two" 日本 😀');
    await queue.release(A, 'Zoë O’Neill', 'holiday');
    const told = (await queue.get(A))?.history;
    expect(told).toEqual([
      { atMs: clock.nowMs - 1, by: 'Zoë O’Neill', action: 'claim' },
      { atMs: clock.nowMs, by: 'bea', action: 'note', note: 'line one\nline "two" 日本 😀' },
      { atMs: clock.nowMs, by: 'Zoë O’Neill', action: 'release', note: 'holiday' },
    ]);
  });

  on('a long history keeps its beginning and its end', async ({ queue }) => {
    for (let n = 0; n < HISTORY_MAX + 7; n++) await queue.note(A, 'ann', `note ${n}`);
    const alert = (await queue.get(A))!;
    expect(alert.historyOmitted).toBe(7);
    expect(alert.history).toHaveLength(HISTORY_MAX);
    expect(alert.history[HISTORY_FIRST - 1]?.note).toBe(`note ${HISTORY_FIRST - 1}`);
    expect(alert.history[HISTORY_FIRST]?.note).toBe(`note ${HISTORY_FIRST + 7}`);
    expect(alert.history.at(-1)?.note).toBe(`note ${HISTORY_MAX + 6}`);
  });

  on('what nobody has heard of, or was retracted, cannot be worked on', async ({ queue }) => {
    await deliver(queue, [changeOf(A, null)]);
    for (const id of [A, B, '__proto__', '', 'x'.repeat(10_000)]) {
      expect(await queue.note(id, 'ann', 'x')).toEqual({ ok: false, code: 'not-found', state: null });
      expect(await queue.reopen(id, 'ann', 'x')).toEqual({ ok: false, code: 'not-found', state: null });
    }
    expect(await queue.get(B)).toBeNull();
    expect(await queue.claim({ by: 'ann', alertId: B })).toEqual([]);
  });

  const wrong: readonly [string, (bench: Bench) => Promise<unknown>][] = [
    ['no name', ({ queue }) => queue.claim({ by: ' ' })],
    ['a long name', ({ queue }) => queue.claim({ by: 'x'.repeat(NAME_LENGTH_MAX + 1) })],
    ['a name with a control character', ({ queue }) => queue.note(A, 'a\u001b[2J', 'x')],
    ['half a character', ({ queue }) => queue.note(A, 'ann', 'x\ud800')],
    ['no note', ({ queue }) => queue.note(A, 'ann', '\n ')],
    ['a long note', ({ queue }) => queue.note(A, 'ann', 'x'.repeat(NOTE_LENGTH_MAX + 1))],
    ['no reason to resolve', ({ queue }) => queue.resolve(A, 'ann', 'reported', '')],
    ['no disposition', ({ queue }) => queue.resolve(A, 'ann', '' as Disposition, 'x')],
    ['an unknown disposition', ({ queue }) => queue.resolve(A, 'ann', 'toString' as Disposition, 'x')],
    ['no reason to reopen', ({ queue }) => queue.reopen(A, 'ann', '')],
    ['an empty note on release', ({ queue }) => queue.release(A, 'ann', '')],
    ['a lease of nothing', ({ queue }) => queue.claim({ by: 'ann', leaseMs: 0 })],
    ['a lease too long', ({ queue }) => queue.extend(A, 'ann', LEASE_MS_MAX + 1)],
    ['a broken lease', ({ queue }) => queue.extend(A, 'ann', 1.5)],
    ['a claim of none', ({ queue }) => queue.claim({ by: 'ann', count: 0 })],
    ['a claim of too many', ({ queue }) => queue.claim({ by: 'ann', count: 101 })],
    ['an unknown lane', ({ queue }) => queue.claim({ by: 'ann', lane: 'express' as 'standard' })],
    ['an unknown state', ({ queue }) => queue.list({ state: 'gone' as 'ready' })],
    ['a page too large', ({ queue }) => queue.list({ state: 'any', limit: 1001 })],
    ['a wrong cursor', ({ queue }) => queue.list({ state: 'any', after: A })],
    ['a wrong place in the firehose', ({ queue }) => queue.readFirehose('$', 1)],
    ['too much of the firehose', ({ queue }) => queue.readFirehose('', 1001)],
  ];
  for (const [name, ask] of wrong)
    on(`refuses ${name}`, async (bench) => {
      await expect(ask(bench)).rejects.toMatchObject({ name: 'OperatingError', code: 'alert-request-invalid', exitStatus: 2, retryable: false });
      expect(await bench.queue.get(A)).toMatchObject({ state: 'ready', history: [] });
    });
}
