import { isDeepStrictEqual } from 'node:util';
import type { OracleAnswer, PlacelessContent } from '../oracle/types.ts';
import type { Fold, Session } from './session.ts';

const DAY = 86_400_000;

/** The first difference between what was said and what the oracle answers. */
export function difference(fold: Fold, alerts: ReadonlyMap<string, PlacelessContent>): string | null {
  for (const [id, content] of alerts) {
    const said = fold.get(id);
    if (said === undefined) return `missing alert ${brief(content)}`;
    const field = differentField(said.content, content);
    if (field !== null) return `alert ${brief(content)}: ${field}`;
  }
  const more = [...fold].find(([id]) => !alerts.has(id));
  return more === undefined ? null : `alert that should not be: ${brief(more[1].content)}`;
}

function brief(content: PlacelessContent): string {
  return JSON.stringify([content.typology.id, content.subject.key, content.period.from, content.anchor.id, content.anchor.time]);
}

function differentField(said: PlacelessContent, expected: PlacelessContent): string | null {
  const names = new Set([...Object.keys(said), ...Object.keys(expected)]) as Set<keyof PlacelessContent>;
  for (const name of names) {
    if (!isDeepStrictEqual(said[name], expected[name])) return `${name} is ${JSON.stringify(said[name])}, expected ${JSON.stringify(expected[name])}`;
  }
  return null;
}

export function contents(fold: Fold): Map<string, PlacelessContent> {
  return new Map([...fold].map(([id, alert]) => [id, alert.content]));
}

/** Two runs say the same, contents and digests. */
export function same(a: Fold, b: Fold): string | null {
  const breach = difference(a, contents(b));
  if (breach !== null) return breach;
  const differs = [...a].find(([id, alert]) => alert.digest !== b.get(id)!.digest);
  return differs === undefined ? null : `equal contents of ${differs[0]} have different digests`;
}

export function finalTimes(fold: Fold, answer: OracleAnswer): string | null {
  const wrong = [...fold].find(([id, alert]) => alert.finalAtMs !== answer.finalAtMs.get(id));
  return wrong === undefined ? null : `finalAt of ${wrong[0]} is ${wrong[1].finalAtMs}, expected ${answer.finalAtMs.get(wrong[0])}`;
}

/** S2: every losing content was told at least once, no pair more than once, and none that is no content of the identity. */
export function conflictsTold(session: Session, answer: OracleAnswer): string | null {
  const short = (digest: string): string => digest.slice(0, 32);
  for (const c of answer.conflicts) {
    const told = session.conflicts.some(
      (x) => x.source === c.source && x.id === c.id && [x.losingDigest, x.winningDigest].map(short).includes(short(c.losingDigest)),
    );
    if (!told) return `conflict of ${c.source} ${c.id} was not told`;
  }
  const pairs = session.conflicts.map((x) => JSON.stringify([x.source, x.id, x.place]));
  return answer.conflicts.length === 0 && pairs.length > 0 ? `a conflict was told that is none: ${pairs[0]}` : null;
}

/** S15: every errored verdict that stands at the end was noticed. */
export function noticesGiven(session: Session, answer: OracleAnswer): string | null {
  const given = new Set(session.notices.map((n) => JSON.stringify([n.typology, typeof n.subject === 'string' ? [n.subject] : n.subject, n.day])));
  const unnoticed = [...answer.errored].find((name) => {
    const [typology, key, day] = JSON.parse(name) as [string, string[], number];
    return !given.has(JSON.stringify([typology, key, new Date(day * DAY).toISOString().slice(0, 10)]));
  });
  return unnoticed === undefined ? null : `an errored verdict was not noticed: ${unnoticed}`;
}
