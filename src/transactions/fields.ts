/**
 * The catalogue of transaction fields: one table that the decoder fills, the type checker consults and the engine stores.
 * A new optional field is added here and in the model; everything else follows from the table.
 */

/** What a field's value is, as the typology language sees it. `date` is a calendar day, held as days since 1970-01-01. */
export type FieldType = 'text' | 'country' | 'number' | 'boolean' | 'date';

export interface FieldSpec {
  readonly path: string;
  readonly type: FieldType;
  readonly description: string;
}

const party = (side: 'debtor' | 'creditor'): FieldSpec[] => [
  { path: `${side}.account`, type: 'text', description: `Account of the ${side}: IBAN, wallet, agent's number or keyed hash` },
  { path: `${side}.party`, type: 'text', description: `Customer identifier of the ${side}` },
  { path: `${side}.name`, type: 'text', description: `Name of the ${side}` },
  { path: `${side}.type`, type: 'text', description: 'person or organisation' },
  { path: `${side}.country`, type: 'country', description: `Country of residence of the ${side}, ISO 3166-1 alpha-2` },
  { path: `${side}.town`, type: 'text', description: `Town of residence of the ${side}` },
  { path: `${side}.birthDate`, type: 'date', description: `Date of birth of the ${side}` },
  { path: `${side}.phone`, type: 'text', description: `Phone of the ${side}, in clear or as a keyed hash` },
  { path: `${side}.address`, type: 'text', description: `Address of the ${side}, in clear or as a keyed hash` },
  { path: `${side}.occupation`, type: 'text', description: `Occupation of the ${side}` },
  { path: `${side}.accountOpened`, type: 'date', description: `Day on which the ${side}'s account was opened` },
  { path: `${side}.agent.bic`, type: 'text', description: `BIC of the ${side}'s agent (its bank or remittance firm)` },
  { path: `${side}.agent.branch`, type: 'text', description: `Branch or outlet of the ${side}'s agent` },
  { path: `${side}.agent.country`, type: 'country', description: `Country of the ${side}'s agent` },
  { path: `${side}.agent.town`, type: 'text', description: `Town of the ${side}'s agent` },
];

/** Fields held as interned texts. The index in this list is the slot in `DecodedTransaction.texts`. */
export const TEXT_FIELDS: readonly FieldSpec[] = [
  { path: 'source', type: 'text', description: 'The bank or feed that sent the record' },
  { path: 'kind', type: 'text', description: 'Kind of transaction' },
  { path: 'channel', type: 'text', description: 'branch, atm, agent, online, mobile or api' },
  { path: 'amount.currency', type: 'text', description: 'ISO 4217 code of the amount' },
  ...party('debtor').filter((f) => f.type === 'text' || f.type === 'country'),
  ...party('creditor').filter((f) => f.type === 'text' || f.type === 'country'),
  { path: 'device', type: 'text', description: 'Device, as a keyed hash' },
  { path: 'ip', type: 'text', description: 'IP address, as a keyed hash' },
  { path: 'location.country', type: 'country', description: 'Country where the act took place' },
  { path: 'location.town', type: 'text', description: 'Town where the act took place' },
  { path: 'endToEndId', type: 'text', description: 'End-to-end identification' },
  { path: 'uetr', type: 'text', description: 'Unique end-to-end transaction reference (UUID v4)' },
  { path: 'purpose', type: 'text', description: 'ISO 20022 external purpose code' },
  { path: 'remittanceInformation', type: 'text', description: 'What the payer wrote' },
  { path: 'merchant.mcc', type: 'text', description: 'Merchant category code, ISO 18245' },
  { path: 'merchant.name', type: 'text', description: 'Name of the merchant' },
  { path: 'merchant.country', type: 'country', description: 'Country of the merchant' },
  /** The list of items as JSON text, `[{"text":…,"quantity":…}]`; read by `any(items, …)` only. */
  { path: 'items', type: 'text', description: 'What was bought: a list of { text, quantity }' },
  { path: 'travel.origin', type: 'text', description: 'Where the journey starts' },
  { path: 'travel.destination', type: 'text', description: 'Where the journey ends' },
  { path: 'wallet.chain', type: 'text', description: 'Blockchain' },
  { path: 'wallet.asset', type: 'text', description: 'Crypto-asset' },
  { path: 'wallet.from', type: 'text', description: 'Sending wallet' },
  { path: 'wallet.to', type: 'text', description: 'Receiving wallet' },
  { path: 'wallet.provider', type: 'text', description: 'Virtual-asset service provider' },
  { path: 'returnOf.source', type: 'text', description: 'Source of the transaction that this one gives back' },
  { path: 'returnOf.id', type: 'text', description: 'Identifier of the transaction that this one gives back' },
];

/** Fields held as numbers (dates as days since 1970-01-01, booleans as 0 and 1). The index is the slot in `DecodedTransaction.numbers`. */
export const NUMBER_FIELDS: readonly FieldSpec[] = [
  ...party('debtor').filter((f) => f.type === 'date'),
  ...party('creditor').filter((f) => f.type === 'date'),
  { path: 'travel.passengers', type: 'number', description: 'Number of passengers' },
  { path: 'travel.oneWay', type: 'boolean', description: 'Whether the journey is one way' },
];

const slots = (fields: readonly FieldSpec[]): ReadonlyMap<string, number> => new Map(fields.map((f, i) => [f.path, i]));
export const TEXT_SLOT = slots(TEXT_FIELDS);
export const NUMBER_SLOT = slots(NUMBER_FIELDS);

export const KINDS = [
  'credit-transfer',
  'remittance',
  'p2p',
  'direct-debit',
  'cheque',
  'card-payment',
  'cash-deposit',
  'cash-withdrawal',
  'prepaid-load',
  'currency-exchange',
  'crypto-purchase',
  'crypto-sale',
  'crypto-transfer',
] as const;
export const CHANNELS = ['branch', 'atm', 'agent', 'online', 'mobile', 'api'] as const;
/** In the order in which a status may rise (S2). */
export const STATUSES = ['accepted', 'settled', 'returned', 'rejected'] as const;
