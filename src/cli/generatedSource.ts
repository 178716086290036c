import type { RecordSource } from '../pipeline/file/sources.ts';

/** Lines that are made while they are screened. */
export class GeneratedSource implements RecordSource {
  readonly path: string;
  line = 0;
  private readonly lines: Iterator<string>;

  constructor(path: string, lines: Iterable<string>) {
    this.path = path;
    this.lines = lines[Symbol.iterator]();
  }

  next(): Buffer | undefined {
    const { value, done } = this.lines.next();
    if (done === true) return undefined;
    this.line++;
    return Buffer.from(value);
  }

  fill(): Promise<boolean> {
    return Promise.resolve(false);
  }

  destroy(): void {
    this.lines.return?.();
  }
}
