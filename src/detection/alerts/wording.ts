import type { Points, TitlePart, Typology } from '../../typologies/ast.ts';
import { excerpt } from '../../typologies/excerpt.ts';
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

interface Part {
  readonly expr: Typology['when'];
  /** As its author wrote it, on one line. */
  readonly text: string;
  readonly source: { readonly source?: string };
}

interface PointsPart {
  readonly points: Points;
  readonly source: { readonly source?: string };
}

/** How one typology speaks: what of its words does not hang on the hit is found once. */
export class Wording {
  /** The parts of `when` that `and` joins. */
  readonly parts: readonly Part[];
  private readonly typology: Typology;
  private readonly points: readonly PointsPart[];
  /** Lets that stand in `values`, in the file's order. */
  private readonly shown: readonly number[];
  /** By let: the currency in which its money is printed. */
  private readonly currencies: readonly string[];

  constructor(typology: Typology, reportingCurrency: string) {
    this.typology = typology;
    this.parts = conjuncts(typology.when).map((expr) => ({ expr, text: excerpt(expr.span, typology), source: sourceOf(paramsRead(expr), typology) }));
    this.points = typology.score.points.map((points) => ({ points, source: sourceOf(paramsRead(points.when), typology) }));
    this.shown = shownLets(typology);
    this.currencies = typology.lets.map((_, i) => printCurrencyOf(i, typology, reportingCurrency));
  }

  /** `scene` is that of the lead hit. */
  leadWords(row: number, subject: readonly string[], scene: Scene): LeadWords {
    return {
      row,
      title: this.typology.alert.title.map((part) => this.titlePart(part, subject, scene)).join(''),
      values: Object.fromEntries(this.shown.map((index) => [this.typology.lets[index]!.name, this.letJson(index, scene)])),
      reasons: this.reasons(scene),
    };
  }

  /** A let as it stands in `values`. */
  letJson(index: number, scene: Scene): string | number | null {
    return jsonOf(this.letValue(index, scene), this.typology.lets[index]!.expr.type, this.currencies[index]!);
  }

  private letValue(index: number, scene: Scene): Value {
    return evaluate(this.typology.lets[index]!.expr, { ...scene, currency: this.currencies[index]! });
  }

  private titlePart(part: TitlePart, subject: readonly string[], scene: Scene): string {
    if (typeof part === 'string') return part;
    if ('subject' in part) return subject.join(' / ');
    if ('let' in part) return wordsOf(this.letValue(part.let, scene), this.typology.lets[part.let]!.expr.type, this.currencies[part.let]!);
    const { value } = this.typology.params.find((p) => p.name === part.param)!;
    const constant = value.kind === 'param' ? value.value : value;
    return wordsOf(evaluate(constant, scene), constant.type, constant.kind === 'money' ? constant.currency : '');
  }

  private reasons(scene: Scene): AlertContent['reasons'] {
    const held = judge(scene).points;
    const ofWhen = this.parts.map(({ expr, text, source }, i) => ({
      text,
      points: i === 0 ? this.typology.score.base : 0,
      ...sidesOfPart(expr, scene),
      ...source,
    }));
    const ofPoints = this.points
      .filter((_, i) => held[i] === true)
      .map(({ points, source }) => ({ text: points.because, points: points.points, ...sidesOf(points.when, scene), ...source }));
    return [...ofWhen, ...ofPoints];
  }
}

/** Those named in `when`, in points or in the title, directly or through another let. */
function shownLets(typology: Typology): number[] {
  const named = new Set<number>();
  for (const condition of [typology.when, ...typology.score.points.map((p) => p.when)]) letsRead(condition, typology, named);
  for (const part of typology.alert.title) {
    if (typeof part === 'string' || !('let' in part)) continue;
    named.add(part.let);
    letsRead(typology.lets[part.let]!.expr, typology, named);
  }
  return [...named].sort((a, b) => a - b);
}

function sourceOf(params: readonly string[], typology: Typology): { source?: string } {
  if (params.length === 0) return {};
  const named = params.map((name) => typology.params.find((p) => p.name === name)!);
  return { source: named.map((p) => `${p.name} (${p.basis}): ${p.reason}`).join('; ') };
}
