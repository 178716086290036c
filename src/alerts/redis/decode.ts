import { assert } from '../../base/assert.ts';
import { OperatingError } from '../../base/errors.ts';
import { type AlertLine, contentOfLine, parseAlertLine } from '../line.ts';
import type { AlertState, Disposition, HistoryEntry, Standing, StoredAlert, Transition } from '../queue.ts';
import type { StoredState } from '../states.ts';

/** What the scripts keep in META, see scripts/common.ts. Times are decimal text; what is false, null or empty is left out. */
interface Meta {
  readonly rev: number;
  readonly op: StoredAlert['op'];
  readonly state: StoredState;
  readonly finalAtMs: string;
  readonly finalAt: string;
  readonly digest?: string;
  readonly changed?: boolean;
  readonly changedAfterResolution?: boolean;
  readonly withdrawn?: boolean;
  readonly claim?: { by: string; token: string; untilMs: string };
  readonly resolution?: { by: string; disposition: Disposition; reason: string; rev: number; atMs: string };
  readonly tries?: number;
  readonly createdAtMs?: string;
  readonly history?: { atMs: string; by: string; action: string; note?: string }[];
  readonly historyOmitted?: number;
}

/** One alert as the scripts answer it: id, META, BODY. */
export function storedAlert(reply: unknown): StoredAlert {
  assert(Array.isArray(reply), 'a script answers an alert as a list');
  const [alertId, metaText, body] = reply as [string, string, string | null | undefined];
  const meta = JSON.parse(metaText) as Meta;
  const { claim, resolution } = meta;
  return {
    alertId,
    rev: meta.rev,
    op: meta.op,
    state: meta.state,
    finalAtMs: Number(meta.finalAtMs),
    ...contentOf(alertId, meta, body ?? null),
    contentDigest: meta.digest ?? '',
    changed: meta.changed ?? false,
    changedAfterResolution: meta.changedAfterResolution ?? false,
    withdrawn: meta.withdrawn ?? false,
    claim: claim === undefined ? null : { ...claim, untilMs: Number(claim.untilMs) },
    resolution: resolution === undefined ? null : { ...resolution, atMs: Number(resolution.atMs) },
    tries: meta.tries ?? 0,
    createdAtMs: Number(meta.createdAtMs ?? 0),
    history: (meta.history ?? []).map(
      ({ atMs, by, action, note }): HistoryEntry => ({ atMs: Number(atMs), by, action, ...(note === undefined ? {} : { note }) }),
    ),
    historyOmitted: meta.historyOmitted ?? 0,
  };
}

function contentOf(alertId: string, meta: Meta, body: string | null): Pick<StoredAlert, 'content' | 'engineVersion'> {
  if (body === null) return { content: null, engineVersion: '' };
  const [head, middle, tail, ...hits] = body.split('\n');
  const start = JSON.stringify({ schema: 'alert/1', alertId, rev: meta.rev, op: meta.op, finalAt: meta.finalAt }).slice(0, -1);
  const line = storedLine(alertId, `${start},${head},"hits":[${hits.join(',')}],${middle},"withdrawn":${meta.withdrawn ?? false},${tail}}`);
  assert(line.op !== 'retract', 'a body is kept of an alert that has a content');
  return { content: contentOfLine(line), engineVersion: line.engine };
}

/** What does not read as a line was written by somebody else, or is damaged: nothing that whoever asks did wrong. */
function storedLine(alertId: string, text: string): AlertLine {
  try {
    return parseAlertLine(text);
  } catch (cause) {
    throw new OperatingError('redis-foreign-data', `what lies in Redis as alert ${JSON.stringify(alertId.slice(0, 64))} is none that this version reads`, {
      cause,
    });
  }
}

/** STANDING as fields and values in turn, and the places to skip. */
export function standingOf(fieldsAndValues: readonly string[], skip: readonly string[]): Standing {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < fieldsAndValues.length; i += 2) fields.set(fieldsAndValues[i]!, fieldsAndValues[i + 1]!);
  const number = (name: string): number | null => ((fields.get(name) ?? '') === '' ? null : Number(fields.get(name)));
  return {
    epoch: number('epoch') ?? 0,
    frontier: Object.fromEntries(JSON.parse(fields.get('frontier') ?? '[]') as [string, number][]),
    wmMs: number('wmMs'),
    firstReceiptMs: number('firstReceiptMs'),
    rulesDigest: fields.get('rulesDigest') ?? null,
    ratesDigest: fields.get('ratesDigest') ?? null,
    skip: [...skip].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  };
}

/** What step() in scripts/common.ts answers. */
export function transitionOf(reply: unknown): Transition {
  const [ok, ...rest] = reply as [number, ...unknown[]];
  if (ok === 1) return { ok: true, alert: storedAlert(rest[0]) };
  const [code, state] = rest as ['not-found' | 'wrong-state' | 'not-holder' | 'changed', AlertState | ''];
  return { ok: false, code, state: state === '' ? null : state };
}
