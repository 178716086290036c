import { hash } from 'node:crypto';
import { LEAVES } from './plan.ts';

const COLON = 58;
const NEWLINE = 10;
/** Texts up to this length are copied here; for longer ones the call into the runtime is the cheaper way. */
const SHORT = 96;
const VIEWS_MAX = 4096;

/**
 * The canonical content of a transaction (S2) and its SHA-256: for each known field that is present, in ascending order of path,
 * `path:length:text` and a line feed, length in UTF-16 units, all of it UTF-8.
 */
export class ContentDigest {
  private readonly names = LEAVES.map((leaf) => Uint8Array.from(Buffer.from(`${leaf.contentPath ?? ''}:`)));
  private bytes = Buffer.alloc(VIEWS_MAX * 2);
  private length = 0;
  /** Views on the beginning of `bytes` by length: making one costs as much as copying a record. */
  private views: Uint8Array[] = [];

  begin(): void {
    this.length = 0;
  }

  /** Fields are added in ascending order of rank. */
  add(rank: number, text: string): void {
    const name = this.names[rank]!;
    if (this.length + name.length + text.length * 3 + 12 > this.bytes.length) this.grow(name.length + text.length * 3 + 12);
    const bytes = this.bytes;
    let at = this.length;
    for (let i = 0; i < name.length; i++) bytes[at++] = name[i]!;
    at = this.addLength(text.length, at);
    bytes[at++] = COLON;
    this.length = this.addText(text, at);
    bytes[this.length++] = NEWLINE;
  }

  /** Writes the 32 bytes of the digest. */
  finish(out: Uint8Array): void {
    const digest = hash('sha256', this.view(), 'binary');
    for (let i = 0; i < 32; i++) out[i] = digest.charCodeAt(i);
  }

  private addLength(length: number, at: number): number {
    const bytes = this.bytes;
    if (length >= 100) return at + bytes.write(String(length), at, 'latin1');
    if (length >= 10) bytes[at++] = 48 + Math.trunc(length / 10);
    bytes[at++] = 48 + (length % 10);
    return at;
  }

  private addText(text: string, at: number): number {
    const bytes = this.bytes;
    if (text.length > SHORT) return at + bytes.write(text, at, 'utf8');
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c > 127) return at + i + bytes.write(text.slice(i), at + i, 'utf8');
      bytes[at + i] = c;
    }
    return at + text.length;
  }

  private grow(more: number): void {
    const bytes = Buffer.alloc((this.length + more) * 2);
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.views = [];
  }

  private view(): Uint8Array {
    if (this.length >= VIEWS_MAX) return this.bytes.subarray(0, this.length);
    return (this.views[this.length] ??= this.bytes.subarray(0, this.length));
  }
}
