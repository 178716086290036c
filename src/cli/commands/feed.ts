import type { Command } from 'commander';
import { OWN_RATES, packageVersion } from '../../app/paths.ts';
import { EXIT } from '../../base/errors.ts';
import { DEFAULT_SETTINGS } from '../../detection/settings.ts';
import { isBlank, LineReader } from '../../pipeline/file/lines.ts';
import { type ScreenResult, screen } from '../../pipeline/file/screen.ts';
import type { RecordSource } from '../../pipeline/file/sources.ts';
import type { Told } from '../../pipeline/told.ts';
import { FINDINGS, type FindingCode, REJECTIONS } from '../../transactions/codes.ts';
import type { Rejection } from '../../transactions/decoded.ts';
import { blankTransaction, createDecoder } from '../../transactions/decoder.ts';
import { LIMITS } from '../../transactions/limits.ts';
import { loadRates } from '../../transactions/rates.ts';
import { Refusals } from '../../transactions/refusals.ts';
import { TextTable } from '../../transactions/texts.ts';
import type { Io } from '../io.ts';
import type { Outcome } from '../outcome.ts';
import { bytesOf, Progress } from '../progress.ts';

/** Records between two looks at which texts can be forgotten. */
const SWEEP_RECORDS = 10_000;
/** Transactions within the lateness that are remembered, to see conflicts. */
const ROWS_MAX = 100_000_000;

export function registerFeed(root: Command, io: Io, outcome: Outcome): void {
  const feed = root.command('feed').description('What a bank runs before it connects.');
  feed
    .command('check')
    .description('Check a file of transactions: every finding with its line, field and reason, and a summary of data quality.')
    .argument('<file>', 'a file of transactions, one JSON object a line; - is standard input, .gz is read as is')
    .action(async (file: string) => {
      outcome.status = (await check(file, io)) ? EXIT.done : EXIT.notInOrder;
    });
}

interface Finding {
  readonly line: number;
  readonly text: string;
}

/**
 * Whether every record would be taken: refused are those that cannot be read, lie in the future, or contradict another record of the same transaction. Late
 * records and findings of data quality are told, and leave a feed in order: a file need not be written in the order of receipt.
 */
async function check(file: string, io: Io): Promise<boolean> {
  const progress = new Progress(io);
  const [findings, byCode] = [[] as Finding[], new Map<string, { count: number; kind: string }>()];
  const tell = (line: number, kind: string, code: string, field: string, reason: string): void => {
    byCode.set(code, { count: (byCode.get(code)?.count ?? 0) + 1, kind });
    findings.push({ line, text: `${file}:${line}: ${kind}: ${code}${field === '' ? '' : ` at ${field}`}: ${reason}\n` });
  };
  const reader = new LineReader(file, LIMITS.recordBytesMax);
  const refusals = new Refusals();
  const bytes = bytesOf([file]);
  const source = new QualitySource(reader, (line, code, field) => tell(line, 'data quality', code, field, FINDINGS[code]));
  const result = await screen({
    sources: [source],
    typologies: [],
    rates: loadRates(OWN_RATES),
    settings: {
      ...DEFAULT_SETTINGS,
      futureMs: Number.POSITIVE_INFINITY,
      asOfMs: Date.now(),
      rowsMax: ROWS_MAX,
      engineVersion: packageVersion(),
    },
    onRevision: () => undefined,
    onTold: (told) => {
      const { line, reasons } = partsOf(told, file, refusals);
      for (const { code, field, reason } of reasons) tell(line, told.to === 'late' ? 'late' : 'refused', code, field, reason);
    },
    onProgress: (records) => {
      progress.show(
        () => `${records.toLocaleString('en')} records`,
        () => (bytes === null ? null : reader.bytesRead / bytes),
      );
      for (const { text } of findings.splice(0).sort((a, b) => a.line - b.line)) io.out(text);
    },
  });
  progress.done();
  io.out(summary(result, byCode));
  return result.counts.refused === 0 && result.counts.conflict === 0;
}

/** The line of a record, and why it was not taken: of one that cannot be read everything that is wrong with it, since each has to be mended. */
function partsOf({ json, place }: Told, file: string, refusals: Refusals): { line: number; reasons: readonly Rejection[] } {
  const { original, ...first } = JSON.parse(json) as Rejection & { original?: string };
  const all = first.code in REJECTIONS && original !== undefined ? refusals.of(Buffer.from(original, 'base64')) : [first];
  return { line: Number(place.slice(file.length + 1)), reasons: all };
}

function summary({ records, counts }: ScreenResult, byCode: ReadonlyMap<string, { count: number; kind: string }>): string {
  const n = (value: number): string => value.toLocaleString('en');
  const refused = counts.refused + counts.conflict;
  const head = `${n(records)} records, ${n(refused)} refused, ${n(counts.late)} late, ${n(counts.duplicate)} duplicates`;
  const lines = [`${head}; fields that the format does not know: ${n(counts.unknownFields)}; ids used again at another time: ${n(counts.idReused)}`];
  for (const [code, { count, kind }] of [...byCode].sort((a, b) => b[1].count - a[1].count)) lines.push(`  ${code}: ${n(count)} (${kind})`);
  return `${lines.join('\n')}\n`;
}

/** Lines that are looked at for data quality while they are handed out. */
class QualitySource implements RecordSource {
  private readonly lines: LineReader;
  private readonly tell: (line: number, code: FindingCode, field: string) => void;
  private readonly texts = new TextTable();
  private readonly decoder = createDecoder({ texts: this.texts, wanted: new Set() });
  private readonly transaction = blankTransaction();
  private records = 0;

  constructor(lines: LineReader, tell: (line: number, code: FindingCode, field: string) => void) {
    this.lines = lines;
    this.tell = tell;
  }

  get path(): string {
    return this.lines.path;
  }

  get line(): number {
    return this.lines.line;
  }

  next(): Buffer | undefined {
    const bytes = this.lines.next();
    if (bytes === undefined || isBlank(bytes)) return bytes;
    if (this.decoder.decode(bytes, this.transaction) === null) {
      for (const { code, field } of this.decoder.findings) this.tell(this.line, code as FindingCode, field);
    }
    if (++this.records % SWEEP_RECORDS === 0) this.texts.sweep();
    return bytes;
  }

  fill(): Promise<boolean> {
    return this.lines.fill();
  }

  destroy(): void {
    this.lines.destroy();
  }
}
