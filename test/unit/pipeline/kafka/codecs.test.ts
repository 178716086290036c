import zlib from 'node:zlib';
import kafkajs from 'kafkajs';
import { registerCodecs } from '../../../../src/pipeline/kafka/codecs.ts';

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}
const { CompressionCodecs, CompressionTypes } = kafkajs;
registerCodecs();
const codec = (type: number): Codec => (CompressionCodecs as Record<number, () => Codec>)[type]!();
const TEXT = Buffer.from('a record of a bank, and another record of a bank; '.repeat(200));

/** `printf 'hello hello hello hello' | zstd` */
const ZSTD_HELLO = Buffer.from('KLUv/QRYZQAAMGhlbGxvIAEAmUsRF16uDQ==', 'base64');

describe('codecs of batches', () => {
  test.each([
    ['gzip', CompressionTypes.GZIP],
    ['snappy', CompressionTypes.Snappy],
    ['lz4', CompressionTypes.LZ4],
  ])('%s gives back what it was given', async (_, type) => {
    const packed = await codec(type).compress({ buffer: TEXT });
    expect(packed.length).toBeLessThan(TEXT.length);
    expect((await codec(type).decompress(Buffer.from(packed))).equals(TEXT)).toBe(true);
  });

  test('snappy as Java frames it: magic, versions, blocks behind their lengths', async () => {
    const blocks = await Promise.all(
      [TEXT.subarray(0, 4000), TEXT.subarray(4000)].map(async (part) => Buffer.from(await codec(CompressionTypes.Snappy).compress({ buffer: part }))),
    );
    const framed = blocks.flatMap((block) => {
      const size = Buffer.alloc(4);
      size.writeUInt32BE(block.length);
      return [size, block];
    });
    const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect((await codec(CompressionTypes.Snappy).decompress(Buffer.concat([header, ...framed]))).equals(TEXT)).toBe(true);
  });

  test('zstd is read', async () => {
    expect((await codec(CompressionTypes.ZSTD).decompress(ZSTD_HELLO)).toString()).toBe('hello hello hello hello');
    await expect(codec(CompressionTypes.ZSTD).compress({ buffer: TEXT })).rejects.toThrow('never written');
  });

  test.each([
    ['gzip', CompressionTypes.GZIP, () => zlib.gzipSync(Buffer.alloc(65 * 1024 * 1024))],
    // A length of 2^31 bytes, and nothing behind it.
    ['snappy', CompressionTypes.Snappy, () => Buffer.from([0x80, 0x80, 0x80, 0x80, 0x08, 0])],
    ['lz4', CompressionTypes.LZ4, () => lz4Bomb()],
    ['zstd', CompressionTypes.ZSTD, () => zstdBomb(520)],
  ])('%s does not unpack a batch that becomes larger than memory allows', async (_, type, bomb) => {
    await expect(codec(type).decompress(bomb())).rejects.toThrow(/holds more than|larger than/);
  });

  test('zstd with long runs is read up to the bound', async () => {
    expect(await codec(CompressionTypes.ZSTD).decompress(zstdBomb(3))).toHaveLength(3 * 128 * 1024);
  });
});

/** A frame that announces a content of 2^31 bytes. */
function lz4Bomb(): Buffer {
  const frame = Buffer.alloc(24);
  frame.writeUInt32LE(0x184d2204, 0);
  frame[4] = 0x68;
  frame[5] = 0x70;
  frame.writeUInt32LE(0x80000000, 6);
  return frame;
}

/** A frame of blocks that each say one byte 131,072 times. */
function zstdBomb(blocks: number): Buffer {
  const RUN_BYTES = 128 * 1024;
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])];
  for (let i = 1; i <= blocks; i++) {
    const header = Buffer.alloc(4);
    header.writeUIntLE((RUN_BYTES << 3) | (1 << 1) | (i === blocks ? 1 : 0), 0, 3);
    header[3] = 0x61;
    parts.push(header);
  }
  return Buffer.concat(parts);
}
