import { evaluate, holds, type Scope } from './evaluate.ts';
import { jsonValue, sidesOf } from './print.ts';
import { ERRORED, type Truth } from './values.ts';
import { conjuncts, currencyOfLet } from './walk.ts';

/** What is asked at one anchor, taken apart: the parts of an `Inspection` that the contract fixes. */
export interface Asked {
  readonly typology: string;
  readonly key: readonly string[];
  readonly timeMs: number;
  readonly source: string;
  readonly id: string;
  readonly lets: readonly { readonly name: string; readonly value: string | number | null }[];
  readonly conditions: readonly { readonly text: string; readonly result: string; readonly value: string; readonly threshold: string }[];
  readonly exceptions: readonly { readonly because: string; readonly result: string }[];
  readonly points: readonly { readonly because: string; readonly points: number; readonly result: string }[];
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
    conditions: conjuncts(typology.when).map((part) => {
      const result = word(holds(part, scope));
      const sides = part.kind === 'compare' || part.kind === 'in' ? sidesOf(part, scope) : { value: result, threshold: 'true' };
      return { text: typology.text.slice(part.span.start, part.span.end).replace(/\s+/g, ' ').trim(), result, ...sides };
    }),
    exceptions: typology.unless.map(({ because, when }) => ({ because, result: word(holds(when, scope)) })),
    points: typology.score.points.map(({ because, points, when }) => ({ because, points, result: word(holds(when, scope)) })),
    score,
    verdict: fired === ERRORED ? 'errored' : fired ? 'fired' : 'clear',
  };
}

function word(truth: Truth): string {
  return truth === ERRORED ? 'errored' : String(truth);
}
