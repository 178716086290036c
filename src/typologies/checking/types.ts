import type { ValueType } from '../ast.ts';

const WORDS: Readonly<Record<ValueType, string>> = {
  boolean: 'a condition', money: 'an amount of money', number: 'a number', duration: 'a duration', text: 'a text', country: 'a country', time: 'a time',
  date: 'a date', list: 'a list',
};

export const inWords = (type: ValueType): string => WORDS[type];

const isText = (type: ValueType): boolean => type === 'text' || type === 'country';

/** Whether values of the two types can be the same thing. */
export function alike(left: ValueType, right: ValueType): boolean {
  return left === right || (isText(left) && isText(right));
}

/** Whether `<` and `>` mean something. */
export function ordered(type: ValueType): boolean {
  return type === 'money' || type === 'number' || type === 'duration' || type === 'time' || type === 'date';
}

/** The type of `left op right`, or null where it has no meaning. */
export function arithmeticType(op: '+' | '-' | '*' | '/', left: ValueType, right: ValueType): ValueType | null {
  const scaled = (type: ValueType): boolean => type === 'number' || type === 'money' || type === 'duration';
  switch (op) {
    case '+':
      if (left === right && scaled(left)) return left;
      return (left === 'time' && right === 'duration') || (left === 'duration' && right === 'time') ? 'time' : null;
    case '-':
      if (left === right && scaled(left)) return left;
      if (left !== 'time') return null;
      return right === 'time' ? 'duration' : right === 'duration' ? 'time' : null;
    case '*':
      if (right === 'number' && scaled(left)) return left;
      return left === 'number' && scaled(right) ? right : null;
    case '/':
      if (right === 'number' && scaled(left)) return left;
      return left === right && scaled(left) ? 'number' : null;
  }
}
