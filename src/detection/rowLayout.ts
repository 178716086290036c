import { assert } from '../base/assert.ts';
import { NUMBER_SLOT, TEXT_SLOT } from '../transactions/fields.ts';

/** Texts that every row keeps, since alerts show them. */
const ALWAYS = [
  'kind',
  'amount.currency',
  'debtor.account',
  'creditor.account',
  'debtor.party',
  'creditor.party',
  'debtor.country',
  'creditor.country',
  'source',
] as const;

/** Rows lie in chunks of so many. */
export const CHUNK_BITS = 13;
export const CHUNK_ROWS = 1 << CHUNK_BITS;
export const CHUNK_MASK = CHUNK_ROWS - 1;

/** Doubles of a row, in units of two words. */
export const DOUBLE = { t: 0, amount: 1 } as const;
/** The word of flags (bits 0–7), status (8–15) and number of legs in histories (16–31). */
export const STATE_WORD = 4;
export const STATUS_SHIFT = 8;
export const LEGS_SHIFT = 16;
/** The first word of the texts, after which the numbers follow. */
export const TEXTS_WORD = 5;
/** First 128 bits of a content digest: equality and order of contents. */
export const DIGEST_WORDS = 4;

/** Where in the record of a row what lies: first what typologies read, so that it is reached at once, then what only identity and forgetting ask for. */
export class RowLayout {
  /** Words of a row; even. */
  readonly stride: number;
  readonly textSlots: Int32Array;
  readonly numberSlots: Int32Array;
  /** Receipt time, as a double in units of two words. */
  readonly r: number;
  /** Words: two of the place, four of the digest, one each of the identifier and the next row. */
  readonly place: number;
  readonly digest: number;
  readonly id: number;
  readonly next: number;
  /** By slot of `TEXT_FIELDS` and of `NUMBER_FIELDS`: the word that holds it, −1 where no typology reads it. */
  private readonly textWords = new Int32Array(TEXT_SLOT.size).fill(-1);
  private readonly numberWords = new Int32Array(NUMBER_SLOT.size).fill(-1);

  constructor(fields: Iterable<string>) {
    const wanted = [...new Set<string>([...ALWAYS, ...fields])];
    const slotsOf = (slots: ReadonlyMap<string, number>): Int32Array => Int32Array.from(wanted.flatMap((path) => slots.get(path) ?? []));
    this.textSlots = slotsOf(TEXT_SLOT);
    this.numberSlots = slotsOf(NUMBER_SLOT);
    let word = TEXTS_WORD;
    for (const slot of this.textSlots) this.textWords[slot] = word++;
    for (const slot of this.numberSlots) this.numberWords[slot] = word++;
    const even = word + (word % 2);
    this.r = even / 2;
    this.place = even + 2;
    this.digest = even + 4;
    this.id = even + 4 + DIGEST_WORDS;
    this.next = even + 5 + DIGEST_WORDS;
    this.stride = even + 6 + DIGEST_WORDS;
  }

  textWord(slot: number): number {
    const word = this.textWords[slot]!;
    assert(word >= 0, 'a text is kept for each path that is read');
    return word;
  }

  numberWord(slot: number): number {
    const word = this.numberWords[slot]!;
    assert(word >= 0, 'a number is kept for each path that is read');
    return word;
  }
}
