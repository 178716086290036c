import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/** One at a time. Who waits can do something meanwhile, such as telling the group that it lives. */
export class Mutex {
  private taken = false;

  get busy(): boolean {
    return this.taken;
  }

  /** Runs `work` alone. `meanwhile` is called again and again while waiting; where it throws, the work is not done. */
  async run<T>(work: () => Promise<T>, meanwhile: () => Promise<void> = async () => undefined): Promise<T> {
    while (this.taken) {
      await sleep(POLL_MS);
      await meanwhile();
    }
    this.taken = true;
    try {
      return await work();
    } finally {
      this.taken = false;
    }
  }
}
