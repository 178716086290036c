import type { Wording } from './alerts/wording.ts';
import type { Inspection } from './api.ts';
import { judge, sceneAt } from './compile/judge.ts';
import type { World } from './compile/scene.ts';
import { hiddenFlags, isSeen } from './compile/seen.ts';
import type { AnchorInHand } from './compile/unit.ts';
import { answer, conditionTree, conditionTrees } from './conditionTree.ts';
import { timeText } from './days.ts';
import { FLAG } from './rows.ts';
import type { Subject } from './subject.ts';

/** The verdict at the last anchor of a key at or before a time, part by part. */
export function inspectAt(
  world: World,
  anchor: AnchorInHand,
  subjects: readonly Subject[],
  wordings: readonly Wording[],
  typologyId: string,
  key: readonly string[],
  atMs: number,
): Inspection | null {
  const subject = subjects.find((s) => s.programs.some((p) => p.typology.id === typologyId));
  const program = subject?.programs.find((p) => p.typology.id === typologyId);
  if (subject === undefined || program === undefined) return null;
  const { rows } = world;
  const { typology } = program;
  const number = subject.keyOf(key);
  const position = number < 0 ? -1 : lastLeg(world, subject, number, atMs);
  if (position < 0) return null;
  const ref = subject.histories.leg(number, position);
  const [row, side] = [ref >>> 2, ref & 3];
  Object.assign(anchor, { subject, key: number, position, row, side, isMoving: false, stamp: anchor.stamp + 1 });
  const scene = sceneAt(world, typology, anchor);
  const judged = judge(scene);
  const causes = [...scene.causes];
  const seen = isSeen(scene.leg, scene);
  const hidden = rows.has(row, hiddenFlags(typology.onReturn));
  const wording = wordings[program.index]!;
  return {
    typology: typology.id,
    subject: key.length === 1 ? key[0]! : [...key],
    anchor: { source: rows.source(row), id: rows.id(row), time: timeText(rows.t(row)) },
    seen,
    ...(seen ? {} : { leftOutBy: hidden ? ('return' as const) : ('where' as const) }),
    where: typology.where === undefined ? [] : conditionTrees(typology.where, scene),
    lets: typology.lets.map(({ name }, i) => ({ name, value: wording.letJson(i, scene) })),
    conditions: conditionTrees(typology.when, scene),
    exceptions: typology.unless.map(({ because, when }, i) => ({ because, result: answer(judged.unless[i]!), condition: conditionTree(when, scene) })),
    points: typology.score.points.map(({ because, points, when }, i) => ({
      because,
      points,
      result: answer(judged.points[i]!),
      condition: conditionTree(when, scene),
    })),
    score: judged.score,
    alertAt: typology.score.alertAt,
    verdict: !seen ? 'clear' : judged.fired === 'errored' ? 'errored' : judged.fired ? 'fired' : 'clear',
    causes,
  };
}

/** Position of the last leg at or before a time that is not rejected, or −1. */
function lastLeg({ rows }: World, { histories }: Subject, key: number, atMs: number): number {
  for (let p = histories.lowerBound(key, atMs + 1) - 1; p >= histories.first(key); p--) {
    if (!rows.has(histories.leg(key, p) >>> 2, FLAG.rejected)) return p;
  }
  return -1;
}
