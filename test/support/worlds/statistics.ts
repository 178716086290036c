import type { OracleAnswer, OracleFacts, PlacelessContent } from '../oracle/types.ts';
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
    this.noteRecords(history, answer);
    this.noteAlerts([...answer.alerts.values()]);
    this.noteWindows(answer.facts);
    this.mark('that retract', session.retractions > 0);
    this.mark('where the winner changes', session.winnerChanges > 0);
    this.mark('with errored verdicts', answer.errored.size > 0);
    this.mark(
      'with final-mode alerts before the end',
      finalSession.said.some((change) => change.finalAtMs < finalSession.wmBeforeEndMs),
    );
    for (const [name, n] of answer.facts.evaluated) this.add(`evaluations of ${name}`, n);
    for (const [name, n] of answer.facts.firedBy) this.add(`hits by ${name}`, n);
    this.add('anchors', answer.facts.anchors);
  }

  private noteRecords(history: History, { counts, conflicts, tooLate, facts }: OracleAnswer): void {
    this.mark(`of the ${history.world.name} world`, true);
    this.mark('with one identifier for all', new Set(history.records.map(({ transaction }) => transaction['id'])).size === 1);
    this.mark('with too-late records', tooLate.length > 0);
    this.mark('with future records', counts.future > 0);
    this.mark('with ties', tied(history));
    this.mark('with duplicates', counts.duplicate > 0);
    this.mark('with conflicts', conflicts.length > 0);
    this.mark('with returns', facts.returned > 0);
    this.mark('with raised statuses', facts.statusRaised > 0);
    this.mark('with overfull days', facts.overfullDays > 0);
    this.mark('with self-transfers', facts.selfAnchors > 0);
    this.mark('with legs that a typology does not see', facts.unseen > 0);
    this.mark('with comparisons of missing fields', facts.missing > 0);
    this.mark('with amounts of two currencies', facts.converted > 0);
  }

  private noteAlerts(alerts: readonly PlacelessContent[]): void {
    this.add('alerts', alerts.length);
    this.mark('that alert', alerts.length > 0);
    this.mark(
      'with alerts of several hits',
      alerts.some((a) => a.hitCount > 1),
    );
    this.mark(
      'with listed returns',
      alerts.some((a) => a.returned.length > 0),
    );
    this.mark(
      'with a partial window',
      alerts.some((a) => a.partialWindow),
    );
    this.mark(
      'with an uncertain order',
      alerts.some((a) => a.orderUncertain),
    );
  }

  private noteWindows(facts: OracleFacts): void {
    this.mark('with windows on an overfull day', facts.overfullTouched > 0);
    this.mark("with a leg at a window's open edge", facts.edgeOpen > 0);
    this.mark('with a leg 1 ms inside a window', facts.edgeInside > 0);
    this.mark('with a leg 1 ms outside a window', facts.edgeOutside > 0);
    this.mark("with a leg in the anchor's instant after it", facts.tiesAtAnchor > 0);
    this.mark('with a window of more than 32 legs', facts.mostInWindow > 32);
  }

  private mark(name: string, reached: boolean): void {
    this.add(`histories ${name}`, reached ? 1 : 0);
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
