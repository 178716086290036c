/**
 * Helpers of generated code. `mark`: what comes of two operands of which one is no number, or whose result no double holds; errored before missing.
 * `odd`: the answer of a comparison in such a case, undefined where only the plain evaluator knows.
 */
export const ODD_HELPERS = `
function mark(a, b) {
  if (a === Infinity || b === Infinity) return Infinity;
  if (a === -Infinity || b === -Infinity) return -Infinity;
  return a !== a || b !== b ? NaN : -Infinity;
}
function odd(a, b) {
  if (a === Infinity || b === Infinity) return 3;
  if (a === -Infinity || b === -Infinity) return undefined;
  return a !== a || b !== b ? 0 : undefined;
}`;
