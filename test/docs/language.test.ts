import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkExpectations } from '../../src/authoring/expectations.ts';
import { parseTests } from '../../src/authoring/testFile.ts';
import type { RateTable } from '../../src/transactions/rateLookup.ts';
import type { Typology } from '../../src/typologies/ast.ts';
import { compileTypology } from '../../src/typologies/compile.ts';
import { readListFile } from '../../src/typologies/document/listFile.ts';
import { AGGREGATES, FUNCTIONS, LATER_FUNCTIONS, LATER_WINDOWS, WORDS } from '../../src/typologies/expressions/vocabulary.ts';
import type { Diagnostic } from '../../src/typologies/ruleSet.ts';
import { typologySchema } from '../../src/typologies/schema.ts';
import { LISTS } from '../unit/typologies/fixtures.ts';
import { checkGenerated } from './generated.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/language.md', import.meta.url)), 'utf8');
/** No example needs a rate. */
const RATES: RateTable = { convert: (amountMinor, from, to) => (from === to ? amountMinor : Number.NaN), digest: '', digestThrough: () => '' };

interface Example {
  readonly line: number;
  readonly kind: string;
  readonly text: string;
  /** Lines of the block of events that follows at once. */
  readonly events: string | undefined;
}

function examples(): Example[] {
  const found: Example[] = [];
  for (const match of PAGE.matchAll(/^```(yaml|events) ?(.*)\n([\s\S]*?)^```$(?:\n\n```events\n([\s\S]*?)^```$)?/gm)) {
    if (match[1] === 'yaml') found.push({ line: PAGE.slice(0, match.index).split('\n').length, kind: match[2]!, text: match[3]!, events: match[4] });
  }
  return found;
}

const REST: Readonly<Record<string, string>> = {
  typology: 'example',
  version: '1.0.0',
  title: 'An example',
  phase: 'layering',
  status: 'active',
  severity: 'medium',
  sources: '[{ document: The manual, grade: A }]',
  subject: 'account',
  alert: '{ title: An alert, period: 7d }',
};

/** The example with the keys that it leaves out. */
function whole(text: string): string {
  const given = new Set([...text.matchAll(/^(\w+):/gm)].map((match) => match[1]!));
  const rest = Object.entries(REST).filter(([key]) => !given.has(key));
  return `${text}${rest.map(([key, value]) => `${key}: ${value}\n`).join('')}`;
}

function compile(text: string): { typology: Typology | null; diagnostics: Diagnostic[] } {
  return compileTypology(whole(text), 'example.yaml', { lists: LISTS });
}

const all = examples();

describe('the examples of docs/language.md', () => {
  const sound = all.filter((example) => example.kind === '');
  test.each(sound.map((example) => [`line ${example.line}`, example] as const))('%s does what is written under it', (_, { text, events }) => {
    const { typology, diagnostics } = compile(text);
    expect(diagnostics).toEqual([]);
    if (events === undefined) return;
    const source = `tests:\n  - name: example\n    events: |\n${events.replace(/^/gm, '      ')}\n`;
    const { tests, diagnostics: findings } = parseTests(source, 'example.test.yaml', typology!);
    expect(findings).toEqual([]);
    expect(tests[0]!.expectations.length).toBeGreaterThan(0);
    expect(checkExpectations(tests[0]!, typology!, RATES)).toEqual([]);
  });

  test.each(all.filter((example) => example.kind.startsWith('error=')).map((example) => [`line ${example.line}`, example] as const))(
    '%s is found',
    (_, { kind, text }) => {
      expect(compile(text).diagnostics.map((d) => d.code)).toEqual([kind.slice('error='.length)]);
    },
  );

  test.each(all.filter((example) => example.kind === 'list').map((example) => [`line ${example.line}`, example] as const))('%s is a list', (_, { text }) => {
    expect(readListFile(text, 'list.yaml', /^list: (\w+)/.exec(text)![1]!).diagnostics).toEqual([]);
  });

  test('are not few, and none is left out', () => {
    expect(sound.length).toBeGreaterThan(15);
    expect(sound.filter((example) => example.events !== undefined).length).toBeGreaterThan(12);
    expect(new Set(all.map((example) => example.kind.split('=')[0]))).toEqual(new Set(['', 'error', 'list', 'fragment']));
    expect(PAGE.match(/^```(?:yaml|events)/gm)).toHaveLength(all.length + all.filter((example) => example.events !== undefined).length);
  });

  test('show every operator, function, aggregate and parameter type', () => {
    const shown = sound.map((example) => example.text).join('\n');
    for (const name of [...AGGREGATES, ...FUNCTIONS]) expect(shown).toMatch(new RegExp(`\\b${name}\\(`));
    for (const word of WORDS) if (word !== 'within' && word !== 'unless') expect(shown).toMatch(new RegExp(`\\b${word}\\b`));
    for (const sign of ['==', '!=', '<', '>', '>=', '*', '+']) expect(shown).toContain(sign);
    for (const type of ['ratio', 'number', 'count', 'money', 'duration', 'text', 'country']) expect(shown).toContain(`type: ${type}`);
  });
});

test('what is not in this version is named', () => {
  const part = PAGE.slice(PAGE.indexOf('## Not in this version'), PAGE.indexOf('## Limits'));
  for (const name of ['sequence', 'absent', 'median', 'cv', 'share', 'first', 'last', 'dwell', 'baseline', 'trace', 'tariff', 'lexicon', 'signals']) {
    expect(LATER_FUNCTIONS.has(name)).toBe(true);
    expect(part).toContain(`\`${name}\``);
  }
  for (const name of LATER_WINDOWS) expect(part).toContain(`\`${name}\``);
});

interface Part {
  readonly properties?: Readonly<Record<string, Part>>;
  readonly required?: readonly string[];
  readonly items?: Part;
  readonly additionalProperties?: Part | boolean;
  readonly description?: string;
}

function rows(schema: Part, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const named = typeof part.additionalProperties === 'object' ? part.additionalProperties : undefined;
    const below = named === undefined ? rows(part.items ?? part, `${prefix}${name}.`) : rows(named, `${prefix}${name}.NAME.`);
    return [[`\`${prefix}${name}\``, schema.required!.includes(name) ? 'yes' : '', (part.description ?? '').replaceAll('|', '\\|')], ...below];
  });
}

test('the table of keys is what the definition says', () => {
  const typology = typologySchema()['else'] as Part;
  const table = rows(typology, '');
  expect(table.length).toBeGreaterThan(35);
  const { found, wanted } = checkGenerated('language.md', 'keys', ['key', 'needed', 'what it says'], table);
  expect(found).toBe(wanted);
});
