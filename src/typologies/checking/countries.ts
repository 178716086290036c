import { COUNTRIES } from '../../transactions/quality.ts';

const CODES: ReadonlySet<string> = new Set(COUNTRIES.list);

/** Whether a text is an ISO 3166-1 alpha-2 code in use, as the decoder's check of countries has it. */
export const isCountry = (code: string): boolean => CODES.has(code);
