import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { OperatingError } from '../../../../src/base/errors.ts';
import { isBlank, LineReader } from '../../../../src/pipeline/file/lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function linesOf(bytes: Buffer, name = 'feed.jsonl', max = 1000): Promise<string[]> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const reader = new LineReader(path, max);
  const lines: string[] = [];
  do {
    for (let line = reader.next(); line !== undefined; line = reader.next()) lines.push(line.toString());
  } while (await reader.fill());
  expect(reader.line).toBe(lines.length);
  return lines;
}

test('lines come without their ends, the last one also without a newline', async () => {
  expect(await linesOf(Buffer.from('a\r\nb\n\nc'))).toEqual(['a', 'b', '', 'c']);
  expect(await linesOf(Buffer.from('a\n'))).toEqual(['a']);
  expect(await linesOf(Buffer.from(''))).toEqual([]);
});

test('any text splits as String.split does, zipped or not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.stringMatching(/^[a-zé\t]{0,40}$/u), { minLength: 1, maxLength: 30 }), async (parts) => {
      const text = parts.join('\n');
      const wanted = text === '' ? [] : text.endsWith('\n') ? parts.slice(0, -1) : parts;
      expect(await linesOf(Buffer.from(text))).toEqual(wanted);
      expect(await linesOf(gzipSync(text), 'feed.gz')).toEqual(wanted);
    }),
    { numRuns: 30 },
  );
});

test('lines across chunks stay whole', async () => {
  const parts = Array.from({ length: 5000 }, (_, i) => `${i}:${'x'.repeat(i % 997)}`);
  expect(await linesOf(Buffer.from(parts.join('\n')))).toEqual(parts);
});

test('of an overlong line one byte more than the limit is kept, and what follows is whole', async () => {
  const lines = await linesOf(Buffer.from(`${'y'.repeat(3_000_000)}\nnext`), 'long', 100);
  expect(lines.map((l) => l.length)).toEqual([101, 4]);
  expect((await linesOf(Buffer.from(`${'y'.repeat(100)}\r\n`), 'edge', 100))[0]).toHaveLength(100);
});

test('a file that is missing or broken is an operating error that names it', async () => {
  const missing = new LineReader(join(folder, 'none'), 10);
  await expect(missing.fill()).rejects.toThrow(OperatingError);
  const path = join(folder, 'broken.gz');
  writeFileSync(path, 'no gzip at all');
  await expect(new LineReader(path, 10).fill()).rejects.toThrow(/broken\.gz: holds no gzip data/);
});

test('blank lines', () => {
  expect([' ', '', '\t \r'].map((s) => isBlank(Buffer.from(s)))).toEqual([true, true, true]);
  expect(isBlank(Buffer.from(' {'))).toBe(false);
});
