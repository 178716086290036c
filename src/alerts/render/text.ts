import { plain } from './plain.ts';

/** Safe text in lines of at most so many columns, broken at blanks; a longer word is broken anywhere. */
export function wrapped(text: string, columns: number, indent = ''): string[] {
  return brokenAt(plain(text), Math.max(columns - indent.length, 1)).map((line) => indent + line);
}

/** As `wrapped`, of what a person wrote in several lines. */
export function paragraphs(text: string, columns: number, indent: string): string[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => wrapped(line, columns, indent));
}

/** A list with a dash before each. */
export function bullets(texts: readonly string[], columns: number): string[] {
  return texts.flatMap((text) => wrapped(text, columns, '    ').map((line, i) => (i === 0 ? `  - ${line.trimStart()}` : line)));
}

export function counted(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** Text that is safe already, in lines of at most `room` characters. */
export function brokenAt(text: string, room: number): string[] {
  const lines: string[] = [];
  let open = '';
  for (const word of text.split(' ').flatMap((w) => pieces(w, room))) {
    if (open !== '' && open.length + 1 + word.length > room) {
      lines.push(open);
      open = word;
    } else open = open === '' ? word : `${open} ${word}`;
  }
  return [...lines, open];
}

function pieces(word: string, room: number): string[] {
  if (word.length <= room) return [word];
  const characters = [...word];
  const made: string[] = [];
  for (let i = 0; i < characters.length; i += room) made.push(characters.slice(i, i + room).join(''));
  return made;
}
