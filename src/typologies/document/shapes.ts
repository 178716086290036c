import { parseDuration } from '../../base/duration.ts';
import type { Span } from '../ast.ts';
import { durationMeant } from '../expressions/slips.ts';
import type { Findings } from '../findings.ts';
import { nearestName } from '../nearest.ts';
import type { YamlNode, YamlScalar } from '../parse/nodes.ts';
import { keyMeant } from './keysMeant.ts';

/** A value with its place in the file. */
export interface Located<T> {
  readonly value: T;
  readonly node: YamlScalar;
}
export type JsonSchema = { readonly [key: string]: unknown };

/** What may stand at a place of the file: how it is read and how an editor is told. `expected` completes "must be …". */
export interface Shape<T> {
  readonly expected: string;
  read(node: YamlNode, name: string, findings: Findings): T | undefined;
  readonly schema: JsonSchema;
}

/** Control characters, halves of surrogate pairs, and marks that turn the direction of what follows: they would reach screens and logs. */
const UNPRINTABLE = /[^\P{Cc}\t\r\n]|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/u;

function scalar<T>(expected: string, schema: JsonSchema, read: (node: YamlScalar, name: string, findings: Findings) => T | undefined): Shape<T> {
  return {
    expected,
    schema,
    read(node, name, findings) {
      if (node.kind !== 'scalar') return wrongType(node, name, expected, findings);
      if (node.value.trim() === '') {
        findings.add('value-empty', node.span, { name, expected });
        return undefined;
      }
      if (UNPRINTABLE.test(node.value)) {
        findings.add('value-characters', node.span, { name });
        return undefined;
      }
      return read(node, name, findings);
    },
  };
}

function wrongType(node: YamlNode, name: string, expected: string, findings: Findings, entry?: string): undefined {
  if (node.kind === 'broken') return undefined;
  const found = node.kind === 'scalar' && node.plain && node.value === '' ? 'empty' : { scalar: 'a text', list: 'a list', map: 'a mapping' }[node.kind];
  const write = entry === undefined ? expected : `a list: ${entry} on a line of its own after a dash and a blank, for each entry`;
  findings.add('value-type', firstLine(node), { name, expected, found, write });
  return undefined;
}

/** Of something that goes over several lines, where it begins. */
const firstLine = (node: YamlNode): Span => (node.kind === 'scalar' ? node.span : { start: node.span.start, end: node.span.start + 1 });

/** A text of at most `max` characters. */
export function text(max: number): Shape<Located<string>> {
  return scalar('a text', { type: 'string', minLength: 1, maxLength: max }, (node, name, findings) => {
    if (node.value.length <= max) return { value: node.value.trim(), node };
    findings.add('value-long', node.span, { name, limit: `${max} characters` });
    return undefined;
  });
}

/** A text of a fixed form. `meant` makes of a wrong one what its author may have meant. */
export function formed(expected: string, form: RegExp, example: string, meant?: (found: string) => string): Shape<Located<string>> {
  return scalar(expected, { type: 'string', pattern: form.source }, (node, _, findings) => {
    if (form.test(node.value)) return { value: node.value, node };
    const nearest = meant?.(node.value);
    const fits = nearest !== undefined && form.test(nearest);
    findings.add('value-form', node.span, { found: node.value, expected: expected.replace(/^an? /, ''), example }, fits ? nearest : undefined);
    return undefined;
  });
}

export function choice<T extends string>(values: readonly T[]): Shape<Located<T>> {
  return scalar(`one of ${values.join(', ')}`, { enum: values }, (node, name, findings) => {
    const value = values.find((v) => v === node.value);
    if (value !== undefined) return { value, node };
    findings.add('value-choice', node.span, { name, found: node.value, known: values.join(', ') }, nearestName(node.value, values));
    return undefined;
  });
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number): Shape<Located<number>> {
  const expected = 'a whole number';
  return scalar(expected, { type: 'integer', minimum: min, maximum: max }, (node, name, findings) => {
    const digits = /^-?\d{1,9}$/.test(node.value);
    if (!node.plain && digits) {
      findings.add('value-form', node.span, { found: `"${node.value}"`, expected: 'whole number', example: node.value }, node.value);
      return undefined;
    }
    if (!digits) {
      findings.add('value-form', node.span, { found: node.value, expected: 'whole number', example: String(Math.max(min, Math.min(max, 60))) });
      return undefined;
    }
    const value = Number(node.value);
    if (value >= min && value <= max) return { value, node };
    findings.add('value-range', node.span, { name, found: node.value, min: String(min), max: String(max) });
    return undefined;
  });
}

/** A duration in milliseconds, between two that are written in words. */
export function duration(min: string, max: string): Shape<Located<number>> {
  const [low, high] = [parseDuration(min)!, parseDuration(max)!];
  return scalar('a duration such as 7d', { type: 'string', pattern: '^([0-9]+(ms|[smhdw]))+$' }, (node, name, findings) => {
    const value = parseDuration(node.value);
    const meant = durationMeant(node.value.replace(/\s+/g, ''));
    if (value === null) findings.add('value-form', node.span, { found: node.value, expected: 'duration', example: '36h or 7d' }, meant);
    else if (value < low || value > high) findings.add('value-range', node.span, { name, found: node.value, min, max });
    else return { value, node };
    return undefined;
  });
}

/** An expression or a literal of the language: read later, by whoever knows the names. */
export function expression(expected: string): Shape<YamlScalar> {
  return scalar(expected, { type: ['string', 'number', 'boolean'] }, (node) => node);
}

export function list<T>(of: Shape<T>, max: number, min = 0): Shape<T[]> {
  const expected = 'a list';
  return {
    expected,
    schema: { type: 'array', items: of.schema, minItems: min, maxItems: max },
    read(node, name, findings) {
      if (node.kind !== 'list') return wrongType(node, name, expected, findings, of.expected);
      if (node.items.length < min || node.items.length > max) {
        findings.add('value-range', firstLine(node), {
          name: `The number of entries of ${name}`,
          found: String(node.items.length),
          min: String(min),
          max: String(max),
        });
        return undefined;
      }
      return node.items.map((item) => of.read(item, `An entry of ${name}`, findings)).filter((item) => item !== undefined);
    },
  };
}

/** One value or a list of them. */
export function oneOrList<T>(of: Shape<T>, max: number): Shape<T[]> {
  const many = list(of, max, 1);
  return {
    expected: `${of.expected} or a list`,
    schema: { anyOf: [of.schema, many.schema] },
    read(node, name, findings) {
      if (node.kind === 'list') return many.read(node, name, findings);
      if (node.kind === 'scalar' && node.value.includes(',')) {
        findings.add('value-form', node.span, { found: node.value, expected: of.expected.replace(/^an? /, ''), example: '[a, b]' }, `[${node.value}]`);
        return undefined;
      }
      const one = of.read(node, name, findings);
      return one === undefined ? undefined : [one];
    },
  };
}

/** Of names of the author's own. */
export const NAME_FORM = /^[a-z][a-z0-9_]{0,62}$/;

/** Names of the author's own, each with a value. */
export function named<T>(of: Shape<T>, max: number): Shape<{ name: YamlScalar; value: T | undefined }[]> {
  const expected = 'a mapping of names to values';
  return {
    expected,
    schema: { type: 'object', propertyNames: { pattern: NAME_FORM.source }, additionalProperties: of.schema, maxProperties: max },
    read(node, name, findings) {
      if (node.kind !== 'map') return wrongType(node, name, expected, findings);
      if (node.entries.length > max) {
        findings.add('value-range', firstLine(node), {
          name: `The number of names in ${name}`,
          found: String(node.entries.length),
          min: '0',
          max: String(max),
        });
        return undefined;
      }
      return node.entries.map(({ key, value }) => {
        if (key.value === '') findings.add('value-empty', key.span, { name: 'a name', expected: 'a name in snake_case' });
        else if (!NAME_FORM.test(key.value)) findings.add('value-form', key.span, { found: key.value, expected: 'name in snake_case', example: 'payers_7d' });
        return { name: key, value: of.read(value, key.value, findings) };
      });
    },
  };
}

export interface KeySpec<T> {
  readonly shape: Shape<T>;
  readonly required: boolean;
  readonly description: string;
}
/** A key of the language that this version does not have yet. */
export interface LaterKey {
  readonly later: true;
  readonly description: string;
}

export const required = <T>(shape: Shape<T>, description: string): KeySpec<T> => ({ shape, required: true, description });
export const optional = <T>(shape: Shape<T>, description: string): KeySpec<T> => ({ shape, required: false, description });
export const later = (description: string): LaterKey => ({ later: true, description });

type Keys = Readonly<Record<string, KeySpec<unknown> | LaterKey>>;
/** Undefined where the key is absent or its value is wrong, which has been reported. */
export type Read<K extends Keys> = { -readonly [N in keyof K]: (K[N] extends KeySpec<infer T> ? T : never) | undefined } & {
  /** Where each key that is present stands. */
  readonly at: ReadonlyMap<string, YamlScalar>;
  /** Keys that are absent, and were most likely meant by one that is not known. */
  readonly meant: ReadonlySet<string>;
  readonly span: Span;
};
export type ObjectShape<K extends Keys> = Shape<Read<K>> & { readonly keys: K };

/** A mapping with fixed keys. */
export function object<K extends Keys>(keys: K): ObjectShape<K> {
  const properties = Object.fromEntries(
    Object.entries(keys)
      .filter(([, spec]) => !('later' in spec))
      .map(([name, spec]) => [name, { ...(spec as KeySpec<unknown>).shape.schema, description: spec.description }]),
  );
  const needed = Object.entries(keys)
    .filter(([, spec]) => !('later' in spec) && spec.required)
    .map(([name]) => name);
  const expected = `a mapping with ${needed.join(', ')}`;
  return {
    keys,
    expected,
    schema: { type: 'object', properties, required: needed, additionalProperties: false },
    read(node, name, findings) {
      if (node.kind !== 'map') return wrongType(node, name, expected, findings);
      const values: Record<string, unknown> = {};
      const at = new Map<string, YamlScalar>();
      const meant = new Set<string>();
      const present = new Set(node.entries.map((entry) => entry.key.value));
      const readUnknown = (key: YamlScalar, value: YamlNode): void => {
        if (findings.full) return;
        const known = Object.keys(keys);
        const free = known.filter((name) => !present.has(name) && !at.has(name));
        const other = keyMeant(key.value, free);
        findings.add('key-unknown', key.span, { name: key.value === '' ? '""' : key.value, known: known.join(', ') }, other?.name);
        if (other === undefined) return;
        meant.add(other.name);
        const spec = keys[other.name]!;
        if (!other.isSlip || 'later' in spec) return;
        // Read as what it was meant to be, so that everything is told at once.
        at.set(other.name, key);
        values[other.name] = spec.shape.read(value, other.name, findings);
      };
      for (const { key, value } of node.entries) {
        const spec = Object.hasOwn(keys, key.value) ? keys[key.value] : undefined;
        at.set(key.value, key);
        if (spec === undefined) readUnknown(key, value);
        else if ('later' in spec) findings.add('key-not-available', key.span, { name: key.value });
        else values[key.value] = spec.shape.read(value, key.value, findings);
      }
      for (const missing of needed) {
        if (at.has(missing) || meant.has(missing)) continue;
        const spec = keys[missing] as KeySpec<unknown>;
        findings.add('key-missing', firstLine(node), { name: missing, description: spec.description });
      }
      return { ...values, at, meant, span: node.span } as unknown as Read<K>;
    },
  };
}
