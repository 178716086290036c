import { readFileSync } from 'node:fs';
import { ACTIONS, ALERT_STATES, FACTS, type Facts, type LifeState, nextState, STATES, type StateTransition, TRANSITIONS } from '../../../src/alerts/states.ts';

const EVERY_FACTS: readonly Facts[] = Array.from({ length: 2 ** FACTS.length }, (_, bits) => {
  const facts = FACTS.map((fact, i) => [fact, ((bits >> i) & 1) === 1] as const);
  return Object.fromEntries(facts) as Facts;
});
const rowsOf = (state: string, action: string): StateTransition[] => TRANSITIONS.filter((row) => row.from === state && row.action === action);
const fits = (row: StateTransition, facts: Facts): boolean => FACTS.every((fact) => row.guard[fact] === undefined || row.guard[fact] === facts[fact]);

describe('the table of states', () => {
  const pairs = Object.keys(STATES).flatMap((state) => ACTIONS.map((action) => [state as LifeState, action] as const));

  test.each(pairs)('%s and %s: one row at most, and one for every fact where there is any', (state, action) => {
    const rows = rowsOf(state, action);
    for (const facts of EVERY_FACTS) {
      const fitting = rows.filter((row) => fits(row, facts));
      expect(fitting).toHaveLength(rows.length === 0 ? 0 : 1);
      expect(nextState(state, action, facts)).toBe(fitting[0]?.to ?? null);
    }
  });

  test('delivery is heard in every state, and every state can be reached and left', () => {
    for (const state of Object.keys(STATES)) {
      expect(rowsOf(state, 'hit')).not.toEqual([]);
      expect(rowsOf(state, 'lose')).not.toEqual([]);
      expect(TRANSITIONS.some((row) => row.from === state && row.to !== state)).toBe(true);
      if (state !== 'none') expect(TRANSITIONS.some((row) => row.to === state && row.from !== state)).toBe(true);
    }
  });

  test('what an analyst held or closed never disappears', () => {
    for (const { from, to, guard } of TRANSITIONS) {
      if (to !== 'retracted' && to !== 'none') continue;
      expect(['none', 'ready', 'retracted']).toContain(from);
      if (from === 'ready') expect(guard).toEqual({ touched: false });
    }
  });

  test('only the stored states are listed and counted', () => {
    expect([...ALERT_STATES, 'none', 'retracted'].sort()).toEqual(Object.keys(STATES).sort());
  });
});

describe('docs/queue.md', () => {
  const text = readFileSync(new URL('../../../docs/queue.md', import.meta.url), 'utf8');

  test('prints the states', () => {
    for (const [state, holds] of Object.entries(STATES)) expect(text).toContain(`| \`${state}\` | ${holds} |`);
  });

  test('prints every transition, and no others', () => {
    const guardText = (row: StateTransition): string =>
      FACTS.filter((f) => row.guard[f] !== undefined)
        .map((f) => (row.guard[f] ? `\`${f}\`` : `not \`${f}\``))
        .join(', ');
    const rows = TRANSITIONS.map((row) =>
      `| \`${row.from}\` | \`${row.action}\` | ${guardText(row)} | \`${row.to}\` | ${row.effect} |`.replaceAll('|  |', '| |'),
    );
    const printed = text.split('\n').filter((line) => /^\| `\w+` \| `(?:hit|lose|claim|extend|release|expire|resolve|reopen|note)` \|/.test(line));
    expect(printed).toEqual(rows);
  });
});
