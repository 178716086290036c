import { z } from 'zod';
import { assert } from '../base/assert.ts';
import { NUMBER_SLOT, TEXT_SLOT } from './fields.ts';
import { type LeafRule, leafRules, TransactionSchema } from './model.ts';

/** One value of the format: where it stands in a record, what it must be, and where it goes. */
export interface LeafPlan extends LeafRule {
  readonly key: string;
  readonly path: string;
  readonly required: boolean;
  /** Place in `LEAVES`. Leaves of the canonical content come first, in its order. */
  readonly rank: number;
  /** Path under which the value stands in the canonical content (S2), null where it has no part in it. */
  readonly contentPath: string | null;
  /** Slots in `DecodedTransaction`, -1 where it has none. */
  readonly textSlot: number;
  readonly numberSlot: number;
}

export interface ObjectPlan {
  readonly key: string;
  readonly path: string;
  readonly required: boolean;
  readonly leaves: readonly LeafPlan[];
  readonly objects: readonly ObjectPlan[];
}

/** Identity, receipt and status have no part in the content of a transaction (S2). */
const OUTSIDE_CONTENT: ReadonlySet<string> = new Set(['schema', 'source', 'id', 'time', 'status', 'receivedAt']);

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
const unwrap = (schema: z.core.$ZodType): z.core.$ZodType => (schema instanceof z.ZodOptional ? schema.unwrap() : schema);

/** The content names an amount by its minor units, not by the way it was written. */
function contentPath(path: string): string | null {
  if (path === 'amount.value') return 'amount.minor';
  return OUTSIDE_CONTENT.has(path) ? null : path;
}

function leafPaths(schema: z.core.$ZodType, path: string): string[] {
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? Object.entries<z.core.$ZodType>(inner.shape).flatMap(([key, child]) => leafPaths(child, join(path, key))) : [path];
}

/** In ascending order of their path in the content, by UTF-16 units; the others after them. */
function ranked(): string[] {
  const order = (path: string): string => contentPath(path) ?? `~${path}`;
  return leafPaths(TransactionSchema, '').sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
const RANKS: ReadonlyMap<string, number> = new Map(ranked().map((path, i) => [path, i]));

function planLeaf(key: string, path: string, schema: z.core.$ZodType): LeafPlan {
  const inner = unwrap(schema);
  const rule = leafRules.get(inner);
  assert(rule !== undefined, `the model gives ${path} a role`);
  const rank = RANKS.get(path)!;
  const slots = { textSlot: TEXT_SLOT.get(path) ?? -1, numberSlot: NUMBER_SLOT.get(path) ?? -1 };
  return { ...rule, ...slots, key, path, rank, required: inner === schema, contentPath: contentPath(path) };
}

function planObject(key: string, path: string, schema: z.core.$ZodType): ObjectPlan {
  const inner = unwrap(schema);
  assert(inner instanceof z.ZodObject, `${path} is an object of the model`);
  const children = Object.entries<z.core.$ZodType>(inner.shape);
  const isObject = (child: z.core.$ZodType): boolean => unwrap(child) instanceof z.ZodObject;
  return {
    key,
    path,
    required: inner === schema,
    leaves: children.filter(([, child]) => !isObject(child)).map(([name, child]) => planLeaf(name, join(path, name), child)),
    objects: children.filter(([, child]) => isObject(child)).map(([name, child]) => planObject(name, join(path, name), child)),
  };
}

/** The record as the decoder walks it. */
export const RECORD_PLAN: ObjectPlan = planObject('', '', TransactionSchema);

const leavesOf = (plan: ObjectPlan): LeafPlan[] => [...plan.leaves, ...plan.objects.flatMap(leavesOf)];

/** Every leaf, by rank. */
export const LEAVES: readonly LeafPlan[] = leavesOf(RECORD_PLAN).sort((a, b) => a.rank - b.rank);

/** The rank of a path of the format that is known to exist. */
export function rankOf(path: string): number {
  const rank = RANKS.get(path);
  assert(rank !== undefined, `${path} is a path of the format`);
  return rank;
}

/** Leaves that must be there: where `when` is null always, else as soon as one of `when` is. */
export interface RequiredTogether {
  readonly when: readonly number[] | null;
  readonly ranks: readonly number[];
}

function requiredTogether(plan: ObjectPlan, isRequired: boolean): RequiredTogether[] {
  const ranks = plan.leaves.filter((leaf) => leaf.required).map((leaf) => leaf.rank);
  const when = isRequired ? null : leavesOf(plan).map((leaf) => leaf.rank);
  const below = plan.objects.flatMap((child) => requiredTogether(child, isRequired && child.required));
  return ranks.length === 0 ? below : [{ when, ranks }, ...below];
}

export const REQUIRED_TOGETHER: readonly RequiredTogether[] = requiredTogether(RECORD_PLAN, true);
