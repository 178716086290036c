import { z } from 'zod';
import { SCHEMA_NAME, TransactionSchema } from './model.ts';

type JsonDocument = Record<string, unknown>;
const GENERATED = 'Generated from src/transactions/model.ts by src/transactions/schema.ts; edit those.';

/**
 * The JSON Schema (2020-12) of the format. It says less than the decoder in four places: currency codes, the scale and size of an amount, the
 * years of a time, and the limits of a record as bytes. So all that the decoder accepts is valid here, and not the other way round.
 */
export function transactionJsonSchema(): JsonDocument {
  const { $schema, ...body } = z.toJSONSchema(TransactionSchema, { io: 'input', target: 'draft-2020-12' });
  return { $schema, $id: 'urn:moneytrail:schema:transaction:1', $comment: GENERATED, ...body };
}

/** The AsyncAPI document of the one channel that banks send to. */
export function asyncApi(): JsonDocument {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'moneytrail: transactions',
      version: '1.0.0',
      description: `What a bank sends, and how. ${GENERATED}`,
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: {
      transactions: {
        address: 'transactions',
        description: 'The topic may have a prefix. It uses LogAppendTime, so that the time of receipt is the broker\'s. Any record key will do.',
        messages: { transaction: { $ref: '#/components/messages/transaction' } },
      },
    },
    operations: {
      receiveTransaction: {
        action: 'receive',
        channel: { $ref: '#/channels/transactions' },
        messages: [{ $ref: '#/channels/transactions/messages/transaction' }],
        summary: 'Scores a transaction, or puts the record into the quarantine with a reason code.',
      },
    },
    components: {
      messages: {
        transaction: {
          name: SCHEMA_NAME,
          title: 'Transaction',
          contentType: 'application/json',
          headers: {
            type: 'object',
            properties: { format: { type: 'string', const: SCHEMA_NAME, description: 'Format of the value; this one where it is left out' } },
          },
          payload: { schemaFormat: 'application/schema+json;version=draft-2020-12', schema: { $ref: './transaction.v1.json' } },
        },
      },
    },
  };
}

/** A generated document as it lies in the repository. */
export const documentText = (document: JsonDocument): string => `${JSON.stringify(document, null, 2)}\n`;
