import { assert } from '../base/assert.ts';
import { TEXT_SLOT } from '../transactions/fields.ts';
import type { DecodedTransaction } from '../transactions/decoded.ts';
import type { Conflict, Receipt, RecordCounts } from './api.ts';
import type { Identities } from './identities.ts';
import type { Hours } from './hours.ts';
import { DIGEST_WORDS, FLAG, type Rows, wordAt } from './rows.ts';
import { SegmentedMap } from './segmentedMap.ts';

const SOURCE = TEXT_SLOT.get('source')!;

/** What a record changed. The row of an identity is another one when another content wins. */
export type Change =
  | { readonly kind: 'new'; readonly row: number; readonly isReused: boolean }
  | { readonly kind: 'none'; readonly outcome: 'duplicate' }
  | { readonly kind: 'status'; readonly row: number; readonly before: number }
  /** A further content that lost; its legs count towards overfull days all the same (S15). */
  | { readonly kind: 'lost'; readonly row: number }
  /** Another content won: `row` takes the place of `loser`. `statusBefore` is that of the loser. */
  | { readonly kind: 'won'; readonly row: number; readonly loser: number };

/** The contents of one identity that lost (S2), each as a row that is found by nothing else. */
interface Contest {
  losers: number[];
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

  constructor(rows: Rows, identities: Identities, hours: Hours) {
    this.rows = rows;
    this.identities = identities;
    this.hours = hours;
  }

  /** Takes a record that is neither refused nor too late. Throws `engine-full` before anything has changed. */
  take(tx: DecodedTransaction, receipt: Receipt): Change {
    const source = tx.texts[SOURCE]!;
    const hash = this.identities.hash(source, tx.id);
    const { row, reused } = this.identities.find(hash, source, tx.id, tx.timeMs);
    if (row >= 0) return this.takeFurther(row, tx, receipt);
    const added = this.add(tx, receipt, hash);
    this.identities.add(added);
    this.counts.applied++;
    return { kind: 'new', row: added, isReused: reused };
  }

  /** Rows of the contents that lost against a row. */
  losersOf(row: number): readonly number[] {
    return this.contests.get(row)?.losers ?? [];
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

  private add(tx: DecodedTransaction, { r, partition, offset }: Receipt, hash: number): number {
    const row = this.rows.add(tx, r, partition, offset, hash);
    this.hours.add(row);
    return row;
  }

  private takeFurther(row: number, tx: DecodedTransaction, receipt: Receipt): Change {
    if (this.hasDigest(row, tx.digest)) {
      this.counts.duplicate++;
      return this.repeat(row, tx, receipt);
    }
    const contest = this.contests.get(row);
    const known = contest?.losers.find((loser) => this.hasDigest(loser, tx.digest));
    if (known !== undefined) {
      this.repeat(known, tx, receipt);
      this.counts.conflict++;
      return this.precedes(known, row) ? this.win(known, row) : { kind: 'lost', row };
    }
    const added = this.add(tx, receipt, this.rows.hash[row]!);
    this.rows.flags[added]! |= FLAG.lost;
    this.counts.conflict++;
    if (contest === undefined) this.contests.set(row, { losers: [added], told: new Set() });
    else contest.losers.push(added);
    if (this.precedes(added, row)) return this.win(added, row);
    this.tell(row, added);
    return { kind: 'lost', row };
  }

  /** A further record of a content that is known. The place shown is that of its least record. */
  private repeat(row: number, tx: DecodedTransaction, { r, partition, offset }: Receipt): Change {
    const { rows } = this;
    rows.repeats[row]!++;
    const isEarlier = r - rows.r[row]! || partition - rows.partition[row]! || offset - rows.offset[row]!;
    if (isEarlier < 0) {
      rows.r[row] = r;
      rows.partition[row] = partition;
      rows.offset[row] = offset;
    }
    const before = rows.status[row]!;
    if (tx.status <= before) return { kind: 'none', outcome: 'duplicate' };
    rows.status[row] = tx.status;
    return { kind: 'status', row, before };
  }

  private win(row: number, loser: number): Change {
    const { rows, counts } = this;
    const contest = this.contests.get(loser);
    assert(contest !== undefined, 'a content that comes to win had lost');
    contest.losers = contest.losers.map((other) => (other === row ? loser : other));
    contest.told.delete(row);
    this.contests.delete(loser);
    this.contests.set(row, contest);
    this.identities.remove(loser);
    this.identities.add(row);
    rows.flags[row]! &= ~FLAG.lost;
    rows.flags[loser]! |= FLAG.lost;
    counts.duplicate += rows.repeats[row]! - rows.repeats[loser]!;
    counts.conflict += rows.repeats[loser]! - rows.repeats[row]!;
    this.tell(row, loser);
    return { kind: 'won', row, loser };
  }

  private tell(winner: number, loser: number): void {
    const { rows } = this;
    const { told } = this.contests.get(winner)!;
    if (told.has(loser)) return;
    told.add(loser);
    this.conflicts.push({
      source: rows.table.text(rows.texts[rows.source]![loser]!),
      id: rows.id(loser),
      winningDigest: rows.digestHex(winner),
      losingDigest: rows.digestHex(loser),
      place: { partition: rows.partition[loser]!, offset: rows.offset[loser]! },
    });
  }

  private hasDigest(row: number, digest: Uint8Array): boolean {
    for (let i = 0; i < DIGEST_WORDS; i++) if (this.rows.digest[row * DIGEST_WORDS + i] !== wordAt(digest, i * 4)) return false;
    return true;
  }

  /** Whether a content's least record comes before another's, by (r, digest). */
  private precedes(a: number, b: number): boolean {
    const { r, digest } = this.rows;
    if (r[a] !== r[b]) return r[a]! < r[b]!;
    for (let i = 0; i < DIGEST_WORDS; i++) {
      const difference = digest[a * DIGEST_WORDS + i]! - digest[b * DIGEST_WORDS + i]!;
      if (difference !== 0) return difference < 0;
    }
    return false;
  }
}
