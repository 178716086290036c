import { minorDigits } from '../../transactions/currencies.ts';

/** Words for units of time as people write them, and what the language writes instead. `M` alone is left out: minutes or months. */
const UNITS: readonly (readonly [RegExp, number, string])[] = [
  [/^(?:ms|msecs?|millis|milliseconds?)$/, 1, 'ms'],
  [/^(?:s|secs?|seconds?)$/, 1, 's'],
  [/^(?:m|mins?|minutes?)$/, 1, 'm'],
  [/^(?:h|hrs?|hours?)$/, 1, 'h'],
  [/^(?:d|days?)$/, 1, 'd'],
  [/^(?:w|wks?|weeks?)$/, 1, 'w'],
  [/^(?:mo|mon|months?)$/, 30, 'd'],
  [/^(?:y|yrs?|years?)$/, 365, 'd'],
];

/** The duration that `2days`, `48H` or `1y` was meant to be; undefined where it looks like none. */
export function durationMeant(found: string): string | undefined {
  const [, count = '', word = ''] = /^([0-9]{1,6})([A-Za-z]+)$/.exec(found) ?? [];
  if (word === 'M') return undefined;
  const unit = UNITS.find(([form]) => form.test(word.toLowerCase()));
  return unit === undefined ? undefined : `${Number(count) * unit[1]}${unit[2]}`;
}

/** Words that stand for operators elsewhere. */
const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['is', '== to compare'],
  ['eq', '=='],
  ['equals', '=='],
  ['between', 'two comparisons joined by and'],
  ['contains', 'field in [a, b]'],
  ['like', 'field in [a, b]'],
  ['matches', 'field in [a, b]'],
  ['of', '*'],
]);

/** What to write instead of `AND`, `is` and the like; undefined for any other word. */
export function operatorMeant(word: string): string | undefined {
  const lower = word.toLowerCase();
  if (word !== lower && ['and', 'or', 'not', 'in', 'where', 'over'].includes(lower)) return lower;
  return OPERATORS.get(lower);
}

const SIGNS: ReadonlyMap<string, string> = new Map([
  ['€', 'EUR'],
  ['$', 'USD'],
  ['£', 'GBP'],
  ['¥', 'JPY'],
]);

/** The code of a currency that is written as a sign. */
export const currencyOfSign = (sign: string): string | undefined => SIGNS.get(sign);

export const isCurrencyCode = (word: string): boolean => minorDigits(word) !== undefined;

const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['average', 'avg'],
  ['mean', 'avg'],
  ['total', 'sum'],
  ['minimum', 'min'],
  ['maximum', 'max'],
  ['unique', 'distinct'],
  ['nunique', 'distinct'],
  ['count_distinct', 'distinct'],
  ['distinct_count', 'distinct'],
  ['pass_through', 'passed_through'],
  ['has', 'exists'],
  ['defined', 'exists'],
  ['present', 'exists'],
  ['ifnull', 'coalesce'],
  ['nvl', 'coalesce'],
  ['some', 'any'],
]);

/** The function that has another name elsewhere. */
export const functionMeant = (name: string): string | undefined => FUNCTIONS.get(name.toLowerCase());

const NAMES: ReadonlyMap<string, string> = new Map([
  ['yes', 'true'],
  ['no', 'false'],
  ['now', 'time'],
  ['timestamp', 'time'],
  ['null', 'exists(…)'],
  ['nil', 'exists(…)'],
  ['none', 'exists(…)'],
  ['undefined', 'exists(…)'],
  ['missing', 'exists(…)'],
  ['empty', 'exists(…)'],
]);

/** What stands for a name that has a meaning elsewhere. */
export const wordMeant = (name: string): string | undefined => NAMES.get(name.toLowerCase());
