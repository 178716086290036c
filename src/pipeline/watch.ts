/** What there is to see of work that should go on. */
export interface Movement {
  /** Differs from what it was before where anything has moved. */
  readonly mark: string;
  /** Whether there is something to do, so that something should move. */
  readonly isDue: boolean;
}

/** A process that was asleep, or computed for long, has not stood still all that time. */
const LOOK_MS_MAX = 5000;
/** Acting again and again on what does not help costs work; it is done ever more rarely, up to this. */
const ACT_EVERY_MS_MAX = 600_000;

/**
 * Notices that nothing moves although something is to be done: a wait that never ends makes no error. After `stallMs` it is time to act, then after twice
 * as long again, and so on, until something moves.
 */
export class Watch {
  private readonly stallMs: number;
  private mark = '';
  private lookedAtMs: number | null = null;
  private stoodMs = 0;
  private actAtMs: number;
  private everyMs: number;

  constructor(stallMs: number) {
    this.stallMs = stallMs;
    this.actAtMs = stallMs;
    this.everyMs = stallMs;
  }

  /** To be called about once a second. Answers whether it is time to act. */
  look(nowMs: number, { mark, isDue }: Movement): boolean {
    const passedMs = this.lookedAtMs === null ? 0 : Math.min(nowMs - this.lookedAtMs, LOOK_MS_MAX);
    this.lookedAtMs = nowMs;
    if (!isDue || mark !== this.mark) {
      [this.stoodMs, this.actAtMs, this.everyMs] = [0, this.stallMs, this.stallMs];
      this.mark = mark;
      return false;
    }
    this.stoodMs += passedMs;
    if (this.stoodMs < this.actAtMs) return false;
    this.everyMs = Math.min(2 * this.everyMs, ACT_EVERY_MS_MAX);
    this.actAtMs = this.stoodMs + this.everyMs;
    return true;
  }

  /** For how long nothing has moved, 0 where something does or nothing is to be done. */
  get standsMs(): number {
    return this.stoodMs;
  }

  get isStalled(): boolean {
    return this.stoodMs >= this.stallMs;
  }
}
