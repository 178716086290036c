import { assert } from '../base/assert.ts';
import { EXIT, OperatingError } from '../base/errors.ts';
import { CLAIM_COUNT_MAX, FIREHOSE_COUNT_MAX, LEASE_MS, LEASE_MS_MAX, LIST_LIMIT, LIST_LIMIT_MAX, NAME_LENGTH_MAX, NOTE_LENGTH_MAX } from './limits.ts';
import type { DeliveryBatch, Disposition, Lane, Standing } from './queue.ts';
import { DISPOSITIONS } from './queue.ts';
import { LANES } from './rank.ts';
import { ALERT_STATES } from './states.ts';

/** What people ask of the queue is checked here, once for both versions: a breach is an `OperatingError`, since the words came from outside. */
function refuse(message: string): never {
  throw new OperatingError('alert-request-invalid', message, { exitStatus: EXIT.wrongUse });
}

function checkText(what: string, text: string, lengthMax: number): void {
  if (typeof text !== 'string' || text.trim() === '') refuse(`${what} must not be empty`);
  if (text.length > lengthMax) refuse(`${what} must not be longer than ${lengthMax} characters`);
  if (/\p{Surrogate}/u.test(text)) refuse(`${what} must be well-formed text`);
}

export function checkName(by: string): void {
  checkText('the name', by, NAME_LENGTH_MAX);
  if (/\p{Cc}/u.test(by)) refuse('the name must not hold control characters');
}

export function checkNote(what: string, text: string): void {
  checkText(what, text, NOTE_LENGTH_MAX);
}

export function checkDisposition(disposition: string): asserts disposition is Disposition {
  if (!(DISPOSITIONS as readonly string[]).includes(disposition)) refuse(`the disposition must be one of ${DISPOSITIONS.join(', ')}`);
}

function checkCount(what: string, n: number, max: number): void {
  if (!Number.isSafeInteger(n) || n < 1 || n > max) refuse(`${what} must be a whole number from 1 to ${max}`);
}

const HOUR_MS = 3_600_000;

export function checkLease(leaseMs: number): void {
  if (!Number.isSafeInteger(leaseMs) || leaseMs < 1 || leaseMs > LEASE_MS_MAX) refuse(`the lease must be from 1ms to ${LEASE_MS_MAX / HOUR_MS}h`);
}

export interface ClaimRequest {
  by: string;
  lane: Lane;
  count: number;
  leaseMs: number;
  alertId: string | null;
}

export function claimRequest(options: { by: string; lane?: Lane; count?: number; leaseMs?: number; alertId?: string }): ClaimRequest {
  const { by, lane = 'standard', count = 1, leaseMs = LEASE_MS, alertId = null } = options;
  checkName(by);
  checkLane(lane);
  checkCount('the number of alerts', count, CLAIM_COUNT_MAX);
  checkLease(leaseMs);
  return { by, lane, count, leaseMs, alertId };
}

function checkLane(lane: Lane): void {
  if (!LANES.includes(lane)) refuse(`the lane must be one of ${LANES.join(', ')}`);
}

/** `afterLane` and `afterRank` are the cursor's parts; -1 and '' at the beginning. */
export interface ListRequest {
  states: readonly (typeof ALERT_STATES)[number][];
  lanes: readonly Lane[];
  limit: number;
  afterLane: number;
  afterRank: string;
}

export function listRequest(options: { state: (typeof ALERT_STATES)[number] | 'any'; lane?: Lane; limit?: number; after?: string }): ListRequest {
  const { state, lane, limit = LIST_LIMIT, after } = options;
  if (state !== 'any' && !ALERT_STATES.includes(state)) refuse(`the state must be any or one of ${ALERT_STATES.join(', ')}`);
  if (lane !== undefined) checkLane(lane);
  checkCount('the number of alerts', limit, LIST_LIMIT_MAX);
  if (after !== undefined && !/^[01]:\d{26}[0-9a-f]{1,64}$/.test(after)) refuse('a list goes on behind a cursor that listCursor() made');
  return {
    states: state === 'any' ? ALERT_STATES : [state],
    lanes: lane === undefined ? LANES : [lane],
    limit,
    afterLane: after === undefined ? -1 : Number(after[0]),
    afterRank: after === undefined ? '' : after.slice(2),
  };
}

export function checkFirehose(afterId: string, count: number): void {
  if (!/^(?:\d{1,19}(?:-\d{1,19})?)?$/.test(afterId)) refuse('the firehose is read from behind one of its own ids');
  checkCount('the number of lines', count, FIREHOSE_COUNT_MAX);
}

/** A batch is made by our own pipeline: what is wrong with it is our own mistake. */
export function assertBatch(batch: DeliveryBatch): void {
  assert(Number.isSafeInteger(batch.epoch) && batch.epoch >= 0, 'an epoch is a whole number');
  assert(batch.before.wmMs === null || batch.after.wmMs >= batch.before.wmMs, 'the watermark never falls');
  assert(!Number.isNaN(batch.after.wmMs) && Number.isFinite(batch.firstReceiptMs), 'times are numbers');
  for (const frontier of [batch.before.frontier, batch.after.frontier])
    for (const offset of Object.values(frontier)) assert(Number.isSafeInteger(offset) && offset >= 0, 'an offset is a whole number');
  const seen = new Set<string>();
  for (const change of batch.changes) {
    assert(/^[0-9a-f]{1,64}$/.test(change.alertId), 'an alert id is hexadecimal');
    assert(!seen.has(change.alertId), 'a batch tells each alert once');
    seen.add(change.alertId);
    assert(Number.isSafeInteger(change.finalAtMs), 'an alert has a time at which it is final');
    if (change.content !== null) {
      assert(change.content.alertId === change.alertId && change.contentDigest !== '', 'a content has its id and a digest');
      assert(LANES.includes(change.content.route), 'a content has a known route');
    }
  }
}

/** A text that is equal for equal frontiers. */
export function frontierText(frontier: Standing['frontier']): string {
  return JSON.stringify(Object.entries(frontier).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
