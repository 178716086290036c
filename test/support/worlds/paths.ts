import type { EngineOptions } from '../../../src/detection/api.ts';
import type { MakeEngine } from './session.ts';
import type { Tape } from './tape.ts';

/** A way through the engine. All of them say the same: by generated code or by the plain evaluator, by states that move with a window or by reading it anew. */
export interface Path {
  readonly name: string;
  readonly options: Pick<EngineOptions, 'generates' | 'hotLegs' | 'keepsUnseen'>;
}

/** Windows have states where they hold more legs than that: always, from few on (so that they come and go), or as in production. */
const HOT_LEGS = [undefined, 0, 2] as const;

export const PATHS: readonly Path[] = [true, false].flatMap((generates) =>
  HOT_LEGS.map((hotLegs) => ({
    name: `${generates ? 'code' : 'plain'}, ${hotLegs === undefined ? 'states of large windows' : `states beyond ${hotLegs} legs`}`,
    options: { generates, ...(hotLegs === undefined ? {} : { hotLegs }) },
  })),
);

/** Drawn from the tape's end, so that what its beginning decides stays what it was. One engine in four keeps the legs that no typology sees. */
export function pathBy(tape: Tape): Path {
  const { name, options } = PATHS[tape.belowAtEnd(PATHS.length)]!;
  return { name, options: { ...options, keepsUnseen: tape.belowAtEnd(4) === 3 } };
}

/** Engines that all take one path, whatever they are told. */
export const onPath =
  ({ options }: Path, make: MakeEngine): MakeEngine =>
  (asked) => {
    const { generates: _, hotLegs: __, ...rest } = asked;
    return make({ ...rest, ...options });
  };
