import type { OracleAnswer } from '../oracle/types.ts';
import type { History } from './history.ts';
import type { Session } from './session.ts';

/**
 * How much of the contract the histories of a run reached. A random generator that rarely makes anything fire proves nothing, so the run prints
 * this and fails below the floors.
 */
export class Statistics {
  private readonly counts = new Map<string, number>();
  histories = 0;

  add(name: string, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** Notes one history: what its oracle answers, and what a run of the engine in batches said. */
  note(history: History, answer: OracleAnswer, session: Session, finalSession: Session): void {
    this.histories++;
    const { facts } = answer;
    this.mark('histories that alert', answer.alerts.size > 0);
    this.mark('histories that retract', session.retractions > 0);
    this.mark('histories with too-late records', answer.tooLate.length > 0);
    this.mark('histories with future records', answer.counts.future > 0);
    this.mark('histories with ties', tied(history));
    this.mark('histories with duplicates', answer.counts.duplicate > 0);
    this.mark('histories with conflicts', answer.conflicts.length > 0);
    this.mark('histories where the winner changes', session.winnerChanges > 0);
    this.mark('histories with returns', facts.returned > 0);
    this.mark('histories with raised statuses', facts.statusRaised > 0);
    this.mark('histories with overfull days', facts.overfullDays > 0);
    this.mark('histories with windows on an overfull day', facts.overfullTouched > 0);
    this.mark('histories with errored verdicts', answer.errored.size > 0);
    this.mark(
      'histories with final-mode alerts before the end',
      finalSession.said.some((change) => change.finalAtMs < finalSession.wmBeforeEndMs),
    );
    this.mark(
      'histories with alerts of several hits',
      [...answer.alerts.values()].some((a) => a.hitCount > 1),
    );
    this.mark(
      'histories with listed returns',
      [...answer.alerts.values()].some((a) => a.returned.length > 0),
    );
    this.mark(
      'histories with a partial window',
      [...answer.alerts.values()].some((a) => a.partialWindow),
    );
    this.mark(
      'histories with an uncertain order',
      [...answer.alerts.values()].some((a) => a.orderUncertain),
    );
    this.mark("histories with a leg at a window's open edge", facts.edgeOpen > 0);
    this.mark('histories with a leg 1 ms inside a window', facts.edgeInside > 0);
    this.mark("histories with a leg in the anchor's instant after it", facts.tiesAtAnchor > 0);
    for (const [name, n] of facts.evaluated) this.add(`evaluations of ${name}`, n);
    for (const [name, n] of facts.firedBy) this.add(`hits by ${name}`, n);
    this.add('alerts', answer.alerts.size);
    this.add('anchors', facts.anchors);
  }

  private mark(name: string, reached: boolean): void {
    this.add(name, reached ? 1 : 0);
  }

  /** Every floor that was not reached. */
  below(floors: Readonly<Record<string, number>>): string[] {
    return Object.entries(floors)
      .map(([name, percent]) => ({ name, percent, got: (100 * this.of(name)) / Math.max(1, this.histories) }))
      .filter(({ percent, got }) => got < percent)
      .map(({ name, percent, got }) => `${name}: ${got.toFixed(1)} %, wanted ${percent} %`);
  }

  print(): string {
    const lines = [...this.counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, n]) => {
        const share = name.startsWith('histories') ? `${((100 * n) / Math.max(1, this.histories)).toFixed(1)} %` : String(n);
        return `  ${share.padStart(9)}  ${name}`;
      });
    return [`${this.histories} histories`, ...lines].join('\n');
  }
}

/** Two transactions of one instant. */
function tied({ records }: History): boolean {
  const identities = new Map(
    records.map(({ transaction: x }) => {
      const t = Date.parse(x['time'] as string);
      return [JSON.stringify([x['source'], x['id'], t]), t];
    }),
  );
  return new Set(identities.values()).size < identities.size;
}
