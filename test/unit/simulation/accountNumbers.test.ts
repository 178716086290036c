import { isValidBIC, isValidIBAN } from 'ibantools';
import { accountNumber } from '../../../src/simulation/accountNumbers.ts';
import { COUNTRIES, REMITTERS } from '../../../src/simulation/places.ts';

describe('account numbers', () => {
  test.each(COUNTRIES.filter((c) => c.code !== 'US').flatMap((c) => c.banks.map((b) => [c.code, b.code] as const)))(
    'of %s %s are valid IBANs',
    (code, bank) => {
      for (const serial of [0, 1, 9, 97, 12_345, 99_999_999]) expect(isValidIBAN(accountNumber(code, bank, serial))).toBe(true);
    },
  );

  test('a changed digit is noticed', () => {
    const iban = accountNumber('DE', '00010101', 42);
    expect(isValidIBAN(`${iban.slice(0, -1)}3`)).toBe(false);
  });

  test('BICs are well formed', () => {
    for (const { bic } of [...REMITTERS, ...COUNTRIES.flatMap((c) => c.banks)]) expect(isValidBIC(bic)).toBe(true);
  });
});
