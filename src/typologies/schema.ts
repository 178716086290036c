import { LIST, TYPOLOGY } from './document/keys.ts';
import type { JsonSchema } from './document/shapes.ts';

/**
 * JSON Schema of a typology file, for editors: the names of the keys, what they are for, and the form of their values. What expressions mean is for
 * `compileTypology` to say; whatever that accepts, this accepts.
 */
export function typologySchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:moneytrail:schema:typology:1',
    $comment: 'Generated from src/typologies/document/keys.ts by src/typologies/schema.ts; edit those.',
    title: 'A typology of moneytrail, version 1',
    description: 'One pattern of migrant-smuggling finance, or one list that patterns read.',
    if: { type: 'object', properties: { list: { description: 'Only a list has this key' } }, required: ['list'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { ...LIST.schema, title: 'List' },
    else: { ...TYPOLOGY.schema, title: 'Typology' },
  };
}

/** As the file `schema/typology.v1.json` holds it. */
export const typologySchemaText = (): string => `${JSON.stringify(typologySchema(), null, 2)}\n`;
