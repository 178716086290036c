/** Where the time of a run went. Parse, check and detect are scaled up from samples, so they are estimates. */
export interface StageTimes {
  /** Waiting for bytes. */
  readonly readSeconds: number;
  /** `JSON.parse` of the record. */
  readonly parseSeconds: number;
  /** The rest of decoding: fields, limits, identifiers, digest. */
  readonly checkSeconds: number;
  /** The engine, and what it had to say. */
  readonly detectSeconds: number;
}

interface Sample {
  decoded(bytes: Uint8Array): void;
  detected(): void;
}

export interface Stopwatch {
  sample(): Sample | undefined;
  read(startedMs: number): void;
  detect(startedMs: number): void;
  seconds(): number;
  times(): StageTimes;
}

const SAMPLE_EVERY = 61;

/** Every 61st record is timed, and parsed once more to tell parsing from checking; that costs some 1 % of the run. */
export function startStopwatch(): Stopwatch {
  const startedMs = performance.now();
  let countdown = SAMPLE_EVERY;
  let markMs = 0;
  const sums = { read: 0, parse: 0, decode: 0, apply: 0, detect: 0 };
  const sample: Sample = {
    decoded(bytes) {
      const now = performance.now();
      sums.decode += now - markMs;
      parseOnce(bytes);
      markMs = performance.now();
      sums.parse += markMs - now;
    },
    detected() {
      sums.apply += performance.now() - markMs;
    },
  };
  return {
    sample() {
      if (--countdown > 0) return undefined;
      countdown = SAMPLE_EVERY;
      markMs = performance.now();
      return sample;
    },
    read: (from) => void (sums.read += performance.now() - from),
    detect: (from) => void (sums.detect += performance.now() - from),
    seconds: () => (performance.now() - startedMs) / 1000,
    times: () => ({
      readSeconds: sums.read / 1000,
      parseSeconds: (Math.min(sums.parse, sums.decode) * SAMPLE_EVERY) / 1000,
      checkSeconds: (Math.max(sums.decode - sums.parse, 0) * SAMPLE_EVERY) / 1000,
      detectSeconds: (sums.apply * SAMPLE_EVERY + sums.detect) / 1000,
    }),
  };
}

function parseOnce(bytes: Uint8Array): void {
  try {
    JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch {
    // A record that is no JSON was refused by the decoder; here only time is measured.
  }
}
