import { Accounts } from './accounts.ts';
import type { RejectionCode } from './codes.ts';
import { ContentDigest } from './content.ts';
import { CURRENCIES, minorDigits } from './currencies.ts';
import type { DecodedTransaction, Finding } from './decoded.ts';
import { CHANNELS, KINDS, STATUSES } from './fields.ts';
import { LIMITS } from './limits.ts';
import { SCHEMA_NAME } from './model.ts';
import { parseAmountBytes } from './money.ts';
import { PaddedBytes } from './paddedBytes.ts';
import { LEAVES, REQUIRED_TOGETHER } from './plan.ts';
import { type AccountVerdict, COUNTRIES, findingOn } from './quality.ts';
import { ACT, ACTS, CHARACTERS_MAX, CHARACTERS_MIN, CONTENT_COUNT, KEY_RANKS, NUMBER_SLOTS, RANK } from './ranks.ts';
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

const CURRENCY_DIGITS = CURRENCIES.map((code) => minorDigits(code)!);
const SCHEMA_WORDS = new Vocabulary([SCHEMA_NAME]);
const PRECISION_WORDS = new Vocabulary(['day']);
/** A flag is the index of its word. */
const FLAG_WORDS = new Vocabulary(['false', 'true']);
const STATUS_WORDS = new Vocabulary(STATUSES);
const KIND_WORDS = new Vocabulary(KINDS);
const CHANNEL_WORDS = new Vocabulary(CHANNELS);
const CURRENCY_WORDS = new Vocabulary(CURRENCIES);

/** A closed list in one place of the record, and the code where its word is not in it. */
interface WordRule {
  readonly words: InternedVocabulary;
  readonly unknown: RejectionCode;
}

/** What the values of a record mean: the last checks, the findings, and the transaction itself. */
export class Meaning {
  readonly findings: Finding[] = [];
  /** Where the record was refused. */
  failedPath = '';
  private readonly texts: TextTable;
  private readonly prefixBySource: ReadonlyMap<string, Buffer>;
  /** By rank: where the text goes in `DecodedTransaction.texts`, -1 where it is not to be interned. */
  private readonly slots: Int32Array;
  private readonly content = new ContentDigest();
  private readonly accounts: Accounts;
  /** By rank. */
  private readonly wordRules: readonly (WordRule | null)[];
  private readonly countries: InternedVocabulary;
  /** What the source of the record at hand has before its identifiers. */
  private prefix: Buffer | undefined;
  /** An identifier behind its prefix. */
  private readonly joined = new PaddedBytes(1024);

  /** `wanted` null is all. */
  constructor(texts: TextTable, wanted: ReadonlySet<string> | null, prefixBySource: ReadonlyMap<string, string>) {
    this.texts = texts;
    this.prefixBySource = new Map([...prefixBySource].map(([source, prefix]) => [source, Buffer.from(prefix)]));
    const paths = wanted === null ? null : new Set([...wanted, ...ALWAYS_WANTED]);
    this.slots = Int32Array.from(LEAVES, (leaf) => (paths === null || paths.has(leaf.path) ? leaf.textSlot : -1));
    this.accounts = new Accounts(texts);
    this.countries = new InternedVocabulary(COUNTRIES, texts);
    const rules: Readonly<Record<string, WordRule>> = {
      kind: { words: new InternedVocabulary(KIND_WORDS, texts), unknown: 'unknown-kind' },
      channel: { words: new InternedVocabulary(CHANNEL_WORDS, texts), unknown: 'unknown-channel' },
      'amount.currency': { words: new InternedVocabulary(CURRENCY_WORDS, texts), unknown: 'unknown-currency' },
    };
    this.wordRules = LEAVES.map((leaf) => rules[leaf.path] ?? null);
  }

  /** Fills `out` and `findings`; or answers why the record is refused, with its place in `failedPath`. */
  read(spans: LeafSpans, out: DecodedTransaction): RejectionCode | null {
    if (this.findings.length > 0) this.findings.length = 0;
    this.failedPath = '';
    const code = this.presence(spans) ?? (spans.measured ? null : this.lengths(spans)) ?? this.head(spans, out) ?? this.fields(spans, out);
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
      if (end - start > CHARACTERS_MAX[rank]! && characterLength(spans.record.bytes, start, end) > CHARACTERS_MAX[rank]!)
        return this.fail('too-long', LEAVES[rank]!.path);
    }
    return null;
  }

  /** What is no text of the content, and the closed lists. */
  private head(spans: LeafSpans, out: DecodedTransaction): RejectionCode | null {
    const { start, end } = spans;
    const { bytes } = spans.record;
    if (SCHEMA_WORDS.find(bytes, start[RANK.schema]!, end[RANK.schema]!) < 0) return this.fail('unknown-schema', 'schema');
    out.id = spans.text(RANK.id);
    out.timeMs = parseTimeBytes(bytes, start[RANK.time]!, end[RANK.time]!);
    const badTime = timeCode(out.timeMs);
    if (badTime !== null) return this.fail(badTime, 'time');
    out.receivedAtMs = spans.has(RANK.receivedAt) ? parseTimeBytes(bytes, start[RANK.receivedAt]!, end[RANK.receivedAt]!) : NaN;
    const badReceipt = spans.has(RANK.receivedAt) ? timeCode(out.receivedAtMs) : null;
    if (badReceipt !== null) return this.fail(badReceipt, 'receivedAt');
    out.status = spans.has(RANK.status) ? STATUS_WORDS.find(bytes, start[RANK.status]!, end[RANK.status]!) : 0;
    if (out.status < 0) return this.fail('unknown-status', 'status');
    out.dayPrecision = spans.has(RANK.precision);
    if (out.dayPrecision && PRECISION_WORDS.find(bytes, start[RANK.precision]!, end[RANK.precision]!) < 0) return this.fail('unknown-precision', 'precision');
    for (const rank of KEY_RANKS) if (start[rank]! >= 0) return null;
    return this.fail('no-party', '');
  }

  private fields(spans: LeafSpans, out: DecodedTransaction): RejectionCode | null {
    out.texts.fill(0);
    out.numbers.fill(NaN);
    this.content.begin();
    if (this.prefixBySource.size > 0) this.prefix = this.prefixBySource.get(spans.text(RANK.source));
    this.intern(RANK.source, spans, spans.start[RANK.source]!, spans.end[RANK.source]!, out);
    for (let rank = 0; rank < CONTENT_COUNT; rank++) {
      const start = spans.start[rank]!;
      if (start < 0) continue;
      const code = this.field(rank, spans, start, spans.end[rank]!, out);
      if (code !== null) return this.fail(code, LEAVES[rank]!.path);
    }
    this.content.finish(out.digest);
    return null;
  }

  private field(rank: number, spans: LeafSpans, start: number, end: number, out: DecodedTransaction): RejectionCode | null {
    switch (ACTS[rank]) {
      case ACT.text:
        return this.text(rank, spans, start, end, out);
      case ACT.account:
        return this.prefix === undefined ? this.account(rank, spans, start, end, out) : this.prefixed(rank, this.prefix, spans, start, end, out);
      case ACT.identifier:
        return this.prefix === undefined ? this.text(rank, spans, start, end, out) : this.prefixed(rank, this.prefix, spans, start, end, out);
      case ACT.word:
        return this.word(rank, spans, start, end, out);
      case ACT.country:
        return this.country(rank, spans, start, end, out);
      case ACT.date:
        return this.date(rank, spans, start, end, out);
      case ACT.amount:
        return this.amount(rank, spans, start, end, out);
      case ACT.count:
        return this.count(rank, spans, start, end, out);
      case ACT.flag:
        return this.flag(rank, spans, start, end, out);
      default:
        return this.checked(rank, spans, start, end, out);
    }
  }

  private text(rank: number, spans: LeafSpans, start: number, end: number, out: DecodedTransaction): null {
    if (this.slots[rank]! >= 0) this.intern(rank, spans, start, end, out);
    this.content.add(rank, spans.record.view, start, end, spans.ascii ? end - start : utf16Length(spans.record.bytes, start, end));
    return null;
  }

  private intern(rank: number, spans: LeafSpans, start: number, end: number, out: DecodedTransaction): void {
    out.texts[this.slots[rank]!] = this.texts.internBytes(spans.record, start, end);
  }

  private word(rank: number, spans: LeafSpans, start: number, end: number, out: DecodedTransaction): RejectionCode | null {
    const { words, unknown } = this.wordRules[rank]!;
    const index = words.vocabulary.find(spans.record.bytes, start, end);
    if (index < 0) return unknown;
    const slot = this.slots[rank]!;
    if (slot >= 0) out.texts[slot] = words.id(index);
    this.content.add(rank, spans.record.view, start, end, end - start);
    return null;
  }

  private country(rank: number, spans: LeafSpans, start: number, end: number, out: DecodedTransaction): null {
    const index = this.countries.vocabulary.find(spans.record.bytes, start, end);
    if (index < 0) {
      this.findings.push({ code: 'unknown-country', field: LEAVES[rank]!.path });
      return this.text(rank, spans, start, end, out);
    }
    const slot = this.slots[rank]!;
    if (slot >= 0) out.texts[slot] = this.countries.id(index);
    this.content.add(rank, spans.record.view, start, end, 2);
    return null;
  }

  private amount(rank: number, spans: LeafSpans, start: number, end: number, out: DecodedTransaction): RejectionCode | null {
    // The currency comes before the value in the content's order, and is known by now.
    const currency = CURRENCY_WORDS.find(spans.record.bytes, spans.start[RANK.currency]!, spans.end[RANK.currency]!);
    const amount = parseAmountBytes(spans.record.bytes, start, end, CURRENCY_DIGITS[currency]!);
    if (typeof amount === 'string') return amount;
    out.amountMinor = amount;
    this.content.addInteger(rank, amount);
    return null;
  }

  private date(rank: number, spans: LeafSpans, start: number, end: number, out: DecodedTransaction): RejectionCode | null {
    const days = parseDateBytes(spans.record.bytes, start, end);
    if (Number.isNaN(days)) return 'bad-date';
    out.numbers[NUMBER_SLOTS[rank]!] = days;
    this.content.addInteger(rank, days);
    return null;
  }

  private count(rank: number, spans: LeafSpans, start: number, end: number, out: DecodedTransaction): RejectionCode | null {
    let count = 0;
    for (let i = start; i < end; i++) {
      const digit = spans.record.bytes[i]! - 48;
      if (digit < 0 || digit > 9) return 'bad-number';
      count = count * 10 + digit;
    }
    if (count > LIMITS.passengersMax) return 'bad-number';
    out.numbers[NUMBER_SLOTS[rank]!] = count;
    this.content.addInteger(rank, count);
    return null;
  }

  private flag(rank: number, spans: LeafSpans, start: number, end: number, out: DecodedTransaction): RejectionCode | null {
    const flag = FLAG_WORDS.find(spans.record.bytes, start, end);
    if (flag < 0) return 'wrong-type';
    out.numbers[NUMBER_SLOTS[rank]!] = flag;
    this.content.addInteger(rank, flag);
    return null;
  }

  private checked(rank: number, spans: LeafSpans, start: number, end: number, out: DecodedTransaction): null {
    const { role, path } = LEAVES[rank]!;
    const code = findingOn(role, spans.record.bytes, start, end);
    if (code !== null) this.findings.push({ code, field: path });
    return this.text(rank, spans, start, end, out);
  }

  private account(rank: number, spans: LeafSpans, start: number, end: number, out: DecodedTransaction): null {
    this.text(rank, spans, start, end, out);
    this.findAccount(rank, this.accounts.ofInterned(out.texts[this.slots[rank]!]!, spans.record.bytes, start, end));
    return null;
  }

  /** An account, party or device of a source that has a prefix: put before it unless it is an IBAN. */
  private prefixed(rank: number, prefix: Buffer, spans: LeafSpans, start: number, end: number, out: DecodedTransaction): null {
    const verdict = this.accounts.of(spans.record.bytes, start, end);
    if (ACTS[rank] === ACT.account) this.findAccount(rank, verdict);
    if (verdict === 'iban') return this.text(rank, spans, start, end, out);
    this.joined.take(Buffer.concat([prefix, spans.record.bytes.subarray(start, end)]));
    const { bytes, view, length } = this.joined;
    const slot = this.slots[rank]!;
    if (slot >= 0) out.texts[slot] = this.texts.internBytes(this.joined, 0, length);
    this.content.add(rank, view, 0, length, utf16Length(bytes, 0, length));
    return null;
  }

  private findAccount(rank: number, verdict: AccountVerdict): void {
    if (verdict !== 'iban' && verdict !== 'other') this.findings.push({ code: verdict, field: LEAVES[rank]!.path });
  }
}

function timeCode(ms: number): RejectionCode | null {
  if (Number.isNaN(ms)) return 'bad-time';
  return ms < LIMITS.timeMsMin || ms > LIMITS.timeMsMax ? 'time-out-of-range' : null;
}
