import { assert } from '../base/assert.ts';
import { OperatingError } from '../base/errors.ts';
import type { DecodedTransaction } from '../transactions/decoded.ts';
import { TEXT_SLOT } from '../transactions/fields.ts';
import type { TextTable } from '../transactions/texts.ts';
import { IdArena } from './ids.ts';
import { compareUtf8 } from './order.ts';
import { CHUNK_BITS, CHUNK_MASK, CHUNK_ROWS, DIGEST_WORDS, DOUBLE, LEGS_SHIFT, RowLayout, STATE_WORD, STATUS_SHIFT, TEXTS_WORD } from './rowLayout.ts';
import { SegmentedMap } from './segmentedMap.ts';

/** Bits of a row's flags. */
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
  /** No key ever had a leg of it. */
  legless: 128,
} as const;

const SOURCE = TEXT_SLOT.get('source')!;
const CURRENCY = TEXT_SLOT.get('amount.currency')!;
const RETURN_ID = TEXT_SLOT.get('returnOf.id')!;

/** Stands for an absent number. */
export const NO_NUMBER = -0x80000000;

/** A place in the log: 48 bits of offset and 16 of partition. */
const PARTITION_BITS = 16;
const OFFSETS = 2 ** 48;

/**
 * The transactions that are kept: one record of words each, some 130 bytes with the identifier and its place in the table of identities, in chunks. What a
 * typology reads of a row lies side by side, since reaching a row costs more than all that is then done with it. A row is named by its index, which is
 * used again after it was freed. Rows of one hour of event time are linked, so that forgetting walks what it frees and nothing else.
 */
export class Rows {
  readonly table: TextTable;
  /** Words of a row. */
  readonly stride: number;
  /** By chunk: the words, and the same as doubles. */
  readonly words: Int32Array[] = [];
  readonly doubles: Float64Array[] = [];
  private readonly layout: RowLayout;
  private readonly max: number;
  /** Further records with the same content, by row: most have none. */
  private readonly repeated = new SegmentedMap<number>();
  private readonly ids = new IdArena();
  private top = 0;
  private freeHead = -1;
  private count = 0;

  constructor(table: TextTable, fields: Iterable<string>, reserve: number, max: number) {
    this.table = table;
    this.max = max;
    this.layout = new RowLayout(fields);
    this.stride = this.layout.stride;
    while (this.words.length * CHUNK_ROWS < Math.min(reserve, max)) this.addChunk();
  }

  get size(): number {
    return this.count;
  }

  get full(): boolean {
    return this.freeHead < 0 && this.top >= this.max;
  }

  /** Takes a row for the transaction. Throws `engine-full` where the bound is reached, before anything has changed. */
  add(tx: DecodedTransaction, r: number, partition: number, offset: number): number {
    if (this.full) {
      throw new OperatingError('engine-full', `the bound of ${this.max} transactions held at once is reached; raise it, or shorten windows`);
    }
    let row = this.freeHead;
    if (row >= 0) this.freeHead = this.next(row);
    else {
      row = this.top++;
      if (row >>> CHUNK_BITS === this.words.length) this.addChunk();
    }
    this.count++;
    this.fill(row, tx);
    const { layout } = this;
    const words = this.words[row >>> CHUNK_BITS]!;
    const at = (row & CHUNK_MASK) * this.stride;
    words[at + layout.id] = this.ids.add(tx.id);
    for (let i = 0; i < DIGEST_WORDS; i++) words[at + layout.digest + i] = wordAt(tx.digest, i * 4);
    this.setPlace(row, r, partition, offset);
    return row;
  }

  free(row: number): void {
    assert(this.legs(row) === 0, 'a row is freed after its last leg');
    const words = this.words[row >>> CHUNK_BITS]!;
    const at = (row & CHUNK_MASK) * this.stride;
    for (let i = 0; i < this.layout.textSlots.length; i++) this.table.release(words[at + TEXTS_WORD + i]!);
    this.ids.free(words[at + this.layout.id]! >>> 0);
    if (this.repeated.size > 0) this.repeated.delete(row);
    this.setNext(row, this.freeHead);
    this.freeHead = row;
    this.count--;
  }

  /** Event time in ms. */
  t(row: number): number {
    return this.doubles[row >>> CHUNK_BITS]![((row & CHUNK_MASK) * this.stride) / 2 + DOUBLE.t]!;
  }

  /** Minor units. */
  amount(row: number): number {
    return this.doubles[row >>> CHUNK_BITS]![((row & CHUNK_MASK) * this.stride) / 2 + DOUBLE.amount]!;
  }

  r(row: number): number {
    return this.doubles[row >>> CHUNK_BITS]![((row & CHUNK_MASK) * this.stride) / 2 + this.layout.r]!;
  }

  offset(row: number): number {
    return (this.word(row, this.layout.place + 1) >>> PARTITION_BITS) * 2 ** 32 + (this.word(row, this.layout.place) >>> 0);
  }

  partition(row: number): number {
    return this.word(row, this.layout.place + 1) & (2 ** PARTITION_BITS - 1);
  }

  /** Where and when the record that is shown was received. */
  setPlace(row: number, r: number, partition: number, offset: number): void {
    assert(offset < OFFSETS && partition < 2 ** PARTITION_BITS, 'a place has 48 bits of offset and 16 of partition');
    this.doubles[row >>> CHUNK_BITS]![((row & CHUNK_MASK) * this.stride) / 2 + this.layout.r] = r;
    this.setWord(row, this.layout.place, offset % 2 ** 32);
    this.setWord(row, this.layout.place + 1, Math.floor(offset / 2 ** 32) * 2 ** PARTITION_BITS + partition);
  }

  flags(row: number): number {
    return this.word(row, STATE_WORD) & 0xff;
  }

  /** Whether it has any of some flags. */
  has(row: number, flags: number): boolean {
    return (this.word(row, STATE_WORD) & flags) !== 0;
  }

  set(row: number, flags: number): void {
    this.setWord(row, STATE_WORD, this.word(row, STATE_WORD) | flags);
  }

  clear(row: number, flags: number): void {
    this.setWord(row, STATE_WORD, this.word(row, STATE_WORD) & ~flags);
  }

  /** Index in `STATUSES`. */
  status(row: number): number {
    return (this.word(row, STATE_WORD) >>> STATUS_SHIFT) & 0xff;
  }

  setStatus(row: number, status: number): void {
    this.setWord(row, STATE_WORD, (this.word(row, STATE_WORD) & ~(0xff << STATUS_SHIFT)) | (status << STATUS_SHIFT));
  }

  /** Its legs in histories. */
  legs(row: number): number {
    return this.word(row, STATE_WORD) >>> LEGS_SHIFT;
  }

  addLeg(row: number): void {
    assert(this.legs(row) < 0xffff, 'a transaction has at most two legs for each subject');
    this.setWord(row, STATE_WORD, this.word(row, STATE_WORD) + (1 << LEGS_SHIFT));
  }

  /** Answers how many are left. */
  dropLeg(row: number): number {
    assert(this.legs(row) > 0, 'a leg that is dropped was there');
    this.setWord(row, STATE_WORD, this.word(row, STATE_WORD) - (1 << LEGS_SHIFT));
    return this.legs(row);
  }

  /** Further records with the same content. */
  repeats(row: number): number {
    return this.repeated.get(row) ?? 0;
  }

  addRepeat(row: number): void {
    this.repeated.set(row, this.repeats(row) + 1);
  }

  /** The next row of the same hour while in use, of the free list after; −1 ends. */
  next(row: number): number {
    return this.word(row, this.layout.next);
  }

  setNext(row: number, next: number): void {
    this.setWord(row, this.layout.next, next);
  }

  source(row: number): string {
    return this.table.text(this.text(row, SOURCE));
  }

  sourceId(row: number): number {
    return this.text(row, SOURCE);
  }

  /** The id of the text of its currency. */
  currency(row: number): number {
    return this.text(row, CURRENCY);
  }

  id(row: number): string {
    return this.ids.text(this.word(row, this.layout.id) >>> 0);
  }

  /** The hash of its identifier from a seed, as `hashText` makes it. */
  hashId(row: number, seed: number): number {
    return this.ids.hash(this.word(row, this.layout.id) >>> 0, seed);
  }

  /** The word of a row that holds the text of a slot. */
  textWord(slot: number): number {
    return this.layout.textWord(slot);
  }

  numberWord(slot: number): number {
    return this.layout.numberWord(slot);
  }

  word(row: number, word: number): number {
    return this.words[row >>> CHUNK_BITS]![(row & CHUNK_MASK) * this.stride + word]!;
  }

  /** The id of the text of a slot, 0 where absent. */
  text(row: number, slot: number): number {
    return this.word(row, this.textWord(slot));
  }

  /** The number of a slot, NaN where absent. */
  number(row: number, slot: number): number {
    const value = this.word(row, this.numberWord(slot));
    return value === NO_NUMBER ? Number.NaN : value;
  }

  /** ≺ between two rows (S1): time, then source, then id. */
  compare(a: number, b: number): number {
    const difference = this.t(a) - this.t(b);
    if (difference !== 0 || a === b) return difference;
    const [x, y] = [this.text(a, SOURCE), this.text(b, SOURCE)];
    if (x !== y) return compareUtf8(this.table.text(x), this.table.text(y));
    return this.ids.compare(this.word(a, this.layout.id) >>> 0, this.word(b, this.layout.id) >>> 0);
  }

  sameIdentifier(row: number, source: number, id: string): boolean {
    return this.text(row, SOURCE) === source && this.ids.equals(this.word(row, this.layout.id) >>> 0, id);
  }

  hasDigest(row: number, digest: Uint8Array): boolean {
    for (let i = 0; i < DIGEST_WORDS; i++) if (this.word(row, this.layout.digest + i) !== wordAt(digest, i * 4)) return false;
    return true;
  }

  /** Order of the digests of two rows, as unsigned numbers. */
  compareDigests(a: number, b: number): number {
    for (let i = 0; i < DIGEST_WORDS; i++) {
      const difference = (this.word(a, this.layout.digest + i) >>> 0) - (this.word(b, this.layout.digest + i) >>> 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  digestHex(row: number): string {
    let hex = '';
    for (let i = 0; i < DIGEST_WORDS; i++) hex += (this.word(row, this.layout.digest + i) >>> 0).toString(16).padStart(8, '0');
    return hex;
  }

  private setWord(row: number, word: number, value: number): void {
    this.words[row >>> CHUNK_BITS]![(row & CHUNK_MASK) * this.stride + word] = value;
  }

  private fill(row: number, tx: DecodedTransaction): void {
    const words = this.words[row >>> CHUNK_BITS]!;
    const doubles = this.doubles[row >>> CHUNK_BITS]!;
    const at = (row & CHUNK_MASK) * this.stride;
    doubles[at / 2 + DOUBLE.t] = tx.timeMs;
    doubles[at / 2 + DOUBLE.amount] = tx.amountMinor;
    const flags = (tx.dayPrecision ? FLAG.dayPrecision : 0) | (tx.texts[RETURN_ID] === 0 ? 0 : FLAG.isReturn);
    words[at + STATE_WORD] = flags | (tx.status << STATUS_SHIFT);
    const { table } = this;
    const { numberSlots, textSlots } = this.layout;
    for (let i = 0; i < textSlots.length; i++) {
      const id = tx.texts[textSlots[i]!]!;
      words[at + TEXTS_WORD + i] = id;
      table.retain(id);
    }
    for (let i = 0; i < numberSlots.length; i++) {
      const value = tx.numbers[numberSlots[i]!]!;
      words[at + TEXTS_WORD + textSlots.length + i] = Number.isNaN(value) ? NO_NUMBER : value;
    }
  }

  private addChunk(): void {
    const words = new Int32Array(CHUNK_ROWS * this.stride);
    this.words.push(words);
    this.doubles.push(new Float64Array(words.buffer));
  }
}

/** The 32-bit word of a digest at a byte. */
function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}
