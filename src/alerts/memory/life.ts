import { assert } from '../../base/assert.ts';
import type { AlertChange, AlertContent } from '../../detection/content.ts';
import { SEVERITIES } from '../../typologies/ast.ts';
import { HISTORY_FIRST, HISTORY_MAX } from '../limits.ts';
import type { HistoryEntry, StoredAlert } from '../queue.ts';
import type { Action, Facts, LifeState } from '../states.ts';
import { nextState } from '../states.ts';

/** What stands about one alert. `lapsedBy`: whose lease ran out, until somebody claims it again. */
export interface Kept {
  readonly alert: StoredAlert;
  readonly lapsedBy: string | null;
}

/** The name under which delivery and the clock act. */
export const ENGINE_NAME = 'moneytrail';

const NO_FACTS: Facts = { touched: false, hits: false, triesLeft: false, added: false };

export function step(kept: Kept | undefined, action: Action, known: Partial<Facts> = {}): LifeState | null {
  if (kept === undefined) return nextState('none', action, { ...NO_FACTS, ...known });
  const { alert } = kept;
  const facts = { touched: alert.history.length > 0, hits: alert.content !== null && !alert.withdrawn, triesLeft: false, added: false, ...known };
  return nextState(alert.state, action, facts);
}

export function withEntry(alert: StoredAlert, entry: HistoryEntry): Pick<StoredAlert, 'history' | 'historyOmitted'> {
  const history = [...alert.history, entry];
  if (history.length <= HISTORY_MAX) return { history, historyOmitted: alert.historyOmitted };
  history.splice(HISTORY_FIRST, 1);
  return { history, historyOmitted: alert.historyOmitted + 1 };
}

/** What delivery did goes into the history of an alert that an analyst has dealt with; of the others the firehose tells. */
function told(alert: StoredAlert, atMs: number, action: string): Pick<StoredAlert, 'history' | 'historyOmitted'> {
  return alert.history.length === 0 ? alert : withEntry(alert, { atMs, by: ENGINE_NAME, action });
}

/** Delivery of a content. Null where it says nothing new. */
export function hit(kept: Kept | undefined, change: AlertChange, content: AlertContent, engineVersion: string, nowMs: number): Kept | null {
  const { alertId, finalAtMs, contentDigest } = change;
  const before = kept?.alert;
  if (before === undefined || before.content === null) {
    const state = step(kept, 'hit');
    assert(state === 'ready', 'an alert that is opened is ready');
    return {
      alert: { ...EMPTY, alertId, rev: (before?.rev ?? 0) + 1, op: 'open', state, finalAtMs, content, contentDigest, engineVersion, createdAtMs: nowMs },
      lapsedBy: null,
    };
  }
  if (!before.withdrawn && before.contentDigest === contentDigest) return null;
  const state = step(kept, 'hit', { added: before.withdrawn || adds(before.content, content) });
  assert(state !== null && state !== 'none', 'a content can come in every state');
  const alert: StoredAlert = { ...before, rev: before.rev + 1, op: 'update', state, finalAtMs, content, contentDigest, engineVersion, withdrawn: false };
  if (state === 'claimed') return { ...kept!, alert: { ...alert, changed: true } };
  if (before.state === 'resolved' && state === 'ready')
    return { ...kept!, alert: { ...alert, ...told(before, nowMs, 'changed-after-resolution'), changedAfterResolution: true, tries: 0 } };
  return { ...kept!, alert: before.withdrawn ? { ...alert, ...told(before, nowMs, 'hit-again') } : alert };
}

/** Delivery of an alert that has no hits. Null where that says nothing new. */
export function lose(kept: Kept | undefined, nowMs: number): Kept | null {
  const before = kept?.alert;
  if (before === undefined || before.content === null || before.withdrawn) return null;
  const state = step(kept, 'lose');
  assert(state !== null && state !== 'none', 'hits can go in every state');
  if (state === 'retracted') {
    const { alertId, finalAtMs } = before;
    return { alert: { ...EMPTY, alertId, rev: before.rev + 1, op: 'retract', state, finalAtMs }, lapsedBy: null };
  }
  const alert: StoredAlert = { ...before, ...told(before, nowMs, 'withdrawn'), rev: before.rev + 1, op: 'update', state, withdrawn: true };
  return { ...kept!, alert: { ...alert, changed: state === 'claimed' } };
}

/** Whether a hit is there that was not, or the severity is greater. */
function adds(before: AlertContent, after: AlertContent): boolean {
  if (after.hitCount > before.hitCount || SEVERITIES.indexOf(after.severity) > SEVERITIES.indexOf(before.severity)) return true;
  const known = new Set(before.hits.map((h) => JSON.stringify([h.source, h.id, h.time])));
  return after.hits.some((h) => !known.has(JSON.stringify([h.source, h.id, h.time])));
}

/** The end of a claim, by the holder or by the clock. */
export function giveBack(kept: Kept, action: 'release' | 'expire', triesMax: number, entry: HistoryEntry): Kept {
  const { alert } = kept;
  const tries = alert.tries + 1;
  const state = step(kept, action, { triesLeft: tries < triesMax });
  assert(alert.claim !== null && state !== null && state !== 'none', 'what is given back was claimed');
  return { alert: { ...alert, ...withEntry(alert, entry), state, tries, claim: null, changed: false }, lapsedBy: action === 'expire' ? alert.claim.by : null };
}

const EMPTY = {
  content: null,
  contentDigest: '',
  engineVersion: '',
  changed: false,
  changedAfterResolution: false,
  withdrawn: false,
  claim: null,
  resolution: null,
  tries: 0,
  createdAtMs: 0,
  history: [],
  historyOmitted: 0,
} as const;
