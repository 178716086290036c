import { isDeepStrictEqual } from 'node:util';
import { blankTransaction, createDecoder } from '../../src/transactions/decoder.ts';
import { TextTable } from '../../src/transactions/texts.ts';
import { read } from '../support/oracle/records.ts';
import { firstBreach } from '../support/worlds/forall.ts';

/** The decoder and the oracle read the same records apart from each other: identity, amount, status and the digest of the canonical content. */
test('the decoder reads a record as the oracle does', () => {
  const decoder = createDecoder({ texts: new TextTable() });
  const out = blankTransaction();
  const found = firstBreach({ seed: 5, runs: 60 }, ({ records }) => {
    for (const record of records) {
      const rejection = decoder.decode(Buffer.from(JSON.stringify(record.transaction)), out);
      if (rejection !== null) return JSON.stringify([rejection, record]);
      const { id, t, minor, status, dayPrecision, digest } = read(record);
      const decoded = [out.id, out.timeMs, out.amountMinor, out.status, out.dayPrecision, Buffer.from(out.digest).toString('hex')];
      if (!isDeepStrictEqual(decoded, [id, t, minor, status, dayPrecision, digest])) return JSON.stringify([decoded, record]);
    }
    return null;
  });
  expect(found?.breach).toBeUndefined();
});

test('a content that differs in one field has another digest', () => {
  const decoder = createDecoder({ texts: new TextTable() });
  const out = blankTransaction();
  const digestOf = (transaction: object): string => {
    expect(decoder.decode(Buffer.from(JSON.stringify(transaction)), out)).toBeNull();
    return Buffer.from(out.digest).toString('hex');
  };
  const base = {
    schema: 'transaction/1',
    source: 's',
    id: '1',
    time: '2026-03-02T00:00:00Z',
    kind: 'p2p',
    amount: { value: '1', currency: 'EUR' },
    debtor: { account: 'A' },
  };
  const digests = [base, { ...base, channel: 'atm' }, { ...base, items: [] }, { ...base, precision: 'day' }, { ...base, purpose: '' }].map(digestOf);
  expect(new Set(digests).size).toBe(5);
  expect(digestOf({ ...base, status: 'settled', receivedAt: '2026-03-02T00:00:00Z', unknown: 1 })).toBe(digests[0]);
});
