import type { Typology } from '../../../src/typologies/ast.ts';
import type { OracleRecord } from '../oracle/types.ts';
import type { History } from './history.ts';
import { layOut } from './source.ts';

/** A history that still fails and from which nothing more can be left out, as far as simple steps go. */
export function smallest(history: History, fails: (smaller: History) => boolean): History {
  let best = history;
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const candidate of smaller(best)) {
      if (!fails(candidate)) continue;
      best = candidate;
      shrunk = true;
      break;
    }
  }
  return best;
}

function* smaller(history: History): IterableIterator<History> {
  const { records, typologies } = history;
  if (typologies.length > 1) for (const [i] of typologies.entries()) yield { ...history, typologies: typologies.filter((_, j) => j !== i) };
  for (let size = Math.ceil(records.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < records.length; at += size) {
      const left = [...records.slice(0, at), ...records.slice(at + size)];
      if (left.length > 0) yield { ...history, records: renumbered(left) };
    }
  }
  for (const [i, typology] of typologies.entries()) {
    for (const simpler of simplerTypologies(typology)) yield { ...history, typologies: typologies.map((t, j) => (i === j ? simpler : t)) };
  }
}

function renumbered(records: readonly OracleRecord[]): OracleRecord[] {
  const next = new Map<number, number>();
  return records.map((record) => {
    const offset = next.get(record.partition) ?? 0;
    next.set(record.partition, offset + 1);
    return { ...record, offset };
  });
}

function* simplerTypologies(typology: Typology): IterableIterator<Typology> {
  const { where, ...rest } = typology;
  if (where !== undefined) yield layOut(rest);
  const { score, unless, when } = typology;
  for (const [i] of score.points.entries()) yield layOut({ ...typology, score: { ...score, points: score.points.filter((_, j) => j !== i) } });
  for (const [i] of unless.entries()) yield layOut({ ...typology, unless: unless.filter((_, j) => j !== i) });
  if (score.bands.length > 0) yield layOut({ ...typology, score: { ...score, bands: [] } });
  if (when.kind === 'and' || when.kind === 'or') {
    yield layOut({ ...typology, when: when.left });
    yield layOut({ ...typology, when: when.right });
  }
}

/** As JSON, big integers as `{ "big": "…" }`. */
export function toText(history: History): string {
  return JSON.stringify(history, (_, value: unknown) => (typeof value === 'bigint' ? { big: String(value) } : value));
}

export function fromText(text: string): History {
  return JSON.parse(text, (_, value: unknown) => {
    const isBig = typeof value === 'object' && value !== null && 'big' in value;
    return isBig ? BigInt((value as { big: string }).big) : value;
  }) as History;
}
