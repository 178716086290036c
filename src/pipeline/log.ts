/** Where the pipeline writes what it does; a pino logger is one. Fields hold no value of a record. */
export interface PipelineLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const ignore = (): void => undefined;
export const NO_LOG: PipelineLog = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** What may be logged of an error that is not ours: its kind and code. Its message might hold a value of a record. */
export function describeError(error: unknown): { error: string; code?: string } {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = (error as { code?: unknown }).code ?? (error as { type?: unknown }).type;
  return typeof code === 'string' ? { error: error.name, code } : { error: error.name };
}
