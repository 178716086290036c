declare module 'kafkajs-snappy' {
  const codec: () => unknown;
  export = codec;
}
declare module 'lz4js' {
  const lz4: {
    compress(bytes: Uint8Array): Uint8Array;
    decompress(bytes: Uint8Array, sizeMax: number): Uint8Array;
    /** An upper bound of the size, read from the headers of the blocks. */
    decompressBound(bytes: Uint8Array): number;
  };
  export = lz4;
}
