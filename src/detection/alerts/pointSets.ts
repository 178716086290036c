/** As many points have a bit each in the number of a set. */
const BITS = 31;

/** Which of some points held, as a number that is kept with each hit. */
export class PointSets {
  /** Indices of the points. */
  private readonly points: readonly number[];
  /** Sets of very many points, by number. */
  private readonly sets: string[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(points: readonly number[]) {
    this.points = [...new Set(points)];
  }

  /** The number of a point among these. */
  numberOf(point: number): number {
    return this.points.indexOf(point);
  }

  /** The set of those that held. */
  setOf(held: Uint8Array): number {
    const { points } = this;
    let mask = 0;
    if (points.length <= BITS) {
      for (let i = 0; i < points.length; i++) if (held[points[i]!] === 1) mask |= 1 << i;
      return mask;
    }
    const set = points.map((point) => held[point]).join('');
    const known = this.numbers.get(set);
    if (known !== undefined) return known;
    this.numbers.set(set, this.sets.length);
    return this.sets.push(set) - 1;
  }

  has(number: number, set: number): boolean {
    return this.points.length <= BITS ? ((set >>> number) & 1) === 1 : this.sets[set]![number] === '1';
  }
}
