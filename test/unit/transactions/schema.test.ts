import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { asyncApi, documentText, transactionJsonSchema } from '../../../src/transactions/schema.ts';
import { mutatedRecord } from './mutations.ts';
import { bytesOf, decodeFresh, fixture, fixtureJson, fixtureNames, record } from './records.ts';

const GENERATED = { 'transaction.v1.json': transactionJsonSchema(), 'asyncapi.v1.json': asyncApi() };
const pathOf = (name: string): string => join(import.meta.dirname, '../../../schema', name);
if (process.env['UPDATE_DOCS'] === '1') for (const [name, document] of Object.entries(GENERATED)) writeFileSync(pathOf(name), documentText(document));
const published = (name: string): string => readFileSync(pathOf(name), 'utf8');
function compiled(): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(published('transaction.v1.json')) as object);
}
const validate = compiled();

describe('the published schema', () => {
  test.each(Object.entries(GENERATED))('schema/%s is what the model gives', (name, document) => {
    expect(published(name)).toBe(documentText(document));
  });

  test('is a schema, and takes every good record', () => {
    for (const name of fixtureNames('good')) expect([name, validate(fixtureJson(`good/${name}`)), validate.errors]).toEqual([name, true, null]);
  });

  test('takes whatever the decoder takes', () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutatedRecord, (value) => {
        if (decodeFresh(bytesOf(value)).rejection !== null) return;
        accepted++;
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect([plain, validate(plain), validate.errors]).toEqual([plain, true, null]);
      }),
      { numRuns: 1500, seed: 11 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  /** What the schema cannot say: encoding, sizes in bytes, decimals of a currency, years. */
  const BEYOND_A_SCHEMA = ['amount-scale', 'amount-not-positive', 'amount-too-large', 'time-out-of-range', 'too-deep'];
  const readable = fixtureNames('bad').filter((name) => !['invalid-utf8.json', 'not-json.json', 'lone-surrogate.json'].includes(name));

  test.each(readable)('bad/%s is refused where a schema can say so', (name) => {
    const valid = validate(JSON.parse(fixture(`bad/${name}`).toString()));
    expect(valid).toBe(BEYOND_A_SCHEMA.includes(name.replace('.json', '')));
  });

  test('says what each field is', () => {
    const undescribed: string[] = [];
    const look = (path: string, schema: Record<string, unknown>): void => {
      const { properties, description } = schema as { properties?: Record<string, Record<string, unknown>>; description?: string };
      if (properties === undefined && (description ?? '') === '') undescribed.push(path);
      for (const [name, child] of Object.entries(properties ?? {})) look(`${path}.${name}`, child);
    };
    look('', transactionJsonSchema());
    expect(undescribed).toEqual([]);
  });

  test('the AsyncAPI document refers to what exists', () => {
    const document = asyncApi();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((m) => m[1]!);
    expect(references.length).toBeGreaterThan(3);
    for (const reference of references) {
      if (!reference.startsWith('#/')) {
        expect(JSON.parse(published(reference.replace('./', '')))).toHaveProperty('$schema');
        continue;
      }
      const target = reference
        .slice(2)
        .split('/')
        .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);
      expect([reference, target]).not.toEqual([reference, undefined]);
    }
  });

  test('amounts as numbers are refused by the schema too', () => {
    expect(validate(record({ amount: { value: 12.5, currency: 'EUR' } }))).toBe(false);
  });
});
