import type { Typology } from '../../../src/typologies/ast.ts';
import { alertIdOf, contentOf, type Hit, type HitSet } from './alert.ts';
import { holds, type Scope } from './evaluate.ts';
import { type Asked, takenApart } from './inspection.ts';
import { dayOf, type Leg, legsOf, overfullDays, precedes } from './legs.ts';
import { readAll, type Transaction } from './transactions.ts';
import type { OracleAnswer, OracleFacts, OracleRecord, OracleSettings, PlacelessContent } from './types.ts';
import { both, ERRORED, opposite, type Truth } from './values.ts';
import { readers } from './walk.ts';

const DAY_MS = 86_400_000;

/**
 * The slow evaluator: what `docs/semantics.md` says, clause by clause, over the whole set of records at the end of input. It shares no
 * code with the engine below the syntax tree (law L1), takes any time it likes, and is meant to be checked by eye.
 */
export function ask(
  typologies: readonly Typology[],
  records: readonly OracleRecord[],
  settings: OracleSettings,
  firstReceiptMs: number = firstReceipt(records),
): OracleAnswer {
  const reading = readAll(records, settings);
  const facts: OracleFacts = {
    ...noFacts(),
    returned: reading.transactions.filter((x) => x.returned).length,
    statusRaised: reading.transactions.filter((x) => x.messages.some((m) => m.digest === x.digest && m.status < x.status)).length,
  };
  const alerts = new Map<string, PlacelessContent>();
  const finalAtMs = new Map<string, number>();
  const errored = new Set<string>();
  for (const typology of typologies) {
    for (const set of hitSets(typology, reading.transactions, settings, facts, errored)) {
      const alertId = alertIdOf(set, settings.alertKey);
      alerts.set(alertId, contentOf(set, settings, firstReceiptMs));
      finalAtMs.set(alertId, (set.period + 1) * typology.alert.periodMs + Math.max(settings.returnHorizonMs, DAY_MS));
    }
  }
  return { alerts, finalAtMs, errored, counts: reading.counts, tooLate: reading.tooLate, conflicts: reading.conflicts, facts };
}

function noFacts(): OracleFacts {
  return {
    returned: 0,
    statusRaised: 0,
    overfullDays: 0,
    anchors: 0,
    firedBy: new Map(),
    evaluated: new Map(),
    edgeOpen: 0,
    edgeInside: 0,
    edgeOutside: 0,
    tiesAtAnchor: 0,
    overfullTouched: 0,
    mostInWindow: 0,
    selfAnchors: 0,
    unseen: 0,
    missing: 0,
    converted: 0,
  };
}

/** B of S18: the least r over the first records of all partitions. */
export function firstReceipt(records: readonly OracleRecord[]): number {
  const isFirst = (x: OracleRecord): boolean => !records.some((y) => y.partition === x.partition && y.offset < x.offset);
  return Math.min(...records.filter(isFirst).map((x) => x.r));
}

/** Every anchor that is asked, taken apart. */
export function askAnchors(typologies: readonly Typology[], records: readonly OracleRecord[], settings: OracleSettings): Asked[] {
  const { transactions } = readAll(records, settings);
  const asked: Asked[] = [];
  const note = (scope: Scope, fired: Truth, score: number): void => void asked.push(takenApart(scope, fired, score));
  for (const typology of typologies) hitSets(typology, transactions, settings, noFacts(), new Set(), note);
  return asked;
}

function hitSets(
  typology: Typology,
  all: readonly Transaction[],
  settings: OracleSettings,
  facts: OracleFacts,
  errored: Set<string>,
  note: (scope: Scope, fired: Truth, score: number) => void = () => undefined,
): HitSet[] {
  const transactions = all.filter((x) => typology.onReturn === 'keep' || !x.returned);
  const byKey = new Map<string, Leg[]>();
  for (const leg of legsOf(transactions, typology.subject)) {
    byKey.set(JSON.stringify(leg.key), [...(byKey.get(JSON.stringify(leg.key)) ?? []), leg]);
  }
  const sets = new Map<string, { period: number; key: readonly string[]; hits: Hit[] }>();
  for (const legs of byKey.values()) {
    const key = legs[0]!.key;
    const overfull = overfullDays(all, typology.subject, key, settings.dayLegsMax);
    facts.overfullDays += overfull.size;
    const base = { typology, settings, overfull, currency: settings.reportingCurrency, facts };
    const seen = legs
      .filter((leg) => typology.where === undefined || holds(typology.where, { ...base, history: [], anchor: leg, leg }) === true)
      .sort((a, b) => precedes(a.transaction, b.transaction));
    facts.unseen += legs.length - seen.length;
    const history = seen.filter((leg) => !overfull.has(dayOf(leg.transaction.t)));
    for (const anchor of history) {
      facts.anchors++;
      if (anchor.side === 'self') facts.selfAnchors++;
      const scope: Scope = { ...base, history, anchor, leg: anchor };
      const verdict = verdictAt(scope);
      note(scope, verdict.fired, verdict.score);
      if (verdict.fired === ERRORED) errored.add(JSON.stringify([typology.id, key, dayOf(anchor.transaction.t)]));
      if (verdict.fired !== true) continue;
      countFired(scope, facts);
      const period = Math.floor(anchor.transaction.t / typology.alert.periodMs);
      const name = JSON.stringify([period, key]);
      sets.set(name, { period, key, hits: [...(sets.get(name)?.hits ?? []), { scope, score: verdict.score, held: verdict.held }] });
    }
  }
  return [...sets.values()].map((set) => ({ typology, ...set }));
}

/** `when`, no `unless`, and base plus points reach `alert_at`; the score is errored as soon as one of its conditions is (S15). */
function verdictAt(scope: Scope): { fired: Truth; score: number; held: number[] } {
  const { when, unless, score } = scope.typology;
  const asked = score.points.map((p) => holds(p.when, scope));
  const held = asked.flatMap((answer, i) => (answer === true ? [i] : []));
  const points = held.reduce((sum, i) => sum + score.points[i]!.points, score.base);
  const reaches: Truth = asked.includes(ERRORED) ? ERRORED : points >= score.alertAt;
  const parts: Truth[] = [holds(when, scope), ...unless.map((u) => opposite(holds(u.when, scope))), reaches];
  return { fired: parts.reduce(both), score: points, held };
}

function countFired(scope: Scope, facts: OracleFacts): void {
  for (const { aggregate } of readers(scope.typology.when, scope.typology, 0, '')) {
    facts.firedBy.set(aggregate.name, (facts.firedBy.get(aggregate.name) ?? 0) + 1);
  }
}
