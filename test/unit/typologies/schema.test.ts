import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { typologySchema, typologySchemaText } from '../../../src/typologies/schema.ts';
import { fixtureNames, readFixture } from './fixtures.ts';

const FILE = fileURLToPath(new URL('../../../schema/typology.v1.json', import.meta.url));
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(typologySchema());

test('the published schema is what the keys give', () => {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(FILE, typologySchemaText());
  expect(readFileSync(FILE, 'utf8')).toBe(typologySchemaText());
});

test.each([
  ...fixtureNames('.good.yaml').map((n) => `${n}.good.yaml`),
  ...fixtureNames('.yaml', fileURLToPath(new URL('../../../fixtures/rules/lists', import.meta.url))).map((n) => `lists/${n}.yaml`),
])('an editor finds nothing wrong with %s', (name) => {
  validate(parse(readFixture(name)));
  expect(validate.errors ?? []).toEqual([]);
});

test.each([
  'key-unknown.slip',
  'key-missing.top',
  'key-missing.param',
  'value-type.list',
  'value-choice.slip',
  'value-form.version',
  'value-range.points',
  'key-not-available',
])('an editor sees %s', (name) => {
  expect(validate(parse(readFixture(`${name}.bad.yaml`)))).toBe(false);
});

test('every key says what it is for', () => {
  let keys = 0;
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('properties' in value) {
      for (const [name, spec] of Object.entries(value.properties as Record<string, { description?: string }>)) {
        keys++;
        expect([name, spec.description ?? '']).toEqual([name, expect.stringMatching(/^\S.{8,}$/)]);
      }
    }
    for (const part of Object.values(value)) walk(part);
  };
  walk(typologySchema());
  expect(keys).toBeGreaterThan(40);
});
