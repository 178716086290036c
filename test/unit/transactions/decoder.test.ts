import { createHash } from 'node:crypto';
import { blankTransaction, createDecoder } from '../../../src/transactions/decoder.ts';
import { TEXT_SLOT } from '../../../src/transactions/fields.ts';
import { TextTable } from '../../../src/transactions/texts.ts';
import { bytesOf, decodeFresh, decoding, fixture, fixtureJson, type Json, record } from './records.ts';

const codeOf = (value: Json, options = {}): string | undefined => decodeFresh(bytesOf(value), options).rejection?.code;
const digestOf = (value: Json): unknown => decodeFresh(bytesOf(value)).fields?.digest;

describe('what is decoded', () => {
  test('every field of the format', () => {
    const full = fixtureJson('good/every-field.json');
    const { fields, unknownFields } = decodeFresh(bytesOf(full));
    expect(unknownFields).toBe(0);
    expect(fields).toMatchObject({
      timeMs: Date.UTC(2026, 2, 1, 9),
      amountMinor: 150_000,
      status: 0,
      dayPrecision: false,
      id: '2026-03-01-000017',
      source: 'bank-a',
      kind: 'remittance',
      channel: 'agent',
      'amount.currency': 'EUR',
      'debtor.account': 'GB33BUKB20201555555555',
      'debtor.agent.branch': 'LDS-04',
      'creditor.party': 'P-2002',
      'debtor.birthDate': Date.UTC(1990, 4, 1) / 86_400_000,
      'debtor.accountOpened': Date.UTC(2025, 11, 1) / 86_400_000,
      'travel.passengers': 4,
      'travel.oneWay': 1,
      items: '[{"text":"inflatable boat 9 m","quantity":2}]',
      'returnOf.id': '2026-02-27-000003',
    });
    expect(fields?.receivedAtMs).toBeNaN();
  });

  test('nothing of one record stays in the next', () => {
    const decode = decoding();
    decode(fixture('good/every-field.json'));
    expect(decode(fixture('good/required-only.json')).fields).toEqual(decodeFresh(fixture('good/required-only.json')).fields);
  });

  test('findings of a record are gone with the next, refused or not', () => {
    const decode = decoding();
    expect(decode(fixture('findings/unknown-country.json')).findings).toHaveLength(1);
    expect(decode(fixture('bad/not-json.json')).findings).toEqual([]);
    expect(decode(fixture('findings/unknown-country.json')).findings).toHaveLength(1);
    expect(decode(fixture('good/required-only.json')).findings).toEqual([]);
  });

  test('status, receipt and day precision', () => {
    expect(decodeFresh(bytesOf(record({ status: 'rejected', receivedAt: '2026-03-02T00:00:00Z', precision: 'day' }))).fields).toMatchObject({
      status: 3,
      receivedAtMs: Date.UTC(2026, 2, 2),
      dayPrecision: true,
    });
  });

  test('only what is wanted is interned, and what alerts show', () => {
    const texts = new TextTable();
    const out = blankTransaction();
    expect(createDecoder({ texts, wanted: new Set(['debtor.town']) }).decode(fixture('good/every-field.json'), out)).toBeNull();
    const interned = [...TEXT_SLOT].filter(([, slot]) => out.texts[slot] !== 0).map(([path]) => path);
    expect(interned.sort()).toEqual([
      'amount.currency',
      'creditor.account',
      'creditor.country',
      'creditor.party',
      'debtor.account',
      'debtor.country',
      'debtor.party',
      'debtor.town',
      'kind',
      'source',
    ]);
  });

  test('a field that is not wanted is checked all the same', () => {
    expect(codeOf(record({ debtor: { account: 'A', town: 7 } }), { wanted: new Set() })).toBe('wrong-type');
    expect(codeOf(record({ channel: 'post' }), { wanted: new Set() })).toBe('unknown-channel');
  });

  test('bytes may be a Uint8Array inside a larger one', () => {
    const padded = new Uint8Array([1, 2, 3, ...fixture('good/every-field.json'), 4, 5]);
    expect(decodeFresh(padded.subarray(3, padded.length - 2))).toEqual(decodeFresh(fixture('good/every-field.json')));
  });
});

describe('canonical content (S2)', () => {
  /** Written from the definition: path:length:text and a line feed, in ascending order of path. */
  const canonical = (lines: readonly (readonly [string, string])[]): string =>
    createHash('sha256')
      .update(
        [...lines]
          .sort((a, b) => (a[0] < b[0] ? -1 : 1))
          .map(([path, text]) => `${path}:${text.length}:${text}\n`)
          .join(''),
      )
      .digest('hex');

  test('of the required fields', () => {
    expect(digestOf(record())).toBe(
      canonical([
        ['kind', 'credit-transfer'],
        ['amount.currency', 'EUR'],
        ['amount.minor', '1250'],
        ['debtor.account', 'A'],
        ['creditor.account', 'B'],
      ]),
    );
  });

  test('lengths count UTF-16 units, bytes are UTF-8', () => {
    const name = 'Şükrü 😀';
    expect(digestOf(record({ debtor: { account: 'A', name }, creditor: undefined }))).toBe(
      canonical([
        ['kind', 'credit-transfer'],
        ['amount.currency', 'EUR'],
        ['amount.minor', '1250'],
        ['debtor.account', 'A'],
        ['debtor.name', name],
      ]),
    );
  });

  test('numbers, dates, flags, items and precision', () => {
    const value = record({
      precision: 'day',
      items: [{ quantity: 1.5, text: 'a"b', extra: 1 }, { text: 'c' }],
      travel: { oneWay: false, passengers: 12 },
      debtor: { account: 'A', birthDate: '1969-12-31', accountOpened: '1970-01-01' },
    });
    expect(digestOf(value)).toBe(
      canonical([
        ['kind', 'credit-transfer'],
        ['amount.currency', 'EUR'],
        ['amount.minor', '1250'],
        ['debtor.account', 'A'],
        ['creditor.account', 'B'],
        ['precision', 'day'],
        ['items', '[{"text":"a\\"b","quantity":1.5},{"text":"c"}]'],
        ['travel.oneWay', '0'],
        ['travel.passengers', '12'],
        ['debtor.birthDate', '-1'],
        ['debtor.accountOpened', '0'],
      ]),
    );
  });

  test('source, id, time, status and receipt have no part in it', () => {
    const other = { source: 's', id: 'i', time: '2020-01-01T00:00:00Z', status: 'settled', receivedAt: '2020-01-01T00:00:00Z', unknown: 1 };
    expect(digestOf(record(other))).toBe(digestOf(record()));
  });

  test('the same amount written otherwise is the same, another is not', () => {
    expect(digestOf(record({ amount: { value: '012.5', currency: 'EUR' } }))).toBe(digestOf(record()));
    expect(digestOf(record({ amount: { value: '12.51', currency: 'EUR' } }))).not.toBe(digestOf(record()));
  });
});

describe('prefixes', () => {
  const prefixBySource = new Map([['bank-a', 'ä:']]);
  const parties = { debtor: { account: 'GB33BUKB20201555555555', party: 'P' }, creditor: { account: 'W', party: 'Q', name: 'N' }, device: 'd' };

  test('before accounts, parties and devices of the source that are no IBAN', () => {
    expect(decodeFresh(bytesOf(record(parties)), { prefixBySource }).fields).toMatchObject({
      'debtor.account': 'GB33BUKB20201555555555',
      'debtor.party': 'ä:P',
      'creditor.account': 'ä:W',
      'creditor.party': 'ä:Q',
      'creditor.name': 'N',
      device: 'ä:d',
    });
    expect(decodeFresh(bytesOf(record({ ...parties, source: 'bank-b' })), { prefixBySource }).fields).toMatchObject({ 'creditor.account': 'W', device: 'd' });
  });

  test('the content has the text with its prefix', () => {
    const plain = record({ debtor: { account: 'ä:A' }, creditor: { account: 'ä:B' } });
    expect(decodeFresh(bytesOf(record()), { prefixBySource }).fields?.digest).toBe(digestOf(plain));
  });

  test('an account with wrong check digits is no IBAN, and is told', () => {
    const { fields, findings } = decodeFresh(fixture('findings/iban-checksum.json'), { prefixBySource });
    expect(fields).toMatchObject({ 'debtor.account': 'ä:GB34BUKB20201555555555' });
    expect(findings).toEqual([{ code: 'iban-checksum', field: 'debtor.account' }]);
  });

  test('a long identifier of many characters keeps its prefix', () => {
    const account = '\u{1F600}'.repeat(128);
    expect(decodeFresh(bytesOf(record({ debtor: { account } })), { prefixBySource }).fields).toMatchObject({ 'debtor.account': `ä:${account}` });
  });
});

describe('limits', () => {
  const valid = bytesOf(record());
  const padded = (size: number): Buffer => Buffer.concat([valid, Buffer.alloc(size - valid.length, 0x20)]);

  test('256 KiB, not a byte more', () => {
    expect(decodeFresh(padded(256 * 1024)).rejection).toBeNull();
    expect(decodeFresh(padded(256 * 1024 + 1)).rejection?.code).toBe('too-large');
  });

  test('16 deep, the record included', () => {
    const nested = (depth: number): Json => record({ note: JSON.parse('['.repeat(depth - 1) + ']'.repeat(depth - 1)) as unknown });
    expect(codeOf(nested(16))).toBeUndefined();
    expect(codeOf(nested(17))).toBe('too-deep');
    expect(decodeFresh(Buffer.from('['.repeat(200_000))).rejection?.code).toBe('too-deep');
    expect(decodeFresh(Buffer.from('{"a":'.repeat(20))).rejection?.code).toBe('too-deep');
  });

  test('depth counts what is outside texts only, and brackets side by side are not deep', () => {
    expect(codeOf(record({ note: '[['.repeat(30) }))).toBeUndefined();
    expect(codeOf(record({ note: Array.from({ length: 40 }, () => ({})), remittanceInformation: '\\"[[' }))).toBeUndefined();
  });

  test.each([
    ['source', 128],
    ['id', 128],
    ['debtor.account', 128],
    ['debtor.party', 128],
    ['creditor.account', 128],
    ['returnOf.id', 128],
    ['returnOf.source', 128],
    ['debtor.name', 4096],
    ['remittanceInformation', 4096],
    ['device', 4096],
    ['items.text', 4096],
    ['purpose', 4096],
  ])('%s has at most %d characters, whatever their bytes', (path, max) => {
    const place = (text: string): Json => {
      const returnOf = { source: 's', id: 'i' };
      const [first = '', second = ''] = path.split('.');
      if (first === 'items') return record({ items: [{ text }] });
      if (second === '') return record({ [first]: text });
      return record({ [first]: first === 'returnOf' ? { ...returnOf, [second]: text } : { account: 'A', [second]: text } });
    };
    for (const character of ['x', 'ş', '\u{1F600}']) {
      expect(codeOf(place(character.repeat(max)))).toBeUndefined();
      expect(codeOf(place(character.repeat(max + 1)))).toBe('too-long');
    }
  });

  test('100 items, 10,000 passengers, quantities from 0 to 10^12', () => {
    expect(codeOf(record({ items: Array.from({ length: 100 }, () => ({ text: '' })) }))).toBeUndefined();
    expect(codeOf(record({ travel: { passengers: 10_000 } }))).toBeUndefined();
    expect(codeOf(record({ travel: { passengers: 10_001 } }))).toBe('bad-number');
    expect(codeOf(record({ travel: { passengers: -1 } }))).toBe('bad-number');
    for (const quantity of [0, 0.5, 1e12]) expect(codeOf(record({ items: [{ text: 'x', quantity }] }))).toBeUndefined();
    for (const quantity of [-0.5, 1e12 + 1]) expect(codeOf(record({ items: [{ text: 'x', quantity }] }))).toBe('bad-number');
    expect(decodeFresh(Buffer.from(JSON.stringify(record({ items: [{ text: 'x', quantity: 7 }] })).replace('7', '1e999'))).rejection?.code).toBe('bad-number');
  });
});

describe('text and names', () => {
  const withPurpose = (escaped: string): Buffer => Buffer.from(JSON.stringify(record({ purpose: 'HERE' })).replace('HERE', escaped));

  test.each(['\\ud83d', '\\uDE00', '\\ud83dx', '\\ud83d\\u0041', '\\ude00\\ud83d', '\\\\\\ud83d', '\\ud83d\\ud83d\\ude00'])(
    'half a surrogate pair is refused: %s',
    (escaped) => {
      expect(decodeFresh(withPurpose(escaped)).rejection?.code).toBe('lone-surrogate');
    },
  );

  test.each(['\\ud83d\\ude00', '\\\\ud83d', '\\u00e9', '\\\\\\\\ude00', 'a\\"b\\/c'])('whole characters are taken: %s', (escaped) => {
    expect(decodeFresh(withPurpose(escaped)).rejection).toBeNull();
  });

  test('also in names, in values that are not known, and in those that a later name replaces', () => {
    const text = JSON.stringify(record());
    for (const odd of ['"\\ud83d":1,', '"x":["\\ud83d"],', '"kind":"\\ud83d",', '"note":{"a":"\\udc00"},']) {
      expect(decodeFresh(Buffer.from(`{${odd}${text.slice(1)}`)).rejection?.code).toBe('lone-surrogate');
    }
  });

  test.each([[[0xc0, 0x80]], [[0xed, 0xa0, 0x80]], [[0xf5, 0x80, 0x80, 0x80]], [[0xe2, 0x82]], [[0x80]]])(
    'bytes that are no UTF-8 are refused: %j',
    (bytes) => {
      const [before = '', after = ''] = JSON.stringify(record({ purpose: 'HERE' })).split('HERE');
      expect(decodeFresh(Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])).rejection?.code).toBe('invalid-utf8');
    },
  );

  test('a byte order mark and an empty record are no JSON', () => {
    expect(decodeFresh(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytesOf(record())])).rejection?.code).toBe('not-json');
    expect(decodeFresh(Buffer.alloc(0)).rejection?.code).toBe('not-json');
  });

  test('of two equal names the last one counts, objects included', () => {
    const twice = Buffer.from(JSON.stringify(record()).replace('"debtor":', '"debtor":{"account":"X","name":"N"},"debtor":'));
    expect(decodeFresh(twice)).toEqual(decodeFresh(bytesOf(record())));
  });

  test('names of JavaScript objects are data', () => {
    const answer = decodeFresh(fixture('good/names-of-objects.json'));
    expect(answer.unknownFields).toBe(2);
    expect(answer.fields).toEqual(decodeFresh(bytesOf(record())).fields);
    expect(({} as Json).kind).toBeUndefined();
  });

  test('unknown names are counted wherever they stand, and left out', () => {
    const answer = decodeFresh(fixture('good/unknown-fields.json'));
    expect(answer.unknownFields).toBe(3);
    expect(answer.fields).toEqual(decodeFresh(bytesOf(record())).fields);
    expect(decodeFresh(bytesOf(record({ items: [{ text: 'x', colour: 'red' }] }))).unknownFields).toBe(1);
  });
});

describe('types', () => {
  test.each([
    ['schema', null],
    ['time', 5],
    ['amount', '12.50'],
    ['amount', []],
    ['debtor', 'A'],
    ['debtor', null],
    ['creditor', []],
    ['channel', null],
    ['device', {}],
    ['items', {}],
    ['items', 'boat'],
    ['travel', true],
    ['returnOf', 'x'],
    ['merchant', 5551],
    ['precision', 1],
  ])('%s as %j names the field', (name, value) => {
    expect(decodeFresh(bytesOf(record({ [name]: value }))).rejection).toMatchObject({ code: 'wrong-type', field: name });
  });

  test.each([
    [{ travel: { oneWay: 'yes' } }, 'travel.oneWay'],
    [{ travel: { passengers: '4' } }, 'travel.passengers'],
    [{ items: [{ text: 'x' }, { text: 1 }] }, 'items.1.text'],
    [{ items: ['boat'] }, 'items.0'],
    [{ items: [{ text: 'x', quantity: '2' }] }, 'items.0.quantity'],
    [{ debtor: { account: 'A', agent: [] } }, 'debtor.agent'],
    [{ debtor: { account: 'A', agent: { bic: 1 } } }, 'debtor.agent.bic'],
    [{ amount: { value: null, currency: 'EUR' } }, 'amount.value'],
  ])('%j is refused at %s', (fields, field) => {
    expect(decodeFresh(bytesOf(record(fields))).rejection).toMatchObject({ code: 'wrong-type', field });
  });

  test.each([
    [{ amount: { currency: 'EUR' } }, 'amount.value'],
    [{ amount: { value: '1' } }, 'amount.currency'],
    [{ returnOf: {} }, 'returnOf.source'],
    [{ returnOf: { source: 'x' } }, 'returnOf.id'],
    [{ items: [{}] }, 'items.0.text'],
  ])('%j lacks %s', (fields, field) => {
    expect(decodeFresh(bytesOf(record(fields))).rejection).toMatchObject({ code: 'missing-field', field });
  });

  test.each(['null', '5', '"x"', 'true', '[]'])('%s is no object', (text) => {
    expect(decodeFresh(Buffer.from(text)).rejection?.code).toBe('not-an-object');
  });

  test('one side with an account or a party is enough', () => {
    const sides: [Json | undefined, Json | undefined, boolean][] = [
      [{ account: 'A' }, undefined, true],
      [{ party: 'A' }, undefined, true],
      [undefined, { account: 'A' }, true],
      [undefined, { party: 'A' }, true],
      [{}, { party: 'A' }, true],
      [{}, {}, false],
      [undefined, undefined, false],
      [{ name: 'A', agent: { bic: 'BUKBGB22' } }, {}, false],
    ];
    for (const [debtor, creditor, taken] of sides) expect(codeOf(record({ debtor, creditor })) === undefined).toBe(taken);
  });
});
