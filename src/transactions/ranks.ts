import { LIMITS } from './limits.ts';
import type { Role } from './model.ts';
import { LEAVES, rankOf } from './plan.ts';

/** The plan as tables by rank: what is asked for every field of every record. */

/** Ranks of the fields that are looked at by name. */
export const RANK = {
  schema: rankOf('schema'),
  source: rankOf('source'),
  id: rankOf('id'),
  time: rankOf('time'),
  status: rankOf('status'),
  precision: rankOf('precision'),
  receivedAt: rankOf('receivedAt'),
  currency: rankOf('amount.currency'),
} as const;

/** Of these at least one must be there. */
export const KEY_RANKS: readonly number[] = ['debtor.account', 'debtor.party', 'creditor.account', 'creditor.party'].map(rankOf);

/** Leaves of the canonical content, which come first. */
export const CONTENT_COUNT = LEAVES.filter((leaf) => leaf.contentPath !== null).length;

export const CHARACTERS_MIN = Int32Array.from(LEAVES, (leaf) => leaf.charactersMin);
/** The normal form of items has no limit of its own: their number and texts have. */
export const CHARACTERS_MAX = Int32Array.from(LEAVES, (leaf) => (leaf.role === 'items' ? LIMITS.recordBytesMax * 4 : leaf.charactersMax));

/** What is done with a field of the content. */
export const ACT = { text: 0, word: 1, country: 2, account: 3, identifier: 4, date: 5, amount: 6, count: 7, flag: 8, checked: 9 } as const;

const ACT_OF_ROLE: Readonly<Partial<Record<Role, number>>> = {
  kind: ACT.word,
  channel: ACT.word,
  currency: ACT.word,
  country: ACT.country,
  account: ACT.account,
  party: ACT.identifier,
  device: ACT.identifier,
  date: ACT.date,
  value: ACT.amount,
  count: ACT.count,
  flag: ACT.flag,
  bic: ACT.checked,
  mcc: ACT.checked,
  uetr: ACT.checked,
  partyType: ACT.checked,
};

export const ACTS = Uint8Array.from(LEAVES, (leaf) => ACT_OF_ROLE[leaf.role] ?? ACT.text);
export const NUMBER_SLOTS = Int32Array.from(LEAVES, (leaf) => leaf.numberSlot);
