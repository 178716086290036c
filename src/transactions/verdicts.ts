/** Verdicts kept for distinct values: at the limit the older half is dropped, so that a sender of ever new values costs time, not memory. */
export const VERDICTS_MAX = 65_536;

/** Remembers the answer of a pure function for each of the texts met lately. */
export class VerdictCache<T> {
  private readonly compute: (text: string) => T;
  private recent = new Map<string, T>();
  private older = new Map<string, T>();

  constructor(compute: (text: string) => T) {
    this.compute = compute;
  }

  get(text: string): T {
    const known = this.recent.get(text);
    if (known !== undefined) return known;
    const verdict = this.older.get(text) ?? this.compute(text);
    if (this.recent.size >= VERDICTS_MAX / 2) {
      this.older = this.recent;
      this.recent = new Map();
    }
    this.recent.set(text, verdict);
    return verdict;
  }

  /** Number of texts held, at most `VERDICTS_MAX`. */
  get size(): number {
    return this.recent.size + this.older.size;
  }
}
