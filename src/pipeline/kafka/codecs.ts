import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import kafkajs from 'kafkajs';
import snappyCodec from 'kafkajs-snappy';
import lz4 from 'lz4js';

/** Bytes that one compressed batch may become: brokers take batches of 1 MB unless told otherwise, and text rarely shrinks to a fiftieth. */
const BATCH_BYTES_MAX = 64 * 1024 * 1024;
/** What Java puts before a snappy batch: magic bytes and two version numbers, then blocks, each behind its length. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const XERIAL_HEADER_BYTES = 16;

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const gzip = promisify(zlib.gzip);
const gunzip: (buffer: Buffer, options: zlib.ZlibOptions) => Promise<Buffer> = promisify(zlib.unzip);
const snappy = (snappyCodec as () => Codec)();

function refuse(bytes: number): void {
  // A length beyond 31 bits comes out negative.
  if (bytes < 0 || bytes > BATCH_BYTES_MAX) throw new Error(`a compressed batch holds more than ${BATCH_BYTES_MAX} bytes`);
}

/** Length of a snappy block before it was compressed: a variable-length integer at its start. */
function snappyLength(block: Buffer): number {
  let length = 0;
  for (let i = 0; i < Math.min(5, block.length); i++) {
    length += (block[i]! & 0x7f) * 2 ** (7 * i);
    if (block[i]! < 0x80) break;
  }
  return length;
}

function snappyTotal(buffer: Buffer): number {
  if (!buffer.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return snappyLength(buffer);
  let total = 0;
  for (let at = XERIAL_HEADER_BYTES; at + 4 <= buffer.length; ) {
    const size = buffer.readUInt32BE(at);
    total += snappyLength(buffer.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return total;
}

function unzstd(buffer: Buffer): Buffer {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const stream = new Decompress((chunk) => {
    bytes += chunk.length;
    refuse(bytes);
    chunks.push(chunk);
  });
  stream.push(buffer, true);
  return Buffer.concat(chunks, bytes);
}

const CODECS: Readonly<Record<number, Codec>> = {
  [kafkajs.CompressionTypes.GZIP]: {
    compress: ({ buffer }) => gzip(buffer),
    decompress: (buffer) => gunzip(buffer, { maxOutputLength: BATCH_BYTES_MAX }),
  },
  [kafkajs.CompressionTypes.Snappy]: {
    compress: (encoder) => snappy.compress(encoder),
    decompress: async (buffer) => {
      refuse(snappyTotal(buffer));
      return snappy.decompress(buffer);
    },
  },
  [kafkajs.CompressionTypes.LZ4]: {
    compress: async ({ buffer }) => Buffer.from(lz4.compress(buffer)),
    decompress: async (buffer) => {
      const bound = lz4.decompressBound(buffer);
      refuse(bound);
      return Buffer.from(lz4.decompress(buffer, bound));
    },
  },
  [kafkajs.CompressionTypes.ZSTD]: {
    compress: async () => {
      throw new Error('zstd is read, never written');
    },
    decompress: async (buffer) => unzstd(buffer),
  },
};

/** Registers all codecs: without one of them kafkajs ends the consumer at the first batch that uses it. */
export function registerCodecs(): void {
  for (const [type, codec] of Object.entries(CODECS)) (kafkajs.CompressionCodecs as Record<string, () => Codec>)[type] = () => codec;
}
