import { Random } from '../../../src/base/random.ts';
import { ERRORED, INEXACT } from '../../../src/detection/exact.ts';
import { accumulatorOf } from '../../../src/detection/windows/accumulators.ts';
import type { AggregateName } from '../../../src/typologies/ast.ts';

const answerOf = (name: AggregateName, values: readonly number[], denominator = 1): [number, number] => {
  const accumulator = accumulatorOf(name);
  values.forEach((value, i) => {
    accumulator.add(i, value);
  });
  const answer = { n: 0, d: 0 };
  accumulator.answer(answer, denominator);
  return [answer.n, answer.d];
};

/** What each means, written out. */
const PLAIN: Record<AggregateName, (values: readonly number[]) => number> = {
  count: (values) => values.length,
  sum: (values) => values.reduce((a, b) => a + b, 0),
  avg: (values) => (values.length === 0 ? Number.NaN : values.reduce((a, b) => a + b, 0)),
  min: (values) => (values.length === 0 ? Number.NaN : Math.min(...values)),
  max: (values) => (values.length === 0 ? Number.NaN : Math.max(...values)),
  distinct: (values) => (values.length === 0 ? Number.NaN : new Set(values).size),
  passed_through: (values) => {
    let [left, moved] = [0, 0];
    for (const value of values) {
      if (value > 0) left += value;
      else {
        moved += Math.min(left, -value);
        left -= Math.min(left, -value);
      }
    }
    return values.length === 0 ? Number.NaN : moved;
  },
};

function amountOf(name: AggregateName, random: Random): number {
  return random.between(1, 9) * (name === 'passed_through' && random.chance(0.5) ? -1 : 1);
}

/** A fold and the legs that are in; NaN stands for a leg of the window that is not read. */
class Window {
  readonly values: number[] = [];
  private readonly accumulator;
  private lo = 0;

  constructor(name: AggregateName) {
    this.accumulator = accumulatorOf(name);
  }

  put(at: number, value: number): void {
    if (at < this.values.length) this.accumulator.insert(this.lo + at, value);
    else if (!Number.isNaN(value)) this.accumulator.add(this.lo + at, value);
    this.values.splice(at, 0, value);
  }

  drop(): void {
    const first = this.values.shift()!;
    if (!Number.isNaN(first)) this.accumulator.remove(this.lo, first);
    this.lo++;
  }

  answer(): number {
    const answer = { n: 0, d: 0 };
    this.accumulator.answer(answer, 1);
    return answer.n;
  }
}

describe('folds of a moving window', () => {
  test.each(Object.keys(PLAIN) as AggregateName[])('%s is what it is of the legs that are in', (name) => {
    const random = new Random(3);
    const accumulator = accumulatorOf(name);
    const values: number[] = [];
    let [lo, hi] = [0, 0];
    const answer = { n: 0, d: 0 };
    for (let step = 0; step < 5000; step++) {
      if (random.chance(step % 1000 < 600 ? 0.7 : 0.3) || lo === hi) {
        values.push(amountOf(name, random));
        accumulator.add(hi, values[hi++]!);
      } else accumulator.remove(lo, values[lo++]!);
      accumulator.answer(answer, 1);
      const window = values.slice(lo, hi);
      expect(answer.n).toBe(PLAIN[name](window));
      if (name === 'avg' && window.length > 0) expect(answer.d).toBe(window.length);
      expect(accumulator.size).toBe(window.length);
    }
    accumulator.clear();
    accumulator.answer(answer, 1);
    expect([answer.n, accumulator.size]).toEqual([PLAIN[name]([]), 0]);
  });

  test.each(Object.keys(PLAIN) as AggregateName[])('%s takes a leg in before others', (name) => {
    const random = new Random(4);
    for (let round = 0; round < 200; round++) {
      const window = new Window(name);
      for (let step = 0; step < 40; step++) {
        if (random.chance(0.25) && window.values.length > 0) window.drop();
        else window.put(random.between(0, window.values.length), random.chance(0.2) ? Number.NaN : amountOf(name, random));
        expect(window.answer()).toBe(PLAIN[name](window.values.filter((v) => !Number.isNaN(v))));
      }
    }
  });

  test('what passes through a large window is what it is of its legs, whatever comes in and leaves', () => {
    const random = new Random(8);
    const window = new Window('passed_through');
    for (let step = 0; step < 12_000; step++) {
      const isGrowing = step < 4000 || (step > 7000 && step < 9000);
      if (random.chance(isGrowing ? 0.2 : 0.6) && window.values.length > 0) window.drop();
      else
        window.put(random.chance(0.3) ? random.below(window.values.length + 1) : window.values.length, random.between(1, 99) * (random.chance(0.5) ? -1 : 1));
      if (step % 20 === 0) expect(window.answer()).toBe(PLAIN.passed_through(window.values));
    }
    expect(window.values.length).toBeGreaterThan(500);
  });

  test.each(Object.keys(PLAIN) as AggregateName[])('%s is errored while an errored leg is in, before it is inexact', (name) => {
    const accumulator = accumulatorOf(name);
    const answer = { n: 0, d: 0 };
    const seen: number[] = [];
    const look = (): void => {
      accumulator.answer(answer, 1);
      seen.push(answer.n);
    };
    for (const [i, value] of [INEXACT, ERRORED, 5].entries()) accumulator.add(i, value);
    look();
    accumulator.remove(1, ERRORED);
    look();
    accumulator.remove(0, INEXACT);
    look();
    expect(seen).toEqual([ERRORED, INEXACT, PLAIN[name]([5])]);
  });

  test('a sum beyond 2^53 − 1 is an overflow, over a denominator a matter for the plain evaluator, and comes back', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(answerOf('sum', [most - 1, 1])[0]).toBe(most);
    expect(answerOf('sum', [most, 1])[0]).toBe(ERRORED);
    expect(answerOf('avg', [most, 1])[0]).toBe(ERRORED);
    expect(answerOf('sum', [most, 1], 3)[0]).toBe(INEXACT);
    expect(answerOf('sum', [most, most, -most, -most, 7])[0]).toBe(7);
    expect(answerOf('passed_through', [most, -1, 1])[0]).toBe(INEXACT);
  });

  test('numbers stand over their denominator', () => {
    expect([answerOf('sum', [3, 4], 5), answerOf('avg', [3, 4], 5), answerOf('max', [3, 4], 5), answerOf('count', [3, 4], 5)]).toEqual([
      [7, 5],
      [7, 10],
      [4, 5],
      [2, 1],
    ]);
  });
});
