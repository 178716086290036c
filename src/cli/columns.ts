/** A table of plain lines: the first column to the left, figures to the right, a rule under the head and above the last row where that is a sum. */
export function columns(head: readonly string[], rows: readonly (readonly (string | number)[])[], options: { readonly sum?: true } = {}): string {
  const texts = rows.map((row) => row.map(String));
  const widths = head.map((name, i) => Math.max(...[head, ...texts].map((row) => row[i]!.length), name.length));
  const line = (row: readonly string[]): string =>
    row
      .map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const lines = texts.map(line);
  if (options.sum === true) lines.splice(-1, 0, rule);
  return [line(head), rule, ...lines].join('\n');
}
