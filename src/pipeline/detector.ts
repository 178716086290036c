import { assert } from '../base/assert.ts';
import type { DetectionEngine, OperationsNotice, Outcome } from '../detection/api.ts';
import type { AlertChange } from '../detection/content.ts';
import type { DecodedTransaction, TransactionDecoder } from '../transactions/decoded.ts';
import { TEXT_SLOT } from '../transactions/fields.ts';
import { LIMITS } from '../transactions/limits.ts';
import type { TextTable } from '../transactions/texts.ts';
import type { Typology } from '../typologies/ast.ts';
import { sourceOf, type Told, toldConflict, toldLate, toldRefused } from './told.ts';
import { touchedBy } from './touched.ts';

export const DEFAULT_FORMAT = 'transaction/1';
const SOURCE_SLOT = TEXT_SLOT.get('source')!;

/** Reasons for which a record that could be decoded is refused all the same; those of the decoder are in `transactions/codes.ts`. */
export const REFUSALS = {
  'unknown-format': 'the header format names no format that this version reads',
  'in-the-future': 'the time of the transaction lies further after its receipt than clocks may differ',
  'clock-skew': 'the transaction lies before what was settled when it came, which only broken clocks can cause',
  'engine-fault': 'the record twice ended the process; it is skipped, and the fault is to be reported',
} as const;

export interface DetectorOptions {
  readonly engine: DetectionEngine;
  /** By name of the format. */
  readonly decoders: ReadonlyMap<string, TransactionDecoder>;
  /** Filled by the decoders, read by the engine. */
  readonly transaction: DecodedTransaction;
  readonly texts: TextTable;
  /** Those that the engine runs. */
  readonly typologies: readonly Typology[];
  /** How the place of a record is written. */
  readonly place: (partition: number, offset: number) => string;
}

/** What became of the records so far, each in exactly one of the first seven (L13). A live counter: it counts what was said when a record came. */
export interface DetectorCounts {
  applied: number;
  duplicate: number;
  conflict: number;
  late: number;
  refused: number;
  clockSkew: number;
  engineFault: number;
  /** Among the applied: their source and id stand under another time as well (S2). */
  idReused: number;
  unknownFields: number;
  readonly refusedByCode: Map<string, number>;
  readonly findingsByCode: Map<string, number>;
}

type PlainCount = Exclude<keyof DetectorCounts, 'refusedByCode' | 'findingsByCode'>;
const COUNT_OF: Readonly<Record<Outcome, PlainCount>> = {
  applied: 'applied',
  'id-reused': 'applied',
  duplicate: 'duplicate',
  conflict: 'conflict',
  'too-late': 'late',
  future: 'refused',
  'clock-skew': 'clockSkew',
};

/**
 * From bytes to alert changes, the same for files and for Kafka: decoder and engine, the records to be told to quarantine and late topic, the counts.
 * Synchronous and without input or output. For each record `read`, then, where it could be read, `apply`; at the end of a batch `advance` and `drain`.
 */
export class Detector {
  readonly engine: DetectionEngine;
  readonly counts: DetectorCounts = {
    applied: 0,
    duplicate: 0,
    conflict: 0,
    late: 0,
    refused: 0,
    clockSkew: 0,
    engineFault: 0,
    idReused: 0,
    unknownFields: 0,
    refusedByCode: new Map(),
    findingsByCode: new Map(),
  };
  private readonly options: DetectorOptions;
  private readonly transaction: DecodedTransaction;
  private told: Told[] = [];
  private skewed: string[] = [];
  private replaying = false;
  /** What a careful replay would have said, by alert id; null outside of one. */
  private said: Map<string, AlertChange> | null = null;
  private bytes: Uint8Array = new Uint8Array(0);
  private partition = -1;
  private offset = -1;
  private held = false;

  constructor(options: DetectorOptions) {
    this.options = options;
    this.engine = options.engine;
    this.transaction = options.transaction;
  }

  /** The place of the record in hand, null between records. It is the one to blame where an assertion or exception ends the process. */
  get inHand(): string | null {
    return this.partition < 0 ? null : this.options.place(this.partition, this.offset);
  }

  /** Decodes one record. The answer is one object used again and again; null: the record was refused, counted and told. */
  read(bytes: Uint8Array, partition: number, offset: number, format: string = DEFAULT_FORMAT): DecodedTransaction | null {
    assert(!this.held, 'a record that was read is applied before the next');
    this.bytes = bytes;
    this.partition = partition;
    this.offset = offset;
    const decoder = this.options.decoders.get(format);
    if (decoder === undefined) {
      this.refuse('unknown-format', '', REFUSALS['unknown-format']);
      return null;
    }
    const rejection = decoder.decode(bytes, this.transaction);
    if (rejection !== null) {
      this.refuse(rejection.code, rejection.field, rejection.reason);
      return null;
    }
    if (!this.replaying) {
      this.counts.unknownFields += decoder.unknownFields;
      for (const { code } of decoder.findings) add(this.counts.findingsByCode, code);
    }
    this.held = true;
    return this.transaction;
  }

  /** Gives the record read last to the engine, received at r. Throws `OperatingError('engine-full')`; nothing is changed then, and it may be applied again. */
  apply(r: number): Outcome {
    assert(this.held, 'a record is read before it is applied');
    const outcome = this.engine.apply(this.transaction, { r, partition: this.partition, offset: this.offset });
    this.held = false;
    if (!this.replaying) {
      this.counts[COUNT_OF[outcome]]++;
      if (outcome !== 'applied' && outcome !== 'duplicate') this.tell(outcome);
    }
    this.partition = -1;
    return outcome;
  }

  /** A record that is skipped from now on since it twice ended the process: counted and told, in a replay too, and never read. */
  skipFault(bytes: Uint8Array, partition: number, offset: number): void {
    this.counts.engineFault++;
    const place = this.options.place(partition, offset);
    this.told.push(toldRefused('engine-fault', '', REFUSALS['engine-fault'], place, sourceOf(bytes, LIMITS.recordBytesMax), bytes));
  }

  advance(wmMs: number): void {
    this.engine.advance(wmMs);
  }

  /** What is to be said since the last drain. */
  drain(options?: { readonly deferLate?: boolean }): AlertChange[] {
    this.takeConflicts();
    const changes = this.engine.drain(options);
    this.options.texts.sweep();
    return changes;
  }

  /** Records for quarantine and late topic since the last call, in the order in which they came. */
  drainTold(): Told[] {
    this.takeConflicts();
    const told = this.told;
    this.told = [];
    return told;
  }

  /** Places of records with skewed clocks since the last call: to be stored with the frontier and skipped by replays (S4). */
  drainSkewed(): string[] {
    const places = this.skewed;
    this.skewed = [];
    return places;
  }

  drainNotices(): OperationsNotice[] {
    return this.engine.drainNotices();
  }

  /**
   * Silent replay (S20): nothing is said, told or counted until `endReplay`. `careful`: verdicts are asked as in live work, and thrown away, so that
   * `probe` can find a record at which the engine fails; it takes longer.
   */
  beginReplay(careful = false): void {
    this.replaying = true;
    this.said = careful ? new Map() : null;
    if (!careful) this.engine.beginReplay();
  }

  /** In a careful replay: asks everything that is to be asked by now. */
  probe(): void {
    const { said } = this;
    assert(said !== null, 'only a careful replay is probed');
    for (const change of this.engine.drain()) said.set(change.alertId, change);
  }

  /** Ends it. Answers every alert that is not yet final at wm, in order of id, with its content. */
  endReplay(wmMs: number): AlertChange[] {
    const { said } = this;
    if (said !== null) {
      this.probe();
      this.engine.beginReplay();
    }
    this.engine.endReplay(wmMs);
    this.engine.drainConflicts();
    this.engine.drainNotices();
    this.replaying = false;
    this.said = null;
    const changes = this.drain();
    if (said === null) return changes;
    for (const change of changes) said.set(change.alertId, change);
    const standing = [...said.values()].filter(({ content, finalAtMs }) => content !== null && finalAtMs >= wmMs);
    return standing.sort((a, b) => (a.alertId < b.alertId ? -1 : 1));
  }

  private refuse(code: string, field: string, reason: string): void {
    if (!this.replaying) {
      this.counts.refused++;
      add(this.counts.refusedByCode, code);
      this.told.push(toldRefused(code, field, reason, this.inHand!, sourceOf(this.bytes, LIMITS.recordBytesMax), this.bytes));
    }
    this.partition = -1;
  }

  private tell(outcome: Outcome): void {
    const place = this.inHand!;
    const source = this.options.texts.text(this.transaction.texts[SOURCE_SLOT]!);
    if (outcome === 'id-reused') this.counts.idReused++;
    else if (outcome === 'too-late') this.told.push(toldLate(place, source, touchedBy(this.options.typologies, this.transaction), this.bytes));
    else if (outcome === 'conflict') this.takeConflicts();
    else {
      const code = outcome === 'future' ? 'in-the-future' : 'clock-skew';
      if (outcome === 'future') add(this.counts.refusedByCode, code);
      else this.skewed.push(place);
      this.told.push(toldRefused(code, 'time', REFUSALS[code], place, source, this.bytes));
    }
  }

  private takeConflicts(): void {
    if (this.replaying) return;
    for (const conflict of this.engine.drainConflicts()) {
      const { partition, offset } = conflict.place;
      const isInHand = partition === this.partition && offset === this.offset;
      this.told.push(toldConflict(conflict, this.options.place(partition, offset), isInHand ? this.bytes : null));
    }
  }
}

function add(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
