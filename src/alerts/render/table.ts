import Table from 'cli-table3';

/** A table without colours of its own. Cells are safe already; a line break in one is meant. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], options: { right?: readonly number[] } = {}): string {
  const right = new Set(options.right ?? []);
  const made = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (right.has(i) ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
  });
  for (const row of rows) made.push([...row]);
  return made.toString();
}

/** Escape sequences of colour, or none where the output is no terminal. */
export interface Paint {
  bold(text: string): string;
  loud(text: string): string;
}

export function paint(colour: boolean): Paint {
  const wrap = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: wrap(1), loud: wrap(31) };
}
