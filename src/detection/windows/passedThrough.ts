import type { Answer } from '../compile/unit.ts';
import { ERRORED, ExactSum, INEXACT, MISSING } from '../exact.ts';
import { Accumulator } from './accumulator.ts';

/** Legs of a block. */
const BLOCK_LEGS = 512;

/** What a run of legs comes to (S9): what is left of its inflows, what its outflows still wanted, what was matched. */
interface Run {
  left: number;
  wanted: number;
  matched: number;
}

/** Legs that follow each other, and their run. */
interface Block extends Run {
  /** Positions less `offset`, rising. */
  readonly positions: number[];
  /** Amounts, negative where they went out. */
  readonly values: number[];
  offset: number;
}

/**
 * S9 over a moving window. Runs compose, so that legs are held in blocks with their runs: a leg that comes last changes the last block, one that comes in
 * before others one block. Legs leave the first block, which is held as two stacks: for each leg that leaves next the run from it on, made when there is
 * none left, and the run of what came since.
 */
export class PassedThrough extends Accumulator {
  private blocks: Block[] = [];
  /** The blocks between the first and the last. */
  private middle: Run = empty();
  /** Of the first block: how many legs have left; the runs from each of some others, the next to leave last; and the run of the rest. */
  private gone = 0;
  private front: Run[] = [];
  private back: Run = empty();
  /** All amounts together: beyond 2^53 − 1 no double is sure any more. */
  private readonly mass = new ExactSum();

  protected override enter(position: number, value: number): void {
    this.mass.add(Math.abs(value));
    let last = this.blocks[this.blocks.length - 1];
    if (last === undefined || last.values.length >= BLOCK_LEGS) {
      if (this.blocks.length > 1) append(this.middle, last!);
      last = { positions: [], values: [], offset: 0, ...empty() };
      this.blocks.push(last);
    }
    last.positions.push(position - last.offset);
    last.values.push(value);
    follow(this.blocks.length === 1 ? this.back : last, value);
  }

  protected override leave(_position: number, value: number): void {
    this.mass.add(-Math.abs(value));
    const first = this.blocks[0]!;
    if (this.front.length === 0) {
      this.front = runsFrom(first.values, this.gone);
      this.back = empty();
    }
    this.front.pop();
    this.gone++;
    if (this.gone < first.values.length) return;
    this.blocks.shift();
    this.gone = 0;
    const { left, wanted, matched } = this.blocks[0] ?? empty();
    this.back = { left, wanted, matched };
    this.joinMiddle();
  }

  protected override shift(position: number): void {
    for (let b = this.blocks.length - 1; b >= 0; b--) {
      const block = this.blocks[b]!;
      const { offset, positions } = block;
      if (positions[0]! + offset >= position) {
        block.offset++;
        continue;
      }
      for (let i = positions.length - 1; i >= 0 && positions[i]! + offset >= position; i--) positions[i]!++;
      return;
    }
  }

  protected override between(position: number, value: number): void {
    let b = this.blocks.length - 1;
    while (b > 0 && this.blocks[b]!.positions[0]! + this.blocks[b]!.offset > position) b--;
    const block = this.blocks[b];
    if (block === undefined) {
      this.enter(position, value);
      return;
    }
    this.mass.add(Math.abs(value));
    const { offset, positions, values } = block;
    let at = positions.length;
    while (at > 0 && positions[at - 1]! + offset > position) at--;
    positions.splice(at, 0, position - offset);
    values.splice(at, 0, value);
    if (b === 0) {
      // What has left lies before whatever comes in.
      this.front = [];
      this.back = runOf(values, this.gone);
      return;
    }
    Object.assign(block, runOf(values, 0));
    if (b < this.blocks.length - 1) this.joinMiddle();
  }

  protected override reset(): void {
    this.blocks = [];
    this.middle = empty();
    this.gone = 0;
    this.front = [];
    this.back = empty();
    this.mass.clear();
  }

  protected override fold(answer: Answer): void {
    if (this.members === 0) answer.n = MISSING;
    else if (this.mass.value === ERRORED) answer.n = INEXACT;
    else {
      const all = empty();
      const front = this.front[this.front.length - 1];
      if (front !== undefined) append(all, front);
      append(all, this.back);
      append(all, this.middle);
      if (this.blocks.length > 1) append(all, this.blocks[this.blocks.length - 1]!);
      answer.n = all.matched;
    }
  }

  private joinMiddle(): void {
    this.middle = empty();
    for (let b = 1; b < this.blocks.length - 1; b++) append(this.middle, this.blocks[b]!);
  }
}

function empty(): Run {
  return { left: 0, wanted: 0, matched: 0 };
}

function runOf(values: readonly number[], from: number): Run {
  const run = empty();
  for (let i = from; i < values.length; i++) follow(run, values[i]!);
  return run;
}

/** The runs from each leg to the last, that from the first leg last. */
function runsFrom(values: readonly number[], from: number): Run[] {
  const runs: Run[] = [];
  let [left, wanted, matched] = [0, 0, 0];
  for (let i = values.length - 1; i >= from; i--) {
    const value = values[i]!;
    if (value > 0) {
      const used = Math.min(value, wanted);
      left += value - used;
      wanted -= used;
      matched += used;
    } else wanted -= value;
    runs.push({ left, wanted, matched });
  }
  return runs;
}

/** Lets a leg follow a run. */
function follow(run: Run, value: number): void {
  if (value > 0) {
    run.left += value;
    return;
  }
  const used = Math.min(run.left, -value);
  run.left -= used;
  run.wanted += -value - used;
  run.matched += used;
}

/** Lets a run follow another. */
function append(run: Run, next: Run): void {
  const used = Math.min(run.left, next.wanted);
  run.left += next.left - used;
  run.wanted += next.wanted - used;
  run.matched += next.matched + used;
}
