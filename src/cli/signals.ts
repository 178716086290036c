import { EXIT } from '../base/errors.ts';

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/** What an operator says by SIGTERM or SIGINT. The first one drains and leaves; a second one does not wait. */
export class StopSignals {
  private first: NodeJS.Signals | null = null;
  private act: ((signal: NodeJS.Signals) => void) | null = null;
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    if (this.first !== null) process.exit(EXIT.internal);
    this.first = signal;
    this.act?.(signal);
  };

  /** From now on a signal no longer ends the process by itself. */
  listen(): void {
    this.release();
    for (const signal of SIGNALS) process.on(signal, this.onSignal);
  }

  told(): boolean {
    return this.first !== null;
  }

  /** What to do at the first signal; done at once where it has come already. */
  onFirst(act: (signal: NodeJS.Signals) => void): void {
    this.act = act;
    if (this.first !== null) act(this.first);
  }

  release(): void {
    for (const signal of SIGNALS) process.off(signal, this.onSignal);
  }
}

export const stopSignals = new StopSignals();
