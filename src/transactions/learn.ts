import { type LeafPlan, type ObjectPlan, RECORD_PLAN } from './plan.ts';
import { endOfItems, endOfScalar, endOfText } from './tokens.ts';

/** The place where a value that starts at a place ends, or -1. */
export type ValueEnd = (bytes: Uint8Array, start: number) => number;

/** What lies before a value, or, with rank null, what ends the record. */
export interface LearnedStep {
  readonly piece: Uint8Array;
  readonly rank: number | null;
  /** Bits of the objects that the piece opens. */
  readonly opens: number;
  /** How the end of the value is found. */
  readonly ends: ValueEnd;
}

/** Longer pieces are blanks or nonsense, and would let a sender fill the memory. */
const PIECE_BYTES_MAX = 256;
const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const OPEN = 123;
const CLOSE = 125;
const SPACE = 32;

const objectsOf = (plan: ObjectPlan): ObjectPlan[] => plan.objects.flatMap((child) => [child, ...objectsOf(child)]);
const OBJECT_BIT: ReadonlyMap<ObjectPlan, number> = new Map(objectsOf(RECORD_PLAN).map((plan, i) => [plan, 1 << i]));

/** Raised where a record is not of the plain kind whose shape can be learned; it leaves this file never. */
class NotPlain extends Error {}

/**
 * The pieces between the values of a record, which must be valid JSON; null where it is not plain: known objects with texts, numbers and literals, items in their
 * normal form, nothing escaped, no name twice. `rankOfUnknown` gives a name outside the model a rank, or null.
 */
export function learnShape(bytes: Buffer, rankOfUnknown: (path: string) => number | null): LearnedStep[] | null {
  try {
    return new ShapeReader(bytes, rankOfUnknown).read();
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

class ShapeReader {
  private readonly bytes: Buffer;
  private readonly rankOfUnknown: (path: string) => number | null;
  private readonly steps: LearnedStep[] = [];
  private readonly seen = new Set<string>();
  private at = 0;
  private pieceStart = 0;
  private opens = 0;

  constructor(bytes: Buffer, rankOfUnknown: (path: string) => number | null) {
    this.bytes = bytes;
    this.rankOfUnknown = rankOfUnknown;
  }

  read(): LearnedStep[] {
    this.blanks();
    this.object(RECORD_PLAN);
    this.step(this.bytes.length, null, endOfText);
    return this.steps;
  }

  private object(plan: ObjectPlan): void {
    this.expect(OPEN);
    this.blanks();
    while (this.bytes[this.at] !== CLOSE) {
      const name = this.text();
      this.blanks();
      this.expect(COLON);
      this.blanks();
      this.member(plan, name);
      this.blanks();
      if (this.bytes[this.at] !== CLOSE) this.at++;
      this.blanks();
    }
    this.at++;
  }

  private member(plan: ObjectPlan, name: string): void {
    // A line feed stands in no name here, so that `a.b` at the top and `b` inside `a` stay apart.
    const path = `${plan.path}\n${name}`;
    if (this.seen.has(path)) throw new NotPlain();
    this.seen.add(path);
    const child = plan.objects.find((o) => o.key === name);
    if (child !== undefined) {
      this.opens |= OBJECT_BIT.get(child)!;
      this.object(child);
      return;
    }
    const leaf = plan.leaves.find((l) => l.key === name);
    const rank = leaf === undefined ? this.rankOfUnknown(path) : leaf.rank;
    if (rank === null) throw new NotPlain();
    const ends = this.valueEnd(leaf);
    // The quote before a text belongs to the piece, and the one after it to the next.
    if (ends === endOfText) this.at++;
    this.step(this.at, rank, ends);
    this.at = ends(this.bytes, this.at);
    if (this.at < 0) throw new NotPlain();
    this.pieceStart = this.at;
    if (ends === endOfText) this.at++;
  }

  /** How a value of this leaf, or of a name outside the model, is read. */
  private valueEnd(leaf: LeafPlan | undefined): ValueEnd {
    const quoted = this.bytes[this.at] === QUOTE;
    if (leaf === undefined) return quoted ? endOfText : endOfScalar;
    if (leaf.role === 'items') return endOfItems;
    if (leaf.role === 'count' || leaf.role === 'flag') return endOfScalar;
    return endOfText;
  }

  private step(pieceEnd: number, rank: number | null, ends: ValueEnd): void {
    if (pieceEnd - this.pieceStart > PIECE_BYTES_MAX) throw new NotPlain();
    this.steps.push({ piece: this.bytes.subarray(this.pieceStart, pieceEnd), rank, opens: this.opens, ends });
    this.opens = 0;
  }

  /** A JSON text without escapes; what stands after it comes next. */
  private text(): string {
    this.expect(QUOTE);
    const start = this.at;
    while (this.at < this.bytes.length && this.bytes[this.at] !== QUOTE) if (this.bytes[this.at++] === BACKSLASH) throw new NotPlain();
    return this.bytes.toString('utf8', start, this.at++);
  }

  private expect(byte: number): void {
    if (this.bytes[this.at++] !== byte) throw new NotPlain();
  }

  private blanks(): void {
    while (this.at < this.bytes.length && this.bytes[this.at]! <= SPACE) this.at++;
  }
}
