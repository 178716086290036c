/** A row of random numbers that decides every choice; a used-up one answers 0, the plainest choice. */
export class Tape {
  private readonly numbers: readonly number[];
  private at = 0;

  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
  }

  /** An integer from 0 to n − 1. */
  below(n: number): number {
    return (this.numbers[this.at++] ?? 0) % n;
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** True in about `percent` of a hundred; false on a used-up tape. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }
}
