import Table from 'cli-table3';
import { brokenAt } from './text.ts';

export interface TableOptions {
  /** Columns that are aligned to the right; they are never made narrower. */
  readonly right?: readonly number[];
  /** Characters after which the cells of a column are broken, even where there is room: running text reads better so. */
  readonly most?: Readonly<Record<number, number>>;
  /** Width that the table should not exceed, where that can be had. */
  readonly columns?: number | undefined;
}

/** A column is made no narrower than this. */
const CELL_COLUMNS_MIN = 10;
/** Of each column two blanks and a border. */
const AROUND_CELL = 3;

/** A table without colours of its own. Cells are safe already; a line break in one is meant. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  const [fittingHead = [], ...fittingRows] = fitting([head, ...rows], options);
  const made = new Table({
    head: fittingHead,
    colAligns: head.map((_, i) => (options.right?.includes(i) === true ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
  });
  for (const row of fittingRows) made.push(row);
  return made.toString();
}

/** The rows with their cells broken so that the table is as narrow as is wanted: the widest columns give way first. */
function fitting(rows: readonly (readonly string[])[], { right = [], most = {}, columns = Number.POSITIVE_INFINITY }: TableOptions): string[][] {
  const widths = rows[0]!.map((_, i) => Math.min(most[i] ?? Number.POSITIVE_INFINITY, Math.max(...rows.map((row) => longest(row[i]!)))));
  const least = widths.map((width, i) => (right.includes(i) ? width : CELL_COLUMNS_MIN));
  for (let over = widths.reduce((sum, width) => sum + width + AROUND_CELL, 1) - columns; over > 0; over--) {
    const spare = widths.map((width, i) => (width > least[i]! ? width : 0));
    const widest = spare.indexOf(Math.max(...spare));
    if (spare[widest] === 0) break;
    widths[widest]!--;
  }
  return rows.map((row) =>
    row.map((cell, i) =>
      cell
        .split('\n')
        .flatMap((line) => brokenAt(line, widths[i]!))
        .join('\n'),
    ),
  );
}

function longest(cell: string): number {
  return Math.max(...cell.split('\n').map((line) => line.length));
}
