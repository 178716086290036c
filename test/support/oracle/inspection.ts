import type { Expr } from '../../../src/typologies/ast.ts';
import { evaluate, holds, type Scope } from './evaluate.ts';
import { jsonValue, sidesOf } from './print.ts';
import { ERRORED, type Truth } from './values.ts';
import { conjuncts, currencyOfLet } from './walk.ts';

/** A condition, and what it is made of where it is no comparison. */
export interface AskedCondition {
  readonly text: string;
  readonly result: string;
  readonly value: string;
  readonly threshold: string;
  readonly joined?: string;
  readonly parts?: readonly AskedCondition[];
}

/** What is asked at one anchor, taken apart: the parts of an `Inspection` that the contract fixes. */
export interface Asked {
  readonly typology: string;
  readonly key: readonly string[];
  readonly timeMs: number;
  readonly source: string;
  readonly id: string;
  readonly lets: readonly { readonly name: string; readonly value: string | number | null }[];
  readonly conditions: readonly AskedCondition[];
  readonly exceptions: readonly { readonly because: string; readonly result: string; readonly condition: AskedCondition }[];
  readonly points: readonly { readonly because: string; readonly points: number; readonly result: string; readonly condition: AskedCondition }[];
  readonly score: number;
  readonly verdict: 'fired' | 'clear' | 'errored';
}

export function takenApart(scope: Scope, fired: Truth, score: number): Asked {
  const { typology, settings, anchor } = scope;
  const { t: timeMs, source, id } = anchor.transaction;
  return {
    typology: typology.id,
    key: anchor.key,
    timeMs,
    source,
    id,
    lets: typology.lets.map(({ name, expr }, i) => {
      const currency = currencyOfLet(i, typology, settings.reportingCurrency);
      return { name, value: jsonValue(evaluate(expr, { ...scope, currency }), expr.type, currency) };
    }),
    conditions: apart(conjuncts(typology.when), scope),
    exceptions: typology.unless.map(({ because, when }) => ({ because, result: word(holds(when, scope)), condition: apart([when], scope)[0]! })),
    points: typology.score.points.map(({ because, points, when }) => ({
      because,
      points,
      result: word(holds(when, scope)),
      condition: apart([when], scope)[0]!,
    })),
    score,
    verdict: fired === ERRORED ? 'errored' : fired ? 'fired' : 'clear',
  };
}

/** Depth first, in the order of the text; of each whole, a let is opened where it is met first. */
function apart(whole: readonly Expr[], scope: Scope): AskedCondition[] {
  const { lets, text } = scope.typology;
  const opened: string[] = [];
  const one = (e: Expr): AskedCondition => {
    const result = word(holds(e, scope));
    const sides = e.kind === 'compare' || e.kind === 'in' ? sidesOf(e, scope) : { value: result, threshold: 'true' };
    const asked = { text: text.slice(e.span.start, e.span.end).replace(/\s+/g, ' ').trim(), result, ...sides };
    if (e.kind === 'and' || e.kind === 'or') return { ...asked, joined: e.kind, parts: chain(e, e.kind).map(one) };
    if (e.kind === 'not') return { ...asked, joined: 'not', parts: [one(e.operand)] };
    if (e.kind !== 'let' || opened.includes(e.name)) return asked;
    opened.push(e.name);
    return { ...asked, joined: 'let', parts: [one(lets[e.index]!.expr)] };
  };
  return whole.map(one);
}

/** `a or b or c`, however it is nested, as its three parts. */
function chain(e: Expr, kind: 'and' | 'or'): Expr[] {
  return e.kind === kind ? [...chain(e.left, kind), ...chain(e.right, kind)] : [e];
}

function word(truth: Truth): string {
  return truth === ERRORED ? 'errored' : String(truth);
}
