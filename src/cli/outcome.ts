import type { ExitStatus } from '../base/errors.ts';

/** What a command that ended without an error leaves behind. */
export interface Outcome {
  status: ExitStatus;
}
