import { isAscii, isUtf8 } from 'node:buffer';
import { type LearnedStep, learnShape, type ValueEnd } from './learn.ts';
import { LIMITS } from './limits.ts';
import { LEAVES } from './plan.ts';
import type { LeafSpans } from './spans.ts';
import { startsWith } from './tokens.ts';

/**
 * Reading records by shape. Most records of a source differ only in their values, so what stands between two values (quotes, names, braces) is
 * learned from records that the exact parser accepted, and compared as bytes from then on; a value is what lies before the next quote, or a number, `true`, `false`, `null`,
 * or a list of items in its normal form.
 *
 * The learned pieces form an automaton: a state for each leaf that can have been read last, an edge for each piece that followed it. Since a leaf's
 * path says which objects are open, every way through it is a JSON record of known structure, except that a name could come twice: so leaves and objects are
 * counted, and a record with a repeated one, with an escape, a control character, another value, or any piece not learned, is left to the exact parser.
 * It may refuse to answer; it must never answer otherwise.
 */
const EDGES_MAX = 2048;
const EDGES_OF_STATE_MAX = 24;
/** Names outside the model that can be learned, each with its own state. */
export const UNKNOWN_NAMES_MAX = 64;
/** Records left unread since an automaton was full before it is emptied: senders change, and a hostile one must not keep the others slow for ever. */
const MISSES_BEFORE_FORGETTING = 50_000;

const START = LEAVES.length + UNKNOWN_NAMES_MAX;
const END = -1;

interface Edge {
  readonly piece: Uint8Array;
  /** Rank of the leaf that follows, or `END`. */
  readonly to: number;
  /** Bits of the objects that the piece opens. */
  readonly opens: number;
  /** Finds the end of the value that follows. */
  readonly ends: ValueEnd;
}

export class ShapeScanner {
  private states: Edge[][] = [];
  private readonly unknownRanks = new Map<string, number>();
  private edges = 0;
  /** Whether something could not be learned for want of room. */
  private full = false;
  private misses = 0;

  constructor() {
    this.forget();
  }

  /** Number of pieces learned. */
  get size(): number {
    return this.edges;
  }

  /** Fills the spans and answers true; or answers false, and the exact parser has to read the record. */
  scan(bytes: Buffer, spans: LeafSpans): boolean {
    if (bytes.length > LIMITS.recordBytesMax) return false;
    spans.begin(bytes);
    const { start, end } = spans;
    let state = START;
    let at = 0;
    let opened = 0;
    for (;;) {
      const edge = this.follow(state, bytes, at);
      if (edge === null || (opened & edge.opens) !== 0) return false;
      at += edge.piece.length;
      if (edge.to === END) break;
      opened |= edge.opens;
      state = edge.to;
      if (start[state]! >= 0) return false;
      start[state] = at;
      at = edge.ends(bytes, at);
      if (at < 0) return false;
      end[state] = at;
      if (state >= LEAVES.length) spans.unknownFields++;
    }
    if (at !== bytes.length) return false;
    spans.ascii = isAscii(bytes);
    return spans.ascii || isUtf8(bytes);
  }

  /** Learns from a record that the exact parser accepted. */
  learn(bytes: Buffer): void {
    if (this.full && ++this.misses >= MISSES_BEFORE_FORGETTING) this.forget();
    const steps = learnShape(bytes, (path) => this.unknownRank(path));
    let state = START;
    for (const step of steps ?? []) {
      this.addEdge(state, step);
      state = step.rank ?? START;
    }
  }

  private follow(state: number, bytes: Uint8Array, at: number): Edge | null {
    const edges = this.states[state]!;
    for (let i = 0; i < edges.length; i++) {
      const edge = edges[i]!;
      if (!startsWith(bytes, at, edge.piece)) continue;
      // What was met last is asked a little earlier the next time.
      if (i > 0) {
        edges[i] = edges[i - 1]!;
        edges[i - 1] = edge;
      }
      return edge;
    }
    return null;
  }

  private addEdge(state: number, step: LearnedStep): void {
    const edges = this.states[state]!;
    if (edges.some((edge) => Buffer.compare(edge.piece, step.piece) === 0)) return;
    if (this.edges >= EDGES_MAX || edges.length >= EDGES_OF_STATE_MAX) {
      this.full = true;
      return;
    }
    edges.push({ piece: Uint8Array.from(step.piece), to: step.rank ?? END, opens: step.opens, ends: step.ends });
    this.edges++;
  }

  private unknownRank(path: string): number | null {
    const known = this.unknownRanks.get(path);
    if (known !== undefined) return known;
    if (this.unknownRanks.size >= UNKNOWN_NAMES_MAX) {
      this.full = true;
      return null;
    }
    const rank = LEAVES.length + this.unknownRanks.size;
    this.unknownRanks.set(path, rank);
    return rank;
  }

  private forget(): void {
    this.states = Array.from({ length: START + 1 }, () => []);
    this.unknownRanks.clear();
    this.edges = 0;
    this.full = false;
    this.misses = 0;
  }
}
