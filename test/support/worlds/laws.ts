import { isDeepStrictEqual } from 'node:util';
import { ask, askAnchors, firstReceipt } from '../oracle/oracle.ts';
import type { OracleAnswer, OracleRecord } from '../oracle/types.ts';
import { conflictsTold, contents, difference, finalTimes, noticesGiven, same } from './breaches.ts';
import { type History, oracleSettings } from './history.ts';
import { pathBy } from './paths.ts';
import { batched, interleaved, partitionsOf, totalsOf } from './schedule.ts';
import { type Fold, type MakeEngine, Session, type SessionOptions } from './session.ts';
import { shifted, unshifted, withoutDates } from './shift.ts';
import { Tape } from './tape.ts';
import { COMMON_PERIOD_MS } from './world.ts';

/** What a law says of one history: nothing, or how it is broken. */
export type Law = (history: History, make: MakeEngine) => string | null;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const ANSWERS = new WeakMap<History, OracleAnswer>();

/** What the oracle says of a history, asked once; or of a part of its records. */
export function askOracle(history: History, records = history.records): OracleAnswer {
  const known = records === history.records ? ANSWERS.get(history) : undefined;
  if (known !== undefined) return known;
  const answer = ask(history.typologies, records, oracleSettings(history), firstReceipt(history.records));
  if (records === history.records) ANSWERS.set(history, answer);
  return answer;
}

/** What a session has from its history and from a tape. */
export function optionsOf(history: History, order: readonly OracleRecord[], tape: Tape): SessionOptions {
  return { firstReceiptMs: firstReceipt(history.records), totals: totalsOf(order), path: pathBy(tape) };
}

/** A whole run: consumed in batches, said at the end of each, ended. */
export function run(history: History, make: MakeEngine, order: readonly OracleRecord[], tape: Tape, options: Partial<SessionOptions> = {}): Session {
  const session = new Session(history, make, { ...optionsOf(history, order, tape), ...options });
  const deferredPercent = tape.one([0, 0, 50, 98]);
  for (const batch of batched(order, tape)) {
    for (const record of batch) session.consume(record);
    session.settle(tape.chance(deferredPercent));
  }
  session.end();
  return session;
}

/** L1: engine = oracle, in the middle (what was consumed so far is a set of records too) and at the end. */
export const l1Engine: Law = (history, make) => {
  const tape = new Tape(history.steering);
  const order = interleaved(history.records, tape);
  const session = new Session(history, make, optionsOf(history, order, tape));
  const batches = batched(order, tape);
  const middle = tape.below(batches.length);
  const consumed: OracleRecord[] = [];
  for (const [i, batch] of batches.entries()) {
    for (const record of batch) session.consume(record);
    consumed.push(...batch);
    session.settle();
    if (i !== middle) continue;
    const breach = difference(session.fold, askOracle(history, consumed).alerts);
    if (breach !== null) return `after ${consumed.length} records: ${breach}`;
  }
  session.end();
  const answer = askOracle(history);
  return difference(session.fold, answer.alerts) ?? finalTimes(session.fold, answer) ?? conflictsTold(session, answer) ?? noticesGiven(session, answer);
};

/** L2: any interleaving of the partitions. */
export const l2Interleaving: Law = (history, make) => {
  const tape = new Tape(history.steering.slice(7));
  const order = (): OracleRecord[] => interleaved(history.records, tape);
  return same(run(history, make, order(), tape).fold, run(history, make, order(), tape).fold);
};

/** L3: records that were applied come once more, at once or later. */
export const l3Repeating: Law = (history, make) => {
  const tape = new Tape(history.steering.slice(3));
  const twice = [...partitionsOf(history.records)].flatMap(([partition, list]) => {
    let r = Number.NEGATIVE_INFINITY;
    const doubled = list.flatMap((record) => {
      r = Math.max(r, record.r);
      return tape.chance(40) && wasApplied(record) ? [record, { ...record, r }] : [record];
    });
    const applied = doubled.filter(wasApplied);
    const again = tape.chance(50) && applied.length > 0 ? [{ ...tape.one(applied), r: r + tape.below(HOUR) }] : [];
    return [...doubled, ...again].map((record, offset) => ({ ...record, partition, offset }));
  });
  const plain = run(history, make, interleaved(history.records, tape), tape);
  return same(plain.fold, run(history, make, interleaved(twice, tape), tape).fold);
};

/** A record that came too early can be accepted when it comes again; it was not applied before. */
function wasApplied({ transaction, r }: OracleRecord): boolean {
  return Date.parse(transaction['time'] as string) - r <= HOUR;
}

/** L4: the same records over another number of input partitions. */
export const l4Partitions: Law = (history, make) => {
  const tape = new Tape(history.steering.slice(5));
  const count = 1 + tape.below(4);
  const next: number[] = new Array<number>(count).fill(0);
  const byReceipt = [...history.records].sort((a, b) => a.r - b.r);
  const spread = byReceipt.map((record) => {
    const partition = tape.below(count);
    return { ...record, partition, offset: next[partition]!++ };
  });
  const plain = run(history, make, interleaved(history.records, tape), tape);
  return same(plain.fold, run(history, make, interleaved(spread, tape), tape).fold);
};

/** L5: killed after some batch; a new owner replays in silence to the frontier, would say what stands, and goes on. */
export const l5Replay: Law = (history, make) => {
  const tape = new Tape(history.steering.slice(11));
  const order = interleaved(history.records, tape);
  const queue: Fold = new Map();
  let owner = new Session(history, make, optionsOf(history, order, tape));
  const consumed: OracleRecord[] = [];
  for (const batch of batched(order, tape)) {
    for (const record of batch) owner.consume(record);
    consumed.push(...batch);
    store(queue, owner.settle());
    if (!tape.chance(30)) continue;
    const { wmMs } = owner;
    owner = new Session(history, make, optionsOf(history, order, tape));
    const breach = takeOver(owner, consumed, wmMs, queue, history);
    if (breach !== null) return `after ${consumed.length} records: ${breach}`;
  }
  owner.end();
  store(queue, owner.said);
  return difference(queue, askOracle(history).alerts);
};

function store(queue: Fold, changes: Session['said']): void {
  for (const { alertId, content, contentDigest, finalAtMs } of changes) {
    if (content === null) queue.delete(alertId);
    else queue.set(alertId, { content: { ...content, transactions: content.transactions.map(({ place: _, ...e }) => e) }, digest: contentDigest, finalAtMs });
  }
}

/** The receipt time from which a replay begins (S20). */
export function replayStart(owner: Session, wmMs: number, history: History): number {
  return Math.floor((wmMs - owner.engine.retentionMs) / DAY) * DAY - HOUR - history.world.slackMs;
}

function takeOver(owner: Session, consumed: readonly OracleRecord[], wmMs: number, queue: Fold, history: History): string | null {
  owner.replayTo(consumed, wmMs, replayStart(owner, wmMs, history));
  for (const { alertId, finalAtMs } of owner.said) {
    if (finalAtMs < wmMs) return `the replay speaks of ${alertId}, which is final`;
  }
  const standing = new Map([...queue].filter(([, alert]) => alert.finalAtMs >= wmMs));
  const breach = same(standing, owner.fold);
  owner.said.length = 0;
  return breach === null ? null : `at the takeover: ${breach}`;
}

/** L6: a typology alone says what it says among others. */
export const l6Sharing: Law = (history, make) => {
  const tape = new Tape(history.steering.slice(13));
  const order = interleaved(history.records, tape);
  const chosen = tape.one(history.typologies);
  const alone = run({ ...history, typologies: [chosen] }, make, order, new Tape(history.steering), { path: pathBy(tape) });
  const together = run(history, make, order, new Tape(history.steering), { path: pathBy(tape) });
  return same(alone.fold, new Map([...together.fold].filter(([, { content }]) => content.typology.id === chosen.id)));
};

/** L7: the last contents of `eager` are those of `final`, which says each alert once. */
export const l7Modes: Law = (history, make) => {
  const tape = new Tape(history.steering.slice(17));
  const order = interleaved(history.records, tape);
  const eager = run(history, make, order, tape);
  const final = run(history, make, order, tape, { mode: 'final' });
  const ids = final.said.map((change) => change.alertId);
  if (new Set(ids).size !== ids.length || final.said.some((change) => change.content === null)) return 'final mode says an alert more than once';
  return same(eager.fold, final.fold);
};

/** L9: shifted by a common multiple of the periods and of the day, rates with the rest. */
export const l9Shift: Law = (dated, make) => {
  const history = withoutDates(dated);
  const byMs = COMMON_PERIOD_MS * (1 + new Tape(history.steering.slice(19)).below(20));
  const later = shifted(history, byMs);
  const [tape, again] = [new Tape(history.steering.slice(50)), new Tape(history.steering.slice(50))];
  const plain = run(history, make, interleaved(history.records, new Tape(history.steering)), tape);
  const moved = run(later, make, interleaved(later.records, new Tape(history.steering)), again, { path: pathBy(tape) });
  const named = (fold: Fold, by: number): Fold => {
    const entries = [...fold.values()].map((alert) => ({ ...alert, content: unshifted(alert.content, by) }));
    return new Map(entries.map((alert) => [JSON.stringify([alert.content.typology.id, alert.content.subject.key, alert.content.period.from]), alert]));
  };
  return difference(named(moved.fold, byMs), contents(named(plain.fold, 0)));
};

/** L11: an engine that forgets nothing, since it never hears of progress before the end, says the same; and the other one does forget. */
export const l11Forgetting: Law = (history, make) => {
  const tape = new Tape(history.steering.slice(23));
  const order = interleaved(history.records, tape);
  const [forgetting, keeping] = [new Session(history, make, optionsOf(history, order, tape)), new Session(history, make, optionsOf(history, order, tape))];
  const consumed: OracleRecord[] = [];
  for (const batch of batched(order, tape)) {
    for (const record of batch) {
      forgetting.consume(record);
      keeping.consume(record);
    }
    consumed.push(...batch);
    forgetting.settle();
    keeping.drain();
    const { rows } = forgetting.engine.stats;
    const fromMs = Math.floor((forgetting.wmMs - forgetting.engine.retentionMs) / DAY) * DAY;
    const youngEnough = consumed.filter(({ transaction }) => Date.parse(transaction['time'] as string) >= fromMs).length;
    if (rows > youngEnough) return `${rows} transactions are held, of which ${youngEnough} are young enough`;
  }
  forgetting.end();
  keeping.end();
  const { rows, legs, keys, alerts } = forgetting.engine.stats;
  if (rows + legs + keys + alerts > 0) return `after the end ${JSON.stringify({ rows, legs, keys, alerts })} are held`;
  return same(forgetting.fold, keeping.fold);
};

/** L12: what is final never changes, and is what the whole input makes of it. */
export const l12Settled: Law = (history, make) => {
  const tape = new Tape(history.steering.slice(29));
  const order = interleaved(history.records, tape);
  const session = new Session(history, make, optionsOf(history, order, tape));
  const answer = askOracle(history);
  for (const batch of batched(order, tape)) {
    const wmBefore = session.wmMs;
    for (const record of batch) session.consume(record);
    const changed = session.settle(tape.chance(30)).find((change) => change.finalAtMs < wmBefore);
    if (changed !== undefined) return `${changed.alertId} changes after it was final`;
    const said = new Map([...session.fold].filter(([, alert]) => alert.finalAtMs < session.wmMs));
    const breach = difference(said, new Map([...answer.alerts].filter(([id]) => answer.finalAtMs.get(id)! < session.wmMs)));
    if (breach !== null) return `final at ${session.wmMs}: ${breach}`;
  }
  return null;
};

/** L13: each record is counted once, as the whole set has it. */
export const l13Counts: Law = (history, make) => {
  const tape = new Tape(history.steering.slice(31));
  const { engine } = run(history, make, interleaved(history.records, tape), tape);
  const { applied, duplicate, conflict, late, future, clockSkew } = engine.counts;
  const expected = askOracle(history).counts;
  const total = applied + duplicate + conflict + late + future + clockSkew;
  if (total !== history.records.length) return `${history.records.length} records are counted as ${total}`;
  const got = { applied, duplicate, conflict, late, future };
  return isDeepStrictEqual(got, expected) && clockSkew === 0
    ? null
    : `counts ${JSON.stringify({ ...got, clockSkew })}, the oracle's ${JSON.stringify(expected)}`;
};

/** Beyond the numbered laws: an inspection tells what the oracle finds at the same anchor, part by part. */
export const inspection: Law = (history, make) => {
  const tape = new Tape(history.steering.slice(41));
  const order = interleaved(history.records, tape);
  const session = new Session(history, make, optionsOf(history, order, tape));
  for (const record of order) session.consume(record);
  session.drain();
  for (const { typology, key, timeMs, source, id, ...expected } of askAnchors(history.typologies, history.records, oracleSettings(history))) {
    const found = session.engine.inspect(typology, key, timeMs);
    if (found === null) return `nothing is known of ${JSON.stringify([typology, key, timeMs])}`;
    if (!found.seen || found.anchor.source !== source || found.anchor.id !== id) continue;
    const { lets, conditions, exceptions, points, score, verdict } = found;
    for (const [name, got] of Object.entries({ lets, conditions, exceptions, points, score, verdict })) {
      const wanted = expected[name as keyof typeof expected];
      if (!isDeepStrictEqual(got, wanted))
        return `inspection of ${typology} ${key.join('+')} ${id}: ${name} ${JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`;
    }
  }
  return null;
};

export const LAWS: Readonly<Record<string, Law>> = {
  L1: l1Engine,
  L2: l2Interleaving,
  L3: l3Repeating,
  L4: l4Partitions,
  L5: l5Replay,
  L6: l6Sharing,
  L7: l7Modes,
  L9: l9Shift,
  L11: l11Forgetting,
  L12: l12Settled,
  L13: l13Counts,
  inspection,
};
