import { FLAG } from '../rows.ts';
import { holds } from './interpret.ts';
import type { Leg, Scene } from './scene.ts';

/** Flags that keep a row from a typology: `rejected` always, returned ones where it excludes them (S2, S14). */
export function hiddenFlags(onReturn: 'exclude' | 'keep'): number {
  return FLAG.isReturn | FLAG.rejected | (onReturn === 'exclude' ? FLAG.returned : 0);
}

/** Whether a typology sees a leg at all: as history and as anchor (S0). */
export function isSeen(leg: Leg, s: Scene): boolean {
  if (s.world.rows.has(leg.row, hiddenFlags(s.typology.onReturn))) return false;
  const { where } = s.typology;
  return where === undefined || holds(where, { ...s, leg, anchor: { ...s.anchor, ...leg }, currency: s.world.reportingCurrency }) === true;
}
