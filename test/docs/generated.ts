import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const docs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs');

/** A table of the documentation that is made from the code. It stands between two comments; `UPDATE_DOCS=1 npm test -- docs` writes it anew. */
export function checkGenerated(file: string, name: string, head: readonly string[], rows: readonly (readonly string[])[]): { found: string; wanted: string } {
  const path = join(docs, file);
  const [from, to] = [`<!-- ${name}: made by UPDATE_DOCS=1 npm test -- docs -->\n`, `<!-- end of ${name} -->\n`];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const wanted = `${from}\n${line(head)}${line(head.map(() => '---'))}${rows.map(line).join('')}\n${to}`;
  const text = readFileSync(path, 'utf8');
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start < 0 || end < start) return { found: `${file} has no place for ${name}`, wanted };
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, text.slice(0, start) + wanted + text.slice(end + to.length));
  const now = readFileSync(path, 'utf8');
  return { found: now.slice(start, now.indexOf(to) + to.length), wanted };
}
