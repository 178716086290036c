import type { OracleRecord } from '../oracle/types.ts';
import type { Tape } from './tape.ts';

/** Records by partition, in the order of their offsets. */
export function partitionsOf(records: readonly OracleRecord[]): Map<number, OracleRecord[]> {
  const partitions = new Map<number, OracleRecord[]>();
  for (const record of records) partitions.set(record.partition, [...(partitions.get(record.partition) ?? []), record]);
  for (const list of partitions.values()) list.sort((a, b) => a.offset - b.offset);
  return partitions;
}

export function totalsOf(records: readonly OracleRecord[]): Map<number, number> {
  return new Map([...partitionsOf(records)].map(([partition, list]) => [partition, list.length]));
}

/** An order of consumption that keeps each partition's own: by receipt, by chance, or one partition after another. */
export function interleaved(records: readonly OracleRecord[], tape: Tape): OracleRecord[] {
  const waiting = [...partitionsOf(records).values()];
  const way = tape.below(3);
  const order: OracleRecord[] = [];
  while (waiting.some((list) => list.length > 0)) {
    const open = waiting.filter((list) => list.length > 0);
    const next = way === 0 ? open.reduce((a, b) => (b[0]!.r < a[0]!.r ? b : a)) : way === 1 ? tape.one(open) : open[0]!;
    order.push(next.shift()!);
  }
  return order;
}

/** Cuts an order into batches of random sizes. */
export function batched<T>(order: readonly T[], tape: Tape): T[][] {
  const most = tape.one([4, 1, 8, 30]);
  const batches: T[][] = [];
  for (let at = 0; at < order.length; ) {
    const size = 1 + tape.below(most);
    batches.push(order.slice(at, at + size));
    at += size;
  }
  return batches;
}
