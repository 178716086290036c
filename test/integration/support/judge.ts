import { FIREHOSE_LENGTH } from '../../../src/alerts/limits.ts';
import type { AlertQueue, StoredAlert } from '../../../src/alerts/queue.ts';
import { listCursor } from '../../../src/alerts/rank.ts';
import type { AlertContent } from '../../../src/detection/content.ts';
import { DEFAULT_SETTINGS } from '../../../src/detection/settings.ts';
import { loadRules } from '../../../src/typologies/load.ts';
import { ask } from '../../support/oracle/oracle.ts';
import type { OracleAnswer, OracleRecord, OracleSettings, PlacelessContent } from '../../support/oracle/types.ts';
import { ALERT_KEY, RATE_ROWS, RULES } from './deployment.ts';
import { worldOf } from './feed.ts';
import type { Received } from './kafka.ts';

const SETTINGS: OracleSettings = {
  reportingCurrency: 'EUR',
  alertKey: ALERT_KEY,
  latenessMs: DEFAULT_SETTINGS.latenessMs,
  latenessBySource: new Map(),
  futureMs: DEFAULT_SETTINGS.futureMs,
  asOfMs: Number.POSITIVE_INFINITY,
  returnHorizonMs: DEFAULT_SETTINGS.returnHorizonMs,
  dayLegsMax: DEFAULT_SETTINGS.dayLegsMax,
  rates: RATE_ROWS,
};

export interface Judgement {
  /** By alert id, what the queue must hold, places left out. */
  readonly alerts: ReadonlyMap<string, PlacelessContent>;
  readonly tooLate: readonly OracleRecord[];
  readonly conflicts: OracleAnswer['conflicts'];
  readonly counts: OracleAnswer['counts'];
}

/** What the oracle says of a topic that was read back. `isMalformed` is known from how the records were made, not from our decoder. */
export function judge(received: readonly Received[], isMalformed: (record: Received) => boolean): Judgement {
  const { ruleSet, diagnostics } = loadRules(RULES);
  if (ruleSet === null) throw new Error(`the rules of the tests are broken: ${JSON.stringify(diagnostics)}`);
  const records = received.filter((record) => !isMalformed(record)).map(toOracle);
  const firstReceiptMs = Math.min(...received.filter(({ offset }) => offset === 0).map(({ r }) => r));
  const judgement = { alerts: new Map<string, PlacelessContent>(), tooLate: [] as OracleRecord[], conflicts: [] as OracleAnswer['conflicts'][number][] };
  const counts = { applied: 0, duplicate: 0, conflict: 0, late: 0, future: 0 };
  for (const world of worlds(records)) {
    const answer = ask(ruleSet.typologies, world, SETTINGS, firstReceiptMs);
    for (const [id, content] of answer.alerts) judgement.alerts.set(id, content);
    judgement.tooLate.push(...answer.tooLate);
    judgement.conflicts.push(...answer.conflicts);
    for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] += answer.counts[name];
  }
  return { ...judgement, counts };
}

function worlds(records: readonly OracleRecord[]): Iterable<OracleRecord[]> {
  const byWorld = new Map<string, OracleRecord[]>();
  for (const record of records) {
    const world = worldOf(record.transaction['id'] as string);
    const others = byWorld.get(world);
    if (others === undefined) byWorld.set(world, [record]);
    else others.push(record);
  }
  return byWorld.values();
}

function toOracle({ value, r, partition, offset }: Received): OracleRecord {
  return { transaction: JSON.parse(value.toString()) as Record<string, unknown>, r, partition, offset };
}

const PAGE = 500;

/** All alerts that stand in the queue, withdrawn ones left out. */
export async function standingAlerts(queue: AlertQueue): Promise<Map<string, PlacelessContent>> {
  const alerts = new Map<string, PlacelessContent>();
  let after: string | undefined;
  for (;;) {
    const page: StoredAlert[] = await queue.list({ state: 'any', limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const { alertId, content, withdrawn } of page) if (content !== null && !withdrawn) alerts.set(alertId, placeless(content));
    if (page.length < PAGE) return alerts;
    after = listCursor(page.at(-1)!);
  }
}

function placeless(content: AlertContent): PlacelessContent {
  return { ...content, transactions: content.transactions.map(({ place: _, ...entry }) => entry) };
}

export interface Folded {
  /** By alert id: the last revision of each, retracted ones left out. */
  readonly last: ReadonlyMap<string, { readonly rev: number; readonly op: string }>;
  readonly revisions: number;
  /** Whether its oldest lines may be gone. */
  readonly isCut: boolean;
  /** Alerts whose revisions have a gap or a repetition. */
  readonly broken: readonly string[];
}

/** The firehose from its beginning, folded. */
export async function foldFirehose(queue: AlertQueue): Promise<Folded> {
  const last = new Map<string, { rev: number; op: string }>();
  const broken = new Set<string>();
  const headless = new Set<string>();
  let [after, revisions] = ['', 0];
  for (;;) {
    const page = await queue.readFirehose(after, 1000);
    for (const { line } of page) {
      const { alertId, rev, op } = JSON.parse(line) as { alertId: string; rev: number; op: string };
      const before = last.get(alertId)?.rev;
      if (before === undefined && rev > 1) headless.add(alertId);
      else if (rev !== (before ?? 0) + 1) broken.add(alertId);
      last.set(alertId, { rev, op });
    }
    revisions += page.length;
    if (page.length === 0) break;
    after = page.at(-1)!.id;
  }
  for (const [id, { op }] of last) if (op === 'retract') last.delete(id);
  // The firehose forgets its oldest lines; where it did not, every alert begins with its first revision.
  const isCut = revisions >= FIREHOSE_LENGTH;
  return { last, revisions, isCut, broken: [...broken, ...(isCut ? [] : headless)] };
}

/** What is wrong, in few lines: how many alerts are missing, too many, or of another content, and the first fields of those that differ. */
export function difference(actual: ReadonlyMap<string, object>, expected: ReadonlyMap<string, object>): string[] {
  const missing = [...expected.keys()].filter((id) => !actual.has(id));
  const extra = [...actual.keys()].filter((id) => !expected.has(id));
  const other = [...actual.keys()].filter((id) => expected.has(id) && text(actual.get(id)) !== text(expected.get(id)));
  const lines = [`missing ${missing.length} ${missing[0] ?? ''}`, `extra ${extra.length} ${extra[0] ?? ''}`, `other ${other.length} ${other[0] ?? ''}`];
  for (const id of other.slice(0, 3)) lines.push(...fieldsThatDiffer(actual.get(id)!, expected.get(id)!));
  return missing.length + extra.length + other.length === 0 ? [] : lines;
}

function fieldsThatDiffer(actual: object, expected: object): string[] {
  const [a, b] = [actual, expected] as [Record<string, unknown>, Record<string, unknown>];
  return Object.keys({ ...a, ...b })
    .filter((key) => text(a[key]) !== text(b[key]))
    .map((key) => `${key}: ${text(a[key]).slice(0, 300)} instead of ${text(b[key]).slice(0, 300)}`);
}

function text(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'nothing';
}

/** The same value with the keys of objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
