import { DIAGNOSTICS } from '../../../src/typologies/diagnostics.ts';
import { formatDiagnostic } from '../../../src/typologies/report.ts';
import { checkFixture, compileText, fixtureNames, readFixture } from './fixtures.ts';

const bad = fixtureNames('.bad.yaml');
const good = fixtureNames('.good.yaml');

test('there is something to check', () => {
  expect(bad.length).toBeGreaterThan(150);
  expect(good.length).toBeGreaterThan(3);
});

describe('a file with one mistake has one finding, at its place', () => {
  test.each(bad)('%s', (name) => {
    const path = `${name}.bad.yaml`;
    const diagnostics = checkFixture(path);
    expect(diagnostics.map((d) => d.code)).toEqual([name.split('.')[0]]);
    const said = diagnostics.map((d) => `${formatDiagnostic(d, readFixture(path))}\n`).join('\n');
    expect(said).toBe(readFixture(`${name}.bad.txt`));
  });
});

test('no finding has a place in its words that was not filled in', () => {
  for (const name of bad) {
    for (const { code, message, hint } of checkFixture(`${name}.bad.yaml`)) {
      if (code === 'title-placeholder') continue;
      const { what, hint: advice } = DIAGNOSTICS[code as keyof typeof DIAGNOSTICS];
      for (const [place] of `${what} ${advice}`.matchAll(/\{\w+\}/g)) expect(`${name}: ${message} ${hint}`).not.toContain(place);
    }
  }
});

describe('a good file has none', () => {
  test.each(good)('%s', (name) => {
    const { typology, diagnostics } = compileText(readFixture(`${name}.good.yaml`));
    expect(diagnostics).toEqual([]);
    expect(typology?.id).toBe(name);
  });
});

/** Those of files and folders as a whole, which load.test.ts makes, and those of files too large to keep. */
const ELSEWHERE = [
  'folder-empty',
  'folder-unknown',
  'file-misplaced',
  'file-unreadable',
  'file-too-large',
  'file-not-utf8',
  'file-link',
  'file-phase',
  'typology-duplicate',
  'findings-many',
  'yaml-long',
];

test('every diagnostic has such a file, and every file a diagnostic', () => {
  const shown = new Set(bad.map((name) => name.split('.')[0]!));
  expect([...shown, ...ELSEWHERE].sort()).toEqual(Object.keys(DIAGNOSTICS).sort());
});

test('expected findings belong to a file', () => {
  expect(fixtureNames('.bad.txt')).toEqual(bad);
});

test('findings beyond the hundredth are counted as one', () => {
  const extra = Array.from({ length: 120 }, (_, i) => `extra_${i}: 1\n`).join('');
  const { typology, diagnostics } = compileText(readFixture('minimal.good.yaml') + extra);
  expect(typology).toBeNull();
  expect(diagnostics).toHaveLength(101);
  expect(diagnostics.filter((d) => d.code === 'findings-many')).toEqual([diagnostics[100]]);
});

test('a file of more than 50,000 parts is not read', () => {
  const { typology, diagnostics } = compileText(`values: [${'a,'.repeat(50_001)}a]\n`);
  expect(typology).toBeNull();
  expect(diagnostics.map((d) => d.code)).toEqual(['yaml-long']);
});

test('a text of more than 256 KiB is not read', () => {
  const { typology, diagnostics } = compileText(`# ${'a'.repeat(256 * 1024)}\n${readFixture('minimal.good.yaml')}`);
  expect(typology).toBeNull();
  expect(diagnostics.map((d) => d.code)).toEqual(['file-too-large']);
});

test('mistakes in different places are all told at once', () => {
  const text = readFixture('rapid-pass-through.good.yaml')
    .replace('status: active', 'status: activ')
    .replace('incoming) over 24h', 'incomming) over 24h')
    .replace('debtor.party in', 'debtor.prty in')
    .replace('payers >= 3', 'payers >= 3 EUR and channel == 3')
    .replace('period: 7d', 'period: 70d');
  expect(compileText(text).diagnostics.map((d) => `${d.line} ${d.code}`)).toEqual([
    '6 value-choice',
    '17 name-unknown',
    '20 comparison-types',
    '20 comparison-types',
    '28 name-unknown',
    '31 value-range',
  ]);
});
