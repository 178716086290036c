/** Our own mistake: it ends the process, since the state can no longer be trusted. Never used for bad input. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** `message` says what must hold, without values from records: it may reach a log. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}
