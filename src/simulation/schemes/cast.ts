import { boatCollection, smallTransfers } from './collection.ts';
import { charityAppeal, groupTravel, landlord, marketTrader, newcomer, savingsClub, weddingGifts } from './decoys.ts';
import { funnel, mule } from './layering.ts';
import type { Scheme } from './scene.ts';
import { severalBranches, structuredCash, structuredWires } from './structuring.ts';

/** What is hidden in 200,000 transactions, in the order in which it is planned: a smaller feed takes what fits from the front. */
export const CAST: readonly Scheme[] = [
  boatCollection, structuredWires, severalBranches, mule, funnel, groupTravel, newcomer, landlord, structuredCash, weddingGifts, marketTrader, savingsClub,
  boatCollection, structuredWires, severalBranches, mule, funnel, smallTransfers, charityAppeal,
  boatCollection, structuredCash, severalBranches, mule, funnel, groupTravel, newcomer, landlord,
  boatCollection, structuredWires, severalBranches, mule, funnel, weddingGifts, marketTrader, savingsClub,
  boatCollection, structuredCash, severalBranches, mule, funnel, structuredWires, boatCollection, mule, severalBranches,
];
