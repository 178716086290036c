import fc from 'fast-check';
import { CURRENCIES } from '../../../src/transactions/currencies.ts';
import { LEAVES } from '../../../src/transactions/plan.ts';
import { fixtureJson, type Json } from './records.ts';

/** Values at and around every edge of the format. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  4,
  1.5,
  10_000,
  10_001,
  1e300,
  '',
  ' ',
  'x',
  'day',
  'person',
  'company',
  'EUR',
  'JPY',
  'KWD',
  'eur',
  'XXX',
  '0',
  '0.0',
  '0.01',
  '1.5',
  '1.50',
  '1.500',
  '1.5000',
  '.5',
  '5.',
  '1e3',
  '+1',
  '-1',
  '١',
  '10000000000.00',
  '10000000000.01',
  '1000000000000',
  '00012',
  'transaction/1',
  'transaction/2',
  'settled',
  'atm',
  'p2p',
  '2026-02-28',
  '2026-02-29',
  '2024-02-29',
  '2026-13-01',
  '2026-3-01',
  '0000-01-01',
  '2026-03-01T09:00:00Z',
  '2026-03-01t09:00:00z',
  '2026-03-01T24:00:00Z',
  '2026-03-01T09:00:60Z',
  '2026-03-01T09:00:00',
  '2026-03-01 09:00:00Z',
  '2026-03-01T09:00:00.123456789+05:30',
  '2026-03-01T09:00:00.-05:30',
  '1989-12-31T23:59:59.999Z',
  '1990-01-01T00:00:00Z',
  '2100-12-31T23:59:59.999Z',
  '2101-01-01T00:00:00Z',
  '2101-01-01T00:30:00+01:00',
  'ş'.repeat(128),
  '\u{1F600}'.repeat(128),
  'a'.repeat(129),
  '\u{1F600}'.repeat(129),
  'b'.repeat(4096),
  'b'.repeat(4097),
  [],
  {},
  [{}],
  [{ text: 'x' }],
  [{ text: 'x', quantity: -1 }],
  [{ text: 'x', quantity: 0.5 }],
  [{ quantity: 1 }],
  ['x'],
  Array.from({ length: 101 }, () => ({ text: 'x' })),
  { account: 'A' },
  { party: '' },
  { value: '1', currency: 'EUR' },
  { value: 1, currency: 'EUR' },
  { source: 's', id: 'i' },
  { source: 's' },
  { country: 'ZZ', agent: {} },
];

const PATHS: readonly string[] = [
  ...LEAVES.map((leaf) => leaf.path),
  'amount',
  'debtor',
  'creditor',
  'debtor.agent',
  'creditor.agent',
  'location',
  'merchant',
  'travel',
  'wallet',
  'returnOf',
  'note',
  'debtor.note',
];

type Mutation = { readonly path: string; readonly act: 'set' | 'drop'; readonly value: unknown };

const mutation: fc.Arbitrary<Mutation> = fc.record({
  path: fc.constantFrom(...PATHS),
  act: fc.constantFrom('set', 'set', 'drop'),
  value: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...ODD_VALUES) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
    { weight: 1, arbitrary: fc.constantFrom(...CURRENCIES) },
    { weight: 1, arbitrary: fc.tuple(fc.bigInt(0n, 10n ** 14n), fc.nat(5)).map(([n, scale]) => `${n}.${'0'.repeat(scale)}`) },
  ),
});

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function mutate(root: Json, { path, act, value }: Mutation): void {
  const names = path.split('.');
  const last = names.pop()!;
  let at = root;
  for (const name of names) {
    if (!isObject(at[name])) at[name] = {};
    at = at[name] as Json;
  }
  if (act === 'drop') delete at[last];
  else at[last] = structuredClone(value);
}

/** A valid record with up to four things changed: about a third of them are still valid. */
export const mutatedRecord: fc.Arbitrary<Json> = fc
  .tuple(fc.constantFrom('every-field', 'required-only', 'beyond-ascii', 'unknown-fields'), fc.array(mutation, { maxLength: 4 }), fc.boolean())
  .map(([name, mutations, reversed]) => {
    const root = fixtureJson(`good/${name}.json`);
    for (const m of mutations) mutate(root, m);
    return reversed ? Object.fromEntries(Object.entries(root).reverse()) : root;
  });
