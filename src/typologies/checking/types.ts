import type { ValueType } from '../ast.ts';

const WORDS: Readonly<Record<ValueType, string>> = {
  boolean: 'a condition',
  money: 'an amount of money',
  number: 'a number',
  duration: 'a duration',
  text: 'a text',
  country: 'a country',
  time: 'a time',
  date: 'a date',
  list: 'a list',
};

export const inWords = (type: ValueType): string => WORDS[type];

export const capital = (words: string): string => words[0]!.toUpperCase() + words.slice(1);

const isText = (type: ValueType): boolean => type === 'text' || type === 'country';

/** Whether values of the two types can be the same thing. */
export function alike(left: ValueType, right: ValueType): boolean {
  return left === right || (isText(left) && isText(right));
}

/** Whether `<` and `>` mean something. */
export function ordered(type: ValueType): boolean {
  return type === 'money' || type === 'number' || type === 'duration' || type === 'time' || type === 'date';
}

/** What can be added, and multiplied by a number. */
const SCALED: ReadonlySet<ValueType> = new Set(['number', 'money', 'duration']);

/** The type of `left op right`, or null where it has no meaning. */
export function arithmeticType(op: '+' | '-' | '*' | '/', left: ValueType, right: ValueType): ValueType | null {
  const same = left === right && SCALED.has(left);
  const scaling = right === 'number' && SCALED.has(left);
  switch (op) {
    case '+':
      if (same) return left;
      return (left === 'time' && right === 'duration') || (left === 'duration' && right === 'time') ? 'time' : null;
    case '-':
      if (same) return left;
      if (left !== 'time') return null;
      return right === 'time' ? 'duration' : right === 'duration' ? 'time' : null;
    case '*':
      if (scaling) return left;
      return left === 'number' && SCALED.has(right) ? right : null;
    case '/':
      if (scaling) return left;
      return same ? 'number' : null;
  }
}
