import type { Typology } from '../../../src/typologies/ast.ts';
import { compileTypology } from '../../../src/typologies/compile.ts';

/** A small typology: three payers within a day, and most of it forwarded. */
export const RULE = `typology: rapid-pass-through
version: 1.0.0
title: Money from several payers leaves the same day
phase: layering
status: active
severity: medium
sources:
  - { document: A paper, grade: A }
params:
  min_payers: { type: count, default: 3, min: 2, max: 9, reason: two may be parents, basis: E }
subject: account
let:
  inflow: sum(amount where incoming) over 24h
  payers: distinct(counterparty.party where incoming) over 24h
  moved: passed_through() over 24h
when: outgoing and payers >= params.min_payers and inflow >= 10000 EUR and moved >= 0.8 * inflow
score:
  base: 60
  add:
    - { points: 15, when: 'creditor.country == "TR"', because: it leaves for a place on the route }
  alert_at: 60
  severity:
    - { from: 75, severity: high }
unless:
  - { when: debtor.party == creditor.party, because: own transfer }
alert:
  title: '{subject} forwarded {moved} of {inflow}'
  period: 7d
`;

export const PAIR_RULE = RULE.replace('subject: account', 'subject: [debtor.party, creditor.town]')
  .replace(/let:[\s\S]*?score:/, 'let:\n  n: count() over 24h\nwhen: n >= params.min_payers\nscore:')
  .replace('{subject} forwarded {moved} of {inflow}', '{subject}: {n}');

export function compiled(text: string = RULE): Typology {
  const { typology, diagnostics } = compileTypology(text, 'rule.yaml', { lists: new Map() });
  if (typology === null) throw new Error(diagnostics.map((d) => `${d.line}:${d.column} ${d.message}`).join('\n'));
  return typology;
}

/** A test file of one test. */
export const file = (...lines: string[]): string => `tests:\n  - name: one\n    events: |\n${lines.map((line) => `      ${line}\n`).join('')}`;

/** The example of the language's description. */
export const FIRES = [
  '2026-03-01T09:00Z  A -> M   4000 EUR  #a',
  '2026-03-01T10:00Z  B -> M   4000 EUR  #b',
  '2026-03-01T11:00Z  C -> M   4000 EUR  #c',
  '2026-03-01T20:00Z  M -> X  11000 EUR  #d   ! fires subject=M evidence=a,b,c,d',
  '+24h               M -> X    500 EUR  #e   ! quiet',
];
