/** The text without the byte order mark that some editors put before it: it has no place in columns. */
export const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text);

/** How a scalar is written. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'block';

/**
 * Where each UTF-16 unit of a scalar's value stands in the file; one more entry for its end.
 *
 * YAML folds white space and nothing else: the other characters appear in the value in their order. So both are walked side by side, white
 * space is skipped in the source, and a unit of white space in the value stands where its run begins.
 */
export function scalarOffsets(value: string, source: string, from: number, to: number, style: ScalarStyle): number[] {
  const offsets: number[] = [];
  let at = from;
  for (let i = 0; i < value.length; ) {
    if (isBlank(value[i]!)) {
      offsets.push(at);
      i++;
      continue;
    }
    let unit = unitAt(source, at, style);
    while (at < to && unit.blank) {
      at += unit.length;
      unit = unitAt(source, at, style);
    }
    for (let k = 0; k < unit.width; k++, i++) offsets.push(at);
    at += unit.length;
  }
  offsets.push(at);
  return offsets;
}

interface Unit {
  /** Characters in the source. */
  readonly length: number;
  /** UTF-16 units in the value. */
  readonly width: number;
  readonly blank: boolean;
}

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
/** Escapes that give white space, or nothing (a line break that is escaped). */
const BLANK_ESCAPES = ' tnrfv_LP\n\r\t';

function unitAt(source: string, at: number, style: ScalarStyle): Unit {
  const character = source[at] ?? '';
  if (style === 'single' && character === "'") return { length: 2, width: 1, blank: false };
  if (style !== 'double' || character !== '\\') return { length: 1, width: 1, blank: isBlank(character) };
  const letter = source[at + 1] ?? '';
  const digits = HEX_DIGITS[letter];
  if (digits === undefined) return { length: 2, width: 1, blank: BLANK_ESCAPES.includes(letter) };
  const code = Number.parseInt(source.slice(at + 2, at + 2 + digits), 16);
  return { length: 2 + digits, width: code > 0xffff ? 2 : 1, blank: isBlank(String.fromCodePoint(Math.min(code || 0, 0x10ffff))) };
}

function isBlank(character: string): boolean {
  return /\s/.test(character);
}
