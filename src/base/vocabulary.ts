import { getSystemErrorMap } from 'node:util';
import { isErrorCode } from './errors.ts';
import { VOCABULARY_MAX } from './limits.ts';

/** What stands for a text that is not in the vocabulary. */
export const OTHER = 'other';

/**
 * The texts that may stand in a log or in a metric's label: words of ours and of the configuration, never of a record. A text is shown because
 * it is known, not because of where it stands, so that no field of a record can get out by a slip.
 */
export class Vocabulary {
  private readonly words = new Set<string>();

  constructor(...lists: readonly Iterable<string>[]) {
    this.add(SYSTEM_ERRORS);
    for (const list of lists) this.add(list);
  }

  /** Words from the code or from the operator: reason codes, topics, typologies. Beyond the limit further ones stay unknown. */
  add(words: Iterable<string>): void {
    for (const word of words) if (this.words.size < VOCABULARY_MAX) this.words.add(word);
  }

  has(text: string): boolean {
    return this.words.has(text) || isErrorCode(text);
  }

  /** The text itself where it is known. */
  shown(text: string): string {
    return this.has(text) ? text : OTHER;
  }
}

/** Such as `ECONNREFUSED`. */
const SYSTEM_ERRORS: readonly string[] = [...getSystemErrorMap().values()].map(([name]) => name);
