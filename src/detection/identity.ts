import { assert } from '../base/assert.ts';
import type { DecodedTransaction } from '../transactions/decoded.ts';
import { TEXT_SLOT } from '../transactions/fields.ts';
import type { Conflict, Receipt, RecordCounts } from './api.ts';
import type { Hours } from './hours.ts';
import type { Identities } from './identities.ts';
import { FLAG, type Rows } from './rows.ts';
import { SegmentedMap } from './segmentedMap.ts';

/** Of a digest: what `Rows` keeps of it. */
const DIGEST_BYTES = 16;
const SOURCE = TEXT_SLOT.get('source')!;

/** What a record changed. */
export type Change = 'new' | 'reused' | 'duplicate' | 'status' | 'lost' | 'known' | 'won';

/** The contents of one identity that lost (S2), each as a row that is found by nothing else, by digest. */
interface Contest {
  readonly losers: Map<string, number>;
  /** Losers that quarantine has been told of since they lost. */
  readonly told: Set<number>;
}

/**
 * Which record gives the content of a transaction (S2): of all its records the least by (r, digest). Every content that was ever received is kept for
 * as long as the identity, since a later record can make it win.
 */
export class Identity {
  readonly counts: RecordCounts = { applied: 0, duplicate: 0, conflict: 0, late: 0, future: 0, clockSkew: 0 };
  private readonly rows: Rows;
  private readonly identities: Identities;
  private readonly hours: Hours;
  private readonly contests = new SegmentedMap<Contest>();
  private conflicts: Conflict[] = [];
  /** The row of the identity that `take` was about last: that of the content that wins. */
  row = -1;
  /** After `won`: the row whose place it took. After `lost`: the row of the content that lost. */
  loser = -1;
  /** After `status`: the status before. */
  statusBefore = 0;

  constructor(rows: Rows, identities: Identities, hours: Hours) {
    this.rows = rows;
    this.identities = identities;
    this.hours = hours;
  }

  /**
   * Takes a record that is neither refused nor too late. Throws `engine-full` before anything has changed. `new`: another transaction; `reused`: the same,
   * its identifier known under another time; `status`: a duplicate that says more; `lost`: a further content, whose legs count towards overfull
   * days all the same (S15); `known`: one that had lost before; `won`: another content than before stands, in another row.
   */
  take(tx: DecodedTransaction, receipt: Receipt): Change {
    const source = tx.texts[SOURCE]!;
    const hash = this.identities.hash(source, tx.id);
    this.row = this.identities.find(hash, source, tx.id, tx.timeMs);
    if (this.row >= 0) return this.takeFurther(this.row, tx, receipt);
    const isReused = this.identities.isReused;
    this.row = this.add(tx, receipt);
    this.identities.add(hash, this.row);
    this.counts.applied++;
    return isReused ? 'reused' : 'new';
  }

  /** Rows of the contents that lost against a row. */
  losersOf(row: number): Iterable<number> {
    return this.contests.get(row)?.losers.values() ?? [];
  }

  /** Forgets an identity. Its rows are left to the caller. */
  forget(row: number): void {
    this.identities.remove(row);
    if (this.contests.size > 0) this.contests.delete(row);
  }

  takeConflicts(): Conflict[] {
    const taken = this.conflicts;
    this.conflicts = [];
    return taken;
  }

  private add(tx: DecodedTransaction, { r, partition, offset }: Receipt): number {
    const row = this.rows.add(tx, r, partition, offset);
    this.hours.add(row);
    return row;
  }

  private takeFurther(row: number, tx: DecodedTransaction, receipt: Receipt): Change {
    if (this.rows.hasDigest(row, tx.digest)) {
      this.counts.duplicate++;
      return this.repeat(row, tx, receipt);
    }
    const contest = this.contests.get(row);
    const digest = Buffer.from(tx.digest.buffer, tx.digest.byteOffset, DIGEST_BYTES).toString('hex');
    const known = contest?.losers.get(digest);
    if (known !== undefined) {
      this.repeat(known, tx, receipt);
      this.counts.conflict++;
      return this.precedes(known, row) ? this.win(known, row) : 'known';
    }
    const added = this.add(tx, receipt);
    this.rows.set(added, FLAG.lost);
    this.counts.conflict++;
    if (contest === undefined) this.contests.set(row, { losers: new Map([[digest, added]]), told: new Set() });
    else contest.losers.set(digest, added);
    if (this.precedes(added, row)) return this.win(added, row);
    this.tell(row, added);
    this.loser = added;
    return 'lost';
  }

  /** A further record of a content that is known. The place shown is that of its least record. */
  private repeat(row: number, tx: DecodedTransaction, { r, partition, offset }: Receipt): Change {
    const { rows } = this;
    rows.addRepeat(row);
    const isEarlier = r - rows.r(row) || partition - rows.partition(row) || offset - rows.offset(row);
    if (isEarlier < 0) rows.setPlace(row, r, partition, offset);
    const before = rows.status(row);
    if (tx.status <= before) return 'duplicate';
    rows.setStatus(row, tx.status);
    this.statusBefore = before;
    return 'status';
  }

  private win(row: number, loser: number): Change {
    const { rows, counts } = this;
    const contest = this.contests.get(loser);
    assert(contest !== undefined, 'a content that comes to win had lost');
    contest.losers.delete(rows.digestHex(row));
    contest.losers.set(rows.digestHex(loser), loser);
    contest.told.delete(row);
    this.contests.delete(loser);
    this.contests.set(row, contest);
    this.identities.replace(loser, row);
    rows.clear(row, FLAG.lost);
    rows.set(loser, FLAG.lost);
    counts.duplicate += rows.repeats(row) - rows.repeats(loser);
    counts.conflict += rows.repeats(loser) - rows.repeats(row);
    this.tell(row, loser);
    this.row = row;
    this.loser = loser;
    return 'won';
  }

  private tell(winner: number, loser: number): void {
    const { rows } = this;
    const { told } = this.contests.get(winner)!;
    if (told.has(loser)) return;
    told.add(loser);
    this.conflicts.push({
      source: rows.source(loser),
      id: rows.id(loser),
      winningDigest: rows.digestHex(winner),
      losingDigest: rows.digestHex(loser),
      place: { partition: rows.partition(loser), offset: rows.offset(loser) },
    });
  }

  /** Whether a content's least record comes before another's, by (r, digest). */
  private precedes(a: number, b: number): boolean {
    const difference = this.rows.r(a) - this.rows.r(b) || this.rows.compareDigests(a, b);
    return difference < 0;
  }
}
