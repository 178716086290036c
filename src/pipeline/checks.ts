import { OperatingError } from '../base/errors.ts';

/** One thing that must be so before `run` may work; `doctor` prints them, `run` refuses with the first that is not. */
export interface Check {
  /** Stable; also the code of the error with which `run` refuses. */
  readonly code: string;
  /** What is looked at, in a few words. */
  readonly name: string;
  readonly ok: boolean;
  /** What was found. */
  readonly message: string;
  /** What to do; '' where nothing is to be done. */
  readonly fix: string;
}

export function passed(code: string, name: string, message: string): Check {
  return { code, name, ok: true, message, fix: '' };
}

export function failed(code: string, name: string, message: string, fix: string): Check {
  return { code, name, ok: false, message, fix };
}

/** Throws an `OperatingError` for the first check that failed. It is not retryable: somebody has to act. */
export function requireAll(checks: readonly Check[]): void {
  const bad = checks.find((check) => !check.ok);
  if (bad !== undefined) throw new OperatingError(bad.code, `${bad.message}. ${bad.fix}`);
}
