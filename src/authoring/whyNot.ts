import type { DetectionEngine, Inspection } from '../detection/api.ts';
import { fieldsWanted } from '../detection/compile/walk.ts';
import { createEngine } from '../detection/engine.ts';
import type { DetectionSettings } from '../detection/settings.ts';
import { DEFAULT_SETTINGS } from '../detection/settings.ts';
import type { DecodedTransaction, TransactionDecoder } from '../transactions/decoded.ts';
import { blankTransaction, createDecoder } from '../transactions/decoder.ts';
import { TEXT_SLOT } from '../transactions/fields.ts';
import type { RateTable } from '../transactions/rateLookup.ts';
import { TextTable } from '../transactions/texts.ts';
import type { Typology } from '../typologies/ast.ts';
import { commaParts } from './words.ts';

export interface WhyNotOptions {
  readonly typology: Typology;
  /** Texts of the key, in the order of the subject's paths; see `keyOf`. */
  readonly key: readonly string[];
  /** The last anchor at or before this moment is taken apart. */
  readonly atMs: number;
  readonly rates: RateTable;
  readonly settings?: DetectionSettings;
}

export interface WhyNotAnswer {
  /** Null where the key has no transaction at or before the moment. */
  readonly inspection: Inspection | null;
  /** Records given, refused ones included. */
  readonly records: number;
  readonly refused: number;
  /** Those that give the key a leg, or give some payment back. */
  readonly applied: number;
}

const RETURN_OF = TEXT_SLOT.get('returnOf.id')!;

/** Why a typology did or did not fire for a key at a time. Records are given one by one, as recorded; only those that touch the key are kept. */
export class WhyNot {
  private readonly options: WhyNotOptions;
  private readonly settings: DetectionSettings;
  private readonly texts = new TextTable();
  private readonly decoder: TransactionDecoder;
  private readonly engine: DetectionEngine;
  private readonly transaction: DecodedTransaction = blankTransaction();
  /** By part of the key, the slots of the fields that can hold it. */
  private readonly slots: readonly (readonly number[])[];
  private lastReceiptMs = Number.NEGATIVE_INFINITY;
  private begun = false;
  private records = 0;
  private refused = 0;
  private applied = 0;

  constructor(options: WhyNotOptions) {
    this.options = options;
    const { typology, rates } = options;
    this.settings = { ...(options.settings ?? DEFAULT_SETTINGS), mode: 'eager' };
    this.decoder = createDecoder({ texts: this.texts, wanted: fieldsWanted([typology]) });
    this.engine = createEngine({ typologies: [{ ...typology, status: 'active' }], settings: this.settings, texts: this.texts, rates, keepsUnseen: true });
    this.slots = typology.subject.paths.map((path) =>
      (path === 'account' || path === 'party' ? [`debtor.${path}`, `creditor.${path}`] : [path]).map((p) => TEXT_SLOT.get(p)!),
    );
  }

  /** Takes one record of a file, the records in the file's order. */
  take(bytes: Uint8Array): void {
    this.records++;
    if (this.decoder.decode(bytes, this.transaction) !== null) {
      this.refused++;
      return;
    }
    const { timeMs, receivedAtMs, texts } = this.transaction;
    const r = Math.max(Number.isNaN(receivedAtMs) ? timeMs : receivedAtMs, this.lastReceiptMs);
    // The place in a file stands for a receipt, of accepted records alone.
    if (r - timeMs <= this.settings.latenessMs) this.lastReceiptMs = r;
    if (!this.begun) this.engine.setFirstReceipt(r);
    this.begun = true;
    if (this.touchesKey() || texts[RETURN_OF] !== 0) {
      this.engine.apply(this.transaction, { r, partition: 0, offset: this.records });
      this.applied++;
    } else if (this.records % 1024 === 0) this.texts.sweep();
  }

  answer(): WhyNotAnswer {
    const { typology, key, atMs } = this.options;
    this.engine.drain();
    const inspection = this.applied === 0 ? null : this.engine.inspect(typology.id, key, atMs);
    return { inspection, records: this.records, refused: this.refused, applied: this.applied };
  }

  private touchesKey(): boolean {
    const { texts } = this.transaction;
    return this.slots.every((slots, i) => slots.some((slot) => texts[slot] !== 0 && this.texts.text(texts[slot]!) === this.options.key[i]));
  }
}

/** The texts of a key as somebody writes it: commas part a composite one, quotes hold commas together. Null where the number of texts is not the subject's. */
export function keyOf(text: string, typology: Typology): string[] | null {
  const { paths } = typology.subject;
  const parts = paths.length === 1 ? [text] : commaParts(text);
  return parts.length === paths.length && !parts.includes('') ? parts : null;
}
