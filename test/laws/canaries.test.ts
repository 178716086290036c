import fc from 'fast-check';
import { createEngine } from '../../src/detection/engine.ts';
import { CANARIES } from '../support/worlds/canaries.ts';
import { anyHistory } from '../support/worlds/history.ts';
import { LAWS } from '../support/worlds/laws.ts';

/** A law that never fails proves nothing: each must notice engines that are wrong on purpose. */
const HISTORIES = fc.sample(anyHistory(), { seed: 99, numRuns: 300 });

test.each(CANARIES.map((canary) => [canary.law, canary.mistake, canary.spoil] as const))('%s notices where %s', (law, _, spoil) => {
  const make = spoil(createEngine);
  expect(HISTORIES.some((history) => LAWS[law]!(history, make) !== null)).toBe(true);
});

test('every law has an engine that it notices', () => {
  expect(new Set(CANARIES.map((canary) => canary.law))).toEqual(new Set(Object.keys(LAWS)));
});
