import { frontierOf, type Marks, marksOf, sameFrontier } from '../../../src/pipeline/marks.ts';

const NONE = Number.NEGATIVE_INFINITY;

describe('marks of the partitions', () => {
  const marks: Marks = new Map([
    [10, { next: 7, first: 2, greatestMs: 1_795_000_000_123 }],
    [2, { next: 0, first: 0, greatestMs: NONE }],
  ]);

  test('survive being stored, numbers of any size and partitions without a record included', () => {
    expect(marksOf(frontierOf(marks, 'a.transactions'), 'a.transactions')).toEqual(new Map([...marks].reverse()));
  });

  test('are stored under topic and partition, the next offset plain', () => {
    expect(frontierOf(marks, 't')).toEqual({ 't/2': 0, 't/2:first': 0, 't/10': 7, 't/10:first': 2, 't/10:r': 1_795_000_000_123 });
  });

  test('of another topic are not read', () => {
    expect(marksOf({ 'tt/0': 3, 'other/1': 4, 't/0': 5 }, 't')).toEqual(new Map([[0, { next: 5, first: 0, greatestMs: NONE }]]));
  });

  test('are the same only with the same keys and numbers', () => {
    expect(sameFrontier({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
    expect(sameFrontier({ a: 1 }, { a: 2 })).toBe(false);
    expect(sameFrontier({ a: 1 }, { b: 1 })).toBe(false);
    expect(sameFrontier({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  });
});
