import type { Rejection } from './decoded.ts';
import { blankTransaction, rejectionOf } from './decoder.ts';
import { parseJson } from './json.ts';
import { Meaning } from './meaning.ts';
import { type Role, SCHEMA_NAME } from './model.ts';
import { LEAVES } from './plan.ts';
import { RecordReader } from './reader.ts';
import { LeafSpans } from './spans.ts';
import { TextTable } from './texts.ts';

/** More mistakes than a record of the format has places. */
const REFUSALS_MAX = 128;
const SOUND_TIME = '2026-01-01T00:00:00Z';
/** A value that is sound in any record, by role; a text for all others. */
const SOUND: Readonly<Partial<Record<Role, unknown>>> = {
  schema: SCHEMA_NAME,
  time: SOUND_TIME,
  kind: 'p2p',
  channel: 'online',
  status: 'accepted',
  precision: 'day',
  currency: 'EUR',
  value: '1',
  date: '2026-01-01',
  count: 0,
  flag: false,
  items: [],
};
const SOUND_BY_PATH: ReadonlyMap<string, unknown> = new Map(LEAVES.map(({ path, role }) => [path, role in SOUND ? SOUND[role] : 'x']));
/** What depends on the currency cannot be said of an amount whose currency is unknown. */
const OF_CURRENCY: ReadonlySet<string> = new Set(['amount-scale', 'amount-too-large']);

type JsonObject = Record<string, unknown>;
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Every reason for which a record is refused, for whoever has to mend it: the decoder stops at the first, so that is put right and the record is asked again,
 * and so on. A copy of the record is changed, never the record.
 */
export class Refusals {
  private readonly texts = new TextTable();
  private readonly spans = new LeafSpans();
  private readonly reader = new RecordReader(this.spans);
  private readonly meaning = new Meaning(this.texts, new Set(), new Map());
  private readonly scratch = blankTransaction();

  /** In the order in which they are met; none where the record would be taken. */
  of(bytes: Uint8Array): Rejection[] {
    const json = parseJson(bytes);
    if ('code' in json) return [rejectionOf(json.code, '')];
    const value = structuredClone(json.value);
    const found: Rejection[] = [];
    let isCurrencyKnown = true;
    for (let i = 0; i < REFUSALS_MAX; i++) {
      const refused = this.first(value);
      if (refused === null) break;
      if (isCurrencyKnown || !OF_CURRENCY.has(refused.code)) found.push(refused);
      if (refused.field === 'amount.currency') isCurrencyKnown = false;
      if (!isObject(value)) break;
      mend(value, refused);
    }
    this.texts.sweep();
    return found;
  }

  private first(value: unknown): Rejection | null {
    const unread = this.reader.read(value);
    if (unread !== null) return rejectionOf(unread, this.reader.failedPath);
    const refused = this.meaning.read(this.spans, this.scratch);
    return refused === null ? null : rejectionOf(refused, this.meaning.failedPath);
  }
}

/** Puts something sound in the place of what was refused. */
function mend(record: JsonObject, { code, field }: Rejection): void {
  if (code === 'no-party') put(record, 'debtor.party', 'x');
  else if (field.startsWith('items.')) put(record, 'items', []);
  else if (SOUND_BY_PATH.has(field)) put(record, field, SOUND_BY_PATH.get(field));
  else {
    // An object that is none, or is not there: it is given the leaves that it must have, and those by which a side is known.
    put(record, field, {});
    const leaves = LEAVES.filter(({ path, required, role }) => path.startsWith(`${field}.`) && (required || role === 'party'));
    for (const { path } of leaves) put(record, path, SOUND_BY_PATH.get(path));
  }
}

/** What stands in the way and is no object makes room for one. */
function put(record: JsonObject, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop()!;
  let target = record;
  for (const name of names) {
    const inner = target[name];
    target = isObject(inner) ? inner : (target[name] = {});
  }
  target[last] = value;
}
