import type { Expr, ValueType } from '../../../src/typologies/ast.ts';
import { currencyAt, evaluate, type Scope } from './evaluate.ts';
import { minorDigits, SAFE_MAX } from './money.ts';
import { decimal, ERRORED, isRatio, MISSING, type Ratio, ratio, type Value } from './values.ts';
import { conjuncts, isConstant } from './walk.ts';

/** RFC 3339 in UTC, milliseconds only where they are not zero. */
export function timeText(t: number): string {
  return new Date(t).toISOString().replace('.000Z', 'Z');
}

export function moneyText(minor: Ratio, currency: string): string {
  const digits = minorDigits(currency);
  return `${decimal(ratio(minor.n, minor.d * 10n ** BigInt(digits)), digits)} ${currency}`;
}

/** Rounded half-even to 4 decimals, trailing zeros dropped. */
function numberText(x: Ratio): string {
  return decimal(x, 4).replace(/\.?0+$/, '');
}

function durationText(ms: Ratio): string {
  const whole = BigInt(decimal(ms, 0));
  if (whole < 0n) return `-${durationText(ratio(-whole))}`;
  let rest = whole;
  let text = '';
  for (const [unit, size] of [
    ['d', 86_400_000n],
    ['h', 3_600_000n],
    ['m', 60_000n],
    ['s', 1000n],
    ['ms', 1n],
  ] as const) {
    if (rest >= size) text += `${rest / size}${unit}`;
    rest %= size;
  }
  return text === '' ? '0ms' : text;
}

/** A value in words (`docs/alert.md`). */
export function text(value: Value, type: ValueType, currency: string): string {
  if (value === MISSING) return 'missing';
  if (value === ERRORED) return 'errored';
  if (!isRatio(value)) return String(value);
  switch (type) {
    case 'money':
      return moneyText(value, currency);
    case 'duration':
      return durationText(value);
    case 'time':
      return timeText(Number(decimal(value, 0)));
    case 'date':
      return timeText(Number(decimal(value, 0)) * 86_400_000).slice(0, 10);
    default:
      return numberText(value);
  }
}

/** A let as it stands in `values`: numbers as JSON numbers, a missing one as null. */
export function jsonValue(value: Value, type: ValueType, currency: string): string | number | null {
  if (value === MISSING) return null;
  if (type !== 'number' || !isRatio(value)) return text(value, type, currency);
  const isWhole = value.n % value.d === 0n;
  const size = value.n < 0n ? -value.n : value.n;
  return isWhole && size > SAFE_MAX * value.d ? numberText(value) : Number(numberText(value));
}

const TURNED = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** The two sides of a condition that holds, as they stand in a reason. */
export function sidesOf(e: Expr, s: Scope): { value: string; threshold: string } {
  const parts = conjuncts(e).map((part) => sidesOfPart(part, s));
  return { value: parts.map((p) => p.value).join('; '), threshold: parts.map((p) => p.threshold).join('; ') };
}

function sidesOfPart(e: Expr, s: Scope): { value: string; threshold: string } {
  if (e.kind === 'compare') {
    const currency = currencyAt(e, s);
    const side = (x: Expr): string => text(evaluate(x, { ...s, currency }), x.type, currency);
    const turn = isConstant(e.left) && !isConstant(e.right);
    return turn ? { value: side(e.right), threshold: `${TURNED[e.op]} ${side(e.left)}` } : { value: side(e.left), threshold: `${e.op} ${side(e.right)}` };
  }
  if (e.kind === 'in' && e.right.kind === 'list') {
    const list = e.right.name === undefined ? `[${e.right.values.join(', ')}]` : `lists.${e.right.name}`;
    return { value: text(evaluate(e.left, s), e.left.type, s.currency), threshold: `${e.negated ? 'not in' : 'in'} ${list}` };
  }
  return { value: 'true', threshold: 'true' };
}
