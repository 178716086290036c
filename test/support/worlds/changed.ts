import type { DetectionEngine } from '../../../src/detection/api.ts';

export type Changes = Partial<{ -readonly [K in keyof DetectionEngine]: DetectionEngine[K] }>;

/** The engine with some of its methods replaced. */
export function changed(engine: DetectionEngine, changes: Changes): DetectionEngine {
  return new Proxy(engine, {
    get(target, name) {
      const own = changes[name as keyof Changes];
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}
