import type { Typology } from '../../typologies/ast.ts';
import { holds, type Truth } from './interpret.ts';
import type { Anchor, Scene, World } from './scene.ts';

/** The verdict of an anchor taken apart. */
export interface Judgement {
  readonly fired: Truth;
  /** Base plus the points that held. */
  readonly score: number;
  readonly points: readonly Truth[];
  readonly unless: readonly Truth[];
}

export function sceneAt(world: World, typology: Typology, anchor: Anchor): Scene {
  return { world, typology, anchor, leg: anchor, item: null, currency: world.reportingCurrency, lets: new Map(), causes: new Set() };
}

/** `when`, no `unless`, and base plus points reaching `alert_at`; the score is errored as soon as one of its conditions is (S15). */
export function judge(s: Scene): Judgement {
  const { when, unless, score } = s.typology;
  const points = score.points.map((p) => holds(p.when, s));
  const exceptions = unless.map((u) => holds(u.when, s));
  const total = score.points.reduce((sum, p, i) => (points[i] === true ? sum + p.points : sum), score.base);
  const reaches: Truth = points.includes('errored') ? 'errored' : total >= score.alertAt;
  const parts: Truth[] = [holds(when, s), ...exceptions.map((held) => (held === 'errored' ? held : !held)), reaches];
  const fired = parts.includes(false) ? false : parts.includes('errored') ? 'errored' : true;
  return { fired, score: total, points, unless: exceptions };
}
