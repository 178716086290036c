import { isBlank } from './lines.ts';

/** Where recorded records come from: `LineReader`, or whatever hands out lines as it does. */
export interface RecordSource {
  /** As it is named in places and messages. */
  readonly path: string;
  /** Number of the line handed out last, from 1. */
  readonly line: number;
  next(): Buffer | undefined;
  fill(): Promise<boolean>;
  destroy(): void;
}

/** A line in hand, and where it stood. */
export interface Line {
  readonly bytes: Buffer;
  readonly number: number;
}

/** One source with its receipt time so far, and lines that were looked at ahead. */
export class Feed {
  readonly source: RecordSource;
  readonly partition: number;
  /** r of the last accepted record; −∞ before the first. */
  rMs = Number.NEGATIVE_INFINITY;
  private readonly ahead: Line[] = [];

  constructor(source: RecordSource, partition: number) {
    this.source = source;
    this.partition = partition;
  }

  /** The next line that is not blank; undefined: `fill` first. */
  next(): Line | undefined {
    const looked = this.ahead.shift();
    if (looked !== undefined) return looked;
    for (let bytes = this.source.next(); bytes !== undefined; bytes = this.source.next()) {
      if (bytes.length > 0 && !isBlank(bytes)) return { bytes, number: this.source.line };
    }
    return undefined;
  }

  fill(): Promise<boolean> {
    return this.source.fill();
  }

  /** Looks at lines ahead, without taking them, until one satisfies, or there are no more, or `linesMax` were looked at. */
  async lookAhead(satisfies: (bytes: Buffer) => boolean, linesMax: number): Promise<void> {
    const looked: Line[] = [];
    while (looked.length < linesMax) {
      const line = this.next();
      if (line === undefined) {
        if (await this.fill()) continue;
        break;
      }
      // Copied, since the source may use its bytes again.
      looked.push({ bytes: Buffer.from(line.bytes), number: line.number });
      if (satisfies(line.bytes)) break;
    }
    this.ahead.push(...looked);
  }
}

/** The one that is furthest behind in receipt time, the first of several (`semantics.md`, "What comes in"). */
export function furthestBehind(feeds: readonly Feed[]): Feed | undefined {
  let least = feeds[0];
  for (const feed of feeds) if (feed.rMs < least!.rMs) least = feed;
  return least;
}
