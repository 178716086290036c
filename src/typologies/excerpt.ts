import type { Span, Typology } from './ast.ts';

/** What stands at a place of the file, on one line and without the escapes that YAML asks for in quotes. */
export function excerpt({ start, end }: Span, { text, escaped = [] }: Pick<Typology, 'text' | 'escaped'>): string {
  const whole = escaped.find((part) => part.start <= start && end <= part.end);
  return folded(whole === undefined ? text.slice(start, end) : whole.value.slice(unitAt(start, whole.offsets), unitAt(end, whole.offsets)));
}

/** White space folded to single blanks. */
export const folded = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The first unit that stands at the offset or behind it. */
function unitAt(offset: number, offsets: readonly number[]): number {
  const index = offsets.findIndex((at) => at >= offset);
  return index < 0 ? offsets.length - 1 : index;
}
