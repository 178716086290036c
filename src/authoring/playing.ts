import { assert } from '../base/assert.ts';
import type { DetectionEngine } from '../detection/api.ts';
import { fieldsWanted } from '../detection/compile/walk.ts';
import type { AlertChange, AlertContent } from '../detection/content.ts';
import { createEngine } from '../detection/engine.ts';
import { DEFAULT_SETTINGS, SLACK_MS } from '../detection/settings.ts';
import type { DecodedTransaction, TransactionDecoder } from '../transactions/decoded.ts';
import { blankTransaction, createDecoder } from '../transactions/decoder.ts';
import type { RateTable } from '../transactions/rateLookup.ts';
import { TextTable } from '../transactions/texts.ts';
import type { Typology } from '../typologies/ast.ts';

import type { TestRecord } from './testModel.ts';

/** What stands at the end of a run, by alert id. */
export type Alerts = ReadonlyMap<string, { readonly content: AlertContent; readonly digest: string }>;

/** The way of production in memory: real decoder, real engine, alerts folded as a queue does. */
export class Player {
  readonly engine: DetectionEngine;
  private readonly decoder: TransactionDecoder;
  private readonly transaction: DecodedTransaction = blankTransaction();
  private readonly alerts = new Map<string, { content: AlertContent; digest: string }>();

  /** `firstReceiptMs` is B of S18, the same for every order in which the records are given. */
  constructor(typology: Typology, rates: RateTable, firstReceiptMs: number) {
    const texts = new TextTable();
    this.decoder = createDecoder({ texts, wanted: fieldsWanted([typology]) });
    const settings = { ...DEFAULT_SETTINGS, place: (_: number, offset: number) => `record ${offset}` };
    this.engine = createEngine({ typologies: [{ ...typology, status: 'active' }], settings, texts, rates, keepsUnseen: true });
    this.engine.setFirstReceipt(firstReceiptMs);
  }

  /** Gives one record to the engine; `offset` is its place. */
  apply(record: TestRecord, offset: number, receivedAtMs = record.receivedAtMs): void {
    const rejection = this.decoder.decode(Buffer.from(JSON.stringify(record.json)), this.transaction);
    assert(rejection === null, 'a record of a test was decoded when the test was read');
    this.engine.apply(this.transaction, { r: receivedAtMs, partition: 0, offset });
  }

  advance(wmMs: number): void {
    this.engine.advance(wmMs);
    this.drain();
  }

  drain(): void {
    for (const change of this.engine.drain()) this.fold(change);
  }

  /** Takes what a player before this one had said. */
  takeOver(said: Alerts): void {
    for (const [id, alert] of said) this.alerts.set(id, { ...alert });
  }

  /** At the end of the input. */
  end(): Alerts {
    this.advance(Number.POSITIVE_INFINITY);
    return this.alerts;
  }

  get standing(): Alerts {
    return this.alerts;
  }

  private fold({ alertId, content, contentDigest }: AlertChange): void {
    if (content === null) this.alerts.delete(alertId);
    else this.alerts.set(alertId, { content, digest: contentDigest });
  }
}

/** Greatest lateness of an accepted record, and the watermark that a receipt time allows (S3). */
export const LATENESS_MS = DEFAULT_SETTINGS.latenessMs;
export const watermark = (receivedAtMs: number): number => receivedAtMs - LATENESS_MS - SLACK_MS;

/** Records in the order of their receipt, those of one moment as they stand in the file. */
export function byReceipt(records: readonly TestRecord[]): TestRecord[] {
  return [...records].sort((a, b) => a.receivedAtMs - b.receivedAtMs);
}

export function firstReceipt(records: readonly TestRecord[]): number {
  return Math.min(...records.map((r) => r.receivedAtMs));
}

/** Plays records in the order given, without progress before the end. */
export function play(records: readonly TestRecord[], typology: Typology, rates: RateTable, firstReceiptMs: number): Alerts {
  const player = new Player(typology, rates, firstReceiptMs);
  records.forEach((record, i) => player.apply(record, i));
  return player.end();
}
