import fc from 'fast-check';
import { PaddedBytes } from '../../../src/transactions/paddedBytes.ts';
import { TEXT_BYTES_MAX, TextArena } from '../../../src/transactions/textArena.ts';

/** A text at some place among others, as in a record. */
const among = (text: string, before: number): [PaddedBytes, number, number] => {
  const bytes = PaddedBytes.of(Buffer.from(`${'x'.repeat(before)}${text}behind`));
  return [bytes, before, before + Buffer.byteLength(text)];
};
const add = (arena: TextArena, owner: number, text: string, before = 1): number => arena.add(owner, ...among(text, before));
const ownerOf = (arena: TextArena, address: number, text: string, before = 2): number => {
  const [bytes, start, end] = among(text, before);
  return arena.ownerIf(address, bytes.view, start, end);
};

describe('texts in an arena', () => {
  test('are told apart by every byte and by their length, at any alignment', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\u0000', 'ş', '\u{1F600}'), maxLength: 12 });
    let same = 0;
    fc.assert(
      fc.property(text, text, fc.nat(3), fc.nat(3), (one, other, before, behind) => {
        const arena = new TextArena();
        const address = add(arena, 7, one, before);
        add(arena, 8, 'aaaaaaaaaaaa');
        expect(ownerOf(arena, address, other, behind)).toBe(one === other ? 7 : 0);
        if (one === other) same++;
        expect(ownerOf(arena, address, one, behind)).toBe(7);
        expect(arena.text(address)).toBe(one);
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(same).toBeGreaterThan(20);
  });

  test('one byte changed in any place is another text', () => {
    for (let length = 1; length <= 40; length++) {
      const arena = new TextArena();
      const text = 'abcdefghij'.repeat(4).slice(0, length);
      const address = add(arena, 1, text);
      for (let i = 0; i < length; i++) expect(ownerOf(arena, address, `${text.slice(0, i)}X${text.slice(i + 1)}`, i % 4)).toBe(0);
      for (const other of [`${text}\u0000`, text.slice(1), text.slice(0, -1)]) expect(ownerOf(arena, address, other)).toBe(0);
    }
  });

  test('behave as a map over adding and removing, entries of every size used again', () => {
    const arena = new TextArena();
    const held = new Map<number, { owner: number; text: string }>();
    const step = fc.record({ length: fc.oneof(fc.nat(60), fc.nat(5000)), remove: fc.boolean(), pick: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 200 }), (steps) => {
        for (const [i, { length, remove, pick }] of steps.entries()) {
          const addresses = [...held.keys()];
          if (remove && addresses.length > 0) {
            const address = addresses[pick % addresses.length]!;
            held.delete(address);
            arena.remove(address);
          } else {
            const text = String.fromCharCode(97 + (i % 26)).repeat(length);
            const address = add(arena, i + 1, text, i % 4);
            expect(held.has(address)).toBe(false);
            held.set(address, { owner: i + 1, text });
          }
        }
        for (const [address, { owner, text }] of held) expect([arena.text(address), arena.owner(address)]).toEqual([text, owner]);
      }),
      { numRuns: 40, seed: 2 },
    );
  });

  test('a freed entry is taken by the next text of its size, without its mark and its bytes', () => {
    const arena = new TextArena();
    const address = add(arena, 1, 'bbbbbbbbbbbb');
    arena.setMark(address, 255);
    expect([arena.mark(address), arena.text(address)]).toEqual([255, 'bbbbbbbbbbbb']);
    arena.remove(address);
    expect(add(arena, 2, 'bbbbbbbbb')).toBe(address);
    expect([arena.mark(address), arena.text(address), ownerOf(arena, address, 'bbbbbbbbb')]).toEqual([0, 'bbbbbbbbb', 2]);
  });

  test('fill chunk after chunk, up to the longest text, and none longer', () => {
    const arena = new TextArena();
    const texts = Array.from({ length: 40 }, (_, i) => String(i).padEnd(100_000 + i, '.'));
    const longest = 'z'.repeat(TEXT_BYTES_MAX);
    const addresses = [...texts, longest, 'short'].map((text, i) => add(arena, i + 1, text));
    for (const [i, text] of [...texts, longest, 'short'].entries()) expect(arena.text(addresses[i]!) === text).toBe(true);
    expect(() => add(arena, 1, `${longest}z`)).toThrow('limit of the arena');
  });
});
