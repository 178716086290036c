import type { Typology } from '../../typologies/ast.ts';
import type { ExactValue } from '../exact.ts';
import type { Exchange } from '../exchange.ts';
import type { Histories } from '../histories.ts';
import type { OverfullDays } from '../overfullDays.ts';
import type { Rows } from '../rows.ts';
import type { AggregateExpr } from './walk.ts';

/** A transaction as one key sees it. */
export interface Leg {
  readonly row: number;
  /** One of `SIDE`. */
  readonly side: number;
}

export interface Item {
  readonly text?: string;
  readonly quantity?: number;
}

/** What all typologies are asked against. */
export interface World {
  readonly rows: Rows;
  readonly exchange: Exchange;
  readonly reportingCurrency: string;
  /** What an aggregate answers at the anchor of a scene. */
  readonly aggregate: (e: AggregateExpr, s: Scene) => ExactValue;
}

/** The legs of the keys of one subject, and the days on which too many came. */
export interface KeyHistories {
  readonly histories: Histories;
  readonly overfull: OverfullDays;
}

/** An anchor: a leg of a key at its position in the key's history. */
export interface Anchor extends Leg {
  readonly subject: KeyHistories;
  readonly key: number;
  readonly position: number;
}

/** Why a value could not be computed (S15). */
export type Cause = 'missing-rate' | 'overflow' | 'overfull-day';

/** What an expression is asked about. */
export interface Scene {
  readonly world: World;
  readonly typology: Typology;
  readonly anchor: Anchor;
  /** The leg in hand: inside an aggregate a leg of the history, outside the anchor. */
  readonly leg: Leg;
  /** The item in hand, inside `any(items, …)`. */
  readonly item: Item | null;
  /** Currency of the comparison in hand (S17). */
  readonly currency: string;
  /** Lets by currency and index, as far as they were asked for. */
  readonly lets: Map<string, unknown>;
  readonly causes: Set<Cause>;
}
