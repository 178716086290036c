import { assert } from '../base/assert.ts';
import { FINDINGS, REJECTIONS, type FindingCode, type RejectionCode } from './codes.ts';
import { ContentDigest } from './content.ts';
import type { DecodedTransaction, Finding, Rejection, TransactionDecoder } from './decoded.ts';
import { CHANNELS, KINDS, NUMBER_FIELDS, STATUSES, TEXT_FIELDS } from './fields.ts';
import { parseJson } from './json.ts';
import { LIMITS } from './limits.ts';
import { SCHEMA_NAME } from './model.ts';
import { parseAmount } from './money.ts';
import { LEAVES, rankOf, type LeafPlan } from './plan.ts';
import { accountVerdict, findingOn, isCheckedRole, VerdictCache, type AccountVerdict } from './quality.ts';
import { RecordReader } from './reader.ts';
import type { TextTable } from './texts.ts';
import { parseDate, parseTime } from './times.ts';

export interface DecoderOptions {
  readonly texts: TextTable;
  /** Paths of the text fields to intern; all of them unless given. `ALWAYS_WANTED` ones are interned in any case. */
  readonly wanted?: ReadonlySet<string>;
  /** By source: what is put before each of its accounts, parties and devices that is not an IBAN. */
  readonly prefixBySource?: ReadonlyMap<string, string>;
}

/** Text fields that alerts show (S18), whatever the typologies read. */
export const ALWAYS_WANTED: readonly string[] = [
  'source', 'kind', 'amount.currency',
  'debtor.account', 'debtor.party', 'debtor.country', 'creditor.account', 'creditor.party', 'creditor.country',
];

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

const RANK = {
  schema: rankOf('schema'), source: rankOf('source'), id: rankOf('id'), time: rankOf('time'), kind: rankOf('kind'), channel: rankOf('channel'),
  status: rankOf('status'), precision: rankOf('precision'), receivedAt: rankOf('receivedAt'), value: rankOf('amount.value'), currency: rankOf('amount.currency'),
  keys: ['debtor.account', 'debtor.party', 'creditor.account', 'creditor.party'].map(rankOf),
} as const;
const SOURCE_LEAF = LEAVES[RANK.source]!;
const CONTENT_LEAVES = LEAVES.filter((leaf) => leaf.contentPath !== null);
const KIND_SET: ReadonlySet<string> = new Set(KINDS);
const CHANNEL_SET: ReadonlySet<string> = new Set(CHANNELS);
const STATUS_INDEX: ReadonlyMap<string, number> = new Map(STATUSES.map((status, i) => [status, i]));
/** Notes on an interned account: 0 is "not asked yet". */
const VERDICT_MARKS: readonly (AccountVerdict | null)[] = [null, 'iban', 'other', 'iban-checksum', 'iban-structure'];
const rejection = (code: RejectionCode, field: string): Rejection => ({ code, field, reason: REJECTIONS[code] });

class JsonTransactionDecoder implements TransactionDecoder {
  readonly findings: Finding[] = [];
  private readonly texts: TextTable;
  private readonly prefixBySource: ReadonlyMap<string, string>;
  private readonly interned: readonly boolean[];
  private readonly reader = new RecordReader();
  private readonly content = new ContentDigest();
  private readonly verdicts = new VerdictCache(accountVerdict);

  constructor(options: DecoderOptions) {
    this.texts = options.texts;
    this.prefixBySource = options.prefixBySource ?? new Map();
    const wanted = options.wanted === undefined ? null : new Set([...options.wanted, ...ALWAYS_WANTED]);
    this.interned = LEAVES.map((leaf) => leaf.textSlot >= 0 && (wanted === null || wanted.has(leaf.path)));
  }

  get unknownFields(): number {
    return this.reader.unknownFields;
  }

  decode(bytes: Uint8Array, out: DecodedTransaction): Rejection | null {
    if (this.findings.length > 0) this.findings.length = 0;
    this.reader.unknownFields = 0;
    const parsed = parseJson(bytes);
    if ('code' in parsed) return rejection(parsed.code, '');
    const unread = this.reader.read(parsed.value);
    if (unread !== null) return rejection(unread, this.reader.failedPath);
    const refused = this.decodeHead(this.reader.texts, out) ?? this.decodeFields(this.reader.texts, out);
    if (refused !== null) this.findings.length = 0;
    return refused;
  }

  /** What is no text of the content: identity, times, amount, and the closed lists. */
  private decodeHead(values: readonly (string | undefined)[], out: DecodedTransaction): Rejection | null {
    if (values[RANK.schema] !== SCHEMA_NAME) return rejection('unknown-schema', 'schema');
    out.id = values[RANK.id]!;
    out.timeMs = parseTime(values[RANK.time]!);
    const timeFault = timeCode(out.timeMs);
    if (timeFault !== null) return rejection(timeFault, 'time');
    const receivedAt = values[RANK.receivedAt];
    out.receivedAtMs = receivedAt === undefined ? NaN : parseTime(receivedAt);
    const receiptFault = receivedAt === undefined ? null : timeCode(out.receivedAtMs);
    if (receiptFault !== null) return rejection(receiptFault, 'receivedAt');
    const amount = parseAmount(values[RANK.value]!, values[RANK.currency]!);
    if (typeof amount === 'string') return rejection(amount, amount === 'unknown-currency' ? 'amount.currency' : 'amount.value');
    out.amountMinor = amount;
    return this.decodeClosedLists(values, out);
  }

  private decodeClosedLists(values: readonly (string | undefined)[], out: DecodedTransaction): Rejection | null {
    if (!KIND_SET.has(values[RANK.kind]!)) return rejection('unknown-kind', 'kind');
    const channel = values[RANK.channel];
    if (channel !== undefined && !CHANNEL_SET.has(channel)) return rejection('unknown-channel', 'channel');
    const statusText = values[RANK.status];
    const status = statusText === undefined ? 0 : STATUS_INDEX.get(statusText);
    if (status === undefined) return rejection('unknown-status', 'status');
    out.status = status;
    const precision = values[RANK.precision];
    if (precision !== undefined && precision !== 'day') return rejection('unknown-precision', 'precision');
    out.dayPrecision = precision !== undefined;
    return RANK.keys.every((rank) => values[rank] === undefined) ? rejection('no-party', '') : null;
  }

  private decodeFields(values: readonly (string | undefined)[], out: DecodedTransaction): Rejection | null {
    const source = values[RANK.source]!;
    const prefix = this.prefixBySource.get(source);
    out.texts.fill(0);
    out.numbers.fill(NaN);
    out.texts[SOURCE_LEAF.textSlot] = this.texts.intern(source);
    this.content.begin();
    for (const leaf of CONTENT_LEAVES) {
      const value = values[leaf.rank];
      if (value === undefined) continue;
      const fault = this.decodeField(leaf, value, prefix, out);
      if (fault !== null) return rejection(fault, leaf.path);
    }
    this.content.finish(out.digest);
    return null;
  }

  private decodeField(leaf: LeafPlan, value: string, prefix: string | undefined, out: DecodedTransaction): RejectionCode | null {
    let text = value;
    switch (leaf.role) {
      case 'value':
        this.content.add(leaf.rank, String(out.amountMinor));
        return null;
      case 'date': {
        const days = parseDate(value);
        if (Number.isNaN(days)) return 'bad-date';
        out.numbers[leaf.numberSlot] = days;
        this.content.add(leaf.rank, String(days));
        return null;
      }
      case 'count':
      case 'flag':
        out.numbers[leaf.numberSlot] = Number(value);
        this.content.add(leaf.rank, value);
        return null;
      case 'account':
        return this.decodeAccount(leaf, value, prefix, out);
      case 'party':
      case 'device':
        if (prefix !== undefined && this.verdicts.get(value) !== 'iban') text = prefix + value;
        break;
      default:
        if (isCheckedRole(leaf.role)) this.find(findingOn(leaf.role, value), leaf.path);
    }
    if (this.interned[leaf.rank] === true) out.texts[leaf.textSlot] = this.texts.intern(text);
    this.content.add(leaf.rank, text);
    return null;
  }

  /** An account is asked once what it is: the answer is noted with the interned text, or, where a prefix hangs on it, in a bounded cache. */
  private decodeAccount(leaf: LeafPlan, value: string, prefix: string | undefined, out: DecodedTransaction): null {
    const verdict = prefix === undefined ? null : this.verdicts.get(value);
    const text = prefix !== undefined && verdict !== 'iban' ? prefix + value : value;
    const id = this.texts.intern(text);
    out.texts[leaf.textSlot] = id;
    this.content.add(leaf.rank, text);
    const known = verdict ?? this.markedVerdict(id, text);
    if (known === 'iban-checksum' || known === 'iban-structure') this.find(known, leaf.path);
    return null;
  }

  private markedVerdict(id: number, account: string): AccountVerdict {
    const marked = VERDICT_MARKS[this.texts.mark(id)];
    if (marked !== null && marked !== undefined) return marked;
    const verdict = accountVerdict(account);
    this.texts.setMark(id, VERDICT_MARKS.indexOf(verdict));
    return verdict;
  }

  private find(code: FindingCode | null, field: string): void {
    if (code === null) return;
    assert(code in FINDINGS, 'a finding is one of the documented ones');
    this.findings.push({ code, field });
  }
}

function timeCode(ms: number): RejectionCode | null {
  if (Number.isNaN(ms)) return 'bad-time';
  return ms < LIMITS.timeMsMin || ms > LIMITS.timeMsMax ? 'time-out-of-range' : null;
}
