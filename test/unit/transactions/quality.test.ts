import { ValidationErrorsIBAN, validateIBAN } from 'ibantools';
import { isMerchantCategory } from '../../../src/transactions/merchantCategories.ts';
import { accountVerdict, findingOn, ibanVerdict, looksLikeIban, mayBeIban } from '../../../src/transactions/quality.ts';
import { VERDICTS_MAX, VerdictCache } from '../../../src/transactions/verdicts.ts';
import { bytesOf, decoding, record } from './records.ts';

const finding = (role: string, text: string): string | null => findingOn(role, Buffer.from(text), 0, Buffer.byteLength(text));
const looks = (text: string): boolean => looksLikeIban(Buffer.from(text), 0, Buffer.byteLength(text));

describe('accounts', () => {
  test.each([
    ['GB33BUKB20201555555555', 'iban'],
    ['DE89370400440532013000', 'iban'],
    ['NO9386011117947', 'iban'],
    ['MT84MALT011000012345MTLCAST001S', 'iban'],
    ['XK051212012345678906', 'iban'],
    ['TR330006100519786457841326', 'iban'],
    ['GB34BUKB20201555555555', 'iban-checksum'],
    ['GB33BUKB20201555555556', 'iban-checksum'],
    ['DE8937040044053201300', 'iban-checksum'],
    ['GB33BUKB202015555555', 'iban-structure'],
    ['ZZ33BUKB20201555555555', 'other'],
    ['US64SVBKUS6S3300958879', 'other'],
  ])('%s is %s', (account, verdict) => {
    expect(looks(account)).toBe(true);
    expect(ibanVerdict(account)).toBe(verdict);
    expect(accountVerdict(account)).toBe(verdict);
  });

  test.each([
    ['gb33bukb20201555555555', 'iban-print-form'],
    ['GB33 BUKB 2020 1555 5555 55', 'iban-print-form'],
    ['Gb33BUKB20201555555555', 'iban-print-form'],
    ['GB33BUKB20201555555555 ', 'iban-print-form'],
    ['MT84 MALT 0110 0001 2345 MTLC AST0 01S', 'iban-print-form'],
    ['GB34 BUKB 2020 1555 5555 55', 'other'],
    ['gb33bukb202015555555', 'other'],
    ['zz33bukb20201555555555', 'other'],
    ['TXyz1234567890abcdef', 'other'],
  ])('%j may be meant as an IBAN, and is %s', (account, verdict) => {
    expect(mayBeIban(Buffer.from(account), 0, account.length)).toBe(true);
    expect(accountVerdict(account)).toBe(verdict);
  });

  test.each([
    'GB33-BUKB-2020-1555-5555-55',
    ' GB33BUKB20201555555555',
    'GB33\u00a0BUKB20201555555555',
    'gb33bukb2020\tx',
    'W-778',
    'gb33',
    'a'.repeat(68),
    '33GBBUKB20201555555555',
  ])('%j is not asked', (account) => {
    expect(mayBeIban(Buffer.from(account), 0, Buffer.byteLength(account))).toBe(false);
  });

  test('an IBAN in print form is told each time, is compared as it came, and gets the prefix of its source', () => {
    const printed = 'GB33 BUKB 2020 1555 5555 55';
    const finding = { code: 'iban-print-form', field: 'debtor.account' };
    const plain = decoding();
    const prefixed = decoding({ prefixBySource: new Map([['bank-a', 'a:']]) });
    for (let round = 0; round < 3; round++) {
      const bytes = bytesOf(record({ debtor: { account: printed } }));
      expect(plain(bytes)).toMatchObject({ findings: [finding], fields: { 'debtor.account': printed } });
      expect(prefixed(bytes)).toMatchObject({ findings: [finding], fields: { 'debtor.account': `a:${printed}` } });
    }
  });

  test.each([
    'W-778',
    'h:9f2c',
    'gb33bukb20201555555555',
    'GB33 BUKB 2020 1555 5555 55',
    'GB3',
    'GB33BUKB202015',
    `GB33${'1'.repeat(31)}`,
    '0123456789012345',
    'TXyz1234567890abcdef',
    '',
  ])('%j does not look like an IBAN', (account) => {
    expect(looks(account)).toBe(false);
  });

  test('check digits inside the BBAN are national rules, and not asked', () => {
    // The last digit of a Norwegian account number is a check digit; here it is wrong, and those of the IBAN are right.
    expect(ibanVerdict('NO6686011117948')).toBe('iban');
    expect(validateIBAN('NO6686011117948').errorCodes).toEqual([ValidationErrorsIBAN.WrongAccountBankBranchChecksum]);
  });
});

describe('other standards', () => {
  test.each([
    ['country', 'GB', null],
    ['country', 'XK', null],
    ['country', 'gb', 'unknown-country'],
    ['country', 'UK', 'unknown-country'],
    ['country', 'GBR', 'unknown-country'],
    ['country', '', 'unknown-country'],
    ['bic', 'BUKBGB22', null],
    ['bic', 'BUKBGB22XXX', null],
    ['bic', '1UKBGB22', null],
    ['bic', 'BUKBZZ22', 'bic-format'],
    ['bic', 'bukbgb22', 'bic-format'],
    ['bic', 'BUKBGB2', 'bic-format'],
    ['bic', 'BUKBGB22X', 'bic-format'],
    ['mcc', '5551', null],
    ['mcc', '6051', null],
    ['mcc', '6540', null],
    ['mcc', '3000', null],
    ['mcc', '3999', null],
    ['mcc', '0742', null],
    ['mcc', '0001', 'unknown-mcc'],
    ['mcc', '742', 'unknown-mcc'],
    ['mcc', '55510', 'unknown-mcc'],
    ['mcc', '555x', 'unknown-mcc'],
    ['uetr', '97ed4827-7b6f-4491-a06f-b548d5a7512d', null],
    ['uetr', '97ED4827-7B6F-4491-A06F-B548D5A7512D', 'uetr-format'],
    ['uetr', '97ed4827-7b6f-4491-c06f-b548d5a7512d', 'uetr-format'],
    ['uetr', '97ed4827-7b6f-5491-a06f-b548d5a7512d', 'uetr-format'],
    ['uetr', '97ed48277b6f4491a06fb548d5a7512d', 'uetr-format'],
    ['uetr', '97ed4827-7b6f-4491-a06f-b548d5a7512g', 'uetr-format'],
    ['partyType', 'person', null],
    ['partyType', 'organisation', null],
    ['partyType', 'organization', 'party-type'],
    ['partyType', 'Person', 'party-type'],
    ['text', '', null],
  ])('%s %j: %s', (role, text, code) => {
    expect(finding(role, text)).toBe(code);
  });

  test('some three hundred categories are listed, and the block of airlines, car rental and lodging', () => {
    const all = Array.from({ length: 10_000 }, (_, i) => String(i).padStart(4, '0')).filter((code) => isMerchantCategory(Buffer.from(code), 0, 4));
    expect(all.length).toBe(1319);
    for (const code of ['4111', '4411', '4457', '4829', '5542', '6010', '6012', '6050', '6211', '6532', '6538', '7011', '7273', '7512', '9399'])
      expect(all).toContain(code);
  });
});

describe('what is asked once', () => {
  test('a cache answers without asking again, and is bounded', () => {
    let asked = 0;
    const cache = new VerdictCache((text: string) => {
      asked++;
      return text.length;
    });
    for (let i = 0; i < 3; i++) expect(cache.get('abc')).toBe(3);
    expect(asked).toBe(1);
    for (let i = 0; i < 3 * VERDICTS_MAX; i++) cache.get(`x${i}`);
    expect(cache.size).toBeLessThanOrEqual(VERDICTS_MAX);
    expect(cache.get('x5')).toBe(2);
  });

  test('an account is told in each of its records, and an equal text elsewhere is not', () => {
    const decode = decoding();
    const account = 'GB34BUKB20201555555555';
    for (let i = 0; i < 3; i++)
      expect(decode(bytesOf(record({ id: `${i}`, debtor: { account } }))).findings).toEqual([{ code: 'iban-checksum', field: 'debtor.account' }]);
    expect(decode(bytesOf(record({ debtor: { account: 'A', party: account } }))).findings).toEqual([]);
    expect(decode(bytesOf(record({ debtor: { account: 'A', name: account } }))).findings).toEqual([]);
  });
});
