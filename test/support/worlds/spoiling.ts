import type { DetectionEngine, EngineOptions } from '../../../src/detection/api.ts';
import type { AlertChange } from '../../../src/detection/content.ts';
import type { DecodedTransaction } from '../../../src/transactions/decoded.ts';
import type { Expr, Typology } from '../../../src/typologies/ast.ts';
import { type Changes, changed } from './changed.ts';
import type { MakeEngine } from './session.ts';

export const spoilEngine =
  (change: (engine: DetectionEngine, options: EngineOptions) => Changes) =>
  (make: MakeEngine): MakeEngine =>
  (options) => {
    const engine = make(options);
    return changed(engine, change(engine, options));
  };

export const spoilOptions =
  (change: (options: EngineOptions) => Partial<EngineOptions>) =>
  (make: MakeEngine): MakeEngine =>
  (options) =>
    make({ ...options, ...change(options) });

/** Takes only the records that a test lets through. */
export const dropping = (isDropped: (t: DecodedTransaction, receipt: { r: number; partition: number; offset: number }) => boolean) =>
  spoilEngine((engine) => ({ apply: (t, receipt) => (isDropped(t, receipt) ? 'applied' : engine.apply(t, receipt)) }));

/** Of the contents of one identity, as `identityOf` has it, the one that comes first stands whatever comes after. */
export const firstWins = (identityOf: (t: DecodedTransaction, receipt: { r: number }) => string): ReturnType<typeof spoilEngine> =>
  spoilEngine((engine) => {
    const first = new Map<string, string>();
    return {
      apply(t, receipt) {
        const [digest, identity] = [Buffer.from(t.digest).toString('hex'), identityOf(t, receipt)];
        if (!first.has(identity)) first.set(identity, digest);
        return first.get(identity) === digest ? engine.apply(t, receipt) : 'conflict';
      },
    };
  });

export const saying = (keeps: (change: AlertChange) => boolean) => spoilEngine((engine) => ({ drain: (options) => engine.drain(options).filter(keeps) }));

export function mapWindows<T>(tree: T, change: (ms: number) => number): T {
  if (Array.isArray(tree)) return tree.map((x: unknown) => mapWindows(x, change)) as T;
  if (typeof tree !== 'object' || tree === null) return tree;
  const entries = Object.entries(tree).map(([name, x]) => [name, name === 'windowMs' ? change(x as number) : mapWindows(x as unknown, change)]);
  return Object.fromEntries(entries) as T;
}

export const turnComparisons = (tree: Expr | Typology): unknown =>
  JSON.parse(JSON.stringify(tree, (_, x: unknown) => (typeof x === 'bigint' ? { big: String(x) } : x)).replaceAll('"op":">="', '"op":">"'), (_, x: unknown) => {
    const isBig = typeof x === 'object' && x !== null && 'big' in x;
    return isBig ? BigInt((x as { big: string }).big) : x;
  });

export function seenBy({ where }: Typology): Pick<Typology, 'where'> {
  return where === undefined ? {} : { where };
}
