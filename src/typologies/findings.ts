import type { Span } from './ast.ts';
import { type DiagnosticCode, describe } from './diagnostics.ts';
import type { Diagnostic } from './ruleSet.ts';

/** More would not be read; it also bounds the work on a hostile file. */
const FINDINGS_MAX = 100;
const SHOWN_MAX = 120;

/** Gathers the findings on one file and gives them lines and columns. */
export class Findings {
  readonly path: string;
  private readonly text: string;
  private readonly lineStarts: number[] = [0];
  private readonly list: (Diagnostic & { readonly start: number })[] = [];
  private readonly seen = new Set<string>();

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.lineStarts.push(i + 1);
  }

  /** Adds a finding; the same at the same place is told once. `nearest` replaces the hint where the name looks like a slip. */
  add(code: DiagnosticCode, span: Span, details: Readonly<Record<string, string>> = {}, nearest?: string): void {
    if (this.list.length > FINDINGS_MAX) return;
    const key = JSON.stringify([code, span.start, details]);
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const limit = this.list.length === FINDINGS_MAX;
    const told = limit ? describe('findings-many', { limit: String(FINDINGS_MAX) }) : describe(code, shortened(details));
    const hint = nearest !== undefined && !limit ? `Did you mean ${nearest}?` : told.hint;
    this.list.push({ path: this.path, ...this.place(span), code: limit ? 'findings-many' : code, ...told, hint, start: span.start });
  }

  /** Whether no more are taken. */
  get full(): boolean {
    return this.list.length > FINDINGS_MAX;
  }

  get hasErrors(): boolean {
    return this.list.some((d) => d.severity === 'error');
  }

  /** In the order of their places. */
  diagnostics(): Diagnostic[] {
    const many = (d: Diagnostic): number => (d.code === 'findings-many' ? 1 : 0);
    return this.list.toSorted((a, b) => many(a) - many(b) || a.start - b.start || (a.code < b.code ? -1 : 1)).map(({ start: _, ...diagnostic }) => diagnostic);
  }

  private place(span: Span): Pick<Diagnostic, 'line' | 'column' | 'endColumn'> {
    const start = Math.min(span.start, this.text.length);
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle]! <= start) low = middle;
      else high = middle - 1;
    }
    const lineStart = this.lineStarts[low]!;
    const lineEnd = (this.lineStarts[low + 1] ?? this.text.length + 1) - 1;
    const end = Math.min(Math.max(span.end, start + 1), Math.max(lineEnd, start + 1));
    return { line: low + 1, column: start - lineStart + 1, endColumn: end - lineStart + 1 };
  }
}

function shortened(details: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [name, shown(value)]));
}

/** A value from the file as a message shows it: on one line, without control characters, not longer than a line. */
function shown(value: string): string {
  const flat = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ');
  const known = flat.includes(', ') ? 2000 : SHOWN_MAX;
  return flat.length <= known ? flat : `${flat.slice(0, known - 1)}…`;
}
