/** Room behind the last byte: what is read four at a time may end up to three bytes later. */
const PADDING = 8;

/** Bytes in a place of their own that is used again and again, with zeros behind them, so that they can be read four at a time. */
export class PaddedBytes {
  bytes: Buffer;
  /** Of the same memory. */
  view: DataView;
  length = 0;

  constructor(capacity: number) {
    this.bytes = Buffer.alloc(capacity + PADDING);
    this.view = viewOf(this.bytes);
  }

  static of(bytes: Uint8Array): PaddedBytes {
    const padded = new PaddedBytes(bytes.length);
    padded.take(bytes);
    return padded;
  }

  /** Takes a copy of other bytes in place of what was held. */
  take(bytes: Uint8Array): void {
    this.length = 0;
    this.reserve(bytes.length);
    this.bytes.set(bytes);
    this.length = bytes.length;
    this.pad();
  }

  /** Takes a text as UTF-8 in place of what was held. */
  takeText(text: string): void {
    this.length = 0;
    this.add(text);
  }

  /** Puts a text behind what is held, as UTF-8. Answers the number of its bytes. */
  add(text: string): number {
    this.reserve(text.length * 3);
    const written = this.bytes.write(text, this.length, 'utf8');
    this.length += written;
    this.pad();
    return written;
  }

  private reserve(more: number): void {
    if (this.length + more + PADDING <= this.bytes.length) return;
    const bytes = Buffer.alloc((this.length + more) * 2 + PADDING);
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.view = viewOf(bytes);
  }

  private pad(): void {
    this.view.setUint32(this.length, 0, true);
    this.view.setUint32(this.length + 4, 0, true);
  }
}

/** By number of bytes, 1 to 3: the lower bytes of a word. */
const LOWER_BYTES = Uint32Array.from([0, 0xff, 0xffff, 0xffffff]);

/** The last word of bytes that end before `end`, from `at` on, as if zeros followed; 1 to 4 of them. */
export function lastWord(view: DataView, at: number, end: number): number {
  const word = view.getUint32(at, true);
  return end - at >= 4 ? word : word & LOWER_BYTES[end - at]!;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
