import type { RejectionCode } from './codes.ts';
import { REJECTIONS } from './codes.ts';
import type { DecodedTransaction, Finding, Rejection, TransactionDecoder } from './decoded.ts';
import { NUMBER_FIELDS, TEXT_FIELDS } from './fields.ts';
import { parseJson } from './json.ts';
import { Meaning } from './meaning.ts';
import { RecordReader } from './reader.ts';
import { ShapeScanner, UNKNOWN_NAMES_MAX } from './shapes.ts';
import { LeafSpans } from './spans.ts';
import type { TextTable } from './texts.ts';

export interface DecoderOptions {
  readonly texts: TextTable;
  /** Paths of the text fields to intern; all of them unless given. `ALWAYS_WANTED` ones are interned in any case. */
  readonly wanted?: ReadonlySet<string>;
  /** By source: what is put before each of its accounts, parties and devices that is not an IBAN. */
  readonly prefixBySource?: ReadonlyMap<string, string>;
  /** Called between taking a record apart and checking what it says, for measurements. */
  readonly onParsed?: () => void;
}

/** A transaction to be filled by a decoder. */
export function blankTransaction(): DecodedTransaction {
  return {
    timeMs: NaN,
    receivedAtMs: NaN,
    amountMinor: NaN,
    status: 0,
    dayPrecision: false,
    id: '',
    texts: new Int32Array(TEXT_FIELDS.length),
    numbers: new Float64Array(NUMBER_FIELDS.length).fill(NaN),
    digest: new Uint8Array(32),
  };
}

/** A decoder of `transaction/1` in JSON. */
export function createDecoder(options: DecoderOptions): TransactionDecoder {
  return new JsonTransactionDecoder(options);
}

/** What is told of a refused record. */
export const rejectionOf = (code: RejectionCode, field: string): Rejection => ({ code, field, reason: REJECTIONS[code] });

/**
 * Two ways to the values of a record: by learned shape, which is fast and may decline, and by `JSON.parse`, which is exact and alone refuses records.
 * What the values mean is decided once, for both.
 */
class JsonTransactionDecoder implements TransactionDecoder {
  private readonly scanned = new LeafSpans(UNKNOWN_NAMES_MAX);
  private readonly parsed = new LeafSpans();
  private readonly scanner = new ShapeScanner();
  private readonly reader = new RecordReader(this.parsed);
  private readonly meaning: Meaning;
  private readonly onParsed: () => void;
  unknownFields = 0;

  constructor(options: DecoderOptions) {
    this.onParsed = options.onParsed ?? (() => undefined);
    this.meaning = new Meaning(options.texts, options.wanted ?? null, options.prefixBySource ?? new Map());
  }

  get findings(): readonly Finding[] {
    return this.meaning.findings;
  }

  decode(bytes: Uint8Array, out: DecodedTransaction): Rejection | null {
    const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!this.scanner.scan(buffer, this.scanned)) return this.decodeExactly(buffer, out);
    this.onParsed();
    if (this.meaning.read(this.scanned, out) !== null) return this.decodeExactly(buffer, out);
    this.unknownFields = this.scanned.unknownFields;
    return null;
  }

  private decodeExactly(bytes: Buffer, out: DecodedTransaction): Rejection | null {
    this.unknownFields = 0;
    this.meaning.findings.length = 0;
    const json = parseJson(bytes);
    if ('code' in json) return rejectionOf(json.code, '');
    const unread = this.reader.read(json.value);
    if (unread !== null) return rejectionOf(unread, this.reader.failedPath);
    this.onParsed();
    const refused = this.meaning.read(this.parsed, out);
    if (refused !== null) return rejectionOf(refused, this.meaning.failedPath);
    this.unknownFields = this.parsed.unknownFields;
    this.scanner.learn(bytes);
    return null;
  }
}
