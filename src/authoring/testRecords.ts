import { FINDINGS } from '../transactions/codes.ts';
import { blankTransaction, createDecoder } from '../transactions/decoder.ts';
import { CHANNELS, KINDS, NUMBER_FIELDS, STATUSES, TEXT_FIELDS } from '../transactions/fields.ts';
import { TextTable } from '../transactions/texts.ts';
import { isCountry } from '../typologies/checking/countries.ts';
import { nearestName } from '../typologies/nearest.ts';
import type { EventLine } from './eventLine.ts';
import { CASH } from './eventLine.ts';
import type { TestFindings } from './testDiagnostics.ts';
import type { TestRecord } from './testModel.ts';
import type { Word } from './words.ts';

/** Transactions of one file; an author's test is to be read, and its laws are run many times over. */
export const RECORDS_MAX = 20_000;

/** Fields that hold one of a few words. */
const WORDS_OF: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['kind', KINDS],
  ['channel', CHANNELS],
  ['status', STATUSES],
]);

const TYPES: ReadonlyMap<string, string> = new Map([
  ['id', 'text'],
  ['status', 'text'],
  ['precision', 'text'],
  ...[...TEXT_FIELDS, ...NUMBER_FIELDS]
    .filter((f) => !f.path.startsWith('returnOf.') && f.path !== 'amount.currency')
    .map((f) => [f.path, f.path === 'items' ? 'items' : f.type] as const),
]);

/** Where records are decoded to see whether they would be taken; one serves for a whole file. */
export class Trial {
  readonly decoder = createDecoder({ texts: new TextTable() });
  readonly scratch = blankTransaction();
}

/** Puts the lines of one test together: times that count from the line before, repeats, labels. */
export class RecordBuilder {
  readonly records: TestRecord[] = [];
  /** Index of the record that a label names. */
  readonly labels = new Map<string, number>();
  private readonly findings: TestFindings;
  private readonly trial: Trial;
  private lastMs: number | null = null;

  constructor(findings: TestFindings, trial: Trial) {
    this.findings = findings;
    this.trial = trial;
  }

  /** Adds the transactions of a line and answers the index of the last, or null where something is wrong. */
  add(line: EventLine): number | null {
    const firstMs = this.firstTime(line);
    if (firstMs === null) return null;
    const returned = line.returns === null ? undefined : this.labelled(line.returns);
    if (returned === null) return null;
    const times = line.every?.times ?? 1;
    for (let i = 0; i < times; i++) {
      const timeMs = firstMs + i * (line.every?.eachMs ?? 0);
      if (!this.addOne(line, timeMs, times === 1 ? null : i + 1, returned)) return null;
      this.lastMs = timeMs;
    }
    if (line.label !== null && times > 1) this.label(line.label, line.label.text);
    return this.records.length - 1;
  }

  private firstTime({ time, every, span }: EventLine): number | null {
    if (time !== null && 'atMs' in time) return time.atMs;
    if (this.lastMs === null) {
      this.findings.add('test-time-first', span);
      return null;
    }
    return this.lastMs + (time?.afterMs ?? every!.eachMs);
  }

  private addOne(line: EventLine, timeMs: number, repeat: number | null, returned: TestRecord | undefined): boolean {
    const number = this.findings.lineOf(line.span.start);
    const suffix = repeat === null ? '' : String(repeat);
    const id = `${line.label?.text ?? `line${number}${repeat === null ? '' : '-'}`}${suffix}`;
    const json: Record<string, unknown> = { schema: 'transaction/1', source: 'test', id, time: new Date(timeMs).toISOString(), ...basics(line, returned) };
    for (const { path, value } of line.fields) if (!this.set(json, path, value)) return false;
    const record = { json, timeMs, receivedAtMs: timeMs + line.arrivesMs, reference: `${json['source']}:${json['id']}`, line: number };
    const rejection = this.trial.decoder.decode(Buffer.from(JSON.stringify(json)), this.trial.scratch);
    if (rejection !== null) {
      const set = line.fields.find((f) => f.path.text === rejection.field);
      const nearest = set === undefined ? undefined : nearestName(set.value, WORDS_OF.get(set.path.text) ?? []);
      const amountAt = rejection.field.startsWith('amount') ? line.payment?.amountAt : undefined;
      this.findings.add('test-record', set?.path ?? amountAt ?? line.span, { reason: rejection.reason, field: rejection.field || 'the whole record' }, nearest);
      return false;
    }
    for (const { code, field } of repeat === null || repeat === 1 ? this.trial.decoder.findings : []) {
      const set = line.fields.find((f) => f.path.text === field);
      if (set !== undefined && code === 'unknown-country')
        this.findings.add(
          'test-quality',
          set.path,
          { field, reason: FINDINGS[code] },
          isCountry(set.value.toUpperCase()) ? set.value.toUpperCase() : undefined,
        );
    }
    this.records.push(record);
    return line.label === null || this.label(line.label, `${line.label.text}${suffix}`);
  }

  private label(word: Word, name: string): boolean {
    if (this.labels.has(name)) {
      this.findings.add('test-label-taken', word, { found: name });
      return false;
    }
    this.labels.set(name, this.records.length - 1);
    return true;
  }

  private labelled(word: Word): TestRecord | null {
    const index = this.labels.get(word.text);
    if (index !== undefined) return this.records[index]!;
    this.findings.add('test-label', word, { found: word.text }, nearestName(word.text, this.labels.keys()));
    return null;
  }

  /** Sets a field by its path. An empty value leaves the field out. */
  private set(json: Record<string, unknown>, path: Word, text: string): boolean {
    const type = TYPES.get(path.text);
    if (type === undefined) {
      this.findings.add('test-field', path, { found: path.text }, nearestName(path.text, TYPES.keys()));
      return false;
    }
    const value = text === '' ? undefined : typedValue(type, text);
    if (value === null) {
      const expected = { number: 'a number', boolean: 'true or false', items: '[{"text":"…","quantity":1}] in single quotes' }[type] ?? 'a text';
      this.findings.add('test-value', path, { found: text, field: path.text, expected });
      return false;
    }
    const names = path.text.split('.');
    let at = json;
    for (const name of names.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>;
    if (value === undefined) delete at[names.at(-1)!];
    else at[names.at(-1)!] = value;
    return true;
  }
}

function basics({ payment, returns }: EventLine, returned: TestRecord | undefined): Record<string, unknown> {
  const back = returned?.json as { source: string; id: string; amount: unknown; debtor?: unknown; creditor?: unknown } | undefined;
  const returnOf = back === undefined || returns === null ? {} : { returnOf: { source: back.source, id: back.id } };
  if (payment === null) {
    const sides = { ...(back!.creditor === undefined ? {} : { debtor: back!.creditor }), ...(back!.debtor === undefined ? {} : { creditor: back!.debtor }) };
    return { kind: 'credit-transfer', amount: back!.amount, ...structuredClone(sides), ...returnOf };
  }
  const { payer, payee, value, currency } = payment;
  return {
    kind: payer === CASH ? 'cash-deposit' : payee === CASH ? 'cash-withdrawal' : 'credit-transfer',
    amount: { value, currency },
    ...(payer === CASH ? {} : { debtor: { account: payer, party: payer } }),
    ...(payee === CASH ? {} : { creditor: { account: payee, party: payee } }),
    ...returnOf,
  };
}

/** Null where the text is no value of the type. */
function typedValue(type: string, text: string): unknown {
  switch (type) {
    case 'number':
      return /^\d{1,9}$/.test(text) ? Number(text) : null;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : null;
    case 'items':
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return null;
      }
    default:
      return text;
  }
}
