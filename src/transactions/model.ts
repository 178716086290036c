import { z } from 'zod';
import { minorDigits } from './currencies.ts';
import { CHANNELS, KINDS, NUMBER_FIELDS, STATUSES, TEXT_FIELDS } from './fields.ts';
import { LIMITS, withinCharacters } from './limits.ts';
import { parseAmount } from './money.ts';
import { parseDate, parseTime } from './times.ts';

/** What a leaf of the model is to the decoder, beyond its JSON type. */
export type Role =
  | 'text'
  | 'schema'
  | 'source'
  | 'id'
  | 'time'
  | 'kind'
  | 'channel'
  | 'status'
  | 'precision'
  | 'currency'
  | 'value'
  | 'account'
  | 'party'
  | 'device'
  | 'country'
  | 'bic'
  | 'mcc'
  | 'uetr'
  | 'partyType'
  | 'date'
  | 'count'
  | 'flag'
  | 'items';

export interface LeafRule {
  readonly role: Role;
  readonly charactersMin: number;
  readonly charactersMax: number;
}

/** Role and limits of every leaf, read by the decoder's plan, so that model and decoder cannot part. */
export const leafRules = z.registry<LeafRule>();

export const SCHEMA_NAME = 'transaction/1';

const DESCRIPTIONS: ReadonlyMap<string, string> = new Map([...TEXT_FIELDS, ...NUMBER_FIELDS].map((f) => [f.path, f.description]));
const describe = (path: string): string => DESCRIPTIONS.get(path) ?? '';

/** A text of at most `charactersMax` code points (zod's own `max` counts UTF-16 units, JSON Schema's `maxLength` counts code points). */
function text(path: string, role: Role = 'text', rule: { min?: number; max?: number; description?: string } = {}) {
  const { min = 0, max = LIMITS.textCharactersMax, description = describe(path) } = rule;
  return z
    .string()
    .refine((value) => withinCharacters(value, min, max))
    .meta({ description, ...(min > 0 ? { minLength: min } : {}), maxLength: max })
    .register(leafRules, { role, charactersMin: min, charactersMax: max });
}

/** A text that identifies something: not empty, and short enough to be kept. */
const key = (path: string, role: Role, description?: string) =>
  text(path, role, { min: 1, max: LIMITS.keyCharactersMax, ...(description === undefined ? {} : { description }) });

const unbounded = (role: Role): LeafRule => ({ role, charactersMin: 0, charactersMax: LIMITS.textCharactersMax });

const oneOf = <const T extends readonly string[]>(values: T, role: Role, description: string) =>
  z.enum(values).meta({ description }).register(leafRules, unbounded(role));

const date = (path: string) =>
  z
    .string()
    .refine((value) => !Number.isNaN(parseDate(value)))
    .meta({ description: describe(path), format: 'date' })
    .register(leafRules, unbounded('date'));

const time = (role: Role, description: string) =>
  z
    .string()
    .refine((value) => parseTime(value) >= LIMITS.timeMsMin && parseTime(value) <= LIMITS.timeMsMax)
    .refine((value) => withinCharacters(value, 0, LIMITS.textCharactersMax))
    .meta({ description, format: 'date-time' })
    .register(leafRules, unbounded(role));

const agent = (path: string) =>
  z.object({
    bic: text(`${path}.bic`, 'bic').optional(),
    branch: text(`${path}.branch`).optional(),
    country: text(`${path}.country`, 'country').optional(),
    town: text(`${path}.town`).optional(),
  });

const party = (path: string) =>
  z.object({
    account: key(`${path}.account`, 'account').optional(),
    party: key(`${path}.party`, 'party').optional(),
    name: text(`${path}.name`).optional(),
    type: text(`${path}.type`, 'partyType').optional(),
    country: text(`${path}.country`, 'country').optional(),
    town: text(`${path}.town`).optional(),
    birthDate: date(`${path}.birthDate`).optional(),
    phone: text(`${path}.phone`).optional(),
    address: text(`${path}.address`).optional(),
    occupation: text(`${path}.occupation`).optional(),
    accountOpened: date(`${path}.accountOpened`).optional(),
    agent: agent(`${path}.agent`).optional(),
  });

const amount = z
  .object({
    value: text('', 'value', { description: 'Decimal text, digits or digits.digits, with at most the decimals of the currency' })
      .regex(/^[0-9]+(\.[0-9]+)?$/)
      .register(leafRules, unbounded('value')),
    currency: z
      .string()
      .refine((value) => minorDigits(value) !== undefined)
      .meta({ description: describe('amount.currency'), pattern: '^[A-Z]{3}$' })
      .register(leafRules, unbounded('currency')),
  })
  .refine((value) => typeof parseAmount(value.value, value.currency) === 'number');

const item = z.object({
  text: text('items.text', 'text', { description: 'What it is' }),
  quantity: z.number().min(0).max(LIMITS.quantityMax).meta({ description: 'How many' }).optional(),
});

const hasKey = (side: z.infer<ReturnType<typeof party>> | undefined): boolean => side?.account !== undefined || side?.party !== undefined;
const sideWithKey = (side: string) => ({
  required: [side],
  properties: { [side]: { anyOf: [{ required: ['account'] }, { required: ['party'] }] } },
});

/**
 * The transaction, version 1: the one definition behind the type, the published JSON Schema and the decoder.
 * Names that it does not know are left out; the limits of a record as bytes (size, depth, UTF-8) are the decoder's.
 */
export const TransactionSchema = z
  .object({
    schema: z.literal(SCHEMA_NAME).meta({ description: 'Name and version of the format' }).register(leafRules, unbounded('schema')),
    source: key('source', 'source'),
    id: key('', 'id', 'Identifier of the transaction, unique within its source'),
    time: time('time', 'When it happened: RFC 3339 with an offset, 1990 to 2100'),
    kind: oneOf(KINDS, 'kind', describe('kind')),
    channel: oneOf(CHANNELS, 'channel', 'Where the customer acted').optional(),
    status: oneOf(STATUSES, 'status', 'How far the transaction has come; a later record of it may raise this and nothing else').optional(),
    precision: z.literal('day').meta({ description: 'day where the source gives only a date' }).register(leafRules, unbounded('precision')).optional(),
    receivedAt: time('time', 'When the record was received; recorded files only').optional(),
    amount,
    debtor: party('debtor').optional(),
    creditor: party('creditor').optional(),
    device: text('device', 'device').optional(),
    ip: text('ip').optional(),
    location: z.object({ country: text('location.country', 'country').optional(), town: text('location.town').optional() }).optional(),
    endToEndId: text('endToEndId').optional(),
    uetr: text('uetr', 'uetr').optional(),
    purpose: text('purpose').optional(),
    remittanceInformation: text('remittanceInformation').optional(),
    merchant: z
      .object({
        mcc: text('merchant.mcc', 'mcc').optional(),
        name: text('merchant.name').optional(),
        country: text('merchant.country', 'country').optional(),
      })
      .optional(),
    items: z
      .array(item)
      .max(LIMITS.itemsMax)
      .meta({ description: describe('items') })
      .register(leafRules, unbounded('items'))
      .optional(),
    travel: z
      .object({
        passengers: z
          .int()
          .min(0)
          .max(LIMITS.passengersMax)
          .meta({ description: describe('travel.passengers') })
          .register(leafRules, unbounded('count'))
          .optional(),
        oneWay: z
          .boolean()
          .meta({ description: describe('travel.oneWay') })
          .register(leafRules, unbounded('flag'))
          .optional(),
        origin: text('travel.origin').optional(),
        destination: text('travel.destination').optional(),
      })
      .optional(),
    wallet: z
      .object({
        chain: text('wallet.chain').optional(),
        asset: text('wallet.asset').optional(),
        from: text('wallet.from').optional(),
        to: text('wallet.to').optional(),
        provider: text('wallet.provider').optional(),
      })
      .optional(),
    returnOf: z.object({ source: key('returnOf.source', 'text'), id: key('returnOf.id', 'text') }).optional(),
  })
  .refine((value) => hasKey(value.debtor) || hasKey(value.creditor))
  .meta({
    title: 'transaction/1',
    description: 'One payment, remittance, cash act, card purchase or conversion',
    anyOf: [sideWithKey('debtor'), sideWithKey('creditor')],
  });

export type Transaction = z.infer<typeof TransactionSchema>;
