import fc from 'fast-check';
import { NUMBER_SLOT, TEXT_SLOT } from '../../../src/transactions/fields.ts';
import { type Transaction, TransactionSchema } from '../../../src/transactions/model.ts';
import { LEAVES } from '../../../src/transactions/plan.ts';
import { mutatedRecord } from './mutations.ts';
import { bytesOf, decodeFresh, decoding, fixture, fixtureJson, fixtureNames } from './records.ts';

describe('the model and the decoder', () => {
  test('accept exactly the same records', () => {
    let accepted = 0;
    let refused = 0;
    const warm = decoding();
    fc.assert(
      fc.property(mutatedRecord, (value) => {
        const valid = TransactionSchema.safeParse(JSON.parse(JSON.stringify(value))).success;
        const answer = decodeFresh(bytesOf(value));
        expect({ value, accepted: answer.rejection === null }).toEqual({ value, accepted: valid });
        expect(warm(bytesOf(value))).toEqual(answer);
        if (valid) accepted++;
        else refused++;
      }),
      { numRuns: 4000, seed: 3 },
    );
    // Either side alone would prove nothing.
    expect(accepted).toBeGreaterThan(1000);
    expect(refused).toBeGreaterThan(1000);
  });

  test.each(fixtureNames('bad').filter((name) => !['invalid-utf8', 'not-json', 'lone-surrogate', 'too-deep'].includes(name.replace('.json', ''))))(
    'bad/%s is refused by the model too',
    (name) => {
      expect(TransactionSchema.safeParse(JSON.parse(fixture(`bad/${name}`).toString())).success).toBe(false);
    },
  );

  test('the type has every field', () => {
    const parsed: Transaction = TransactionSchema.parse(fixtureJson('good/every-field.json'));
    expect(parsed).toEqual(fixtureJson('good/every-field.json'));
  });
});

describe('the catalogue of fields', () => {
  test("holds the model's leaves, and nothing else", () => {
    const kept = LEAVES.filter((leaf) => leaf.textSlot >= 0 || leaf.numberSlot >= 0).map((leaf) => leaf.path);
    expect(kept.sort()).toEqual([...TEXT_SLOT.keys(), ...NUMBER_SLOT.keys()].sort());
    expect(
      LEAVES.filter((leaf) => !kept.includes(leaf.path))
        .map((leaf) => leaf.path)
        .sort(),
    ).toEqual(['amount.value', 'id', 'precision', 'receivedAt', 'schema', 'status', 'time']);
  });

  test('ranks follow the paths of the content', () => {
    const paths = LEAVES.map((leaf) => leaf.contentPath).filter((path) => path !== null);
    expect(paths).toEqual([...paths].sort());
    expect(LEAVES.map((leaf) => leaf.rank)).toEqual(LEAVES.map((_, i) => i));
    expect(LEAVES.slice(paths.length).map((leaf) => leaf.path)).toEqual(['id', 'receivedAt', 'schema', 'source', 'status', 'time']);
  });
});
