import { sourceOf, toldConflict, toldLate, toldRefused } from '../../../src/pipeline/told.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const MAX = 1000;

describe('what is told of a record', () => {
  test('a refused one: code, field, reason, place and the original bytes', () => {
    const told = toldRefused('bad-time', 'time', 'why', 't/1/2', 'bank-a', Buffer.from([0xff, 0x00, 0x7b]));
    expect(told).toMatchObject({ to: 'quarantine', code: 'bad-time', place: 't/1/2', source: 'bank-a' });
    expect(JSON.parse(told.json)).toEqual({ code: 'bad-time', field: 'time', reason: 'why', place: 't/1/2', source: 'bank-a', original: '/wB7' });
  });

  test('the bytes are those of the view, not of the buffer behind it', () => {
    const whole = new Uint8Array([1, 2, 3, 4]);
    expect(JSON.parse(toldRefused('x', '', '', 'p', null, whole.subarray(1, 3)).json)).toMatchObject({ original: 'AgM=', source: null });
  });

  test('a late one: with the typologies that it could have touched', () => {
    expect(JSON.parse(toldLate('p', 'bank-a', ['a', 'b'], bytes('{}')).json)).toMatchObject({
      code: 'too-late',
      field: 'time',
      typologies: ['a', 'b'],
      original: 'e30=',
    });
  });

  test('a conflict: with both digests, and bytes only where they are at hand', () => {
    const conflict = { source: 's', id: 'i', winningDigest: 'w', losingDigest: 'l', place: { partition: 0, offset: 1 } };
    const parsed = JSON.parse(toldConflict(conflict, 'p', null).json);
    expect(parsed).toMatchObject({ code: 'conflict', source: 's', id: 'i', winningDigest: 'w', losingDigest: 'l' });
    expect(parsed).not.toHaveProperty('original');
    expect(JSON.parse(toldConflict(conflict, 'p', bytes('x')).json)).toMatchObject({ original: 'eA==' });
  });
});

describe('the source of a record that could not be read', () => {
  test.each([
    ['is found where the record is JSON', '{"source":"bank-a","id":3}', 'bank-a'],
    ['is missing where it is no JSON', '{"source":"bank-a"', null],
    ['is missing where it is no text', '{"source":{"source":"x"}}', null],
    ['is missing where the record is a list', '["source"]', null],
    ['is missing where the record is null', 'null', null],
    ['is missing where it is too long', JSON.stringify({ source: 'x'.repeat(129) }), null],
    ['is no inherited property', '{"__proto__":{"source":"bank-a"}}', null],
  ])('%s', (_, text, expected) => {
    expect(sourceOf(bytes(text), MAX)).toBe(expected);
  });

  test('is not looked for in a record that is too large, or is no text', () => {
    expect(sourceOf(bytes(JSON.stringify({ source: 'a', more: 'x'.repeat(MAX) })), MAX)).toBeNull();
    expect(sourceOf(Buffer.from([0x22, 0xff, 0x22]), MAX)).toBeNull();
  });
});
