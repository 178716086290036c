import type { OperationsNotice } from './api.ts';
import type { Cause } from './compile/scene.ts';
import { dateText, dayStart } from './days.ts';

const CAUSES: readonly Cause[] = ['overfull-day', 'overflow', 'missing-rate'];

/** What operations are told of errored verdicts (S15): once for typology, key and day. */
export class Notices {
  readonly byTypology = new Map<string, number>();
  private readonly told = new Map<number, Set<string>>();
  private pending: OperationsNotice[] = [];

  /** Of several causes the first of `CAUSES` is told. */
  tell(typology: string, subject: readonly string[], timeMs: number, causes: () => ReadonlySet<Cause>): void {
    const day = dayStart(timeMs);
    const name = JSON.stringify([typology, subject]);
    const told = this.told.get(day) ?? new Set();
    if (told.has(name)) return;
    told.add(name);
    this.told.set(day, told);
    this.byTypology.set(typology, (this.byTypology.get(typology) ?? 0) + 1);
    const found = causes();
    const cause = CAUSES.find((c) => found.has(c)) ?? 'overflow';
    this.pending.push({ typology, subject: subject.length === 1 ? subject[0]! : [...subject], day: dateText(day), cause });
  }

  take(): OperationsNotice[] {
    const taken = this.pending;
    this.pending = [];
    return taken;
  }

  forget(beforeMs: number): void {
    for (const day of this.told.keys()) if (day < dayStart(beforeMs)) this.told.delete(day);
  }
}
