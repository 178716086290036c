import type { TitlePart, Typology } from '../../typologies/ast.ts';
import { conjuncts } from '../../typologies/walk.ts';
import { evaluate, type Value } from '../compile/interpret.ts';
import { judge } from '../compile/judge.ts';
import type { Scene } from '../compile/scene.ts';
import { letsRead, paramsRead, printCurrencyOf } from '../compile/walk.ts';
import type { AlertContent } from '../content.ts';
import { sidesOf, sidesOfPart } from './conditions.ts';
import { jsonOf, wordsOf } from './print.ts';

/** What an alert says of its lead hit. */
export interface LeadWords {
  readonly row: number;
  readonly title: string;
  readonly values: AlertContent['values'];
  readonly reasons: AlertContent['reasons'];
}

/** `scene` is that of the lead hit. */
export function leadWordsOf(row: number, subject: readonly string[], scene: Scene): LeadWords {
  return {
    row,
    title: scene.typology.alert.title.map((part) => titlePart(part, subject, scene)).join(''),
    values: valuesOf(scene),
    reasons: reasonsOf(scene),
  };
}

/** A let as it is printed, in the currency in which it was computed. */
export function letAt(index: number, scene: Scene): { value: Value; currency: string } {
  const currency = printCurrencyOf(index, scene.typology, scene.world.reportingCurrency);
  return { value: evaluate(scene.typology.lets[index]!.expr, { ...scene, currency }), currency };
}

/** A condition as its author wrote it, on one line. */
export function textOf(part: { readonly span: { readonly start: number; readonly end: number } }, typology: Typology): string {
  return typology.text.slice(part.span.start, part.span.end).replace(/\s+/g, ' ').trim();
}

function titlePart(part: TitlePart, subject: readonly string[], scene: Scene): string {
  if (typeof part === 'string') return part;
  if ('subject' in part) return subject.join(' / ');
  if ('let' in part) {
    const { value, currency } = letAt(part.let, scene);
    return wordsOf(value, scene.typology.lets[part.let]!.expr.type, currency);
  }
  const { value } = scene.typology.params.find((p) => p.name === part.param)!;
  const constant = value.kind === 'param' ? value.value : value;
  return wordsOf(evaluate(constant, scene), constant.type, constant.kind === 'money' ? constant.currency : '');
}

/** The lets named in `when`, in points or in the title, directly or through another let. */
function valuesOf(scene: Scene): AlertContent['values'] {
  const { typology } = scene;
  const named = new Set<number>();
  for (const condition of [typology.when, ...typology.score.points.map((p) => p.when)]) letsRead(condition, typology, named);
  for (const part of typology.alert.title) {
    if (typeof part === 'string' || !('let' in part)) continue;
    named.add(part.let);
    letsRead(typology.lets[part.let]!.expr, typology, named);
  }
  const inOrder = [...named].sort((a, b) => a - b);
  return Object.fromEntries(
    inOrder.map((index) => {
      const { value, currency } = letAt(index, scene);
      const { name, expr } = typology.lets[index]!;
      return [name, jsonOf(value, expr.type, currency)];
    }),
  );
}

function reasonsOf(scene: Scene): AlertContent['reasons'] {
  const { typology } = scene;
  const { points } = judge(scene);
  const ofWhen = conjuncts(typology.when).map((part, i) => ({
    text: textOf(part, typology),
    points: i === 0 ? typology.score.base : 0,
    ...sidesOfPart(part, scene),
    ...sourceOf(paramsRead(part), typology),
  }));
  const held = typology.score.points.filter((_, i) => points[i] === true);
  const ofPoints = held.map((p) => ({ text: p.because, points: p.points, ...sidesOf(p.when, scene), ...sourceOf(paramsRead(p.when), typology) }));
  return [...ofWhen, ...ofPoints];
}

function sourceOf(params: readonly string[], typology: Typology): { source?: string } {
  if (params.length === 0) return {};
  const named = params.map((name) => typology.params.find((p) => p.name === name)!);
  return { source: named.map((p) => `${p.name} (${p.basis}): ${p.reason}`).join('; ') };
}
