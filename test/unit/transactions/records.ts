import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DecodedTransaction, Finding, Rejection } from '../../../src/transactions/decoded.ts';
import { blankTransaction, createDecoder, type DecoderOptions } from '../../../src/transactions/decoder.ts';
import { NUMBER_FIELDS, TEXT_FIELDS } from '../../../src/transactions/fields.ts';
import { TextTable } from '../../../src/transactions/texts.ts';

export type Json = Record<string, unknown>;
const FIXTURES = join(import.meta.dirname, '../../../fixtures/transactions');

export const fixture = (name: string): Buffer => readFileSync(join(FIXTURES, name));
export const fixtureNames = (folder: string): string[] => readdirSync(join(FIXTURES, folder)).sort();
export const fixtureJson = (name: string): Json => JSON.parse(fixture(name).toString()) as Json;

/** A valid record with the required fields, and others in their place. */
export function record(fields: Json = {}): Json {
  return { ...fixtureJson('good/required-only.json'), ...fields };
}

export const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** What a decoder answers, as plain values that can be compared. */
export interface Answer {
  readonly rejection: Rejection | null;
  readonly findings: readonly Finding[];
  readonly unknownFields: number;
  /** Everything decoded by name; null where the record is refused. */
  readonly fields: Json | null;
}

/** Decodes records one after the other with one decoder. */
export function decoding(options: Omit<DecoderOptions, 'texts'> = {}): (bytes: Uint8Array) => Answer {
  const texts = new TextTable();
  const decoder = createDecoder({ texts, ...options });
  const out = blankTransaction();
  return (bytes) => {
    const rejection = decoder.decode(bytes, out);
    return { rejection, findings: [...decoder.findings], unknownFields: decoder.unknownFields, fields: rejection === null ? named(out, texts) : null };
  };
}

/** As a decoder answers that has met no record before, and so reads it by `JSON.parse`. */
export const decodeFresh = (bytes: Uint8Array, options: Omit<DecoderOptions, 'texts'> = {}): Answer => decoding(options)(bytes);

function named(out: DecodedTransaction, texts: TextTable): Json {
  const fields: Json = {
    timeMs: out.timeMs,
    receivedAtMs: out.receivedAtMs,
    amountMinor: out.amountMinor,
    status: out.status,
    dayPrecision: out.dayPrecision,
    id: out.id,
    digest: Buffer.from(out.digest).toString('hex'),
  };
  for (const [slot, { path }] of TEXT_FIELDS.entries()) if (out.texts[slot] !== 0) fields[path] = texts.text(out.texts[slot]!);
  for (const [slot, { path }] of NUMBER_FIELDS.entries()) if (!Number.isNaN(out.numbers[slot])) fields[path] = out.numbers[slot];
  return fields;
}
