import { compileText, fixtureNames, readFixture } from './fixtures.ts';

/** One edit of one token: left out, or replaced by itself twice or by what means something elsewhere. */
const REPLACEMENTS: readonly ((token: string, i: number) => string)[] = [
  () => '',
  (token, i) => [token + token, 'zzz', '(', '"', "'", '[', '1', ': ', '#', '&a ', '!x ', '- ', 'not ', '\t', ' over ', '\n', '{', '€', ' in '][i % 19]!,
];

test.each(fixtureNames('.good.yaml'))('every edit of one token of %s gives findings with their places, or still loads', (name) => {
  const text = readFixture(`${name}.good.yaml`);
  let edits = 0;
  let sound = 0;
  for (const match of text.matchAll(/[A-Za-z_]+|\d+|[^\sA-Za-z_\d]|\n/g)) {
    for (const [i, replace] of REPLACEMENTS.entries()) {
      const edited = text.slice(0, match.index) + replace(match[0], edits) + text.slice(match.index + match[0].length);
      const { typology, diagnostics } = compileText(edited);
      const lines = edited.split('\n');
      edits++;
      if (diagnostics.length === 0) sound++;
      const broken = diagnostics.some((d) => d.severity === 'error');
      if ((typology === null) !== broken) throw new Error(`edit ${i} at ${match.index}: an error and no typology go together`);
      for (const d of diagnostics) {
        const line = lines[d.line - 1];
        const placed = line !== undefined && d.column >= 1 && d.column <= line.length + 1 && d.endColumn > d.column && d.endColumn <= line.length + 2;
        if (!placed || d.message === '' || d.hint === '') throw new Error(`edit ${i} at ${match.index}: ${JSON.stringify(d)}`);
      }
    }
  }
  expect(edits).toBeGreaterThan(150);
  expect(sound).toBeLessThan(edits * 0.6);
});

/** Documents that are odd as YAML, or as text. */
const ODD: Readonly<Record<string, string>> = {
  nothing: '',
  'a mark alone': '\ufeff',
  'a zero byte': '\0',
  'a remark': '# nothing',
  'a marker': '---',
  'two documents': 'a: b\n---\nc: d',
  'a number': '42',
  'a list': '- a\n- b',
  'a list as a key': '? [a, b]\n: c',
  'a mapping as a key': '{ a: b }: c',
  'an empty key': ': c',
  'a merge': '<<: { a: b }',
  'aliases of aliases': 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]',
  'a tag': '!!js/function a',
  'deep brackets': '['.repeat(5000),
  'deep mappings': '{a: '.repeat(5000),
  'deep lists': '- '.repeat(3000),
  'open quotes': `a: "${'x\n'.repeat(1000)}`,
  'many escapes': `a: "${'\\q'.repeat(1000)}"`,
  'many keys': Array.from({ length: 5000 }, (_, i) => `k${i}: v`).join('\n'),
  'one key many times': 'k: v\n'.repeat(5000),
  prototypes: '__proto__: { typology: x }\nconstructor: x\nprototype: x\ntoString: x',
  'half a pair': 'title: \ud800',
};

test.each(Object.entries(ODD))('%s gives findings without a gap, and throws nothing', (_, text) => {
  const { typology, diagnostics } = compileText(text);
  expect(typology).toBeNull();
  expect(diagnostics.filter((d) => d.severity === 'error')).not.toEqual([]);
  for (const { message, hint, code } of diagnostics) if (code !== 'key-missing') expect(`${message} ${hint}`).not.toMatch(/[{]\w+[}]/);
});
