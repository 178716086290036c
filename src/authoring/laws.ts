import { Random } from '../base/random.ts';
import type { AlertContent } from '../detection/content.ts';
import { NUMBER_FIELDS } from '../transactions/fields.ts';
import type { RateTable } from '../transactions/rateLookup.ts';
import type { Typology } from '../typologies/ast.ts';
import type { Alerts } from './playing.ts';
import { byReceipt, firstReceipt, LATENESS_MS, Player, play, watermark } from './playing.ts';
import type { AuthorTest, TestRecord } from './testModel.ts';

/** What must make no difference to a test's alerts, whatever its typology says: the laws of `docs/semantics.md` that one typology and one input can show. */
export interface Law {
  readonly name: string;
  /** Null where it holds or says nothing of this test, else what came out otherwise. */
  readonly check: (subject: LawSubject) => string | null;
}

export interface LawSubject {
  readonly test: AuthorTest;
  readonly typology: Typology;
  readonly rates: RateTable;
  /** What the test's records give in the order of their receipt. */
  readonly alerts: Alerts;
  readonly seed: number;
}

const DAY_MS = 86_400_000;

export const LAWS: readonly Law[] = [
  { name: 'in any order', check: anyOrder },
  { name: 'late', check: late },
  { name: 'twice', check: twice },
  { name: 'with progress after each record', check: withProgress },
  { name: 'killed and restored', check: restored },
  { name: 'at another time', check: shifted },
];

/** L2: every record keeps its receipt time, and comes in another order. */
function anyOrder({ test, typology, rates, alerts, seed }: LawSubject): string | null {
  const mixed = new Random(seed, 1).sample(test.records, test.records.length);
  return difference(alerts, play(mixed, typology, rates, firstReceipt(test.records)));
}

/** L2: every record that came at once comes up to the greatest lateness later. Says nothing where receipt decides which content wins (S2). */
function late({ test, typology, rates, alerts, seed }: LawSubject): string | null {
  if (new Set(test.records.map((r) => `${r.reference} ${r.timeMs}`)).size < test.records.length) return null;
  const random = new Random(seed, 2);
  const delayed = test.records.map((record) =>
    record.receivedAtMs > record.timeMs ? record : { ...record, receivedAtMs: record.timeMs + random.below(LATENESS_MS + 1) },
  );
  return difference(alerts, play(byReceipt(delayed), typology, rates, firstReceipt(test.records)));
}

/** L3: every record comes again, at any later moment. */
function twice({ test, typology, rates, alerts, seed }: LawSubject): string | null {
  const random = new Random(seed, 3);
  const again = test.records.map((record) => ({ ...record, receivedAtMs: record.receivedAtMs + random.below(LATENESS_MS) }));
  return difference(alerts, play(byReceipt([...test.records, ...again]), typology, rates, firstReceipt(test.records)));
}

/** L11 and L12: settling and forgetting as early as progress allows. */
function withProgress({ test, typology, rates, alerts }: LawSubject): string | null {
  const player = new Player(typology, rates, firstReceipt(test.records));
  byReceipt(test.records).forEach((record, i) => {
    player.apply(record, i);
    player.advance(watermark(record.receivedAtMs));
  });
  return difference(alerts, player.end());
}

/** L5: after a quarter, half and three quarters of the records the process ends, and another goes on from a silent replay. */
function restored({ test, typology, rates, alerts }: LawSubject): string | null {
  const records = byReceipt(test.records);
  const kills = new Set([1, 2, 3].map((quarter) => Math.ceil((records.length * quarter) / 4)));
  // What it says does not hang on what comes after it, so that one run serves for every kill.
  const first = new Player(typology, rates, firstReceipt(records));
  let given = 0;
  for (const killedAfter of kills) {
    for (; given < killedAfter; given++) first.apply(records[given]!, given);
    const wmMs = watermark(records[killedAfter - 1]!.receivedAtMs);
    first.advance(wmMs);
    const second = new Player(typology, rates, firstReceipt(records));
    second.takeOver(first.standing);
    second.engine.beginReplay();
    records.slice(0, killedAfter).forEach((record, i) => second.apply(record, i));
    second.engine.endReplay(wmMs);
    second.drain();
    records.slice(killedAfter).forEach((record, i) => second.apply(record, killedAfter + i));
    const found = difference(alerts, second.end());
    if (found !== null) return `killed after ${killedAfter} of ${records.length} records, ${found}`;
  }
  return null;
}

/** L9: all times and dates later by a common multiple of the periods and of a day. Says nothing where a rate of a date is read. */
function shifted({ test, typology, rates, alerts }: LawSubject): string | null {
  const byMs = leastCommonMultiple(typology.alert.periodMs, DAY_MS) * 3;
  let read = false;
  const watching: RateTable = {
    digest: rates.digest,
    digestThrough: (timeMs) => rates.digestThrough(timeMs),
    convert(amountMinor, from, to, timeMs) {
      read ||= from !== to;
      return rates.convert(amountMinor, from, to, timeMs);
    },
  };
  play(byReceipt(test.records), typology, watching, firstReceipt(test.records));
  if (read) return null;
  const moved = test.records.map(
    (record): TestRecord => ({
      ...record,
      json: shiftedJson(record.json, byMs),
      timeMs: record.timeMs + byMs,
      receivedAtMs: record.receivedAtMs + byMs,
    }),
  );
  const after = play(byReceipt(moved), typology, rates, firstReceipt(moved));
  const timeless = (of: Alerts): string[] => [...of.values()].map(({ content }) => JSON.stringify(withoutTimes(content))).sort();
  const [before, now] = [timeless(alerts), timeless(after)];
  return before.length === now.length && before.every((text, i) => text === now[i]) ? null : `${now.length} alerts instead of ${before.length}, or others`;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

const DATES = NUMBER_FIELDS.filter((f) => f.type === 'date').map((f) => f.path.split('.'));

function shiftedJson(json: Readonly<Record<string, unknown>>, byMs: number): Record<string, unknown> {
  const copy = structuredClone(json) as Record<string, unknown>;
  copy['time'] = new Date(Date.parse(String(json['time'])) + byMs).toISOString();
  for (const [side, name] of DATES) {
    const party = copy[side!] as Record<string, unknown> | undefined;
    const date = party?.[name!];
    if (party !== undefined && typeof date === 'string') party[name!] = new Date(Date.parse(date) + byMs).toISOString().slice(0, 10);
  }
  return copy;
}

/** What of an alert does not hang on when it was: ids, times and places apart. */
function withoutTimes({
  subject,
  severity,
  route,
  score,
  hits,
  transactions,
  exceptionsTested,
  partialWindow,
  orderUncertain,
  reasons,
  hitCount,
}: AlertContent): unknown {
  return {
    subject,
    severity,
    route,
    score,
    exceptionsTested,
    partialWindow,
    orderUncertain,
    hitCount,
    reasons: reasons.map((r) => [r.text, r.points]),
    hits: hits.map((h) => [h.source, h.id, h.score]),
    transactions: transactions.map((t) => [t.source, t.id, t.role]),
  };
}

/** Null where both hold the same alerts with the same content. */
function difference(expected: Alerts, actual: Alerts): string | null {
  const differ = [...expected].filter(([id, { digest }]) => actual.get(id)?.digest !== digest).map(([, { content }]) => content.title);
  const extra = [...actual].filter(([id]) => !expected.has(id)).map(([, { content }]) => content.title);
  if (differ.length + extra.length === 0) return null;
  return [...differ.map((title) => `missing or different: ${title}`), ...extra.map((title) => `too much: ${title}`)].join('; ');
}
