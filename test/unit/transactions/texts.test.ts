import fc from 'fast-check';
import { PaddedBytes } from '../../../src/transactions/paddedBytes.ts';
import { TextTable } from '../../../src/transactions/texts.ts';

/** As the decoder does: of bytes that stand among others, at any place. */
const ascii = (texts: TextTable, text: string): number => {
  const record = new PaddedBytes(8);
  record.take(Buffer.from(`${'"'.repeat(1 + (text.length % 4))}${text}"more`));
  return texts.internBytes(record, 1 + (text.length % 4), 1 + (text.length % 4) + Buffer.byteLength(text));
};

describe('interned texts', () => {
  test('equal texts have one id, whichever way they come', () => {
    const texts = new TextTable();
    const ids = ['', 'a', 'b', 'ab', 'ba', 'GB33BUKB20201555555555'].map((text) => texts.intern(text));
    expect(new Set(ids).size).toBe(6);
    expect(ids.every((id) => id > 0)).toBe(true);
    for (const [i, text] of ['', 'a', 'b', 'ab', 'ba', 'GB33BUKB20201555555555'].entries()) {
      expect(ascii(texts, text)).toBe(ids[i]);
      expect(texts.find(text)).toBe(ids[i]);
      expect(texts.text(ids[i]!)).toBe(text);
    }
    expect(texts.intern('later')).toBe(ascii(texts, 'later'));
    expect(texts.size).toBe(7);
    expect(texts.find('none')).toBe(0);
  });

  test('a text that nothing retains is forgotten at the next sweep, one that something does is kept', () => {
    const texts = new TextTable();
    const kept = texts.intern('kept');
    const dropped = texts.intern('dropped');
    texts.retain(kept);
    texts.setMark(kept, 3);
    texts.setMark(dropped, 4);
    texts.sweep();
    expect([texts.find('kept'), texts.find('dropped'), texts.size, texts.mark(kept)]).toEqual([kept, 0, 1, 3]);
    const reused = texts.intern('new');
    expect([reused, texts.mark(reused)]).toEqual([dropped, 0]);
    texts.release(kept);
    expect(texts.find('kept')).toBe(0);
    expect(() => texts.text(kept)).toThrow('no text has id');
    expect(() => texts.release(reused)).toThrow('once for each time');
  });

  test('of any characters and any length, and each again after it was forgotten', () => {
    const texts = new TextTable();
    const all = ['ş', '\u{1F600}', 'Şükrü 😀', '\u0000', '\u0000\u0000', 'aş', 'şa', '\u00fe', ...Array.from({ length: 70 }, (_, n) => 'ab'.repeat(n))];
    for (let round = 0; round < 2; round++) {
      const ids = all.map((text) => texts.intern(text));
      expect(new Set(ids).size).toBe(all.length);
      for (const [i, text] of all.entries()) expect([texts.text(ids[i]!), texts.find(text), ascii(texts, text)]).toEqual([text, ids[i], ids[i]]);
      texts.sweep();
      expect([texts.size, ...all.map((text) => texts.find(text))].every((n) => n === 0)).toBe(true);
    }
  });

  test('a text that was read is not read for the id that takes its place', () => {
    const texts = new TextTable();
    const id = texts.intern('one');
    expect(texts.text(id)).toBe('one');
    texts.sweep();
    expect(texts.intern('two')).toBe(id);
    expect(texts.text(id)).toBe('two');
  });

  test('behaves as a map, over interning, releasing and sweeping', () => {
    const word = fc.nat(400).map((n) => `word-${n}`);
    const step = fc.record({ act: fc.constantFrom('intern', 'ascii', 'retain', 'release', 'sweep'), word });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const texts = new TextTable();
        const retained = new Map<string, number>();
        for (const { act, word: text } of steps) {
          const held = retained.get(text) ?? 0;
          if (act === 'intern') texts.intern(text);
          else if (act === 'ascii') ascii(texts, text);
          else if (act === 'retain') {
            texts.retain(texts.intern(text));
            retained.set(text, held + 1);
          } else if (act === 'release' && held > 0) {
            texts.release(texts.find(text));
            retained.set(text, held - 1);
          } else if (act === 'sweep') texts.sweep();
        }
        texts.sweep();
        const live = [...retained].filter(([, count]) => count > 0).map(([text]) => text);
        expect(texts.size).toBe(live.length);
        expect(
          Array.from({ length: 401 }, (_, n) => `word-${n}`)
            .filter((text) => texts.find(text) !== 0)
            .sort(),
        ).toEqual([...live].sort());
        for (const text of live) expect(texts.text(texts.find(text))).toBe(text);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test('grows past its first tables, marks included', () => {
    const texts = new TextTable();
    for (let i = 0; i < 20_000; i++) texts.setMark(texts.intern(`t${i}`), i % 5);
    expect(Array.from({ length: 20_000 }, (_, i) => texts.mark(ascii(texts, `t${i}`)))).toEqual(Array.from({ length: 20_000 }, (_, i) => i % 5));
    expect([texts.size, texts.idsMax]).toEqual([20_000, 20_001]);
  });
});
