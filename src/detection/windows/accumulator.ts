import type { Answer } from '../compile/unit.ts';
import { ERRORED, ExactSum, INEXACT, MISSING } from '../exact.ts';

/** A fold over the legs of a window that legs enter at the end and leave at the front. Values are those of `AggregateUnit`, NaN excepted. */
export abstract class Accumulator {
  private errored = 0;
  private odd = 0;
  protected members = 0;

  get size(): number {
    return this.members + this.errored + this.odd;
  }

  add(position: number, value: number): void {
    if (value === ERRORED) this.errored++;
    else if (value === INEXACT) this.odd++;
    else {
      this.members++;
      this.enter(position, value);
    }
  }

  remove(position: number, value: number): void {
    if (value === ERRORED) this.errored--;
    else if (value === INEXACT) this.odd--;
    else {
      this.members--;
      this.leave(position, value);
    }
  }

  /** A leg comes in before others: theirs are one position later from now on. NaN: it is not read. */
  insert(position: number, value: number): void {
    this.shift(position);
    if (value !== value) return;
    if (value === ERRORED || value === INEXACT) {
      this.add(position, value);
      return;
    }
    this.members++;
    this.between(position, value);
  }

  clear(): void {
    this.errored = 0;
    this.odd = 0;
    this.members = 0;
    this.reset();
  }

  answer(answer: Answer, denominator: number): void {
    answer.d = 1;
    if (this.errored > 0) answer.n = ERRORED;
    else if (this.odd > 0) answer.n = INEXACT;
    else this.fold(answer, denominator);
  }

  /** Positions from this one on are one later; most folds hold none. */
  protected shift(_position: number): void {
    // Nothing to move.
  }

  /** Takes a value at a position before others, which for most folds is nothing special. */
  protected between(position: number, value: number): void {
    this.enter(position, value);
  }

  protected abstract enter(position: number, value: number): void;
  protected abstract leave(position: number, value: number): void;
  protected abstract reset(): void;
  /** Sets `n`, and `d` where it is not 1. */
  protected abstract fold(answer: Answer, denominator: number): void;
}

export class Counted extends Accumulator {
  protected override enter(): void {
    // The number of members is all there is.
  }
  protected override leave(): void {
    // As above.
  }
  protected override reset(): void {
    // As above.
  }
  protected override fold(answer: Answer): void {
    answer.n = this.members;
  }
}

export class Summed extends Accumulator {
  private readonly isAverage: boolean;
  private readonly sum = new ExactSum();

  constructor(isAverage: boolean) {
    super();
    this.isAverage = isAverage;
  }

  protected override enter(_position: number, value: number): void {
    this.sum.add(value);
  }

  protected override leave(_position: number, value: number): void {
    this.sum.add(-value);
  }

  protected override reset(): void {
    this.sum.clear();
  }

  /** A sum beyond 2^53 − 1 is an overflow; over a denominator only the plain evaluator can tell. */
  protected override fold(answer: Answer, denominator: number): void {
    if (this.isAverage && this.members === 0) {
      answer.n = MISSING;
      return;
    }
    const total = this.sum.value;
    if (total === ERRORED) {
      answer.n = denominator === 1 ? ERRORED : INEXACT;
      return;
    }
    answer.n = total;
    answer.d = this.isAverage ? denominator * this.members : denominator;
  }
}

/** The least value (sign 1) or the greatest (−1): a queue in which each value is better than those behind it. */
export class Extreme extends Accumulator {
  private readonly sign: number;
  private positions: number[] = [];
  private values: number[] = [];
  private head = 0;

  constructor(sign: number) {
    super();
    this.sign = sign;
  }

  protected override enter(position: number, value: number): void {
    while (this.values.length > this.head && (this.values[this.values.length - 1]! - value) * this.sign >= 0) {
      this.values.pop();
      this.positions.pop();
    }
    this.values.push(value);
    this.positions.push(position);
  }

  protected override shift(position: number): void {
    for (let i = this.positions.length - 1; i >= this.head && this.positions[i]! >= position; i--) this.positions[i]!++;
  }

  protected override between(position: number, value: number): void {
    let at = this.positions.length;
    while (at > this.head && this.positions[at - 1]! > position) at--;
    // A later value that is as good makes this one useless.
    if (at < this.values.length && (value - this.values[at]!) * this.sign >= 0) return;
    let from = at;
    while (from > this.head && (this.values[from - 1]! - value) * this.sign >= 0) from--;
    this.values.splice(from, at - from, value);
    this.positions.splice(from, at - from, position);
  }

  protected override leave(position: number): void {
    if (this.positions[this.head] === position) this.head++;
    if (this.head > 32 && this.head * 2 > this.values.length) {
      this.values = this.values.slice(this.head);
      this.positions = this.positions.slice(this.head);
      this.head = 0;
    }
  }

  protected override reset(): void {
    this.values = [];
    this.positions = [];
    this.head = 0;
  }

  protected override fold(answer: Answer, denominator: number): void {
    answer.n = this.members === 0 ? MISSING : this.values[this.head]!;
    answer.d = denominator;
  }
}

export class Distinct extends Accumulator {
  private readonly counts = new Map<number, number>();

  protected override enter(_position: number, value: number): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
  }

  protected override leave(_position: number, value: number): void {
    const n = this.counts.get(value)! - 1;
    if (n === 0) this.counts.delete(value);
    else this.counts.set(value, n);
  }

  protected override reset(): void {
    this.counts.clear();
  }

  protected override fold(answer: Answer): void {
    answer.n = this.counts.size === 0 ? MISSING : this.counts.size;
  }
}
