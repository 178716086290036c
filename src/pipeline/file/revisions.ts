import type { AlertChange } from '../../detection/content.ts';
import type { Severity } from '../../typologies/ast.ts';

/** One revision of an alert, as `alertLine` takes it. */
export interface Revision extends Pick<AlertChange, 'alertId' | 'finalAtMs' | 'content'> {
  readonly rev: number;
  readonly op: 'open' | 'update' | 'retract';
  readonly withdrawn: false;
}

/** How many alerts stand, by typology and then severity. */
export type Tally = Map<string, Map<Severity, number>>;

interface Standing {
  rev: number;
  digest: string;
  typology: string;
  severity: Severity | null;
  readonly finalAtMs: number;
}

const SWEEP_MIN = 10_000;

/** What the queue does with changed contents, without a queue: numbers the revisions (S13) and counts what stands. Forgets an alert once it is final. */
export class Revisions {
  readonly tally: Tally = new Map();
  private readonly standing = new Map<string, Standing>();
  private sweepAt = SWEEP_MIN;

  /** The revision that a change makes; null where the content is what stood before. */
  revise(change: AlertChange, wmMs: number): Revision | null {
    const { alertId, content, finalAtMs } = change;
    const before = this.standing.get(alertId);
    if (before === undefined ? content === null : before.digest === change.contentDigest) return null;
    const op = content === null ? 'retract' : before === undefined || before.severity === null ? 'open' : 'update';
    const rev = (before?.rev ?? 0) + 1;
    if (before !== undefined && before.severity !== null) this.add(before.typology, before.severity, -1);
    if (content !== null) this.add(content.typology.id, content.severity, 1);
    const typology = content?.typology.id ?? before!.typology;
    this.standing.set(alertId, { rev, digest: change.contentDigest, typology, severity: content?.severity ?? null, finalAtMs });
    if (this.standing.size >= this.sweepAt) this.sweep(wmMs);
    return { alertId, finalAtMs, content, rev, op, withdrawn: false };
  }

  private add(typology: string, severity: Severity, by: number): void {
    let bySeverity = this.tally.get(typology);
    if (bySeverity === undefined) this.tally.set(typology, (bySeverity = new Map()));
    bySeverity.set(severity, (bySeverity.get(severity) ?? 0) + by);
  }

  private sweep(wmMs: number): void {
    for (const [id, { finalAtMs }] of this.standing) if (finalAtMs < wmMs) this.standing.delete(id);
    this.sweepAt = Math.max(SWEEP_MIN, this.standing.size * 2);
  }
}
