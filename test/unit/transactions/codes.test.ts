import { FINDING_CODES, REJECTION_CODES, REJECTIONS } from '../../../src/transactions/codes.ts';
import { bytesOf, decodeFresh, fixture, fixtureNames, record } from './records.ts';

/** Made here, since a file of it would be 256 KiB. */
const tooLarge = Buffer.concat([bytesOf(record()), Buffer.alloc(256 * 1024, 0x20)]);
/** The record of a code, which holds this one mistake. */
const badRecord = (code: string): Buffer => (code === 'too-large' ? tooLarge : fixture(`bad/${code}.json`));

const FIELD_OF: Readonly<Record<string, string>> = {
  'missing-field': 'id',
  'wrong-type': 'kind',
  'too-long': 'debtor.account',
  'empty-text': 'debtor.account',
  'too-many-items': 'items',
  'unknown-schema': 'schema',
  'bad-time': 'time',
  'time-out-of-range': 'time',
  'bad-date': 'debtor.birthDate',
  'bad-number': 'travel.passengers',
  'amount-is-number': 'amount.value',
  'bad-amount': 'amount.value',
  'amount-scale': 'amount.value',
  'amount-not-positive': 'amount.value',
  'amount-too-large': 'amount.value',
  'unknown-currency': 'amount.currency',
  'unknown-kind': 'kind',
  'unknown-channel': 'channel',
  'unknown-status': 'status',
  'unknown-precision': 'precision',
};

describe('reasons for a rejection', () => {
  test.each(REJECTION_CODES)('%s is told with its field, and no value', (code) => {
    const { rejection, findings } = decodeFresh(badRecord(code));
    expect(rejection).toEqual({ code, field: FIELD_OF[code] ?? '', reason: REJECTIONS[code] });
    expect(findings).toEqual([]);
  });

  test('every file of a bad record is named after a code', () => {
    const names = fixtureNames('bad').map((name) => name.replace('.json', ''));
    expect(names.length).toBeGreaterThan(20);
    expect([...names, 'too-large'].sort()).toEqual([...REJECTION_CODES].sort());
  });

  test.each(fixtureNames('good'))('good/%s is taken without a finding', (name) => {
    const { rejection, findings } = decodeFresh(fixture(`good/${name}`));
    expect({ rejection, findings }).toEqual({ rejection: null, findings: [] });
  });
});

describe('findings', () => {
  const FINDING_FIELD: Readonly<Record<string, string>> = {
    'iban-checksum': 'debtor.account',
    'iban-structure': 'debtor.account',
    'iban-print-form': 'debtor.account',
    'bic-format': 'debtor.agent.bic',
    'unknown-country': 'debtor.country',
    'unknown-mcc': 'merchant.mcc',
    'uetr-format': 'uetr',
    'party-type': 'debtor.type',
  };

  test.each(FINDING_CODES)('%s is told, and the record goes on', (code) => {
    const { rejection, findings, fields } = decodeFresh(fixture(`findings/${code}.json`));
    expect(rejection).toBeNull();
    expect(findings).toEqual([{ code, field: FINDING_FIELD[code] }]);
    expect(fields).not.toBeNull();
  });

  test('every file of a finding is named after a code', () => {
    expect(fixtureNames('findings').map((name) => name.replace('.json', ''))).toEqual([...FINDING_CODES].sort());
  });
});
