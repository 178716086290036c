import type { Typology } from '../../../src/typologies/ast.ts';
import type { Json, OracleRecord, OracleSettings } from '../oracle/types.ts';
import { aggregate, compare, letRef, num } from './expressions.ts';
import { layOut } from './source.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** 2026-03-02T00:00:00Z, a Monday. */
export const MONDAY = Date.UTC(2026, 2, 2);

/** A typology about accounts that holds wherever two legs lie within an hour, unless told otherwise. */
export function plainTypology(changes: Partial<Typology> = {}): Typology {
  const lets = changes.lets ?? [{ name: 'seen', expr: aggregate('count', HOUR), text: '' }];
  return layOut({
    id: 'plain',
    version: '1.0.0',
    major: 1,
    title: 'Plain',
    phase: 'layering',
    status: 'active',
    severity: 'medium',
    sources: [],
    limits: [],
    params: [],
    subject: { paths: ['account'], sides: 'both' },
    when: compare('>=', letRef(0, 'seen', 'number'), num(2)),
    whenText: '',
    score: { base: 0, points: [], alertAt: 0, bands: [] },
    unless: [],
    alert: { title: [{ subject: true }], periodMs: DAY, route: 'standard', next: [] },
    onReturn: 'exclude',
    reachMs: HOUR,
    text: '',
    digest: 'sha256:plain',
    ...changes,
    lets,
  });
}

/** A payment of 100 EUR from A to B, `atMs` after Monday's start. */
export function payment(id: string, atMs: number, changes: Json = {}): Json {
  return {
    schema: 'transaction/1',
    source: 's',
    id,
    time: new Date(MONDAY + atMs).toISOString(),
    kind: 'p2p',
    amount: { value: '100.00', currency: 'EUR' },
    debtor: { account: 'A' },
    creditor: { account: 'B' },
    ...changes,
  };
}

/** Records of one partition, each received at its own time unless told otherwise. */
export function received(...transactions: readonly (Json | readonly [Json, number])[]): OracleRecord[] {
  return transactions.map((entry, offset) => {
    const [transaction, r] = Array.isArray(entry) ? (entry as readonly [Json, number]) : [entry as Json, Date.parse((entry as Json)['time'] as string)];
    return { transaction, r, partition: 0, offset };
  });
}

/** The contract's own constants, and a published key. */
export const PLAIN_SETTINGS: OracleSettings = {
  reportingCurrency: 'EUR',
  alertKey: 'key',
  latenessMs: 48 * HOUR,
  latenessBySource: new Map(),
  futureMs: HOUR,
  asOfMs: Number.POSITIVE_INFINITY,
  returnHorizonMs: 10 * DAY,
  dayLegsMax: 100_000,
  rates: [],
};
