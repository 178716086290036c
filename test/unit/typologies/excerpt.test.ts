import type { Expr } from '../../../src/typologies/ast.ts';
import { excerpt } from '../../../src/typologies/excerpt.ts';
import { conjuncts } from '../../../src/typologies/walk.ts';
import { compiled } from './fixtures.ts';

const parts = (when: string): string[] => {
  const typology = compiled(when);
  return conjuncts(typology.when).map((part: Expr) => excerpt(part.span, typology));
};

describe('what an alert says of a condition is what its author wrote, without what YAML asks for', () => {
  const wanted = ['kind in [p2p, "cheque"]', `channel != 'atm'`, 'amount >= 5 EUR'];
  const plain = wanted.join(' and ');

  test.each([
    ['plain', plain],
    ['in single quotes', `'${plain.replaceAll("'", "''")}'`],
    ['in double quotes', `"${plain.replaceAll('"', '\\"')}"`],
    ['with other escapes', `"${plain.replaceAll('"', '\\x22').replace('amount', '\\u0061mount')}"`],
    ['over lines in double quotes', `"${plain.replaceAll('"', '\\"').replaceAll(' and ', '\n  and\n  ')}"`],
    ['folded', `>-\n  ${plain.replaceAll(' and ', '\n  and ')}`],
    ['literal', `|\n  ${plain.replaceAll(' and ', '\n  and ')}`],
  ])('%s', (_, when) => {
    expect(parts(when)).toEqual(wanted);
  });

  test('the digest does not hang on how it is quoted', () => {
    expect(compiled(`'${plain.replaceAll("'", "''")}'`).digest).toBe(compiled(plain).digest);
    expect(compiled(plain).escaped).toBeUndefined();
  });
});
