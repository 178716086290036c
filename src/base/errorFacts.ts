import { fileURLToPath } from 'node:url';
import { OperatingError } from './errors.ts';
import { LOG_CAUSES_MAX, LOG_FRAMES_MAX } from './limits.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What may be told of an error whose message might hold a value of a record: everything but the message. */
export interface ErrorFacts {
  /** The name of its class, which stands in source code. */
  readonly kind: string;
  readonly code?: string;
  /** `path:line:column` of the code that it passed through, innermost first; paths are relative to the package. */
  readonly frames: readonly string[];
  readonly cause?: ErrorFacts;
}

/** The package's root, from `src/base` as well as from `dist/base`. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FRAME = /^ {4}at (?:.*\()?((?:file:\/\/|node:|\/|[A-Z]:\\)[^()]*):(\d+):(\d+)\)?$/;
const SAFE_PATH = /^[\w@./+-]+$/;
/** Such as `UNKNOWN_MEMBER_ID` or `ERR_SOCKET_CLOSED`: what Node.js, Kafka and Redis call their errors. */
const LIBRARY_CODE = /^[A-Z]{2,}(?:_[A-Z]{2,})+$/;
const CLASS_NAME = /^[A-Z][A-Za-z]{2,60}$/;

export function errorFacts(error: unknown, vocabulary: Vocabulary, depth = 1): ErrorFacts {
  if (!(error instanceof Error)) return { kind: `thrown ${error === null ? 'null' : typeof error}`, frames: [] };
  const code = codeOf(error, vocabulary);
  const cause = depth < LOG_CAUSES_MAX && error.cause !== undefined ? errorFacts(error.cause, vocabulary, depth + 1) : undefined;
  return { kind: classOf(error), ...(code === undefined ? {} : { code }), frames: framesOf(error), ...(cause === undefined ? {} : { cause }) };
}

/** Read from the class and not from `name`, which anybody can set. */
function classOf(error: Error): string {
  const name: unknown = Object.getPrototypeOf(error)?.constructor?.name;
  return typeof name === 'string' && CLASS_NAME.test(name) ? name : 'Error';
}

function codeOf(error: Error, vocabulary: Vocabulary): string | undefined {
  if (error instanceof OperatingError) return error.code;
  const { code, type } = error as { code?: unknown; type?: unknown };
  for (const value of [code, type]) if (typeof value === 'string' && (vocabulary.has(value) || LIBRARY_CODE.test(value))) return value;
  return undefined;
}

/** Where an error comes from, without its message, even one that looks like frames itself. */
export function framesOf(error: Error): string[] {
  const { stack, message } = error;
  if (typeof stack !== 'string') return [];
  // The message stands before the frames; what comes after its last occurrence cannot be a part of it.
  const text = message === '' ? stack : stack.slice(Math.max(0, stack.lastIndexOf(message)) + (stack.includes(message) ? message.length : 0));
  const frames: string[] = [];
  for (const line of text.split('\n')) {
    const [, file, row, column] = FRAME.exec(line) ?? [];
    if (file === undefined) continue;
    const path = relativePath(file);
    if (path !== null) frames.push(`${path}:${row}:${column}`);
    if (frames.length === LOG_FRAMES_MAX) break;
  }
  return frames;
}

function relativePath(file: string): string | null {
  const path = file.startsWith('file://') ? file.slice('file://'.length) : file;
  const packages = path.lastIndexOf('/node_modules/');
  const shown =
    packages >= 0 ? path.slice(packages + 1) : path.startsWith(ROOT) ? path.slice(ROOT.length) : path.startsWith('node:') ? path.replace(':', '/') : null;
  return shown !== null && SAFE_PATH.test(shown) ? shown : null;
}
