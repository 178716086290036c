/** The oracle's own arithmetic: rationals of BigInts, and the two values that are not numbers (S11, S15). */
export interface Ratio {
  readonly n: bigint;
  /** Greater than zero. */
  readonly d: bigint;
}

export const MISSING: unique symbol = Symbol('missing');
export const ERRORED: unique symbol = Symbol('errored');
export type Value = typeof MISSING | typeof ERRORED | boolean | string | Ratio;

/** Three-valued truth (S15). */
export type Truth = boolean | typeof ERRORED;

export function ratio(n: bigint | number, d: bigint | number = 1n): Ratio {
  const [num, den] = [BigInt(n), BigInt(d)];
  return den < 0n ? { n: -num, d: -den } : { n: num, d: den };
}

export function isRatio(value: Value): value is Ratio {
  return typeof value === 'object';
}

/** Missing passes through arithmetic, errored before missing; division by zero is missing. */
export function arithmetic(op: '+' | '-' | '*' | '/', a: Value, b: Value): Value {
  if (a === ERRORED || b === ERRORED) return ERRORED;
  if (!isRatio(a) || !isRatio(b)) return MISSING;
  switch (op) {
    case '+':
      return ratio(a.n * b.d + b.n * a.d, a.d * b.d);
    case '-':
      return ratio(a.n * b.d - b.n * a.d, a.d * b.d);
    case '*':
      return ratio(a.n * b.n, a.d * b.d);
    case '/':
      return b.n === 0n ? MISSING : ratio(a.n * b.d, a.d * b.n);
  }
}

/** Negative, zero or positive, by cross multiplication. */
export function compareRatios(a: Ratio, b: Ratio): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** A missing condition is false. */
export function truth(value: Value): Truth {
  return value === ERRORED ? ERRORED : value === true;
}

export function both(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false;
  return a === ERRORED || b === ERRORED ? ERRORED : true;
}

export function either(a: Truth, b: Truth): Truth {
  if (a === true || b === true) return true;
  return a === ERRORED || b === ERRORED ? ERRORED : false;
}

export function opposite(a: Truth): Truth {
  return a === ERRORED ? ERRORED : !a;
}

/** The nearest whole number, a half to the even one. */
export function roundHalfEven(value: Ratio): bigint {
  const floor = value.n >= 0n ? value.n / value.d : -((-value.n + value.d - 1n) / value.d);
  const twice = 2n * (value.n - floor * value.d);
  if (twice < value.d) return floor;
  if (twice > value.d) return floor + 1n;
  return floor % 2n === 0n ? floor : floor + 1n;
}

/** All `digits` decimals of the rounded value. */
export function decimal(value: Ratio, digits: number): string {
  const units = roundHalfEven(ratio(value.n * 10n ** BigInt(digits), value.d));
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return (units < 0n ? '-' : '') + (digits === 0 ? whole : `${whole}.${text.slice(-digits)}`);
}
