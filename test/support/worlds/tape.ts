/** A row of random numbers that decides every choice; a used-up one answers 0, the plainest choice. */
export class Tape {
  private readonly numbers: readonly number[];
  private at = 0;
  private end: number;

  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
    // Tapes that are cut from one row at different places draw different numbers at their ends too.
    this.end = numbers.length - 1 - (numbers.length % 50);
  }

  /** An integer from 0 to n − 1. */
  below(n: number): number {
    return (this.numbers[this.at++] ?? 0) % n;
  }

  /** As `below`, from the other end. */
  belowAtEnd(n: number): number {
    return (this.numbers[this.end--] ?? 0) % n;
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** True in about `percent` of a hundred; false on a used-up tape. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }
}
