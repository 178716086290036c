import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { Findings } from '../../../src/typologies/findings.ts';
import type { YamlScalar } from '../../../src/typologies/parse/nodes.ts';
import { parseYaml } from '../../../src/typologies/parse/yaml.ts';

function scalarOf(text: string): YamlScalar {
  const findings = new Findings('test.yaml', text);
  const node = parseYaml(text, findings);
  expect(findings.diagnostics()).toEqual([]);
  if (node?.kind !== 'map') throw new Error('a mapping was written');
  return node.entries.find((entry) => entry.key.value === 'k')!.value as YamlScalar;
}

/** Every character that is no white space stands where the file has it: as itself, doubled, or as an escape. */
function expectPlaced(text: string): void {
  const { value, offsets } = scalarOf(text);
  expect(offsets).toHaveLength(value.length + 1);
  for (let i = 0; i < value.length; i++) {
    expect(offsets[i]).toBeLessThanOrEqual(offsets[i + 1]!);
    if (/\s/.test(value[i]!)) continue;
    const [at, next] = [offsets[i]!, offsets[i + 1]!];
    const low = /[\udc00-\udfff]/.test(value[i]!) && offsets[i - 1] === at;
    if (text[at] === value[i]) continue;
    expect(text[at] === '\\' || low || next > at).toBe(true);
    if (text[at] === '\\') expect(parse(`"${/^\\(?:x..|u.{4}|U.{8}|.)/.exec(text.slice(at))![0]}"`)).toContain(value[i]);
  }
}

describe('where each character of a text stands', () => {
  const styles: [string, string, string][] = [
    ['plain', 'k: a >= 900 EUR\n', 'EUR'],
    ['plain over lines', 'k: a and\n   b\n\n   and last\n', 'last'],
    ['single quotes', "k: 'x == ''y'' and last'\n", 'last'],
    ['single quotes over lines', "k: 'x\n  and   \n  ''last'''\n", 'last'],
    ['double quotes', 'k: "x == \\"y\\" and\\tlast"\n', 'last'],
    ['double quotes with an escaped break', 'k: "x \\\n  and last"\n', 'last'],
    ['double quotes with wide characters', 'k: "\\U0001F600 \\u00e9 last"\n', 'last'],
    ['literal', 'k: |\n  a\n    b\n\n  last\n', 'last'],
    ['literal with its indentation', 'k: |2-\n     a\n  last\n', 'last'],
    ['folded', 'k: >-  # a comment\n  a\n  b\n\n  last\n', 'last'],
    ['folded with carriage returns', 'k: >\r\n  a\r\n  last\r\n', 'last'],
    ['in brackets', 'j: [1, 2]\nk: { z: 1 }\n', ''],
    ['plain in brackets', 'x: 1\nk: last\n', 'last'],
  ];
  test.each(styles.filter(([, , word]) => word !== ''))('%s', (_, text, word) => {
    const { value, offsets } = scalarOf(text);
    const at = value.lastIndexOf(word);
    expect(at).toBeGreaterThanOrEqual(0);
    expect(offsets[at]).toBe(text.lastIndexOf(word));
    expect(offsets[at + word.length]).toBe(text.lastIndexOf(word) + word.length);
    expectPlaced(text);
  });

  test('of any text in any style', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '"', "'", '\\', '#', ':', 'é', '漢', '😀', '[', '=', '\u0007'), minLength: 1, maxLength: 6 });
    const value = fc.array(fc.tuple(word, fc.constantFrom(' ', '  ', '\n', '\n\n', '\t', ' \n ')), { minLength: 1, maxLength: 12 });
    const style = fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED');
    fc.assert(
      fc.property(value, style, fc.integer({ min: 20, max: 80 }), (parts, defaultStringType, lineWidth) => {
        const text = parts.flat().join('');
        const yaml = stringify({ k: text }, { defaultStringType: defaultStringType as 'PLAIN', defaultKeyType: 'PLAIN', lineWidth });
        expect(scalarOf(yaml).value).toBe(text);
        expectPlaced(yaml);
      }),
      { seed: 20260301, numRuns: 400 },
    );
  });
});

test.each([
  ['deep', `k: ${'['.repeat(100_000)}`, 'yaml-deep'],
  ['a bomb of aliases', 'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nk: [*c, *c]\n', 'yaml-alias'],
  ['long', `k: [${'x, '.repeat(60_000)}]`, 'yaml-long'],
])('%s files are refused before they cost anything', (_, text, code) => {
  const findings = new Findings('test.yaml', text);
  parseYaml(text, findings);
  expect(findings.hasErrors).toBe(true);
  expect(new Set(findings.diagnostics().map((d) => d.code))).toEqual(new Set([code]));
});

test('names of JavaScript are data', () => {
  const text = '__proto__: { polluted: yes }\nconstructor: x\nk: y\n';
  const node = parseYaml(text, new Findings('test.yaml', text));
  expect(node?.kind === 'map' && node.entries.map((entry) => entry.key.value)).toEqual(['__proto__', 'constructor', 'k']);
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
});
