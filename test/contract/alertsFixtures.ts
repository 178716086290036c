import { createHash } from 'node:crypto';
import type { AlertQueue, DeliveryBatch, StoredAlert } from '../../src/alerts/queue.ts';
import type { AlertChange, AlertContent } from '../../src/detection/content.ts';

export interface Sketch {
  readonly hits?: readonly string[];
  readonly severity?: AlertContent['severity'];
  readonly score?: number;
  readonly route?: AlertContent['route'];
  readonly title?: string;
  readonly place?: string;
}

/** A whole content from its telling parts. Texts are hostile on purpose: quotes, line breaks, other scripts, what looks like a field of the line. */
export function contentOf(alertId: string, sketch: Sketch = {}): AlertContent {
  const { hits = ['h1'], severity = 'medium', score = 60, route = 'standard', title = 'Two "payers"\n in 24 h', place = 'transactions/0/17' } = sketch;
  const time = '2026-03-01T09:00:00Z';
  return {
    schema: 'alert/1',
    alertId,
    typology: {
      id: 'dispersed-fan-in',
      version: '1.2.0',
      title: 'Many payers, one collector',
      phase: 'payment-collection',
      sources: ['FATF 2022, ","score":1'],
    },
    subject: { type: 'creditor.account', key: 'GB33BUKB20201555555555' },
    period: { from: '2026-02-26T00:00:00Z', to: '2026-03-05T00:00:00Z' },
    title,
    anchor: { source: 'bank-a', id: hits[0] ?? 'h', time },
    hits: hits.map((id) => ({ source: 'bank-a', id, time, score })),
    hitCount: hits.length,
    score,
    severity,
    route,
    values: { payers: 3, inflow: '12000.00 EUR', share: null },
    reasons: [{ text: 'payers >= params.many', points: score, value: '3', threshold: '>= 3', source: 'many (S): "stated"' }],
    exceptionsTested: [{ because: 'own transfer', matched: false }],
    transactions: hits.map((id) => ({
      source: 'bank-a',
      id,
      time,
      kind: 'p2p',
      amount: { value: '4000.00', currency: 'EUR' },
      debtor: { account: 'DE1', party: 'Zoë\u200d\u0007', country: 'DE' },
      creditor: { account: 'GB33' },
      role: 'anchor',
      place,
    })),
    transactionCount: hits.length,
    truncated: false,
    partialWindow: false,
    orderUncertain: true,
    returned: [],
    limits: ['does not see cash'],
    next: ['Ask for statements'],
    signals: [],
    rules: { digest: 'sha256:00' },
  };
}

export const FINAL_AT_MS = Date.UTC(2026, 2, 15);

/** `null`: without hits. */
export function changeOf(alertId: string, sketch: Sketch | null, finalAtMs = FINAL_AT_MS): AlertChange {
  if (sketch === null) return { alertId, finalAtMs, content: null, contentDigest: '' };
  const content = contentOf(alertId, sketch);
  const withoutPlaces = { ...content, transactions: content.transactions.map((t) => ({ ...t, place: '' })) };
  return { alertId, finalAtMs, content, contentDigest: createHash('sha256').update(JSON.stringify(withoutPlaces)).digest('hex') };
}

/** Delivers under the standing that is stored, one offset further each time. */
export async function deliver(queue: AlertQueue, changes: readonly AlertChange[]): Promise<number> {
  const stands = await queue.standing();
  const result = await queue.deliver(batchAfter(stands, changes));
  if (!result.applied) throw new Error('a batch that fits was refused');
  return result.revisions;
}

export function batchAfter(stands: Awaited<ReturnType<AlertQueue['standing']>>, changes: readonly AlertChange[]): DeliveryBatch {
  const { epoch, frontier, wmMs } = stands;
  return {
    epoch,
    before: { frontier, wmMs },
    after: { frontier: { ...frontier, 'transactions/0': (frontier['transactions/0'] ?? 0) + 1 }, wmMs: (wmMs ?? 0) + 1000 },
    firstReceiptMs: 5,
    rulesDigest: 'sha256:rules',
    ratesDigest: 'sha256:rates',
    skip: [],
    changes,
  };
}

/** Without the claim's token, which is random. */
export function comparable(alert: StoredAlert): object {
  return { ...alert, claim: alert.claim === null ? null : { by: alert.claim.by, untilMs: alert.claim.untilMs } };
}

export function idOf(n: number): string {
  return n.toString(16).padStart(32, '0');
}
