import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DIAGNOSTICS } from '../../src/typologies/diagnostics.ts';
import { fixtureNames, readFixture } from '../unit/typologies/fixtures.ts';

const FILE = fileURLToPath(new URL('../../docs/diagnostics.md', import.meta.url));
const FROM = '<!-- rules: made by UPDATE_DOCS=1 npm test -- docs -->\n';
const TO = '<!-- end of rules -->\n';
const examples = fixtureNames('.bad.txt');

/** A section for each code, with what lint says of the first fixture that shows it. */
function sections(): string {
  return Object.entries(DIAGNOSTICS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { severity, what, hint }]) => {
      const example = examples.find((name) => name === code || name.startsWith(`${code}.`));
      const shown =
        example === undefined
          ? ''
          : `\n\`\`\`text\n${narrow(readFixture(`${example}.bad.txt`).replaceAll(`${example}.bad.yaml`, 'rules/layering/base.yaml'))}\`\`\`\n`;
      return `### ${code}\n\n${severity === 'warning' ? 'Warning. ' : ''}${literal(what)} ${literal(hint)}\n${shown}`;
    })
    .join('\n');
}

/** What is filled in stands in braces, which Markdown leaves alone. */
const literal = (words: string): string => words.replaceAll('<', '&lt;').replaceAll('*', '\\*');
const narrow = (text: string): string => text.replace(/^(.{150}).+$/gm, '$1…');

const wanted = `${FROM}\n${sections()}\n${TO}`;
const text = readFileSync(FILE, 'utf8');
const [start, end] = [text.indexOf(FROM), text.indexOf(TO) + TO.length];
if (process.env['UPDATE_DOCS'] === '1') writeFileSync(FILE, text.slice(0, start) + wanted + text.slice(end));
const page = readFileSync(FILE, 'utf8');

test('docs/diagnostics.md explains each finding on rules as the table has it', () => {
  expect(page.slice(start, page.indexOf(TO) + TO.length)).toBe(wanted);
});

test('no more and no fewer', () => {
  const explained = [...page.slice(start, page.indexOf(TO)).matchAll(/^### (\S+)$/gm)].map((match) => match[1]);
  expect(explained).toEqual(Object.keys(DIAGNOSTICS).sort());
  expect(explained.length).toBeGreaterThan(80);
});

test('the introduction does not name a code that there is not', () => {
  for (const [, code] of page.slice(0, start).matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)) expect(Object.keys(DIAGNOSTICS)).toContain(code);
});
