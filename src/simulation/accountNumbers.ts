import type { CountryCode } from './places.ts';

/** The number of an account by its country's own rules, check digits included: an IBAN, in the US routing and account number. */
export function accountNumber(country: CountryCode, bankCode: string, serial: number): string {
  if (country === 'US') return `${bankCode}-${String(serial).padStart(10, '0')}`;
  return iban(country, bban(country, bankCode, serial));
}

function bban(country: Exclude<CountryCode, 'US'>, bankCode: string, serial: number): string {
  switch (country) {
    case 'GB':
      return bankCode + String(serial).padStart(8, '0');
    case 'DE':
      return bankCode + String(serial).padStart(10, '0');
    case 'FR': {
      const account = String(serial).padStart(11, '0');
      // The "clé RIB": the whole number with its key is a multiple of 97.
      return bankCode + account + String(97 - remainder97(`${bankCode}${account}00`)).padStart(2, '0');
    }
    case 'TR':
      return `${bankCode}0${String(serial).padStart(16, '0')}`;
  }
}

/** ISO 13616: the country and `00` go behind, letters count 10 … 35, the check digits are 98 less the remainder. */
function iban(country: string, bban: string): string {
  const digits = `${bban}${country}00`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return country + String(98 - remainder97(digits)).padStart(2, '0') + bban;
}

function remainder97(digits: string): number {
  let rest = 0;
  for (let i = 0; i < digits.length; i++) rest = (rest * 10 + digits.charCodeAt(i) - 48) % 97;
  return rest;
}
