import type { FindingCode, RejectionCode } from './codes.ts';
import { ContentDigest } from './content.ts';
import { CURRENCIES, minorDigits } from './currencies.ts';
import type { DecodedTransaction, Finding } from './decoded.ts';
import { CHANNELS, KINDS, STATUSES } from './fields.ts';
import { LIMITS } from './limits.ts';
import { SCHEMA_NAME } from './model.ts';
import { parseAmountBytes } from './money.ts';
import { LEAVES, type LeafPlan, REQUIRED_TOGETHER, rankOf } from './plan.ts';
import { type AccountVerdict, COUNTRIES, findingOn, ibanVerdict, looksLikeIban, VerdictCache } from './quality.ts';
import { characterLength, type LeafSpans, utf16Length } from './spans.ts';
import type { TextTable } from './texts.ts';
import { parseDateBytes, parseTimeBytes } from './times.ts';
import { InternedVocabulary, Vocabulary } from './vocabulary.ts';

/** Text fields that alerts show (S18), whatever the typologies read. */
export const ALWAYS_WANTED: readonly string[] = [
  'source',
  'kind',
  'amount.currency',
  'debtor.account',
  'debtor.party',
  'debtor.country',
  'creditor.account',
  'creditor.party',
  'creditor.country',
];

const R = {
  schema: rankOf('schema'),
  source: rankOf('source'),
  id: rankOf('id'),
  time: rankOf('time'),
  kind: rankOf('kind'),
  channel: rankOf('channel'),
  status: rankOf('status'),
  precision: rankOf('precision'),
  receivedAt: rankOf('receivedAt'),
  value: rankOf('amount.value'),
  currency: rankOf('amount.currency'),
} as const;
const KEY_RANKS = ['debtor.account', 'debtor.party', 'creditor.account', 'creditor.party'].map(rankOf);
const CONTENT_COUNT = LEAVES.filter((leaf) => leaf.contentPath !== null).length;
const CHARACTERS_MIN = Int32Array.from(LEAVES, (leaf) => leaf.charactersMin);
/** The normal form of items has no limit of its own: their number and texts have. */
const CHARACTERS_MAX = Int32Array.from(LEAVES, (leaf) => (leaf.role === 'items' ? LIMITS.recordBytesMax * 4 : leaf.charactersMax));
const SOURCE_SLOT = LEAVES[R.source]!.textSlot;
const CURRENCY_DIGITS = CURRENCIES.map((code) => minorDigits(code)!);
const SCHEMA_WORDS = new Vocabulary([SCHEMA_NAME]);
const PRECISION_WORDS = new Vocabulary(['day']);
const STATUS_WORDS = new Vocabulary(STATUSES);
const KIND_WORDS = new Vocabulary(KINDS);
const CHANNEL_WORDS = new Vocabulary(CHANNELS);
const CURRENCY_WORDS = new Vocabulary(CURRENCIES);

/** Notes on an interned account: 0 is "not asked yet". */
const VERDICT_MARKS: readonly (AccountVerdict | null)[] = [null, 'iban', 'other', 'iban-checksum', 'iban-structure'];
const NOT_ASKED = 0;

/** What the values of a record mean: the last checks, the findings, and the transaction itself. */
export class Meaning {
  readonly findings: Finding[] = [];
  /** Where the record was refused. */
  failedPath = '';
  private readonly texts: TextTable;
  private readonly prefixBySource: ReadonlyMap<string, Buffer>;
  /** By rank: whether the text is to be interned. */
  private readonly interned: readonly boolean[];
  private readonly content = new ContentDigest();
  private readonly verdicts = new VerdictCache(ibanVerdict);
  private readonly kinds: InternedVocabulary;
  private readonly channels: InternedVocabulary;
  private readonly currencies: InternedVocabulary;
  private readonly countries: InternedVocabulary;
  /** Room for a text with its source's prefix. */
  private prefixed = Buffer.alloc(256);

  /** `wanted` null is all. */
  constructor(texts: TextTable, wanted: ReadonlySet<string> | null, prefixBySource: ReadonlyMap<string, string>) {
    this.texts = texts;
    this.prefixBySource = new Map([...prefixBySource].map(([source, prefix]) => [source, Buffer.from(prefix)]));
    const paths = wanted === null ? null : new Set([...wanted, ...ALWAYS_WANTED]);
    this.interned = LEAVES.map((leaf) => leaf.textSlot >= 0 && (paths === null || paths.has(leaf.path)));
    this.kinds = new InternedVocabulary(KIND_WORDS, texts);
    this.channels = new InternedVocabulary(CHANNEL_WORDS, texts);
    this.currencies = new InternedVocabulary(CURRENCY_WORDS, texts);
    this.countries = new InternedVocabulary(COUNTRIES, texts);
  }

  /** Fills `out` and `findings`; or answers why the record is refused, with its place in `failedPath`. */
  read(spans: LeafSpans, out: DecodedTransaction): RejectionCode | null {
    if (this.findings.length > 0) this.findings.length = 0;
    this.failedPath = '';
    const code = this.presence(spans) ?? this.lengths(spans) ?? this.head(spans, out) ?? this.fields(spans, out);
    if (code !== null) this.findings.length = 0;
    return code;
  }

  private fail(code: RejectionCode, path: string): RejectionCode {
    this.failedPath = path;
    return code;
  }

  private presence(spans: LeafSpans): RejectionCode | null {
    for (const { when, ranks } of REQUIRED_TOGETHER) {
      if (when !== null && !when.some((rank) => spans.has(rank))) continue;
      for (const rank of ranks) if (!spans.has(rank)) return this.fail('missing-field', LEAVES[rank]!.path);
    }
    return null;
  }

  private lengths(spans: LeafSpans): RejectionCode | null {
    for (let rank = 0; rank < LEAVES.length; rank++) {
      const start = spans.start[rank]!;
      if (start < 0) continue;
      const end = spans.end[rank]!;
      if (end - start < CHARACTERS_MIN[rank]!) return this.fail('empty-text', LEAVES[rank]!.path);
      if (end - start > CHARACTERS_MAX[rank]! && characterLength(spans.bytes, start, end) > CHARACTERS_MAX[rank]!)
        return this.fail('too-long', LEAVES[rank]!.path);
    }
    return null;
  }

  /** What is no text of the content, and the closed lists. */
  private head(spans: LeafSpans, out: DecodedTransaction): RejectionCode | null {
    const { bytes, start, end } = spans;
    if (SCHEMA_WORDS.find(bytes, start[R.schema]!, end[R.schema]!) < 0) return this.fail('unknown-schema', 'schema');
    out.id = spans.text(R.id);
    out.timeMs = parseTimeBytes(bytes, start[R.time]!, end[R.time]!);
    const badTime = timeCode(out.timeMs);
    if (badTime !== null) return this.fail(badTime, 'time');
    out.receivedAtMs = spans.has(R.receivedAt) ? parseTimeBytes(bytes, start[R.receivedAt]!, end[R.receivedAt]!) : NaN;
    const badReceipt = spans.has(R.receivedAt) ? timeCode(out.receivedAtMs) : null;
    if (badReceipt !== null) return this.fail(badReceipt, 'receivedAt');
    out.status = spans.has(R.status) ? STATUS_WORDS.find(bytes, start[R.status]!, end[R.status]!) : 0;
    if (out.status < 0) return this.fail('unknown-status', 'status');
    out.dayPrecision = spans.has(R.precision);
    if (out.dayPrecision && PRECISION_WORDS.find(bytes, start[R.precision]!, end[R.precision]!) < 0) return this.fail('unknown-precision', 'precision');
    for (const rank of KEY_RANKS) if (start[rank]! >= 0) return null;
    return this.fail('no-party', '');
  }

  private fields(spans: LeafSpans, out: DecodedTransaction): RejectionCode | null {
    out.texts.fill(0);
    out.numbers.fill(NaN);
    this.content.begin();
    const prefix = this.prefixBySource.size === 0 ? undefined : this.prefixBySource.get(spans.text(R.source));
    out.texts[SOURCE_SLOT] = this.intern(spans, spans.bytes, spans.start[R.source]!, spans.end[R.source]!);
    for (let rank = 0; rank < CONTENT_COUNT; rank++) {
      if (spans.start[rank]! < 0) continue;
      const leaf = LEAVES[rank]!;
      const code = leaf.role === 'text' ? this.text(leaf, spans, out) : this.field(leaf, spans, prefix, out);
      if (code !== null) return this.fail(code, leaf.path);
    }
    this.content.finish(out.digest);
    return null;
  }

  private field(leaf: LeafPlan, spans: LeafSpans, prefix: Buffer | undefined, out: DecodedTransaction): RejectionCode | null {
    switch (leaf.role) {
      case 'account':
      case 'party':
      case 'device':
        return this.identifier(leaf, spans, prefix, out);
      case 'country':
        return this.country(leaf, spans, out);
      case 'kind':
        return this.word(this.kinds, 'unknown-kind', leaf, spans, out);
      case 'channel':
        return this.word(this.channels, 'unknown-channel', leaf, spans, out);
      case 'currency':
        return this.word(this.currencies, 'unknown-currency', leaf, spans, out);
      case 'value':
        return this.amount(leaf, spans, out);
      case 'date':
        return this.date(leaf, spans, out);
      case 'count':
      case 'flag':
        out.numbers[leaf.numberSlot] = Number(spans.text(leaf.rank));
        this.content.add(leaf.rank, spans.bytes, spans.start[leaf.rank]!, spans.end[leaf.rank]!, spans.end[leaf.rank]! - spans.start[leaf.rank]!);
        return null;
      default:
        this.find(findingOn(leaf.role, spans.bytes, spans.start[leaf.rank]!, spans.end[leaf.rank]!), leaf.path);
        return this.text(leaf, spans, out);
    }
  }

  private text(leaf: LeafPlan, spans: LeafSpans, out: DecodedTransaction): null {
    const start = spans.start[leaf.rank]!;
    const end = spans.end[leaf.rank]!;
    if (this.interned[leaf.rank] === true) out.texts[leaf.textSlot] = this.intern(spans, spans.bytes, start, end);
    this.content.add(leaf.rank, spans.bytes, start, end, spans.ascii ? end - start : utf16Length(spans.bytes, start, end));
    return null;
  }

  private intern(spans: LeafSpans, bytes: Buffer, start: number, end: number): number {
    return spans.ascii ? this.texts.internAscii(bytes, start, end) : this.texts.intern(bytes.toString('utf8', start, end));
  }

  private word(words: InternedVocabulary, unknown: RejectionCode, leaf: LeafPlan, spans: LeafSpans, out: DecodedTransaction): RejectionCode | null {
    const start = spans.start[leaf.rank]!;
    const end = spans.end[leaf.rank]!;
    const index = words.vocabulary.find(spans.bytes, start, end);
    if (index < 0) return unknown;
    if (this.interned[leaf.rank] === true) out.texts[leaf.textSlot] = words.id(index);
    this.content.add(leaf.rank, spans.bytes, start, end, end - start);
    return null;
  }

  private country(leaf: LeafPlan, spans: LeafSpans, out: DecodedTransaction): null {
    if (this.word(this.countries, 'wrong-type', leaf, spans, out) === null) return null;
    this.find('unknown-country', leaf.path);
    return this.text(leaf, spans, out);
  }

  private amount(leaf: LeafPlan, spans: LeafSpans, out: DecodedTransaction): RejectionCode | null {
    const digits = CURRENCY_DIGITS[CURRENCY_WORDS.find(spans.bytes, spans.start[R.currency]!, spans.end[R.currency]!)]!;
    const amount = parseAmountBytes(spans.bytes, spans.start[leaf.rank]!, spans.end[leaf.rank]!, digits);
    if (typeof amount === 'string') return amount;
    out.amountMinor = amount;
    this.content.addInteger(leaf.rank, amount);
    return null;
  }

  private date(leaf: LeafPlan, spans: LeafSpans, out: DecodedTransaction): RejectionCode | null {
    const days = parseDateBytes(spans.bytes, spans.start[leaf.rank]!, spans.end[leaf.rank]!);
    if (Number.isNaN(days)) return 'bad-date';
    out.numbers[leaf.numberSlot] = days;
    this.content.addInteger(leaf.rank, days);
    return null;
  }

  /** An account, party or device: the prefix of its source is put before it unless it is an IBAN; an account is asked what it is. */
  private identifier(leaf: LeafPlan, spans: LeafSpans, prefix: Buffer | undefined, out: DecodedTransaction): null {
    const start = spans.start[leaf.rank]!;
    const end = spans.end[leaf.rank]!;
    if (prefix !== undefined) return this.prefixedIdentifier(leaf, spans, prefix, out);
    this.text(leaf, spans, out);
    if (leaf.role !== 'account') return null;
    const id = out.texts[leaf.textSlot]!;
    const mark = this.texts.mark(id);
    const verdict = mark === NOT_ASKED ? this.ask(id, spans.bytes, start, end) : VERDICT_MARKS[mark]!;
    this.findAccount(verdict, leaf.path);
    return null;
  }

  /** The answer is noted with the interned text, so that each distinct account is asked once for as long as it is held. */
  private ask(id: number, bytes: Buffer, start: number, end: number): AccountVerdict {
    const verdict = looksLikeIban(bytes, start, end) ? ibanVerdict(bytes.toString('latin1', start, end)) : 'other';
    this.texts.setMark(id, VERDICT_MARKS.indexOf(verdict));
    return verdict;
  }

  private prefixedIdentifier(leaf: LeafPlan, spans: LeafSpans, prefix: Buffer, out: DecodedTransaction): null {
    const start = spans.start[leaf.rank]!;
    const end = spans.end[leaf.rank]!;
    const verdict = looksLikeIban(spans.bytes, start, end) ? this.verdicts.get(spans.bytes.toString('latin1', start, end)) : 'other';
    if (leaf.role === 'account') this.findAccount(verdict, leaf.path);
    if (verdict === 'iban') return this.text(leaf, spans, out);
    const length = prefix.length + end - start;
    if (length > this.prefixed.length) this.prefixed = Buffer.alloc(length * 2);
    this.prefixed.set(prefix);
    this.prefixed.set(spans.bytes.subarray(start, end), prefix.length);
    if (this.interned[leaf.rank] === true) out.texts[leaf.textSlot] = this.texts.intern(this.prefixed.toString('utf8', 0, length));
    this.content.add(leaf.rank, this.prefixed, 0, length, utf16Length(this.prefixed, 0, length));
    return null;
  }

  private findAccount(verdict: AccountVerdict, path: string): void {
    if (verdict === 'iban-checksum' || verdict === 'iban-structure') this.find(verdict, path);
  }

  private find(code: FindingCode | null, field: string): void {
    if (code !== null) this.findings.push({ code, field });
  }
}

function timeCode(ms: number): RejectionCode | null {
  if (Number.isNaN(ms)) return 'bad-time';
  return ms < LIMITS.timeMsMin || ms > LIMITS.timeMsMax ? 'time-out-of-range' : null;
}
