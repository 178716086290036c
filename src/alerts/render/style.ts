export interface RenderOptions {
  /** Colours, for a terminal. Off unless asked for. */
  readonly colour?: boolean;
  /** Columns of the terminal: tables are made to fit. Unless given, they are as wide as they need. */
  readonly columns?: number | undefined;
}

/** How an alert is laid out. */
export interface Style {
  bold(text: string): string;
  loud(text: string): string;
  /** Columns after which running text goes on in the next line. */
  readonly textColumns: number;
  readonly tableColumns: number | undefined;
}

const TEXT_COLUMNS = 100;
/** In fewer no text can be read; a terminal that is narrower breaks the lines itself. */
const COLUMNS_MIN = 40;

export function styleOf({ colour = false, columns }: RenderOptions): Style {
  const wrap = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const room = columns === undefined ? undefined : Math.max(columns, COLUMNS_MIN);
  return { bold: wrap(1), loud: wrap(31), textColumns: Math.min(TEXT_COLUMNS, room ?? TEXT_COLUMNS), tableColumns: room };
}
