import { assert } from '../base/assert.ts';
import { OperatingError } from '../base/errors.ts';
import { NUMBER_SLOT, TEXT_SLOT } from '../transactions/fields.ts';
import type { DecodedTransaction } from '../transactions/decoded.ts';
import type { TextTable } from '../transactions/texts.ts';
import { IdArena } from './ids.ts';
import { compareUtf8 } from './order.ts';

/** Bits of `Rows.flags`. */
export const FLAG = {
  rejected: 1,
  /** Given back in full, by its own status or by a return (S14). */
  returned: 2,
  /** Itself a return, so never a leg. */
  isReturn: 4,
  dayPrecision: 8,
  /** Some typology fired, or had fired, at one of its legs. */
  hit: 16,
  /** Its content lost against another one of the same identity (S2): it is no transaction. */
  lost: 32,
  /** Its hour was forgotten: it is kept for the legs that are still held, and freed with the last of them. */
  forgotten: 64,
} as const;

/** Texts that every row keeps, since alerts show them. */
const ALWAYS = [
  'source', 'kind', 'amount.currency',
  'debtor.account', 'debtor.party', 'debtor.country', 'creditor.account', 'creditor.party', 'creditor.country',
] as const;

/** First 128 bits of a content digest, as four words: equality and order of contents. */
export const DIGEST_WORDS = 4;

const RETURN_ID = TEXT_SLOT.get('returnOf.id')!;
/** Stands in a number column for an absent number. */
export const NO_NUMBER = -0x80000000;

/**
 * The transactions that are kept, as columns: some 130 bytes each, the identifier and its hash included. A row is named by its index, which is
 * used again after it was freed. Rows of one hour of event time are linked, so that forgetting walks what it frees and nothing else.
 */
export class Rows {
  t: Float64Array;
  r: Float64Array;
  amount: Float64Array;
  offset: Float64Array;
  partition: Uint16Array;
  status: Uint8Array;
  flags: Uint8Array;
  digest: Uint32Array;
  private idAt: Uint32Array;
  hash: Uint32Array;
  /** Further records with the same content. */
  repeats: Uint32Array;
  /** Legs in histories. */
  legs: Uint16Array;
  /** The next row of the same hour while in use, of the free list after. −1 ends. */
  next: Int32Array;
  /** By slot of `TEXT_FIELDS`; undefined where no typology reads it. */
  readonly texts: (Int32Array | undefined)[];
  /** By slot of `NUMBER_FIELDS`, as 32-bit integers. */
  readonly numbers: (Int32Array | undefined)[];
  readonly source: number = TEXT_SLOT.get('source')!;
  readonly currency: number = TEXT_SLOT.get('amount.currency')!;

  readonly table: TextTable;
  private readonly max: number;
  private readonly textSlots: number[];
  private readonly numberSlots: number[];
  private readonly ids = new IdArena();
  private capacity: number;
  private top = 0;
  private freeHead = -1;
  private count = 0;
  private readonly growListeners: (() => void)[] = [];

  constructor(table: TextTable, fields: readonly string[], reserve: number, max: number) {
    this.table = table;
    this.max = max;
    this.capacity = Math.min(Math.max(reserve, 64), max);
    const n = this.capacity;
    this.t = new Float64Array(n);
    this.r = new Float64Array(n);
    this.amount = new Float64Array(n);
    this.offset = new Float64Array(n);
    this.partition = new Uint16Array(n);
    this.status = new Uint8Array(n);
    this.flags = new Uint8Array(n);
    this.digest = new Uint32Array(n * DIGEST_WORDS);
    this.idAt = new Uint32Array(n);
    this.hash = new Uint32Array(n);
    this.repeats = new Uint32Array(n);
    this.legs = new Uint16Array(n);
    this.next = new Int32Array(n);
    const wanted = new Set<string>([...ALWAYS, ...fields]);
    this.textSlots = [...TEXT_SLOT].filter(([path]) => wanted.has(path)).map(([, slot]) => slot);
    this.numberSlots = [...NUMBER_SLOT].filter(([path]) => wanted.has(path)).map(([, slot]) => slot);
    this.texts = new Array(TEXT_SLOT.size).fill(undefined);
    this.numbers = new Array(NUMBER_SLOT.size).fill(undefined);
    for (const slot of this.textSlots) this.texts[slot] = new Int32Array(n);
    for (const slot of this.numberSlots) this.numbers[slot] = new Int32Array(n);
  }

  get size(): number {
    return this.count;
  }

  /** Calls back now and whenever the columns are other arrays than before. */
  onColumns(listener: () => void): void {
    this.growListeners.push(listener);
    listener();
  }

  get full(): boolean {
    return this.freeHead < 0 && this.top >= this.max;
  }

  /** Takes a row for the transaction. Throws `engine-full` where the bound is reached, before anything has changed. */
  add(tx: DecodedTransaction, r: number, partition: number, offset: number, hash: number): number {
    if (this.full) {
      throw new OperatingError('engine-full', `the bound of ${this.max} transactions held at once is reached; raise it, or shorten windows`);
    }
    let row = this.freeHead;
    if (row >= 0) this.freeHead = this.next[row]!;
    else {
      if (this.top === this.capacity) this.grow();
      row = this.top++;
    }
    this.count++;
    this.t[row] = tx.timeMs;
    this.hash[row] = hash;
    this.idAt[row] = this.ids.add(tx.id);
    this.flags[row] = 0;
    this.repeats[row] = 0;
    this.legs[row] = 0;
    this.fill(row, tx, r, partition, offset);
    return row;
  }

  free(row: number): void {
    for (const slot of this.textSlots) this.table.release(this.texts[slot]![row]!);
    this.ids.free(this.idAt[row]!);
    assert(this.legs[row] === 0, 'a row is freed after its last leg');
    this.next[row] = this.freeHead;
    this.freeHead = row;
    this.count--;
  }

  id(row: number): string {
    return this.ids.text(this.idAt[row]!);
  }

  text(row: number, slot: number): number {
    const column = this.texts[slot];
    assert(column !== undefined, 'a text column is kept for each path that is read');
    return column[row]!;
  }

  /** The number of a slot, NaN where absent. */
  number(row: number, slot: number): number {
    const column = this.numbers[slot];
    assert(column !== undefined, 'a number column is kept for each path that is read');
    const value = column[row]!;
    return value === NO_NUMBER ? Number.NaN : value;
  }

  /** ≺ between two rows (S1): time, then source, then id. */
  compare(a: number, b: number): number {
    const dt = this.t[a]! - this.t[b]!;
    if (dt !== 0 || a === b) return dt;
    const [x, y] = [this.texts[this.source]![a]!, this.texts[this.source]![b]!];
    if (x !== y) return compareUtf8(this.table.text(x), this.table.text(y));
    return this.ids.compare(this.idAt[a]!, this.idAt[b]!);
  }

  sameIdentifier(row: number, source: number, id: string): boolean {
    return this.texts[this.source]![row] === source && this.ids.equals(this.idAt[row]!, id);
  }

  digestHex(row: number): string {
    let hex = '';
    for (let i = 0; i < DIGEST_WORDS; i++) hex += this.digest[row * DIGEST_WORDS + i]!.toString(16).padStart(8, '0');
    return hex;
  }

  private fill(row: number, tx: DecodedTransaction, r: number, partition: number, offset: number): void {
    this.r[row] = r;
    this.amount[row] = tx.amountMinor;
    this.partition[row] = partition;
    this.offset[row] = offset;
    this.status[row] = tx.status;
    if (tx.dayPrecision) this.flags[row]! |= FLAG.dayPrecision;
    if (tx.texts[RETURN_ID] !== 0) this.flags[row]! |= FLAG.isReturn;
    for (const slot of this.textSlots) {
      const id = tx.texts[slot]!;
      this.texts[slot]![row] = id;
      this.table.retain(id);
    }
    for (const slot of this.numberSlots) {
      const value = tx.numbers[slot]!;
      this.numbers[slot]![row] = Number.isNaN(value) ? NO_NUMBER : value;
    }
    const d = tx.digest;
    for (let i = 0; i < DIGEST_WORDS; i++) this.digest[row * DIGEST_WORDS + i] = wordAt(d, i * 4);
  }

  private grow(): void {
    const n = Math.min(this.capacity * 2, this.max);
    this.t = copied(this.t, new Float64Array(n));
    this.r = copied(this.r, new Float64Array(n));
    this.amount = copied(this.amount, new Float64Array(n));
    this.offset = copied(this.offset, new Float64Array(n));
    this.partition = copied(this.partition, new Uint16Array(n));
    this.status = copied(this.status, new Uint8Array(n));
    this.flags = copied(this.flags, new Uint8Array(n));
    this.digest = copied(this.digest, new Uint32Array(n * DIGEST_WORDS));
    this.idAt = copied(this.idAt, new Uint32Array(n));
    this.hash = copied(this.hash, new Uint32Array(n));
    this.repeats = copied(this.repeats, new Uint32Array(n));
    this.legs = copied(this.legs, new Uint16Array(n));
    this.next = copied(this.next, new Int32Array(n));
    for (const slot of this.textSlots) this.texts[slot] = copied(this.texts[slot]!, new Int32Array(n));
    for (const slot of this.numberSlots) this.numbers[slot] = copied(this.numbers[slot]!, new Int32Array(n));
    this.capacity = n;
    for (const listener of this.growListeners) listener();
  }
}

/** The 32-bit word of a digest at a byte. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function copied<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from);
  return to;
}
