import type { Typology } from '../../../src/typologies/ast.ts';
import { ask } from '../oracle/oracle.ts';
import type { Json, OracleRecord, OracleSettings, PlacelessContent } from '../oracle/types.ts';
import { aggregate, amount, compare, letRef, money, num } from './expressions.ts';
import { DAY, HOUR, MONDAY, PLAIN_SETTINGS, plainTypology } from './plain.ts';

/** What the oracle alerts to, in the order of keys and periods. */
export function alertsOf(typology: Typology, records: readonly OracleRecord[], settings: Partial<OracleSettings> = {}): PlacelessContent[] {
  const answer = ask([typology], records, { ...PLAIN_SETTINGS, ...settings }, MONDAY - 30 * DAY);
  return [...answer.alerts.values()].sort((a, b) => (JSON.stringify([a.subject.key, a.period.from]) < JSON.stringify([b.subject.key, b.period.from]) ? -1 : 1));
}

/** Keys and anchors of all hits, as `key:id`. */
export function hitsOf(typology: Typology, records: readonly OracleRecord[], settings: Partial<OracleSettings> = {}): string[] {
  return alertsOf(typology, records, settings).flatMap((alert) => alert.hits.map((hit) => `${[alert.subject.key].flat().join('+')}:${hit.id}`));
}

export const from = (account: string): Json => ({ debtor: { account } });
export const to = (account: string): Json => ({ creditor: { account } });
/** Holds at every leg of a key. */
export const ALWAYS = plainTypology({ when: compare('>=', aggregate('count', HOUR), num(1)) });
export const sumAtLeast = (minor: number, currency = 'EUR', windowMs = HOUR): Typology =>
  plainTypology({
    lets: [{ name: 'total', expr: aggregate('sum', windowMs, amount()), text: '' }],
    when: compare('>=', letRef(0, 'total', 'money'), money(minor, currency)),
  });
