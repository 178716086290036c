import fc from 'fast-check';
import { learnShape } from '../../../src/transactions/learn.ts';
import { ShapeScanner, UNKNOWN_NAMES_MAX } from '../../../src/transactions/shapes.ts';
import { LeafSpans } from '../../../src/transactions/spans.ts';
import { mutatedRecord } from './mutations.ts';
import { bytesOf, decodeFresh, decoding, fixture, fixtureJson, type Json, record } from './records.ts';

const scanner = (...records: readonly Buffer[]): ((bytes: Buffer) => boolean) => {
  const shapes = new ShapeScanner();
  for (const bytes of records) shapes.learn(bytes);
  return (bytes) => shapes.scan(bytes, new LeafSpans(UNKNOWN_NAMES_MAX));
};

/** Records whose values are all texts, with the same names in other orders and objects. */
const TEACHERS: readonly Buffer[] = [
  record(),
  record({ debtor: undefined, remittanceInformation: 'x', creditor: { party: 'P', account: 'B' } }),
  record({ returnOf: { source: 's', id: 'i' }, status: 'settled' }),
  record({ returnOf: { id: 'i', source: 's' } }),
  record({ debtor: { account: 'A', agent: { bic: 'BUKBGB22' }, town: 'T' } }),
  record({ debtor: { agent: {}, account: 'A' }, x: 'unknown', creditor: { x: 'unknown', account: 'A' } }),
  { debtor: { account: 'A' }, creditor: {}, ...record({ debtor: undefined, creditor: undefined, 'debtor.x': 'y' }) },
  record({ debtor: { account: 'A', x: 'inside' }, kind: 'p2p' }),
  { x: 5, ...record({ debtor: { account: 'A', x: null }, travel: { passengers: 4, oneWay: true, origin: 'IST' }, y: -1.5e-3 }) },
  record({ items: [{ text: 'boat', quantity: 2 }, { text: '' }], travel: { oneWay: false, passengers: 0 }, x: 'text' }),
].map(bytesOf);

const ODD_BYTES = [0x00, 0x1f, 0x22, 0x5c, 0x7f, 0x80, 0xff];

describe('reading by learned shape', () => {
  test('takes records of the learned shape with other values, and no others', () => {
    const scan = scanner(bytesOf(record()));
    expect(scan(bytesOf(record({ id: 'another', amount: { value: '7', currency: 'JPY' } })))).toBe(true);
    expect(scan(bytesOf(record({ id: 'Şükrü' })))).toBe(true);
    for (const odd of [{ id: 'a"b' }, { id: 'a\\b' }, { id: 'a\nb' }, { purpose: 'x' }, { kind: 7 }]) expect(scan(bytesOf(record(odd)))).toBe(false);
  });

  test('nothing learned, nothing taken', () => {
    expect(scanner()(bytesOf(record()))).toBe(false);
    expect(scanner(fixture('good/names-of-objects.json'))(fixture('good/names-of-objects.json'))).toBe(false);
  });

  test('takes numbers, literals and items in their normal form', () => {
    const full = fixtureJson('good/every-field.json');
    const scan = scanner(bytesOf({ ...full, note: 1 }));
    const odd = (fields: Json): boolean => scan(bytesOf({ ...full, note: 1, ...fields }));
    expect(odd({})).toBe(true);
    expect(odd({ note: null, items: [], travel: { passengers: 12, oneWay: false, origin: 'a', destination: 'b' } })).toBe(true);
    expect(odd({ items: [{ text: 'a' }, { text: 'b', quantity: 0 }, { text: 'ç' }] })).toBe(true);
    for (const items of [
      [{ text: 'a', quantity: 0.5 }],
      [{ quantity: 1, text: 'a' }],
      [{ text: 'a\n' }],
      [{ text: 'x'.repeat(4097) }],
      Array.from({ length: 101 }, () => ({ text: 'a' })),
    ])
      expect(odd({ items })).toBe(false);
    for (const note of [[1], {}, 'text']) expect(odd({ note })).toBe(false);
  });

  test('is what a decoder does from the second record of a shape on', () => {
    const shapes = new ShapeScanner();
    const spans = new LeafSpans(UNKNOWN_NAMES_MAX);
    let scanned = 0;
    for (let i = 0; i < 200; i++) {
      const bytes = bytesOf(record({ id: `t-${i}`, ...(i % 3 === 0 ? { purpose: 'FAMI' } : {}), ...(i % 2 === 0 ? { status: 'settled', note: 'x' } : {}) }));
      if (shapes.scan(bytes, spans)) scanned++;
      else shapes.learn(bytes);
    }
    expect(scanned).toBeGreaterThan(190);
  });

  test.each([
    ['a name twice', '{"id":"x",'],
    ['an unknown name twice', '{"x":"1","x":"2",'],
    ['an object twice', '{"debtor":{"account":"Z"},'],
    ['a control character', '{"purpose":"a\u0001",'],
    ['a half pair as bytes', '{"purpose":"\u{1F600}",'],
  ])('%s is answered as JSON.parse would', (_, start) => {
    const decode = decoding();
    for (const bytes of TEACHERS) decode(bytes);
    const text = JSON.stringify(record({ x: 'y', purpose: 'z' }));
    decode(Buffer.from(text));
    const odd = Buffer.from(`${start}${text.slice(1)}`);
    expect(decode(odd)).toEqual(decodeFresh(odd));
  });

  test('a name that is a number here and a text there does not lend its pieces', () => {
    const decode = decoding();
    const numbered = JSON.stringify({ x: 5, ...record() });
    for (const text of [numbered, JSON.stringify({ x: 'text', ...record() })]) expect(decode(Buffer.from(text)).rejection).toBeNull();
    expect(decode(Buffer.from(numbered.replace('5,', '5",'))).rejection?.code).toBe('not-json');
  });

  test('pieces of several records never make a record of their own', () => {
    // What one record begins with and another ends with: what is no valid record must be refused, what is one must mean the same.
    const decode = decoding();
    for (const bytes of TEACHERS) decode(bytes);
    let accepted = 0;
    const part = fc.tuple(fc.constantFrom(...TEACHERS), fc.nat());
    fc.assert(
      fc.property(part, part, part, ([first, cut], [middle, inner], [last, rest]) => {
        const joints = [first, middle, last].map(jointsOf);
        const from = joints[1]![inner % joints[1]!.length]!;
        const to = joints[1]![(inner >> 8) % joints[1]!.length]!;
        const bytes = Buffer.concat([
          first.subarray(0, joints[0]![cut % joints[0]!.length]),
          middle.subarray(Math.min(from, to), (inner & 3) === 0 ? Math.max(from, to) : Math.min(from, to)),
          last.subarray(joints[2]![rest % joints[2]!.length]),
        ]);
        const answer = decode(bytes);
        expect(answer).toEqual(decodeFresh(bytes));
        if (answer.rejection === null) accepted++;
      }),
      { numRuns: 6000, seed: 9 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  test('changed bytes mean what they mean to JSON.parse', () => {
    const decode = decoding();
    for (const bytes of TEACHERS) decode(bytes);
    let accepted = 0;
    const bytePool = [...'{}[]",:\\u0 a1'].map((c) => c.charCodeAt(0));
    const edit = fc.record({
      at: fc.nat(400),
      byte: fc.oneof(fc.constantFrom(...bytePool), fc.integer({ min: 97, max: 122 }), fc.nat(255)),
      act: fc.constantFrom('set', 'insert', 'remove'),
    });
    fc.assert(
      fc.property(fc.constantFrom(...TEACHERS), fc.array(edit, { minLength: 1, maxLength: 2 }), (teacher, edits) => {
        const bytes = [...teacher];
        for (const { at, byte, act } of edits) bytes.splice(at % bytes.length, act === 'insert' ? 0 : 1, ...(act === 'remove' ? [] : [byte]));
        const answer = decode(Buffer.from(bytes));
        expect(answer).toEqual(decodeFresh(Buffer.from(bytes)));
        if (answer.rejection === null) accepted++;
      }),
      { numRuns: 4000, seed: 5 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  test('whatever came before, a record means the same', () => {
    fc.assert(
      fc.property(fc.array(mutatedRecord, { minLength: 2, maxLength: 12 }), (values) => {
        const decode = decoding();
        for (const value of [...values, ...values]) expect(decode(bytesOf(value))).toEqual(decodeFresh(bytesOf(value)));
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  test('texts of any length are read at any place, and one odd byte in any of theirs is seen', () => {
    const decode = decoding();
    decode(bytesOf(record({ purpose: 'x', x: 'y', remittanceInformation: '' })));
    for (let length = 0; length <= 40; length++) {
      const text = 'abcdefghij'.repeat(4).slice(0, length);
      const plain = record({ purpose: text, x: text.slice(length % 7), remittanceInformation: text });
      expect(decode(bytesOf(plain))).toEqual(decodeFresh(bytesOf(plain)));
      for (let i = 0; i < length; i++) {
        const bytes = bytesOf(plain);
        bytes[bytes.indexOf('"remittanceInformation":"') + 25 + i] = ODD_BYTES[(length + i) % ODD_BYTES.length]!;
        expect(decode(bytes)).toEqual(decodeFresh(bytes));
      }
    }
  });

  test('a text that may be beyond its limits is left to the exact parser, which refuses it or not', () => {
    const scan = scanner(bytesOf(record({ purpose: 'x' })));
    const decode = decoding();
    decode(bytesOf(record({ purpose: 'x' })));
    const sizes: [Json, boolean, string | undefined][] = [
      [{ id: 'i'.repeat(128) }, true, undefined],
      [{ id: 'i'.repeat(129) }, false, 'too-long'],
      [{ id: 'ş'.repeat(64) }, true, undefined],
      [{ id: 'ş'.repeat(128) }, false, undefined],
      [{ id: 'ş'.repeat(129) }, false, 'too-long'],
      [{ id: '' }, false, 'empty-text'],
      [{ debtor: { account: '' } }, false, 'empty-text'],
      [{ purpose: '' }, true, undefined],
      [{ purpose: 'p'.repeat(4096) }, true, undefined],
      [{ purpose: 'p'.repeat(4097) }, false, 'too-long'],
      [{ time: `2026-03-01T09:00:00.${'0'.repeat(4080)}Z` }, false, 'too-long'],
    ];
    for (const [fields, scanned, code] of sizes) {
      const bytes = bytesOf(record({ purpose: 'x', ...fields }));
      expect([fields, scan(bytes), decode(bytes).rejection?.code]).toEqual([fields, scanned, code]);
      expect(decode(bytes)).toEqual(decodeFresh(bytes));
    }
  });

  test('a record that is cut off anywhere is refused, whatever was read before it', () => {
    const decode = decoding();
    const full = fixture('good/every-field.json');
    const whole = Buffer.from(JSON.stringify(JSON.parse(full.toString())));
    decode(whole);
    expect(decode(whole).rejection).toBeNull();
    // What the longer record left behind must not be read on.
    for (let length = whole.length - 1; length > 0; length--) expect(decode(whole.subarray(0, length)).rejection?.code).toBe('not-json');
  });

  test('a text beyond ASCII in an unknown field, a name or an item is counted in characters elsewhere', () => {
    const decode = decoding();
    for (const odd of [{ x: 'ş' }, { ş: 'x' }, { items: [{ text: 'ş' }] }, { purpose: '\u{1F600}' }, { debtor: { account: 'A', name: 'Ş'.repeat(30) } }]) {
      const bytes = bytesOf(record({ ...odd, remittanceInformation: 'plain' }));
      const fresh = decodeFresh(bytes);
      decode(bytes);
      expect(decode(bytes)).toEqual(fresh);
      const other = bytesOf(record({ ...odd, remittanceInformation: 'ş plain' }));
      expect(decode(other)).toEqual(decodeFresh(other));
    }
  });

  test('senders of ever new shapes fill no memory, and are forgotten in the end', () => {
    const shapes = new ShapeScanner();
    const spans = new LeafSpans(UNKNOWN_NAMES_MAX);
    for (let i = 0; i < 5000; i++) shapes.learn(bytesOf({ [`x${i}`]: 'a', ...record(), [`y${i}`]: 'b' }));
    expect(shapes.size).toBeLessThanOrEqual(2048);
    const late = bytesOf({ late: 'x', ...record() });
    for (let i = 0; i < 60_000 && !shapes.scan(late, spans); i++) shapes.learn(late);
    expect(shapes.scan(late, spans)).toBe(true);
  });

  test('a piece of more than 256 bytes is not learned', () => {
    const wide = (blanks: number): Buffer => Buffer.from(JSON.stringify(record()).replace(',"kind"', `,${' '.repeat(blanks)}"kind"`));
    expect(learnShape(wide(200), () => null)).not.toBeNull();
    expect(learnShape(wide(300), () => null)).toBeNull();
  });
});

/** The places before each quote, comma and brace. */
function jointsOf(bytes: Buffer): number[] {
  return [...bytes.entries()].filter(([, byte]) => byte === 34 || byte === 44 || byte === 125).map(([i]) => i);
}
