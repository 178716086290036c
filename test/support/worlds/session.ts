import type { Conflict, DetectionEngine, EngineOptions, OperationsNotice, Outcome } from '../../../src/detection/api.ts';
import type { AlertChange } from '../../../src/detection/content.ts';
import { blankTransaction, createDecoder } from '../../../src/transactions/decoder.ts';
import { NO_RATES, parseRates } from '../../../src/transactions/rates.ts';
import { TextTable } from '../../../src/transactions/texts.ts';
import type { OracleRecord, PlacelessContent } from '../oracle/types.ts';
import { engineSettings, type History } from './history.ts';
import type { Path } from './paths.ts';

export type MakeEngine = (options: EngineOptions) => DetectionEngine;

/** What stands in the queue: last content by alert id. */
export type Fold = Map<string, { readonly content: PlacelessContent; readonly digest: string; readonly finalAtMs: number }>;

export interface SessionOptions {
  readonly mode?: 'eager' | 'final';
  /** B of S18; a session after the first has it from the queue. */
  readonly firstReceiptMs: number;
  /** Records of each partition in all, which tells where one has been read to its end. */
  readonly totals: ReadonlyMap<number, number>;
  readonly path: Path;
}

/** One owner of the input: the real decoder and engine, fed record by record, with the progress of clause S3 kept beside them. */
export class Session {
  readonly engine: DetectionEngine;
  readonly fold: Fold = new Map();
  readonly conflicts: Conflict[] = [];
  readonly notices: OperationsNotice[] = [];
  /** Retractions of what had been said. */
  retractions = 0;
  /** Identities whose content was replaced by one that was received earlier, or is less (S2). */
  winnerChanges = 0;
  /** Every change in the order in which it was said. */
  readonly said: AlertChange[] = [];
  wmMs = Number.NEGATIVE_INFINITY;
  /** wm before the end of input raised it to +Infinity. */
  wmBeforeEndMs = Number.NEGATIVE_INFINITY;
  private readonly history: History;
  private readonly options: SessionOptions;
  private readonly decoder;
  private readonly transaction = blankTransaction();
  private readonly greatest = new Map<number, number>();
  private readonly consumed = new Map<number, number>();
  private readonly applied = new Set<string>();

  constructor(history: History, make: MakeEngine, options: SessionOptions) {
    this.history = history;
    this.options = options;
    const texts = new TextTable();
    this.decoder = createDecoder({ texts });
    const settings = engineSettings(history, options.mode ?? 'eager');
    this.engine = make({ typologies: history.typologies, settings, texts, rates: rateTable(history), ...options.path.options });
    this.engine.setFirstReceipt(options.firstReceiptMs);
  }

  consume(record: OracleRecord): Outcome {
    const outcome = this.take(record);
    const identity = JSON.stringify([record.transaction['source'], record.transaction['id'], Date.parse(record.transaction['time'] as string)]);
    if (outcome === 'applied' && this.applied.has(identity)) this.winnerChanges++;
    if (outcome === 'applied') this.applied.add(identity);
    this.moved(record);
    return outcome;
  }

  /** Silent replay (S20): from the first record of each partition with r at or after the start, to where an earlier owner stood. */
  replayTo(consumed: readonly OracleRecord[], wmMs: number, startMs: number): void {
    this.engine.beginReplay();
    const begun = new Set<number>();
    for (const record of consumed) {
      if (record.r >= startMs) begun.add(record.partition);
      if (begun.has(record.partition)) this.take(record);
      this.moved(record);
    }
    this.wmMs = wmMs;
    this.engine.endReplay(wmMs);
    this.drain();
  }

  private take(record: OracleRecord): Outcome {
    const rejection = this.decoder.decode(Buffer.from(JSON.stringify(record.transaction)), this.transaction);
    if (rejection !== null) throw new Error(`the feeds of the laws can be decoded: ${rejection.code} ${rejection.field}`);
    return this.engine.apply(this.transaction, record);
  }

  private moved(record: OracleRecord): void {
    this.greatest.set(record.partition, Math.max(this.greatest.get(record.partition) ?? Number.NEGATIVE_INFINITY, record.r));
    this.consumed.set(record.partition, (this.consumed.get(record.partition) ?? 0) + 1);
  }

  /** The end of a batch: progress (S3), then what is to be said. */
  settle(deferLate = false): AlertChange[] {
    this.wmMs = Math.max(this.wmMs, this.progress() - this.history.world.latenessMs - this.history.world.slackMs);
    return this.finishBatch(deferLate);
  }

  /** The end of recorded input. */
  end(): void {
    this.wmBeforeEndMs = this.wmMs;
    this.wmMs = Number.POSITIVE_INFINITY;
    this.finishBatch(false);
  }

  private finishBatch(deferLate: boolean): AlertChange[] {
    if (this.wmMs > Number.NEGATIVE_INFINITY) this.engine.advance(this.wmMs);
    return this.drain(deferLate);
  }

  drain(deferLate = false): AlertChange[] {
    const changes = this.engine.drain({ deferLate });
    if (new Set(changes.map((change) => change.alertId)).size < changes.length) throw new Error('a drain says an alert twice');
    for (const change of changes) this.fold_(change);
    this.said.push(...changes);
    this.conflicts.push(...this.engine.drainConflicts());
    this.notices.push(...this.engine.drainNotices());
    return changes;
  }

  private fold_(change: AlertChange): void {
    if (change.content === null) {
      if (this.fold.delete(change.alertId)) this.retractions++;
      return;
    }
    this.fold.set(change.alertId, { content: withoutPlaces(change.content), digest: change.contentDigest, finalAtMs: change.finalAtMs });
  }

  private progress(): number {
    const anywhere = Math.max(...this.greatest.values());
    const each = [...this.options.totals].map(([partition, total]) => {
      if ((this.consumed.get(partition) ?? 0) === total) return anywhere;
      return this.greatest.get(partition) ?? Number.NEGATIVE_INFINITY;
    });
    return Math.min(...each);
  }
}

export function withoutPlaces(content: NonNullable<AlertChange['content']>): PlacelessContent {
  return { ...content, transactions: content.transactions.map(({ place: _, ...entry }) => entry) };
}

function rateTable({ rates }: History): EngineOptions['rates'] {
  if (rates.length === 0) return NO_RATES;
  const parsed = parseRates(['date,currency,perEuro', ...rates.map((row) => `${row.date},${row.currency},${row.perEuro}`), ''].join('\n'));
  if ('problems' in parsed) throw new Error('the rates of the laws are well-formed');
  return parsed.table;
}
