import { EXIT } from './errors.ts';
import type { Log } from './log.ts';

export interface CrashOptions {
  readonly log: Log;
  /** Called before the process ends, to leave word of what it was doing. Synchronous; what it throws is logged too. */
  readonly lastWords?: () => void;
}

/**
 * Makes an uncaught exception or rejection end the process with status 4, after one line that says where it arose and nothing of what it said: its
 * message might hold a value of a record. Answers a function that takes the handler away again.
 */
export function installCrashHandler({ log, lastWords }: CrashOptions): () => void {
  const onCrash = (error: unknown): void => {
    log.fatal({ error, exitStatus: EXIT.internal }, 'internal error, the process ends');
    try {
      lastWords?.();
    } catch (second) {
      log.fatal({ error: second }, 'the last words could not be written');
    }
    process.exit(EXIT.internal);
  };
  // An unhandled rejection arrives here too: Node.js raises it as an exception.
  process.on('uncaughtException', onCrash);
  return () => process.off('uncaughtException', onCrash);
}
