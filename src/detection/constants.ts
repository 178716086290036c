import type { TextTable } from '../transactions/texts.ts';

/** Texts that stand in typologies or must keep their id for another reason: interned once, and retained for as long as the engine lives. */
export class Constants {
  private readonly table: TextTable;
  private readonly known = new Set<number>();

  constructor(table: TextTable) {
    this.table = table;
  }

  get size(): number {
    return this.known.size;
  }

  id(text: string): number {
    const id = this.table.intern(text);
    this.keep(id);
    return id;
  }

  /** Retains a text that has an id. */
  keep(id: number): void {
    if (this.known.has(id)) return;
    this.known.add(id);
    this.table.retain(id);
  }
}
