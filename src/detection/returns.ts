import type { DecodedTransaction } from '../transactions/decoded.ts';
import { STATUSES, TEXT_SLOT } from '../transactions/fields.ts';
import type { Identities } from './identities.ts';
import { FLAG, type Rows } from './rows.ts';
import { SegmentedMap } from './segmentedMap.ts';

const OF_SOURCE = TEXT_SLOT.get('returnOf.source')!;
const OF_ID = TEXT_SLOT.get('returnOf.id')!;
const RETURNED = STATUSES.indexOf('returned');
const SEGMENTS = 64;
const HASHES = 1 << 16;

interface Target {
  readonly source: string;
  readonly id: string;
}

/** Which transactions were given back in full (S14), in whichever order the two come. */
export class Returns {
  private readonly rows: Rows;
  private readonly identities: Identities;
  private readonly horizonMs: number;
  /** What each return gives back, by its row. */
  private readonly targets = new SegmentedMap<Target>();
  /** Rows of the returns of one source and identifier. */
  private readonly byTarget: Map<string, Set<number>>[] = Array.from({ length: SEGMENTS }, () => new Map<string, Set<number>>());
  /** How many returns name an identifier of a hash: most transactions are named by none, and that is known without making a name for them. */
  private readonly named = new Uint32Array(HASHES);

  constructor(rows: Rows, identities: Identities, horizonMs: number) {
    this.rows = rows;
    this.identities = identities;
    this.horizonMs = horizonMs;
  }

  get size(): number {
    return this.targets.size;
  }

  add(row: number, tx: DecodedTransaction): void {
    const { table } = this.rows;
    const target = { source: table.text(tx.texts[OF_SOURCE]!), id: table.text(tx.texts[OF_ID]!) };
    this.targets.set(row, target);
    this.named[hashOf(target.id)]!++;
    const name = nameOf(target);
    const segment = this.segmentOf(name);
    const returns = segment.get(name);
    if (returns === undefined) segment.set(name, new Set([row]));
    else returns.add(row);
  }

  remove(row: number): void {
    const target = this.targets.get(row)!;
    const name = nameOf(target);
    this.named[hashOf(target.id)]!--;
    this.targets.delete(row);
    const segment = this.segmentOf(name);
    const returns = segment.get(name)!;
    returns.delete(row);
    if (returns.size === 0) segment.delete(name);
  }

  /** Rows of the transactions that a return names, whether or not it gives them back. */
  originalsOf(row: number): number[] {
    const { source, id } = this.targets.get(row)!;
    const textId = this.rows.table.find(source);
    return textId === 0 ? [] : this.identities.all(textId, id).filter((original) => !this.rows.has(original, FLAG.isReturn));
  }

  /** Whether a transaction that is no return was given back: by its own status, or by a return. `id` is its identifier, where that is at hand. */
  isReturned(row: number, id?: string): boolean {
    const { rows } = this;
    if (rows.status(row) === RETURNED) return true;
    if (this.targets.size === 0) return false;
    const own = id ?? rows.id(row);
    if (this.named[hashOf(own)] === 0) return false;
    const name = nameOf({ source: rows.source(row), id: own });
    for (const y of this.segmentOf(name).get(name) ?? []) if (this.givesBack(y, row)) return true;
    return false;
  }

  /** Whether a return gives back a transaction that it names. */
  private givesBack(y: number, x: number): boolean {
    const { rows } = this;
    const age = rows.t(y) - rows.t(x);
    return rows.status(y) < RETURNED && age >= 0 && age <= this.horizonMs && rows.amount(y) === rows.amount(x) && rows.currency(y) === rows.currency(x);
  }

  private segmentOf(name: string): Map<string, Set<number>> {
    return this.byTarget[hashOf(name) % SEGMENTS]!;
  }
}

/** Of the last characters, in which identifiers differ. */
function hashOf(text: string): number {
  let h = 0;
  for (let i = Math.max(0, text.length - 12); i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0;
  return (h ^ (h >>> 16)) & (HASHES - 1);
}

function nameOf({ source, id }: Target): string {
  return `${source.length} ${source} ${id}`;
}
