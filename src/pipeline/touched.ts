import type { DecodedTransaction } from '../transactions/decoded.ts';
import { TEXT_SLOT } from '../transactions/fields.ts';
import type { Typology } from '../typologies/ast.ts';

const SIDES = ['debtor', 'creditor'] as const;
/** Subject paths that stand for the same path under either side (S0). */
const OF_A_SIDE = new Set(['account', 'party']);

/** Ids of the typologies for whose key the transaction has a leg (S0); whether their `where` would see it is not asked. */
export function touchedBy(typologies: readonly Typology[], transaction: DecodedTransaction): string[] {
  const present = (path: string): boolean => {
    const slot = TEXT_SLOT.get(path);
    return slot === undefined || transaction.texts[slot] !== 0;
  };
  const hasLeg = ({ subject: { paths, sides } }: Typology): boolean =>
    sides === 'both' ? SIDES.some((side) => paths.every((path) => present(OF_A_SIDE.has(path) ? `${side}.${path}` : path))) : paths.every(present);
  return typologies.filter(hasLeg).map((typology) => typology.id);
}
