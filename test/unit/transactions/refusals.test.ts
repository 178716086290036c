import fc from 'fast-check';
import { blankTransaction, createDecoder } from '../../../src/transactions/decoder.ts';
import { Refusals } from '../../../src/transactions/refusals.ts';
import { TextTable } from '../../../src/transactions/texts.ts';
import { mutatedRecord } from './mutations.ts';
import { bytesOf, fixture, fixtureNames, type Json, record } from './records.ts';

const refusals = new Refusals();
const told = (value: unknown): string[] => refusals.of(bytesOf(value)).map(({ code, field }) => `${code} ${field}`);
const first = (bytes: Buffer): unknown => createDecoder({ texts: new TextTable() }).decode(bytes, blankTransaction());

describe('every reason for which a record is refused', () => {
  test('none of a record that is taken', () => {
    expect(told(record())).toEqual([]);
  });

  test('each mistake of a record with many', () => {
    const { debtor: _, ...rest } = record();
    const wrong: Json = {
      ...rest,
      kind: 'remitance',
      status: 7,
      time: '2026-03-01 09:00',
      amount: { value: '10.001', currency: 'EUR' },
      creditor: { account: '', agent: 'bank' },
      items: [{ text: 'vest' }, { text: 3 }],
      travel: { passengers: -1, oneWay: 'yes' },
      returnOf: { source: 'b' },
    };
    expect(told(wrong).sort()).toEqual(
      [
        'amount-scale amount.value',
        'bad-number travel.passengers',
        'bad-time time',
        'empty-text creditor.account',
        'missing-field returnOf.id',
        'unknown-kind kind',
        'wrong-type creditor.agent',
        'wrong-type items.1.text',
        'wrong-type status',
        'wrong-type travel.oneWay',
      ].sort(),
    );
  });

  test('a record without parties lacks those besides what else it lacks', () => {
    expect(told({ ...record(), debtor: {}, creditor: {}, kind: 'gift', id: undefined }).sort()).toEqual(['missing-field id', 'no-party ', 'unknown-kind kind']);
  });

  test('what hangs on the currency is not said where that is unknown', () => {
    expect(told({ ...record(), amount: { value: '9999999999999.1234', currency: 'EURO' } })).toEqual(['unknown-currency amount.currency']);
    expect(told({ ...record(), amount: { value: '1,5', currency: 'EURO' } }).sort()).toEqual(['bad-amount amount.value', 'unknown-currency amount.currency']);
    expect(told({ ...record(), amount: 5 })).toEqual(['wrong-type amount']);
    expect(told({ ...record(), amount: undefined })).toEqual(['missing-field amount']);
  });

  test('what is no record of the format has one reason', () => {
    expect([told([1]), told('x'), told(null)]).toEqual([['not-an-object '], ['not-an-object '], ['not-an-object ']]);
    expect(refusals.of(Buffer.from('{bad')).map(({ code }) => code)).toEqual(['not-json']);
    expect(refusals.of(Buffer.alloc(300_000, 32)).map(({ code }) => code)).toEqual(['too-large']);
  });

  test('the first is that of the decoder, none comes twice, and none where a record is taken', () => {
    fc.assert(
      fc.property(fc.array(mutatedRecord, { minLength: 1, maxLength: 3 }), (records) => {
        // Fields of several spoiled records in one.
        const value = Object.assign({}, ...records) as Json;
        const all = refusals.of(bytesOf(value));
        expect(all[0] ?? null).toEqual(first(bytesOf(value)));
        const names = all.map(({ code, field }) => `${code} ${field}`);
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 2000 },
    );
  });

  test('of every refused fixture', () => {
    const names = fixtureNames('bad');
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const bytes = fixture(`bad/${name}`);
      expect([name, refusals.of(bytes)[0]]).toEqual([name, first(bytes)]);
    }
  });
});
