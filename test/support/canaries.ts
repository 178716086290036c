import { NUMBER_FIELDS, TEXT_FIELDS } from '../../src/transactions/fields.ts';

/** A text that stands in every field in turn. It looks like an account; `CANARY_SEEN` finds it, whatever became of its case. */
export const CANARY = 'GB33ZQXJ5555';
export const CANARY_SEEN = /zqxj/i;

type Json = Record<string, unknown>;

/** The record with a value at a path, written over what is there. */
function withValue(base: Json, path: string, value: unknown): Json {
  const record = structuredClone(base);
  const keys = path.split('.');
  const last = keys.pop()!;
  let at = record;
  for (const key of keys) {
    at[key] = typeof at[key] === 'object' ? at[key] : {};
    at = at[key] as Json;
  }
  at[last] = value;
  return record;
}

const MORE_PATHS = ['schema', 'id', 'time', 'status', 'precision', 'receivedAt', 'amount.value', CANARY, `debtor.${CANARY}`];
const PATHS = [...new Set([...TEXT_FIELDS, ...NUMBER_FIELDS].map(({ path }) => path)), ...MORE_PATHS];
/** Right where a text belongs; of a wrong type; half of a surrogate pair; too long; no text at all. */
const VALUES: readonly unknown[] = [CANARY, [CANARY], { [CANARY]: CANARY }, `${CANARY}\ud800`, CANARY.repeat(400), 5, true];

/** Records with the canary in every field, whole and broken ones, and texts that are no records. Their time is `timeMs`. */
export function canaryRecords(timeMs: number): Buffer[] {
  const base: Json = {
    schema: 'transaction/1',
    source: 'bank-a',
    id: 'x-1',
    time: new Date(timeMs).toISOString(),
    kind: 'remittance',
    amount: { value: '1500.00', currency: 'EUR' },
    debtor: { account: 'D-1' },
    creditor: { account: 'C-1' },
  };
  const whole = PATHS.flatMap((path) => VALUES.map((value) => JSON.stringify(withValue(base, path, value))));
  const line = JSON.stringify(withValue(base, 'debtor.account', CANARY));
  const cuts = Array.from({ length: 40 }, (_, i) => line.slice(0, Math.floor((line.length * (i + 1)) / 41)));
  const others = [CANARY, `"${CANARY}"`, `["${CANARY}"]`, `${line}${CANARY}`, line.replace('{', `{"${CANARY}":`.repeat(20))];
  const invalid = Buffer.concat([Buffer.from(line), Buffer.from([0xff, 0xfe])]);
  return [...[...whole, ...cuts, ...others].map((text) => Buffer.from(text)), invalid];
}
