import { isUtf8 } from 'node:buffer';
import type { RejectionCode } from './codes.ts';
import { LIMITS } from './limits.ts';

/** Below this size even the most deeply nested record is read in a moment, so that depth may be asked where parsing is done. */
const SMALL_CHARACTERS = 8192;
const BACKSLASH = 92;
const QUOTE = 34;

export type ParsedJson = { readonly value: unknown } | { readonly code: RejectionCode };

/** Bytes of one record to its JSON value. Size, UTF-8 and depth are checked before a large record costs anything. */
export function parseJson(bytes: Uint8Array): ParsedJson {
  if (bytes.length > LIMITS.recordBytesMax) return { code: 'too-large' };
  if (!isUtf8(bytes)) return { code: 'invalid-utf8' };
  const text = bytes instanceof Buffer ? bytes.toString() : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  if (text.length > SMALL_CHARACTERS && isTooDeep(text)) return { code: 'too-deep' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { code: isTooDeep(text) ? 'too-deep' : 'not-json' };
  }
  if (text.length <= SMALL_CHARACTERS && mayBeTooDeep(text) && isTooDeep(text)) return { code: 'too-deep' };
  // A text of valid UTF-8 holds a lone surrogate only where it is written as an escape.
  if (text.includes('\\u') && hasLoneSurrogateEscape(text)) return { code: 'lone-surrogate' };
  return { value };
}

/** Whether there are openers enough for the limit to be passed: what a record of the usual shape never has. */
function mayBeTooDeep(text: string): boolean {
  let openers = 0;
  for (let i = text.indexOf('{'); i >= 0; i = text.indexOf('{', i + 1)) if (++openers > LIMITS.depthMax) return true;
  for (let i = text.indexOf('['); i >= 0; i = text.indexOf('[', i + 1)) if (++openers > LIMITS.depthMax) return true;
  return false;
}

/** Whether objects and lists outside texts are nested deeper than the limit. For text that is no JSON the answer only chooses the code. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === BACKSLASH) i++;
      else if (c === QUOTE) quoted = false;
    } else if (c === QUOTE) quoted = true;
    else if (c === 123 || c === 91) {
      if (++depth > LIMITS.depthMax) return true;
    } else if (c === 125 || c === 93) depth--;
  }
  return false;
}

/** Whether a `\u` escape of a JSON text names half of a surrogate pair. In JSON a backslash stands in texts only. */
function hasLoneSurrogateEscape(text: string): boolean {
  for (let i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', i)) {
    if (text[i + 1] !== 'u') {
      i += 2;
      continue;
    }
    const unit = Number.parseInt(text.slice(i + 2, i + 6), 16);
    i += 6;
    if (unit >= 0xdc00 && unit <= 0xdfff) return true;
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.startsWith('\\u', i) ? Number.parseInt(text.slice(i + 2, i + 6), 16) : 0;
    if (next < 0xdc00 || next > 0xdfff) return true;
    i += 6;
  }
  return false;
}
