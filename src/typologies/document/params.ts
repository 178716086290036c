import type { Exact, Expr, ParamSpec } from '../ast.ts';
import { isCountry } from '../checking/countries.ts';
import { literal } from '../checking/literals.ts';
import { folded } from '../excerpt.ts';
import type { Syntax } from '../expressions/syntax.ts';
import { printSyntax } from '../expressions/syntax.ts';
import type { Findings } from '../findings.ts';
import type { YamlScalar } from '../parse/nodes.ts';
import { parseScalar } from './expression.ts';
import type { PARAM, ParamType } from './keys.ts';
import type { Shape } from './shapes.ts';

type ParamEntry = typeof PARAM extends Shape<infer T> ? T : never;

/** A parameter as the digest and the checker need it; `spec` is null where something is wrong. */
export interface ReadParam {
  readonly name: string;
  readonly node: YamlScalar;
  readonly spec: ParamSpec | null;
  readonly type: ParamType | undefined;
  /** Default, least and greatest value in one spelling. */
  readonly printed: readonly (string | null)[];
}

const KINDS: Readonly<Record<ParamType, { readonly kind: Expr['kind']; readonly expected: string; readonly example: string }>> = {
  ratio: { kind: 'number', expected: 'a ratio', example: '0.8 or 80%' },
  number: { kind: 'number', expected: 'a number', example: '2.5' },
  count: { kind: 'number', expected: 'a whole number', example: '3' },
  money: { kind: 'money', expected: 'an amount of money', example: '10000 EUR' },
  duration: { kind: 'duration', expected: 'a duration', example: '24h' },
  text: { kind: 'text', expected: 'a text', example: 'remittance' },
  country: { kind: 'text', expected: 'a country', example: 'TR' },
};

export function readParam(name: YamlScalar, entry: ParamEntry | undefined, findings: Findings): ReadParam {
  const type = entry?.type?.value;
  const nothing = { name: name.value, node: name, spec: null, type, printed: [] };
  if (entry === undefined || type === undefined) return nothing;
  const [value, min, max] = (['default', 'min', 'max'] as const).map((key) => {
    const node = entry[key];
    if (node === undefined) return null;
    if (key !== 'default' && KINDS[type].kind === 'text') {
      findings.add('param-bound', entry.at.get(key)!.span, { type, name: key });
      return null;
    }
    const found = readValue(node, key, type, findings);
    return found && { ...found, key, node };
  });
  for (const [low, high, at] of [
    [min, max, min],
    [min, value, value],
    [value, max, value],
  ] as const) {
    if (!low || !high || !at) continue;
    const order = compareValues(low.expr, high.expr);
    if (order === null)
      findings.add('param-value', at.node.span, { name: at.key, expected: 'in the currency of the other values', example: KINDS[type].example });
    else if (order > 0) findings.add('param-range', at.node.span, { name: at.key });
  }
  if (!value || entry.reason === undefined || entry.basis === undefined) return nothing;
  const spec = { name: name.value, value: value.expr, reason: folded(entry.reason.value), basis: entry.basis.value };
  return { ...nothing, spec, printed: [value.printed, min?.printed ?? null, max?.printed ?? null] };
}

function readValue(node: YamlScalar, name: string, type: ParamType, findings: Findings): { expr: Expr; printed: string } | null {
  const { kind, expected, example } = KINDS[type];
  if (kind === 'text') {
    if (type !== 'country' || isCountry(node.value))
      return { expr: { kind: 'text', type: type === 'country' ? 'country' : 'text', span: node.span, value: node.value }, printed: node.value };
    findings.add('param-value', node.span, { name, expected, example });
    return null;
  }
  const syntax = parseScalar(node, findings);
  if (syntax === null) return null;
  const expr = constant(syntax, findings);
  if (expr === null) return null;
  const fits = expr !== undefined && expr.kind === kind && (expr.kind !== 'number' || fitsNumber(type, expr.value));
  if (fits) return { expr, printed: printSyntax(syntax) };
  findings.add('param-value', node.span, { name, expected, example });
  return null;
}

/** Undefined where it is no constant, null where it is a wrong one, which is reported. */
function constant(syntax: Syntax, findings: Findings): Expr | null | undefined {
  if (syntax.kind === 'number' || syntax.kind === 'money' || syntax.kind === 'duration') return literal(syntax, findings);
  if (syntax.kind !== 'negate' || syntax.operand.kind !== 'number') return undefined;
  const expr = literal(syntax.operand, findings);
  return expr?.kind === 'number' ? { ...expr, span: syntax.span, value: { num: -expr.value.num, den: expr.value.den } } : expr;
}

function fitsNumber(type: ParamType, { num, den }: Exact): boolean {
  return type === 'number' || (num >= 0n && (type === 'ratio' || den === 1n));
}

/** Negative where a < b; null where they cannot be compared. */
function compareValues(a: Expr, b: Expr): number | null {
  if (a.kind === 'number' && b.kind === 'number') return Number(a.value.num * b.value.den - b.value.num * a.value.den);
  if (a.kind === 'duration' && b.kind === 'duration') return a.ms - b.ms;
  return a.kind === 'money' && b.kind === 'money' && a.currency === b.currency ? a.minor - b.minor : null;
}
