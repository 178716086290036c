import type { TextTable } from './texts.ts';

/** A closed list of ASCII words, looked up by their bytes without making a text. */
export class Vocabulary {
  readonly list: readonly string[];
  private readonly words: readonly Uint8Array[];
  /** Index of a word plus one, by hash; 0 is free. At most a quarter is used, so that a search is short whatever is asked. */
  private readonly table: Uint16Array;

  constructor(words: readonly string[]) {
    this.list = words;
    this.words = words.map((word) => Uint8Array.from(Buffer.from(word, 'latin1')));
    this.table = new Uint16Array(2 ** Math.ceil(Math.log2(words.length * 4)));
    for (const [i, word] of this.words.entries()) {
      let at = hashOf(word, 0, word.length) & (this.table.length - 1);
      while (this.table[at] !== 0) at = (at + 1) & (this.table.length - 1);
      this.table[at] = i + 1;
    }
  }

  /** The index of the word that the bytes from `start` to before `end` are, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const mask = this.table.length - 1;
    for (let at = hashOf(bytes, start, end) & mask; this.table[at] !== 0; at = (at + 1) & mask) {
      const index = this.table[at]! - 1;
      if (sameBytes(this.words[index]!, bytes, start, end)) return index;
    }
    return -1;
  }
}

/** A vocabulary whose words, once met, stay interned: they are few, and come in every record. */
export class InternedVocabulary {
  readonly vocabulary: Vocabulary;
  private readonly texts: TextTable;
  private readonly ids: Int32Array;

  constructor(vocabulary: Vocabulary, texts: TextTable) {
    this.vocabulary = vocabulary;
    this.texts = texts;
    this.ids = new Int32Array(vocabulary.list.length);
  }

  /** The interned id of the word at an index. */
  id(index: number): number {
    const known = this.ids[index]!;
    if (known !== 0) return known;
    const id = this.texts.intern(this.vocabulary.list[index]!);
    this.texts.retain(id);
    this.ids[index] = id;
    return id;
  }
}

/** Hashes and compares look at this much: no word is longer, and a longer text must not cost more. */
const WORD_BYTES_MAX = 20;

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let h = end - start;
  const stop = end - start > WORD_BYTES_MAX ? start + WORD_BYTES_MAX : end;
  for (let i = start; i < stop; i++) h = Math.imul(h, 31) + bytes[i]!;
  return h ^ (h >>> 7);
}

function sameBytes(word: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let i = 0; i < word.length; i++) if (word[i] !== bytes[start + i]) return false;
  return true;
}
