import { formatDuration } from '../base/duration.ts';
import type { Inspection } from '../detection/api.ts';
import type { AlertContent } from '../detection/content.ts';
import type { RateTable } from '../transactions/rateLookup.ts';
import type { Typology } from '../typologies/ast.ts';
import { byReceipt, firstReceipt, LATENESS_MS, Player } from './playing.ts';
import type { AuthorTest, Expectation, TestRecord } from './testModel.ts';

/** One thing that is not as it was expected. */
export interface Failure {
  /** Line of the test file. */
  readonly line: number;
  readonly expected: string;
  readonly actual: string;
  /** The verdict at the anchor, part by part, where one can be had. */
  readonly inspections: readonly Inspection[];
}

/** A hit taken by itself: in a period of one millisecond an alert holds the hits of one moment, so that its content is the hit's own. */
const HIT_PERIOD_MS = 1;

/** Plays a test and holds each of its expectations against the hits. */
export function checkExpectations(test: AuthorTest, typology: Typology, rates: RateTable): Failure[] {
  const player = new Player({ ...typology, alert: { ...typology.alert, periodMs: HIT_PERIOD_MS } }, rates, firstReceipt(test.records));
  byReceipt(test.records).forEach((record, i) => player.apply(record, i));
  player.drain();
  const hits = [...player.standing.values()].map((alert) => alert.content);
  const labels = labelsOf(test);
  return test.expectations.flatMap((expectation) => {
    const anchor = test.records[expectation.anchor]!;
    const own = hits.filter((hit) => isHitAt(hit, anchor) && (expectation.subject === undefined || sameKey(hit, expectation.subject)));
    const inspections = keysOf(typology, anchor, expectation.subject).flatMap((key) => player.engine.inspect(typology.id, key, anchor.timeMs) ?? []);
    const complaints = expectation.verdict === 'quiet' ? quietComplaints(own) : firesComplaints(own, expectation, labels, unseen(anchor, inspections));
    return complaints.map((actual) => ({
      line: expectation.line,
      expected: expectation.text,
      actual,
      inspections,
    }));
  });
}

function isHitAt(hit: AlertContent, anchor: TestRecord): boolean {
  return hit.hits.some((h) => `${h.source}:${h.id}` === anchor.reference && Date.parse(h.time) === anchor.timeMs);
}

function keyTexts(hit: AlertContent): readonly string[] {
  return typeof hit.subject.key === 'string' ? [hit.subject.key] : hit.subject.key;
}

function sameKey(hit: AlertContent, subject: readonly string[]): boolean {
  const key = keyTexts(hit);
  return key.length === subject.length && key.every((text, i) => text === subject[i]);
}

/** Why nothing can be taken apart at a line; empty where something can. */
function unseen(anchor: TestRecord, inspections: readonly Inspection[]): string {
  if (anchor.json['returnOf'] !== undefined) return ': it gives a payment back, and a return is no transaction of its own';
  if (anchor.receivedAtMs - anchor.timeMs > LATENESS_MS) return `: it arrives too late, more than ${formatDuration(LATENESS_MS)} after its time`;
  return inspections.length === 0 ? ': the typology sees no transaction there of such a subject' : '';
}

function quietComplaints(hits: readonly AlertContent[]): string[] {
  return hits.map((hit) => `fires subject=${keyTexts(hit).join(',')} score=${hit.score}`);
}

/** What is wrong with the hits; nothing if one of them is as expected. */
function firesComplaints(hits: readonly AlertContent[], expectation: Extract<Expectation, { verdict: 'fires' }>, labels: Labels, why: string): string[] {
  if (hits.length === 0) return [`quiet${why}`];
  const complaints = hits.map((hit) => differences(hit, expectation, labels));
  return complaints.some((c) => c.length === 0) ? [] : complaints.map((c, i) => `fires subject=${keyTexts(hits[i]!).join(',')} ${c.join(' ')}`);
}

function differences(hit: AlertContent, { score, severity, evidence, values }: Extract<Expectation, { verdict: 'fires' }>, labels: Labels): string[] {
  const wrong: string[] = [];
  if (score !== undefined && hit.score !== score) wrong.push(`score=${hit.score}`);
  if (severity !== undefined && hit.severity !== severity) wrong.push(`severity=${hit.severity}`);
  if (evidence !== undefined) {
    const wanted = new Set(evidence.map((name) => labels.referenceOf.get(name)!));
    const shown = hit.transactions.map((t) => `${t.source}:${t.id}`);
    if (shown.length !== wanted.size || shown.some((reference) => !wanted.has(reference))) {
      wrong.push(`evidence=${shown.map((reference) => labels.nameOf.get(reference) ?? reference).join(',')}`);
    }
  }
  for (const [name, value] of values) {
    const actual = Object.hasOwn(hit.values, name) ? String(hit.values[name] ?? 'missing') : 'not on the alert';
    if (actual !== value) wrong.push(`values.${name}=${actual.includes(' ') ? `"${actual}"` : actual}`);
  }
  return wrong;
}

interface Labels {
  readonly referenceOf: ReadonlyMap<string, string>;
  readonly nameOf: ReadonlyMap<string, string>;
}

/** A transaction is called by its label, or by its id, which is the label unless the line sets another. */
function labelsOf(test: AuthorTest): Labels {
  const referenceOf = new Map<string, string>();
  const nameOf = new Map<string, string>();
  for (const record of test.records) {
    const id = String(record.json['id']);
    referenceOf.set(id, record.reference);
    nameOf.set(record.reference, id);
  }
  for (const [label, index] of test.labels) {
    referenceOf.set(label, test.records[index]!.reference);
    nameOf.set(test.records[index]!.reference, label);
  }
  return { referenceOf, nameOf };
}

/** The keys to be inspected: the one expected, else those of the anchor's legs. */
function keysOf(typology: Typology, anchor: TestRecord, subject: readonly string[] | undefined): (readonly string[])[] {
  if (subject !== undefined) return [subject];
  const { paths } = typology.subject;
  const first = paths[0]!;
  const keys = first === 'account' || first === 'party' ? [[`debtor.${first}`], [`creditor.${first}`]] : [paths];
  const found = keys.map((key) => key.map((path) => textAt(anchor.json, path))).filter((key): key is string[] => !key.includes(undefined));
  return found.filter((key, i) => found.findIndex((other) => other.join('\0') === key.join('\0')) === i);
}

function textAt(json: Readonly<Record<string, unknown>>, path: string): string | undefined {
  let at: unknown = json;
  for (const name of path.split('.')) at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined;
  return typeof at === 'string' ? at : undefined;
}
