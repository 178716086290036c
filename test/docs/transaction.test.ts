import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINDINGS, REJECTIONS } from '../../src/transactions/codes.ts';
import { blankTransaction, createDecoder } from '../../src/transactions/decoder.ts';
import { CHANNELS, KINDS, NUMBER_FIELDS, STATUSES, TEXT_FIELDS } from '../../src/transactions/fields.ts';
import { LEAVES } from '../../src/transactions/plan.ts';
import { parseRates, RATE_PROBLEMS } from '../../src/transactions/rates.ts';
import { TextTable } from '../../src/transactions/texts.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/transaction.md'), 'utf8');
const examples = [...page.matchAll(/```(json|csv) (.+)\n([^`]+)```/g)].map(([, , kind = '', text = '']) => ({ kind, text }));
const rows = [...page.matchAll(/^\| (`.+?`) \| (.+) \|$/gm)].map(([, names = '', rest = '']) => ({
  names: [...names.matchAll(/`([^`]+)`/g)].map((m) => m[1]!),
  rest,
}));
const meaningOf = new Map(rows.flatMap(({ names, rest }) => names.map((name) => [name, rest] as const)));

describe('docs/transaction.md', () => {
  test('every example block is one of the kinds that are run', () => {
    expect(examples.length).toBe((page.match(/^```./gm) ?? []).length);
    expect(new Set(examples.map(({ kind }) => kind.split(' ')[0]))).toEqual(new Set(['accepted', 'refused', 'finding', 'rates']));
  });

  test.each(examples.filter(({ kind }) => kind !== 'rates'))('the example is $kind', ({ kind, text }) => {
    const [expected, code, field] = kind.split(' ');
    const decoder = createDecoder({ texts: new TextTable() });
    const rejection = decoder.decode(Buffer.from(text), blankTransaction());
    expect(rejection === null ? null : [rejection.code, rejection.field]).toEqual(expected === 'refused' ? [code, field] : null);
    expect(decoder.findings).toEqual(expected === 'finding' ? [{ code, field }] : []);
    expect(decoder.unknownFields).toBe(0);
  });

  test('the rate table is one', () => {
    const [example] = examples.filter(({ kind }) => kind === 'rates');
    expect(parseRates(example!.text)).toHaveProperty('table');
  });

  test('every field is described, and no other', () => {
    const paths = LEAVES.map((leaf) => leaf.path);
    const fieldRows = page.slice(page.indexOf('## Fields'), page.indexOf('## Why'));
    const documented = [...fieldRows.matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, names = '']) => [...names.matchAll(/`([^`]+)`/g)].map((m) => m[1]!));
    expect(documented.sort()).toEqual([...paths].sort());
    expect([...TEXT_FIELDS, ...NUMBER_FIELDS].filter(({ path }) => !documented.includes(path))).toEqual([]);
  });

  test('every word of a closed list is written', () => {
    for (const [field, words] of [
      ['kind', KINDS],
      ['channel', CHANNELS],
      ['status', STATUSES],
    ] as const) {
      const written = [...(meaningOf.get(field) ?? '').matchAll(/`([^`]+)`/g)].map((m) => m[1]);
      expect(written).toEqual([...words]);
    }
  });

  test.each([
    ['## Why', REJECTIONS],
    ['## Findings', FINDINGS],
    ['What is wrong with a table', RATE_PROBLEMS],
  ])('the codes under %s, both ways', (heading, codes) => {
    const start = page.indexOf(heading);
    const after = page.indexOf('|---|---|\n', start) + '|---|---|\n'.length;
    const table = page.slice(after, page.indexOf('\n\n', after) < 0 ? undefined : page.indexOf('\n\n', after));
    const written = Object.fromEntries([...table.matchAll(/^\| `([a-z0-9-]+)` \| (.+) \|$/gm)].map((m) => [m[1]!, m[2]!]));
    const { 'rates-unreadable': ofFiles, ...documented } = written;
    expect(documented).toEqual(codes);
    expect(ofFiles !== undefined).toBe(codes === RATE_PROBLEMS);
  });
});
