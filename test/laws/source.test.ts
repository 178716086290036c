import { isDeepStrictEqual } from 'node:util';
import type { Expr, Typology } from '../../src/typologies/ast.ts';
import { compileTypology } from '../../src/typologies/compile.ts';
import { firstBreach } from '../support/worlds/forall.ts';

/** The random typologies are such as an author can write: the real parser and checker make the same tree of their text. */
test('the text of a random typology compiles to its tree', () => {
  const breach = firstBreach({ seed: 11, runs: 150 }, ({ typologies }) => {
    for (const typology of typologies) {
      const lists = new Map(namedLists(typology).map((list) => [list.name!, list.values]));
      const { typology: compiled, diagnostics } = compileTypology(typology.text, 'random.yaml', { lists });
      const errors = diagnostics.filter((d) => d.severity === 'error');
      if (compiled === null || errors.length > 0) return JSON.stringify(errors) + typology.text;
      if (!isDeepStrictEqual(comparable(compiled), comparable(typology))) return JSON.stringify([comparable(compiled), comparable(typology)]);
    }
    return null;
  });
  expect(breach?.breach).toBeUndefined();
});

function namedLists(tree: unknown): Extract<Expr, { kind: 'list' }>[] {
  if (typeof tree !== 'object' || tree === null) return [];
  const here = 'kind' in tree && tree.kind === 'list' && 'name' in tree ? [tree as Extract<Expr, { kind: 'list' }>] : [];
  return [...here, ...Object.values(tree).flatMap(namedLists)];
}

/** Spans of parameters' values lie elsewhere, and the digest is the loader's. */
function comparable(typology: Typology): unknown {
  const plain = (_: string, value: unknown): unknown => {
    if (typeof value === 'bigint') return `${value}n`;
    const isParam = typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'param';
    return isParam ? { ...value, value: null } : value;
  };
  const { digest: _, params, ...rest } = typology;
  return JSON.parse(JSON.stringify({ ...rest, params: params.map((p) => ({ ...p, value: { ...p.value, span: null } })) }, plain)) as unknown;
}
