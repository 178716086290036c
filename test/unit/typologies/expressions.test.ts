import fc from 'fast-check';
import { DEPTH_MAX, NODES_MAX, parseExpression } from '../../../src/typologies/expressions/parser.ts';
import { printSyntax, type Syntax } from '../../../src/typologies/expressions/syntax.ts';
import { SyntaxFailure } from '../../../src/typologies/expressions/tokens.ts';
import { LATER_FUNCTIONS, WORDS } from '../../../src/typologies/expressions/vocabulary.ts';

const again = (text: string): string => printSyntax(parseExpression(text));

/** The tree without its places. */
function bare(tree: Syntax): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === 'span' || key === 'nameSpan' ? undefined : value)));
}

describe('what binds how tightly', () => {
  test.each([
    ['a or b and not c == d + e * -f', 'a or b and not c == d + e * -f'],
    ['((a or (b and (not (c == (d + (e * (-f))))))))', 'a or b and not c == d + e * -f'],
    ['(a or b) and c', '(a or b) and c'],
    ['a - (b - c)', 'a - (b - c)'],
    ['(a - b) - c', 'a - b - c'],
    ['a / (b * c)', 'a / (b * c)'],
    ['-(a + b)', '-(a + b)'],
    ['not (a and b)', 'not (a and b)'],
    ['(a < b) == (c < d)', '(a < b) == (c < d)'],
    ['a in [b, "c d", 4511, x-y]', 'a in ["b", "c d", "4511", "x-y"]'],
    ['a not in lists.b', 'a not in lists.b'],
    ['count(where a)over 36h', 'count(where a) over 129600000ms'],
    ['sum(a * 2 where b) over params.span', 'sum(a * 2 where b) over params.span'],
    ['950EUR', '950 EUR'],
    ['0080.50 EUR', '80.5 EUR'],
    ['80 %', '80%'],
    [`'it "is"'`, `'it "is"'`],
  ])('%s', (text, printed) => {
    expect(again(text)).toBe(printed);
  });
});

const word = fc.constantFrom('amount', 'kind', 'creditor.country', 'params.floor', 'holder.accountAge', 'inflow', 'anchor.time');
const digits = fc
  .tuple(fc.nat({ max: 99_999 }), fc.nat({ max: 99 }))
  .map(([a, b]) => (b === 0 ? String(a) : `${a}.${String(b).padStart(2, '0').replace(/0$/, '')}`));
const leaf: fc.Arbitrary<object> = fc.oneof(
  fc.record({ kind: fc.constant('number'), digits, percent: fc.boolean() }),
  fc.record({ kind: fc.constant('money'), digits, currency: fc.constantFrom('EUR', 'JPY') }),
  fc.record({ kind: fc.constant('duration'), ms: fc.nat() }),
  fc.record({ kind: fc.constant('text'), value: fc.string({ unit: fc.constantFrom('a', ' ', '"', 'é', '\\', '{') }) }),
  word.map((name) => ({ kind: 'path', names: name.split('.') })),
);
const { tree } = fc.letrec<{ tree: object }>((tie) => {
  const sub = tie('tree');
  const args = fc.array(fc.record({ value: sub }), { maxLength: 3 });
  return {
    tree: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      leaf,
      fc.record({ kind: fc.constantFrom('and', 'or'), left: sub, right: sub }),
      fc.record({ kind: fc.constantFrom('not', 'negate'), operand: sub }),
      fc.record({ kind: fc.constant('compare'), op: fc.constantFrom('==', '!=', '<', '<=', '>', '>=', 'in', 'not in'), left: sub, right: sub }),
      fc.record({ kind: fc.constant('arithmetic'), op: fc.constantFrom('+', '-', '*', '/'), left: sub, right: sub }),
      fc.record({ kind: fc.constant('call'), name: fc.constantFrom('exists', 'coalesce', 'f'), args }),
      fc.record(
        {
          kind: fc.constant('aggregate'),
          name: fc.constantFrom('count', 'sum'),
          args,
          where: sub,
          window: fc.oneof(fc.record({ kind: fc.constant('duration'), ms: fc.nat() }), fc.record({ kind: fc.constant('param'), name: fc.constant('span') })),
        },
        { requiredKeys: ['kind', 'name', 'args', 'window'] },
      ),
      fc.record({
        kind: fc.constant('list'),
        items: fc.array(fc.record({ value: fc.string({ unit: fc.constantFrom('a', '-', '4', ' ', "'") }) }), { maxLength: 3 }),
      }),
    ),
  };
});

test('what is printed reads as the same tree, whatever its blanks', () => {
  let nodes = 0;
  fc.assert(
    fc.property(tree, fc.constantFrom(' ', '\n', '  \n\t'), (generated, blank) => {
      const wanted = bare(generated as Syntax);
      const printed = printSyntax(generated as Syntax);
      nodes += printed.length;
      expect(bare(parseExpression(printed))).toEqual(wanted);
      const spaced = printed.includes("'") || printed.includes('"') ? printed : printed.replace(/ /g, blank);
      expect(again(spaced)).toBe(printed);
    }),
    { seed: 20260301, numRuns: 500 },
  );
  expect(nodes).toBeGreaterThan(10_000);
});

test('any text gives a tree or one failure inside it', () => {
  const unit = fc.constantFrom(
    ...'ab1(.)[,]<>=!+-*/% "\':#€\n'.split(''),
    ' and ',
    ' or ',
    ' not ',
    ' in ',
    ' where ',
    ' over ',
    '24h',
    'params',
    'EUR',
    'count(',
    'within ',
  );
  let failures = 0;
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 30 }), (text) => {
      try {
        parseExpression(text);
      } catch (failure) {
        if (!(failure instanceof SyntaxFailure)) throw failure;
        failures++;
        expect(failure.span.start).toBeGreaterThanOrEqual(0);
        expect(failure.span.end).toBeLessThanOrEqual(text.length);
        expect(failure.span.start).toBeLessThanOrEqual(failure.span.end);
      }
    }),
    { seed: 20260301, numRuns: 2000 },
  );
  expect(failures).toBeGreaterThan(500);
});

describe('limits', () => {
  const codeOf = (text: string): string | undefined => {
    try {
      parseExpression(text);
      return undefined;
    } catch (failure) {
      return (failure as SyntaxFailure).code;
    }
  };
  test('depth, exactly', () => {
    expect(codeOf(`a${' + a'.repeat(DEPTH_MAX - 1)}`)).toBeUndefined();
    expect(codeOf(`a${' + a'.repeat(DEPTH_MAX)}`)).toBe('expression-deep');
    expect(codeOf(`${'('.repeat(DEPTH_MAX - 1)}a${')'.repeat(DEPTH_MAX - 1)}`)).toBeUndefined();
    expect(codeOf(`${'('.repeat(DEPTH_MAX)}a${')'.repeat(DEPTH_MAX)}`)).toBe('expression-deep');
  });
  test('parts, exactly', () => {
    const list = (n: number): string => `a in [${Array.from({ length: n }, () => 'x').join(', ')}]`;
    expect(codeOf(list(NODES_MAX - 3))).toBeUndefined();
    expect(codeOf(list(NODES_MAX - 2))).toBe('expression-long');
  });
  test('a hundred thousand brackets do not exhaust the stack', () => {
    expect(codeOf('('.repeat(100_000))).toBe('expression-deep');
    expect(codeOf('-'.repeat(100_000))).toBe('expression-syntax');
    expect(codeOf('not '.repeat(100_000))).toBe('expression-syntax');
    expect(codeOf('f('.repeat(100_000))).toBe('expression-deep');
  });
});

test.each([...LATER_FUNCTIONS].filter((name) => !WORDS.has(name)))('%s is taken as a whole, to be answered once', (name) => {
  const tree = parseExpression(`a and ${name}(b then [c], where: d over (e)) over week(Europe/Berlin) within 3d and f`);
  expect(printSyntax(tree)).toBe(`a and ${name} and f`);
});
