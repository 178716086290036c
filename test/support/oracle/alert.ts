import { createHmac } from 'node:crypto';
import type { Severity, TitlePart, Typology } from '../../../src/typologies/ast.ts';
import { evaluate, legsRead, type Scope } from './evaluate.ts';
import { dayOf, precedes } from './legs.ts';
import { minorDigits } from './money.ts';
import { jsonValue, sidesOf, text, timeText } from './print.ts';
import type { Transaction } from './transactions.ts';
import type { OracleSettings, PlacelessContent } from './types.ts';
import { decimal, ratio, type Value } from './values.ts';
import { conjuncts, currencyOfLet, letsNamed, paramsNamed, readers } from './walk.ts';

const SHOWN_MAX = 500;

/** An anchor at which a typology holds, with the score it has there. */
export interface Hit {
  readonly scope: Scope;
  readonly score: number;
  /** Indices of the points that held. */
  readonly held: readonly number[];
}

/** The hits of one typology and key in one period (S12); there is at least one. */
export interface HitSet {
  readonly typology: Typology;
  readonly key: readonly string[];
  /** Number of the period since 1970-01-01. */
  readonly period: number;
  readonly hits: readonly Hit[];
}

interface Entry {
  readonly transaction: Transaction;
  readonly rank: number;
  readonly role: string;
}

export function alertIdOf({ typology, key, period }: Omit<HitSet, 'hits'>, alertKey: string): string {
  const array = ['alert/1', typology.id, typology.major, typology.alert.periodMs, typology.subject.paths, key, period];
  return createHmac('sha256', alertKey).update(JSON.stringify(array)).digest('hex').slice(0, 32);
}

export function contentOf(set: HitSet, settings: OracleSettings, firstReceiptMs: number): PlacelessContent {
  const { typology, key, period } = set;
  const hits = [...set.hits].sort((a, b) => precedes(transactionOf(a), transactionOf(b)));
  const lead = hits.reduce((best, hit) => (hit.score > best.score ? hit : best));
  const anchor = transactionOf(lead);
  const evidence = evidenceOf(hits, typology);
  const shownEvidence = shown(evidence, (e) => e.transaction === anchor);
  return {
    schema: 'alert/1',
    alertId: alertIdOf(set, settings.alertKey),
    typology: { id: typology.id, version: typology.version, title: typology.title, phase: typology.phase, sources: typology.sources.map((s) => s.document) },
    subject: { type: typology.subject.paths.join('+'), key: key.length === 1 ? key[0]! : [...key] },
    period: { from: timeText(period * typology.alert.periodMs), to: timeText((period + 1) * typology.alert.periodMs) },
    title: typology.alert.title.map((part) => titlePart(part, lead, key)).join(''),
    anchor: named(anchor),
    hits: shown(hits, (h) => h === lead).map((h) => ({ ...named(transactionOf(h)), score: h.score })),
    hitCount: hits.length,
    score: lead.score,
    severity: severityOf(lead.score, typology),
    route: typology.alert.route,
    values: valuesOf(lead),
    reasons: reasonsOf(lead),
    exceptionsTested: typology.unless.map((u) => ({ because: u.because, matched: false })),
    transactions: shownEvidence.map(evidenceEntry),
    transactionCount: evidence.length,
    truncated: evidence.length > SHOWN_MAX,
    partialWindow: typology.reachMs > 0 && transactionOf(hits[0]!).t - typology.reachMs < firstReceiptMs,
    orderUncertain: isOrderUncertain(shownEvidence.map((e) => e.transaction)),
    returned:
      typology.onReturn === 'keep'
        ? shownEvidence.filter((e) => e.transaction.returned).map((e) => ({ source: e.transaction.source, id: e.transaction.id }))
        : [],
    limits: [...typology.limits],
    next: [...typology.alert.next],
    signals: [],
    rules: { digest: typology.digest },
  };
}

function transactionOf(hit: Hit): Transaction {
  return hit.scope.anchor.transaction;
}

function named(x: Transaction): { source: string; id: string; time: string } {
  return { source: x.source, id: x.id, time: timeText(x.t) };
}

/** At most 500 in order: the leading one and the latest of the others. */
function shown<T>(inOrder: readonly T[], isLead: (x: T) => boolean): T[] {
  const others = inOrder.filter((x) => !isLead(x));
  const kept = new Set(others.slice(Math.max(0, others.length - (SHOWN_MAX - 1))));
  return inOrder.filter((x) => isLead(x) || kept.has(x));
}

/** S18: of each hit its anchor, and every leg read by an aggregate that is reached from `when` or from a point that held. */
function evidenceOf(hits: readonly Hit[], typology: Typology): Entry[] {
  const best = new Map<Transaction, Entry>();
  const add = (entry: Entry): void => {
    const old = best.get(entry.transaction);
    if (old === undefined || entry.rank < old.rank) best.set(entry.transaction, entry);
  };
  for (const hit of hits) {
    add({ transaction: transactionOf(hit), rank: -1, role: 'anchor' });
    const inWhen = readers(typology.when, typology, typology.lets.length, 'when');
    const inPoints = hit.held.flatMap((i) => readers(typology.score.points[i]!.when, typology, typology.lets.length + 1, 'score'));
    for (const { aggregate, rank, role } of [...inWhen, ...inPoints]) {
      for (const leg of legsRead(aggregate, hit.scope)) add({ transaction: leg.transaction, rank, role });
    }
  }
  return [...best.values()].sort((a, b) => precedes(a.transaction, b.transaction));
}

function evidenceEntry({ transaction: x, role }: Entry): PlacelessContent['transactions'][number] {
  const party = (side: string): object =>
    Object.fromEntries(['account', 'party', 'country'].map((name) => [name, x.texts.get(`${side}.${name}`)]).filter(([, v]) => v !== undefined));
  const digits = minorDigits(x.currency);
  return {
    ...named(x),
    kind: x.texts.get('kind')!,
    amount: { value: decimal(ratio(x.minor, 10n ** BigInt(digits)), digits), currency: x.currency },
    debtor: party('debtor'),
    creditor: party('creditor'),
    role,
  };
}

function isOrderUncertain(listed: readonly Transaction[]): boolean {
  return listed.some((x) => x.dayPrecision && listed.some((y) => y !== x && dayOf(y.t) === dayOf(x.t)));
}

function severityOf(score: number, typology: Typology): Severity {
  const bands = typology.score.bands.filter((band) => band.from <= score);
  return bands.length === 0 ? typology.severity : bands.reduce((a, b) => (b.from > a.from ? b : a)).severity;
}

function letValue(index: number, { scope }: Hit): { value: Value; currency: string } {
  const currency = currencyOfLet(index, scope.typology, scope.settings.reportingCurrency);
  return { value: evaluate(scope.typology.lets[index]!.expr, { ...scope, currency }), currency };
}

function titlePart(part: TitlePart, lead: Hit, key: readonly string[]): string {
  const { typology } = lead.scope;
  if (typeof part === 'string') return part;
  if ('subject' in part) return key.join(' / ');
  if ('let' in part) {
    const { value, currency } = letValue(part.let, lead);
    return text(value, typology.lets[part.let]!.expr.type, currency);
  }
  const param = typology.params.find((p) => p.name === part.param)!.value;
  const constant = param.kind === 'param' ? param.value : param;
  return text(evaluate(constant, lead.scope), constant.type, constant.kind === 'money' ? constant.currency : '');
}

function valuesOf(lead: Hit): Record<string, string | number | null> {
  const { typology } = lead.scope;
  const named = new Set([typology.when, ...typology.score.points.map((p) => p.when)].flatMap((e) => [...letsNamed(e, typology)]));
  for (const part of typology.alert.title) {
    if (typeof part === 'string' || !('let' in part)) continue;
    named.add(part.let);
    for (const i of letsNamed(typology.lets[part.let]!.expr, typology)) named.add(i);
  }
  const inOrder = typology.lets.map((_, i) => i).filter((i) => named.has(i));
  return Object.fromEntries(
    inOrder.map((i) => {
      const { value, currency } = letValue(i, lead);
      return [typology.lets[i]!.name, jsonValue(value, typology.lets[i]!.expr.type, currency)];
    }),
  );
}

function reasonsOf(lead: Hit): PlacelessContent['reasons'] {
  const { typology } = lead.scope;
  const source = (names: string[]): { source?: string } => {
    const words = names.map((name) => typology.params.find((p) => p.name === name)!).map((p) => `${p.name} (${p.basis}): ${p.reason}`);
    return words.length === 0 ? {} : { source: words.join('; ') };
  };
  const ofWhen = conjuncts(typology.when).map((part, i) => ({
    text: typology.text.slice(part.span.start, part.span.end).replace(/\s+/g, ' ').trim(),
    points: i === 0 ? typology.score.base : 0,
    ...sidesOf(part, lead.scope),
    ...source(paramsNamed(part)),
  }));
  const ofPoints = lead.held
    .map((i) => typology.score.points[i]!)
    .map((p) => ({
      text: p.because,
      points: p.points,
      ...sidesOf(p.when, lead.scope),
      ...source(paramsNamed(p.when)),
    }));
  return [...ofWhen, ...ofPoints];
}
