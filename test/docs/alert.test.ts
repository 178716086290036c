import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { byReceipt } from '../../src/authoring/playing.ts';
import { parseTests } from '../../src/authoring/testFile.ts';
import { runCli } from '../../src/cli/program.ts';
import { compileText, readFixture } from '../unit/typologies/fixtures.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
const FROM = '<!-- alert: made by UPDATE_DOCS=1 npm test -- docs -->\n';
const TO = '<!-- end of alert -->\n';

const [, rule = '', events = ''] =
  /^```yaml\n(typology: rapid-pass-through\n[\s\S]*?)^```\n\n```events\n([\s\S]*?)^```/m.exec(readFileSync(path('language.md'), 'utf8')) ?? [];

/** The one line that `screen` writes of the manual's example. */
async function screened(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'moneytrail-alert-'));
  try {
    for (const folder of ['rules/layering', 'rules/lists']) mkdirSync(join(dir, folder), { recursive: true });
    writeFileSync(join(dir, 'rules/layering/rapid-pass-through.yaml'), rule);
    writeFileSync(join(dir, 'rules/lists/own_parties.yaml'), readFixture('lists/own_parties.yaml'));
    const source = `tests:\n  - name: example\n    events: |\n${events.replace(/^/gm, '      ')}\n`;
    const { tests } = parseTests(source, 'example.test.yaml', compileText(rule).typology!);
    writeFileSync(
      join(dir, 'feed.jsonl'),
      byReceipt(tests[0]!.records)
        .map(({ json }) => `${JSON.stringify(json)}\n`)
        .join(''),
    );
    const said = { out: '', err: '' };
    const io = { out: (text: string) => (said.out += text), err: (text: string) => (said.err += text), errIsTerminal: false };
    const status = await runCli(['screen', join(dir, 'feed.jsonl'), '--rules', join(dir, 'rules'), '--out', join(dir, 'alerts.jsonl')], io);
    expect([status, said.err]).toEqual([0, '']);
    const lines = readFileSync(join(dir, 'alerts.jsonl'), 'utf8').replaceAll(`${dir}/`, '').trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    return lines[0]!;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** A field on each line, and so each entry of a list of objects. */
function broken(line: string): string {
  const fields = Object.entries(JSON.parse(line) as Record<string, unknown>).map(([name, value]) => {
    const entries = Array.isArray(value) && value.some((entry) => typeof entry === 'object');
    const text = entries ? `[\n${(value as unknown[]).map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]` : JSON.stringify(value);
    return `  ${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${fields.join(',\n')}\n}\n`;
}

const line = await screened();

test('docs/alert.md shows the alert that screen writes', () => {
  const wanted = `${FROM}\n\`\`\`json\n${broken(line)}\`\`\`\n\n${TO}`;
  const page = readFileSync(path('alert.md'), 'utf8');
  const [start, end] = [page.indexOf(FROM), page.indexOf(TO) + TO.length];
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path('alert.md'), page.slice(0, start) + wanted + page.slice(end));
  const now = readFileSync(path('alert.md'), 'utf8');
  expect(now.slice(start, now.indexOf(TO) + TO.length)).toBe(wanted);
});

test('and explains every field of it', () => {
  const page = readFileSync(path('alert.md'), 'utf8');
  const explained = page.slice(page.indexOf('## Values in words'));
  for (const [name, value] of Object.entries(JSON.parse(line) as Record<string, unknown>)) {
    const inside = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value).map((key) => `${name}.${key}`) : [];
    const told = [name, ...inside].filter((word) => explained.includes(`\`${word}\``));
    expect([name, told.length > 0]).toEqual([name, true]);
  }
});
