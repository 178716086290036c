import type { Label } from '../../../src/simulation/labels.ts';
import { compare } from '../../../src/simulation/truth.ts';

const label = (name: string, subjects: string[], transactions: string[], decoy = false): Label => ({
  case: name,
  scheme: 's',
  variant: 'plain',
  decoy,
  subjects,
  transactions,
  typologies: decoy ? [] : ['t'],
});
const alert = (typology: string, keys: string[], ...transactions: string[]) => ({ typology, keys, transactions: new Set(transactions) });
const labels = [label('c-1', ['A'], ['b:1', 'b:2', 'b:3', 'b:4']), label('c-2', ['B', 'P'], ['b:5']), label('c-3', ['C'], ['b:6'], true)];

describe('what was found against what was hidden', () => {
  test('an alert on a subject finds its case, with the share of its transactions that it shows', () => {
    const { cases, others } = compare(labels, [alert('t', ['A'], 'b:1', 'b:2', 'x:9')]);
    expect(cases.map((c) => [c.found, c.evidence])).toEqual([
      [true, 0.5],
      [false, 0],
      [false, 0],
    ]);
    expect(others).toBe(0);
  });

  test('one text of a composite key is enough; two alerts on a case are two', () => {
    const { cases } = compare(labels, [alert('u', ['P', 'Calais'], 'b:5'), alert('t', ['B'], 'b:5')]);
    expect(cases[1]).toMatchObject({ found: true, by: ['t', 'u'], alerts: 2, evidence: 1 });
  });

  test('half of the evidence makes an alert one about the case, less does not', () => {
    expect(compare(labels, [alert('t', ['Z'], 'b:1', 'x:1')]).cases[0]!.found).toBe(true);
    const { cases, others, othersByTypology } = compare(labels, [alert('t', ['Z'], 'b:1', 'x:1', 'x:2')]);
    expect(cases[0]!.found).toBe(false);
    expect(others).toBe(1);
    expect([...othersByTypology]).toEqual([['t', 1]]);
  });

  test('a decoy that is accused says so', () => {
    expect(compare(labels, [alert('t', ['C'], 'b:6')]).cases[2]).toMatchObject({ found: true, label: { decoy: true } });
  });
});
