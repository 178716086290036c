import { type DestinationStream, destination, pino } from 'pino';
import { type ErrorFacts, errorFacts } from './errorFacts.ts';
import { OTHER, type Vocabulary } from './vocabulary.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Everything that a log line can say beside its message. Personal data cannot get out because nothing of a record fits in: a number stands only under
 * a name that counts or measures our own work, a text only if the vocabulary knows it, and of an error only what `ErrorFacts` holds.
 */
const FIELDS = {
  // counts and positions
  partition: 'number',
  offset: 'number',
  partitions: 'number',
  records: 'number',
  bytes: 'number',
  batches: 'number',
  alerts: 'number',
  revisions: 'number',
  rows: 'number',
  legs: 'number',
  keys: 'number',
  texts: 'number',
  epoch: 'number',
  generation: 'number',
  attempt: 'number',
  lag: 'number',
  count: 'number',
  port: 'number',
  files: 'number',
  typologies: 'number',
  exitStatus: 'number',
  skipped: 'number',
  brokers: 'number',
  // times of our own work
  wmMs: 'number',
  waitMs: 'number',
  durationMs: 'number',
  retentionMs: 'number',
  firstReceiptMs: 'number',
  recordsPerSecond: 'number',
  retryable: 'boolean',
  owner: 'boolean',
  ready: 'boolean',
  // words
  code: 'word',
  outcome: 'word',
  topic: 'word',
  group: 'word',
  typology: 'word',
  cause: 'word',
  operation: 'word',
  result: 'word',
  state: 'word',
  mode: 'word',
  host: 'word',
  format: 'word',
  signal: 'word',
  version: 'word',
  part: 'word',
  level: 'word',
  namespace: 'word',
  // `topic/partition/offset` of a known topic; `sha256:` and 64 hexadecimal digits
  place: 'place',
  rulesDigest: 'digest',
  ratesDigest: 'digest',
  digest: 'digest',
  error: 'error',
} as const satisfies Readonly<Record<string, 'number' | 'boolean' | 'word' | 'place' | 'digest' | 'error'>>;

type ValueOf<K> = K extends 'number' ? number : K extends 'boolean' ? boolean : K extends 'error' ? unknown : string;
export type LogFields = { readonly [F in keyof typeof FIELDS]?: ValueOf<(typeof FIELDS)[F]> };
export const LOG_FIELDS: readonly string[] = Object.keys(FIELDS);

/** A message is written in the source code: a text that was put together does not compile, and the structure test wants a literal. */
type Literal<M extends string> = string extends M ? never : M;

export interface Log {
  trace<const M extends string>(fields: LogFields, message: Literal<M>): void;
  debug<const M extends string>(fields: LogFields, message: Literal<M>): void;
  info<const M extends string>(fields: LogFields, message: Literal<M>): void;
  warn<const M extends string>(fields: LogFields, message: Literal<M>): void;
  error<const M extends string>(fields: LogFields, message: Literal<M>): void;
  fatal<const M extends string>(fields: LogFields, message: Literal<M>): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly vocabulary: Vocabulary;
  /** Standard error unless given, written at once, so that the last line of a dying process is not lost. */
  readonly stream?: DestinationStream;
}

/** One JSON object a line, with `level` in words and `time` in RFC 3339. */
export function createLog({ level, vocabulary, stream }: LogOptions): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label: string) => ({ level: label }) } };
  const logger = pino(options, stream ?? standardError());
  const write = (name: Exclude<LogLevel, 'silent'>) => (fields: LogFields, message: string) => {
    if (logger.isLevelEnabled(name)) logger[name](safeFields(fields, vocabulary), message);
  };
  return { trace: write('trace'), debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error'), fatal: write('fatal') };
}

/** A disk that is full, or a reader that has gone, must not end the work of a process; that lines are missing can be told nowhere. */
function standardError(): DestinationStream {
  const stream = destination({ fd: 2, sync: true });
  stream.on('error', () => undefined);
  return stream;
}

/** Only what the table lists, each as its kind shows it. What does not fit is counted: it is a slip of ours, and its value is nobody's business. */
function safeFields(fields: object, vocabulary: Vocabulary): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  let dropped = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const kind = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof typeof FIELDS] : null;
    const shown = kind === null ? undefined : show(kind, value, vocabulary);
    if (shown === undefined) dropped++;
    else safe[name] = shown;
  }
  return dropped === 0 ? safe : { ...safe, droppedFields: dropped };
}

type Shown = number | boolean | string | ErrorFacts | null | undefined;

function show(kind: 'number' | 'boolean' | 'word' | 'place' | 'digest' | 'error', value: unknown, vocabulary: Vocabulary): Shown {
  if (kind === 'error') return typeof value === 'string' ? errorName(value, vocabulary) : errorFacts(value, vocabulary);
  if (kind === 'number') return typeof value === 'number' ? value : undefined;
  if (kind === 'boolean') return typeof value === 'boolean' ? value : undefined;
  if (typeof value !== 'string') return value === null ? null : undefined;
  if (kind === 'word') return vocabulary.shown(value);
  if (kind === 'digest') return /^sha256:[0-9a-f]{64}$/.test(value) ? value : OTHER;
  const place = /^(.{1,249})(\/\d{1,10}\/\d{1,16})$/.exec(value);
  return place === null ? OTHER : vocabulary.shown(place[1]!) + place[2]!;
}

/** The name of an error that a library reports as a text. */
function errorName(name: string, vocabulary: Vocabulary): string {
  return typeof (globalThis as Record<string, unknown>)[name] === 'function' ? name : vocabulary.shown(name);
}
