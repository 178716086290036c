import type { AggregateName } from '../../typologies/ast.ts';
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

  protected abstract enter(position: number, value: number): void;
  protected abstract leave(position: number, value: number): void;
  protected abstract reset(): void;
  /** Sets `n`, and `d` where it is not 1. */
  protected abstract fold(answer: Answer, denominator: number): void;
}

export function accumulatorOf(name: AggregateName): Accumulator {
  switch (name) {
    case 'count':
      return new Counted();
    case 'sum':
      return new Summed(false);
    case 'avg':
      return new Summed(true);
    case 'min':
      return new Extreme(1);
    case 'max':
      return new Extreme(-1);
    case 'distinct':
      return new Distinct();
    case 'passed_through':
      return new PassedThrough();
  }
}

class Counted extends Accumulator {
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

class Summed extends Accumulator {
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
class Extreme extends Accumulator {
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

class Distinct extends Accumulator {
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

/**
 * S9 as two stacks: a run of legs is (i, o, m) — what is left of its inflows, what its outflows still wanted, what was matched — and runs compose. The
 * back is one run that grows; the front holds, for each leg that leaves next, the run from it to the back.
 */
class PassedThrough extends Accumulator {
  /** Values of the legs behind the front, in order. */
  private back: number[] = [];
  private backI = 0;
  private backO = 0;
  private backM = 0;
  /** Runs of the front, the whole one last. */
  private frontI: number[] = [];
  private frontO: number[] = [];
  private frontM: number[] = [];
  /** All amounts together: beyond 2^53 − 1 no double is sure any more. */
  private readonly mass = new ExactSum();

  protected override enter(_position: number, value: number): void {
    this.mass.add(Math.abs(value));
    this.back.push(value);
    if (value > 0) this.backI += value;
    else {
      const used = Math.min(this.backI, -value);
      this.backI -= used;
      this.backO += -value - used;
      this.backM += used;
    }
  }

  protected override leave(_position: number, value: number): void {
    this.mass.add(-Math.abs(value));
    if (this.frontI.length === 0) this.flip();
    this.frontI.pop();
    this.frontO.pop();
    this.frontM.pop();
  }

  protected override reset(): void {
    this.back = [];
    this.backI = 0;
    this.backO = 0;
    this.backM = 0;
    this.frontI = [];
    this.frontO = [];
    this.frontM = [];
    this.mass.clear();
  }

  protected override fold(answer: Answer): void {
    if (this.members === 0) answer.n = MISSING;
    else if (this.mass.value === ERRORED) answer.n = INEXACT;
    else {
      const top = this.frontI.length - 1;
      const matched = top < 0 ? 0 : this.frontM[top]! + Math.min(this.frontI[top]!, this.backO);
      answer.n = matched + this.backM;
    }
  }

  /** Moves the back to the front, from its last leg to its first. */
  private flip(): void {
    let [i, o, m] = [0, 0, 0];
    for (let k = this.back.length - 1; k >= 0; k--) {
      const value = this.back[k]!;
      if (value > 0) {
        const used = Math.min(value, o);
        i += value - used;
        o -= used;
        m += used;
      } else o -= value;
      this.frontI.push(i);
      this.frontO.push(o);
      this.frontM.push(m);
    }
    this.back = [];
    this.backI = 0;
    this.backO = 0;
    this.backM = 0;
  }
}
