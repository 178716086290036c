import fc from 'fast-check';
import { endOfItems, endOfScalar, endOfText, endsOfText } from '../../../src/transactions/tokens.ts';

const read = (ends: (bytes: Uint8Array, start: number) => number, text: string): string | null => {
  const end = ends(Buffer.from(`«${text}`), 2);
  return end < 0 ? null : Buffer.from(`«${text}`).toString('utf8', 2, end);
};
const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('values that need no parser', () => {
  test('a scalar is read where JSON has one, and whole', () => {
    let scalars = 0;
    fc.assert(
      fc.property(
        fc.oneof(fc.stringMatching(/^-?[0-9]{1,3}(\.[0-9]{0,2})?([eE][-+]?[0-9]{0,2})?$/), fc.stringMatching(/^[-+0-9.eEtrufalsn]{0,6}$/)),
        fc.constantFrom(',', '}', ' ', ']', ''),
        (text, after) => {
          const scalar = read(endOfScalar, text + after);
          if (isJson(text)) {
            scalars++;
            expect(scalar).toBe(text);
          } else if (scalar !== null) {
            // What is left over cannot begin a piece, so that the record is left to the parser.
            expect(isJson(scalar)).toBe(true);
            expect(scalar.length).toBeLessThan(text.length);
          }
        },
      ),
      { numRuns: 5000, seed: 1 },
    );
    expect(scalars).toBeGreaterThan(500);
  });

  test.each(['-', '+1', '.5', 'nul', '"x"', '[1]', '{}', ''])('%j is no scalar', (text) => {
    expect(read(endOfScalar, text)).toBeNull();
  });

  test('a quote behind a scalar is no JSON', () => {
    expect(read(endOfScalar, '5","x":"')).toBeNull();
    expect(read(endOfScalar, 'true"')).toBeNull();
  });

  test.each([
    ['a,b":1', 'a,b'],
    ['":', ''],
    ['ş"', 'ş'],
    ['a\\"b"', null],
    ['a\nb"', null],
    ['abc', null],
  ])('the text of %j', (text, value) => {
    expect(read(endOfText, text)).toBe(value);
  });

  test('the first byte of a word that ends a text is found, whatever the four are', () => {
    const byte = fc.oneof(fc.constantFrom(0, 1, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x5b, 0x5c, 0x5d, 0x7f, 0x80, 0x9f, 0xa0, 0xa2, 0xdc, 0xff), fc.nat(255));
    let without = 0;
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), (bytes) => {
        const first = bytes.findIndex((b) => b < 0x20 || b === 0x22 || b === 0x5c);
        const found = endsOfText(Buffer.from(bytes).readInt32LE());
        if (first < 0) without++;
        if (first < 0) expect(found).toBe(0);
        else expect((31 - Math.clz32(found & -found)) >> 3).toBe(first);
      }),
      { numRuns: 20_000, seed: 3 },
    );
    expect(without).toBeGreaterThan(1000);
  });

  test('items in their normal form, and in no other', () => {
    const item = fc.record({
      text: fc.constantFrom('', 'boat', 'ş', 'a"b', 'a,b'),
      quantity: fc.option(fc.constantFrom(0, 2, 999_999_999_999, 1.5, 1e12), { nil: undefined }),
    });
    let whole = 0;
    fc.assert(
      fc.property(fc.array(item, { maxLength: 5 }), (items) => {
        const text = JSON.stringify(items);
        const plain = items.every((i) => !i.text.includes('"') && (i.quantity === undefined || (Number.isInteger(i.quantity) && i.quantity < 1e12)));
        if (plain) whole++;
        expect(read(endOfItems, `${text},"x":1`)).toBe(plain ? text : null);
      }),
      { numRuns: 2000, seed: 2 },
    );
    expect(whole).toBeGreaterThan(300);
    for (const odd of [
      '[ ]',
      '[{"text":"a"} ]',
      '[{"text":"a", "quantity":1}]',
      '[{"text":"a","quantity":01}]',
      '[{"text":"a","quantity":}]',
      '[{"text":"a"},]',
      '[{"quantity":1}]',
      '[',
      '{}',
    ])
      expect(read(endOfItems, odd)).toBeNull();
  });
});
