const seen = new Set<string>();

/** Codes of the operating failures that this process has seen: words of our code, so that logs and metrics may show them. */
export const isErrorCode = (text: string): boolean => seen.has(text);

/**
 * An operating failure with a stable code: a server, a file, a setting, wrong use. Unknown failures are not retryable. `code` is a word of our source
 * code, never of a record.
 */
export class OperatingError extends Error {
  override readonly name = 'OperatingError';
  readonly code: string;
  readonly retryable: boolean;
  readonly exitStatus: ExitStatus;

  constructor(code: string, message: string, options: { retryable?: boolean; exitStatus?: ExitStatus; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    seen.add(code);
    this.retryable = options.retryable ?? false;
    this.exitStatus = options.exitStatus ?? EXIT.unreachable;
  }
}

/** Exit statuses of the command line. */
export const EXIT = { done: 0, notInOrder: 1, wrongUse: 2, unreachable: 3, internal: 4 } as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
