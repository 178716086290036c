/**
 * Characters of a record that would move the cursor, colour or hide text, or turn its direction: controls, marks of direction, invisible ones (fillers,
 * the blank of Braille and selectors of variants among them, by which two names could look the same), separators of lines, and halves of surrogate pairs.
 * The two joiners stay, since names in several scripts need them.
 */
const UNSAFE = /(?![\u200c\u200d])[\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Data as it may be printed on a terminal: one line, every unsafe character as `\u{…}`. */
export function plain(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** At most so many characters (code points), the last of them `…` where something was cut. */
export function cut(text: string, lengthMax: number): string {
  const characters = [...text];
  return characters.length <= lengthMax ? text : `${characters.slice(0, lengthMax - 1).join('')}…`;
}
