import { type DetectionSettings, SLACK_MS } from '../../detection/settings.ts';
import { blankTransaction, createDecoder } from '../../transactions/decoder.ts';
import type { RateTable } from '../../transactions/rateLookup.ts';
import { TextTable } from '../../transactions/texts.ts';
import type { Typology } from '../../typologies/ast.ts';
import { createDetector } from '../createDetector.ts';
import type { Detector, DetectorCounts } from '../detector.ts';
import { Progress } from '../progress.ts';
import type { Told } from '../told.ts';
import { type Revision, Revisions, type Tally } from './revisions.ts';
import { Feed, furthestBehind, type Line, type RecordSource } from './sources.ts';
import { type StageTimes, Stopwatch } from './stopwatch.ts';

export interface ScreenOptions {
  readonly sources: readonly RecordSource[];
  /** Those that are to run. */
  readonly typologies: readonly Typology[];
  readonly rates: RateTable;
  /** `place` is not used: a place is `path:line`. */
  readonly settings: DetectionSettings;
  readonly prefixBySource?: ReadonlyMap<string, string>;
  readonly onRevision: (revision: Revision) => void;
  readonly onTold: (told: Told) => void;
  /** Asked at the end of each batch. */
  readonly onProgress?: (records: number) => void;
  /** A step of receipt time of more than 7 days: the file may have a gap, or a wrong date. */
  readonly onStep?: (place: string, days: number) => void;
}

export interface ScreenResult {
  /** Records read, blank lines apart. */
  readonly records: number;
  /** Those of applied records, duplicates and conflicts are taken over the set, so that they do not hang on the order (L13). */
  readonly counts: DetectorCounts;
  readonly tally: Tally;
  readonly alerts: number;
  readonly seconds: number;
  readonly times: StageTimes;
}

/** Records between two looks at what is to be said. Later says the same of the set (S13), and costs less. */
const BATCH_RECORDS = 8192;
const STEP_MS = 7 * 86_400_000;
/** Lines looked at ahead for the first receipt time of a source. */
const LOOK_AHEAD_LINES = 10_000;

/** Scores recorded records through the live path's own decoder and engine. */
export async function screen(options: ScreenOptions): Promise<ScreenResult> {
  const run = new ScreenRun(options);
  try {
    return await run.run();
  } finally {
    for (const source of options.sources) source.destroy();
  }
}

class ScreenRun {
  private readonly options: ScreenOptions;
  private readonly feeds: Feed[];
  private readonly detector: Detector;
  private readonly progress: Progress;
  private readonly revisions = new Revisions();
  private readonly watch = new Stopwatch();
  private records = 0;

  constructor(options: ScreenOptions) {
    this.options = options;
    const { settings, typologies, rates } = options;
    this.feeds = options.sources.map((source, i) => new Feed(source, i));
    const place = (partition: number, line: number): string => `${this.feeds[partition]!.source.path}:${line}`;
    this.detector = createDetector({
      typologies,
      rates,
      settings: { ...settings, place },
      onParsed: () => this.watch.stage('parse'),
      ...(options.prefixBySource === undefined ? {} : { prefixBySource: options.prefixBySource }),
    });
    this.progress = new Progress(this.feeds.keys(), latenessMax(settings) + SLACK_MS);
  }

  async run(): Promise<ScreenResult> {
    this.detector.engine.setFirstReceipt(await this.firstReceiptMs());
    const open = new Set(this.feeds);
    for (let feed = furthestBehind([...open]); feed !== undefined; feed = furthestBehind([...open])) {
      if (!(await this.readWhileBehind(feed, open))) continue;
      open.delete(feed);
      this.progress.readToEnd(feed.partition, Number.POSITIVE_INFINITY);
    }
    this.progress.end();
    this.speak();
    const seconds = this.watch.seconds();
    let alerts = 0;
    for (const bySeverity of this.revisions.tally.values()) for (const n of bySeverity.values()) alerts += n;
    const { applied, duplicate, conflict } = this.detector.engine.counts;
    const counts = { ...this.detector.counts, applied, duplicate, conflict };
    return { records: this.records, counts, tally: this.revisions.tally, alerts, seconds, times: this.watch.times() };
  }

  /** Takes records of one feed until another is further behind. Answers whether it ended. */
  private async readWhileBehind(feed: Feed, open: ReadonlySet<Feed>): Promise<boolean> {
    let otherRMs = Number.POSITIVE_INFINITY;
    for (const other of open) if (other !== feed) otherRMs = Math.min(otherRMs, other.rMs);
    for (;;) {
      const line = feed.next();
      if (line !== undefined) {
        this.take(feed, line);
        if (feed.rMs > otherRMs) return false;
        continue;
      }
      const startedMs = performance.now();
      const more = await feed.fill();
      this.watch.span('read', startedMs);
      if (!more) return true;
    }
  }

  private take(feed: Feed, line: Line): void {
    this.records++;
    this.watch.record();
    const transaction = this.detector.read(line.bytes, feed.partition, line.number);
    this.watch.stage('check');
    if (transaction !== null) {
      const receivedAtMs = Number.isNaN(transaction.receivedAtMs) ? transaction.timeMs : transaction.receivedAtMs;
      const r = Math.max(receivedAtMs, feed.rMs);
      const outcome = this.detector.apply(r);
      if (outcome !== 'too-late' && outcome !== 'future') this.received(feed, r, line.number);
      this.watch.stage('apply');
    }
    if (this.records % BATCH_RECORDS === 0) this.speak();
  }

  private received(feed: Feed, r: number, line: number): void {
    if (r - feed.rMs > STEP_MS && feed.rMs !== Number.NEGATIVE_INFINITY) {
      this.options.onStep?.(`${feed.source.path}:${line}`, Math.floor((r - feed.rMs) / 86_400_000));
    }
    feed.rMs = r;
    this.progress.consumed(feed.partition, r);
  }

  private speak(): void {
    const startedMs = performance.now();
    const wmMs = this.progress.wmMs;
    this.detector.advance(wmMs);
    for (const change of this.detector.drain()) {
      const revision = this.revisions.revise(change, wmMs);
      if (revision !== null) this.options.onRevision(revision);
    }
    for (const told of this.detector.drainTold()) this.options.onTold(told);
    this.detector.drainNotices();
    this.watch.span('detect', startedMs);
    this.options.onProgress?.(this.records);
  }

  /** B of S18: the least receipt time among the first records of the sources. */
  private async firstReceiptMs(): Promise<number> {
    const decoder = createDecoder({ texts: new TextTable(), wanted: new Set() });
    const transaction = blankTransaction();
    let least = Number.POSITIVE_INFINITY;
    const note = (bytes: Buffer): boolean => {
      if (decoder.decode(bytes, transaction) !== null || transaction.timeMs > this.options.settings.asOfMs) return false;
      least = Math.min(least, Number.isNaN(transaction.receivedAtMs) ? transaction.timeMs : transaction.receivedAtMs);
      return true;
    };
    for (const feed of this.feeds) await feed.lookAhead(note, LOOK_AHEAD_LINES);
    return least;
  }
}

function latenessMax(settings: DetectionSettings): number {
  return Math.max(settings.latenessMs, ...settings.latenessBySource.values());
}
