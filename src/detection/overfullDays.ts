import { DAY_MS, dayStart } from './days.ts';

/** The days on which more transactions gave a key a leg than are kept (S15), by key. */
export class OverfullDays {
  /** Starts of the days. */
  private readonly byKey = new Map<number, number[]>();

  get size(): number {
    return this.byKey.size;
  }

  /** Whether the key is overfull on the day of a time. */
  has(key: number, timeMs: number): boolean {
    return this.byKey.size > 0 && (this.byKey.get(key)?.includes(dayStart(timeMs)) ?? false);
  }

  add(key: number, timeMs: number): void {
    const day = dayStart(timeMs);
    const days = this.byKey.get(key);
    if (days === undefined) this.byKey.set(key, [day]);
    else days.push(day);
  }

  /** Whether an overfull day of the key has an instant from `from` to `to`, both included. */
  touches(key: number, from: number, to: number): boolean {
    if (this.byKey.size === 0) return false;
    const days = this.byKey.get(key);
    return days?.some((day) => day <= to && day + DAY_MS > from) ?? false;
  }

  /** Forgets the days that end at or before a time, which `untilOf` gives for each key. Returns the key of each day. */
  forget(untilOf: (key: number) => number): number[] {
    const gone: number[] = [];
    for (const [key, days] of this.byKey) {
      const before = untilOf(key);
      const kept = days.filter((day) => day + DAY_MS > before);
      for (let i = kept.length; i < days.length; i++) gone.push(key);
      if (kept.length > 0) this.byKey.set(key, kept);
      else this.byKey.delete(key);
    }
    return gone;
  }
}
