import { type AccountVerdict, accountVerdict, mayBeIban } from './quality.ts';
import type { TextTable } from './texts.ts';
import { VerdictCache } from './verdicts.ts';

/** Notes on an interned account: 0 is "not asked yet". */
const MARKS: readonly AccountVerdict[] = ['other', 'other', 'iban', 'iban-checksum', 'iban-structure', 'iban-print-form'];
const NOT_ASKED = 0;

/** What accounts are, each distinct one asked once. */
export class Accounts {
  private readonly texts: TextTable;
  private readonly verdicts = new VerdictCache(accountVerdict);

  constructor(texts: TextTable) {
    this.texts = texts;
  }

  /** Of an account that is interned as it is: the answer is noted with the text, and held as long. */
  ofInterned(id: number, bytes: Buffer, start: number, end: number): AccountVerdict {
    const mark = this.texts.mark(id);
    if (mark !== NOT_ASKED) return MARKS[mark]!;
    const verdict = mayBeIban(bytes, start, end) ? accountVerdict(bytes.toString('latin1', start, end)) : 'other';
    this.texts.setMark(id, MARKS.lastIndexOf(verdict));
    return verdict;
  }

  /** Of any identifier: what may be an IBAN is kept in a bounded cache, anything else is answered at sight. */
  of(bytes: Buffer, start: number, end: number): AccountVerdict {
    return mayBeIban(bytes, start, end) ? this.verdicts.get(bytes.toString('latin1', start, end)) : 'other';
  }
}
