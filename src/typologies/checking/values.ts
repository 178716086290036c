import { CURRENCIES } from '../../transactions/currencies.ts';
import { CHANNELS, KINDS } from '../../transactions/fields.ts';
import type { Expr, Span } from '../ast.ts';
import { nearestName } from '../nearest.ts';
import { isCountry } from './countries.ts';
import { type Environment, fail } from './environment.ts';

/** The texts that a field can hold, where that is a closed set or a fixed form. */
interface Domain {
  readonly has: (value: string) => boolean;
  readonly words: string;
  readonly names: readonly string[];
}

const closed = (names: readonly string[], words = names.join(', ')): Domain => ({ has: (value) => names.includes(value), words, names });

const DOMAINS: ReadonlyMap<string, Domain> = new Map([
  ['kind', closed(KINDS)],
  ['channel', closed(CHANNELS)],
  // A rejected transaction is a leg of no typology (S2).
  ['status', closed(['accepted', 'settled', 'returned'])],
  ['amount.currency', closed(CURRENCIES, 'ISO 4217 codes such as EUR')],
  ['merchant.mcc', { has: (value) => /^\d{4}$/.test(value), words: 'codes of four digits such as 4511', names: [] }],
]);
const COUNTRY: Domain = { has: isCountry, words: 'ISO 3166-1 codes of two capitals such as TR', names: [] };

/** Whether the field can hold the text; reports it where it never can. */
export function checkValue(field: Expr, value: string, span: Span, env: Environment): boolean {
  const domain = field.type === 'country' ? COUNTRY : field.kind === 'field' ? DOMAINS.get(field.path) : undefined;
  if (domain === undefined || domain.has(value)) return true;
  const name = field.kind === 'field' ? field.path : field.kind === 'sided' ? `${field.side}.${field.path}` : 'This';
  fail(env, 'value-unknown', span, { field: name, found: value, known: domain.words }, nearestName(value, domain.names));
  return false;
}
