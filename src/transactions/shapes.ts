import { isAscii, isUtf8 } from 'node:buffer';
import { type LearnedStep, learnShape, type ValueEnd } from './learn.ts';
import { LIMITS } from './limits.ts';
import { lastWord, PaddedBytes } from './paddedBytes.ts';
import { LEAVES } from './plan.ts';
import { CHARACTERS_MAX, CHARACTERS_MIN } from './ranks.ts';
import type { LeafSpans } from './spans.ts';
import { endOfText, endsOfText, QUOTE } from './tokens.ts';

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
  /** The bytes of the piece in words, zeros behind them. */
  readonly words: Int32Array;
  /** Of the bytes in the last word. */
  readonly lastMask: number;
  readonly length: number;
  /** All bits of the words. */
  readonly bits: number;
  /** Rank of the leaf that follows, or `END`. */
  readonly to: number;
  /** Bits of the objects that the piece opens. */
  readonly opens: number;
  /** Finds the end of the value that follows; null: a text. */
  readonly ends: ValueEnd | null;
}

export class ShapeScanner {
  private states: Edge[][] = [];
  private readonly unknownRanks = new Map<string, number>();
  private edges = 0;
  /** Whether something could not be learned for want of room. */
  private full = false;
  private misses = 0;
  /** All bits of the words read since they were 0: an upper bit among them says that not all is ASCII. */
  private bits = 0;

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
    spans.begin();
    const { start, end, record } = spans;
    record.take(bytes);
    const { view } = record;
    let state = START;
    let at = 0;
    let opened = 0;
    let looked = false;
    this.bits = 0;
    for (;;) {
      const edge = this.follow(state, view, at);
      if (edge === null || (opened & edge.opens) !== 0) return false;
      at += edge.length;
      if (edge.to === END) break;
      opened |= edge.opens;
      state = edge.to;
      if (start[state]! >= 0) return false;
      start[state] = at;
      if (edge.ends === null) at = this.endOfText(view, at);
      else {
        at = edge.ends(bytes, at);
        looked = true;
      }
      if (at < 0) return false;
      end[state] = at;
      if (state >= LEAVES.length) spans.unknownFields++;
      else if (at - start[state]! < CHARACTERS_MIN[state]! || at - start[state]! > CHARACTERS_MAX[state]!) return false;
    }
    if (at !== bytes.length) return false;
    spans.measured = true;
    spans.ascii = (this.bits & 0x80808080) === 0 && (!looked || isAscii(bytes));
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

  /** As `endOfText` of `tokens.ts`, four bytes at a time: beyond the record are zeros, which end it. */
  private endOfText(view: DataView, start: number): number {
    for (let at = start; ; at += 4) {
      const word = view.getInt32(at, true);
      this.bits |= word;
      const ends = endsOfText(word);
      if (ends === 0) continue;
      const end = at + ((31 - Math.clz32(ends & -ends)) >> 3);
      return view.getUint8(end) === QUOTE ? end : -1;
    }
  }

  private follow(state: number, view: DataView, at: number): Edge | null {
    const edges = this.states[state]!;
    for (let i = 0; i < edges.length; i++) {
      const edge = edges[i]!;
      if (!stands(edge, view, at)) continue;
      this.bits |= edge.bits;
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
    const next = edgeOf(step);
    if (edges.some((edge) => edge.length === next.length && edge.words.every((word, i) => word === next.words[i]))) return;
    if (this.edges >= EDGES_MAX || edges.length >= EDGES_OF_STATE_MAX) {
      this.full = true;
      return;
    }
    edges.push(next);
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

function edgeOf({ piece, rank, opens, ends }: LearnedStep): Edge {
  const { view } = PaddedBytes.of(piece);
  const words = Int32Array.from({ length: Math.ceil(piece.length / 4) }, (_, i) => lastWord(view, i * 4, piece.length));
  const bits = words.reduce((all, word) => all | word, 0);
  const lastMask = piece.length % 4 === 0 ? -1 : (1 << ((piece.length % 4) * 8)) - 1;
  return { words, lastMask, length: piece.length, bits, to: rank ?? END, opens, ends: ends === endOfText ? null : ends };
}

/** Whether an edge's piece stands at a place. It holds no zeros, so that it never reaches beyond the zeros behind the record. */
function stands({ words, lastMask }: Edge, view: DataView, at: number): boolean {
  const last = words.length - 1;
  for (let i = 0; i < last; i++) if (view.getInt32(at + i * 4, true) !== words[i]) return false;
  return ((view.getInt32(at + last * 4, true) ^ words[last]!) & lastMask) === 0;
}
