import { nearestName } from '../nearest.ts';

/** What a key is called elsewhere. */
const KEYS_MEANT: ReadonlyMap<string, string> = new Map([
  ['id', 'typology'],
  ['name', 'typology'],
  ['description', 'title'],
  ['references', 'sources'],
  ['doc', 'document'],
  ['parameters', 'params'],
  ['variables', 'let'],
  ['filter', 'where'],
  ['condition', 'when'],
  ['if', 'when'],
  ['rule', 'when'],
  ['exceptions', 'unless'],
  ['except', 'unless'],
  ['reason', 'because'],
  ['why', 'because'],
  ['value', 'default'],
  ['threshold', 'alert_at'],
  ['bands', 'severity'],
  ['window', 'period'],
  ['items', 'values'],
  ['events', 'tests'],
]);

/** The key of those that are free which an unknown one was meant to be. A slip of the pen has the value of that key, too. */
export function keyMeant(found: string, free: readonly string[]): { readonly name: string; readonly isSlip: boolean } | undefined {
  const elsewhere = free.find((name) => name === KEYS_MEANT.get(found.toLowerCase()));
  if (elsewhere !== undefined) return { name: elsewhere, isSlip: false };
  const nearest = nearestName(found, free);
  return nearest === undefined ? undefined : { name: nearest, isSlip: true };
}
