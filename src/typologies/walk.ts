import { NUMBER_SLOT, TEXT_SLOT } from '../transactions/fields.ts';
import type { Expr, Typology } from './ast.ts';

/** The parts of an expression, in the order in which they are written. A let is not looked through, a parameter has no parts. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'and':
    case 'or':
    case 'compare':
    case 'in':
    case 'arithmetic':
      return [expr.left, expr.right];
    case 'not':
    case 'negate':
    case 'exists':
      return [expr.operand];
    case 'coalesce':
      return expr.operands;
    case 'any':
      return [expr.condition];
    case 'aggregate':
      return [expr.argument, expr.where].filter((part) => part !== undefined);
    default:
      return [];
  }
}

/** The expression and everything below it, from outside in. */
export function* descendants(expr: Expr): Generator<Expr> {
  yield expr;
  for (const child of children(expr)) yield* descendants(child);
}

/** The parts that `and` joins at the top, in the file's order. */
export function conjuncts(expr: Expr): Expr[] {
  return expr.kind === 'and' ? [...conjuncts(expr.left), ...conjuncts(expr.right)] : [expr];
}

/** The parts that `or` joins at the top, in the file's order. */
export function disjuncts(expr: Expr): Expr[] {
  return expr.kind === 'or' ? [...disjuncts(expr.left), ...disjuncts(expr.right)] : [expr];
}

/** Every expression of a typology, in the file's order. */
export function expressions(typology: Typology): Expr[] {
  return [
    ...(typology.where === undefined ? [] : [typology.where]),
    ...typology.lets.map((l) => l.expr),
    typology.when,
    ...typology.score.points.map((p) => p.when),
    ...typology.unless.map((u) => u.when),
  ];
}

/**
 * The paths of `TEXT_FIELDS` and `NUMBER_FIELDS` that a typology reads, sorted: its subject's and its expressions'. What speaks of a side of the
 * leg (`account`, `party`, `holder`, `counterparty`) stands for the debtor's and the creditor's field.
 */
export function fieldsRead(typology: Typology): string[] {
  const paths = new Set<string>();
  const bothSides = (path: string): void => {
    paths.add(`debtor.${path}`);
    paths.add(`creditor.${path}`);
  };
  for (const path of typology.subject.paths) {
    if (path === 'account' || path === 'party') bothSides(path);
    else paths.add(path);
  }
  for (const whole of expressions(typology)) {
    for (const expr of descendants(whole)) {
      if (expr.kind === 'field') paths.add(expr.path);
      else if (expr.kind === 'sided') bothSides(expr.path === 'accountAge' ? 'accountOpened' : expr.path);
      else if (expr.kind === 'accountAge') paths.add(`${expr.party}.accountOpened`);
      else if (expr.kind === 'any') paths.add('items');
      else if (readsAmount(expr)) paths.add('amount.currency');
    }
  }
  return [...paths].filter((path) => TEXT_SLOT.has(path) || NUMBER_SLOT.has(path)).sort();
}

function readsAmount(expr: Expr): boolean {
  return expr.kind === 'amount' || expr.kind === 'amountOriginal' || (expr.kind === 'aggregate' && expr.name === 'passed_through');
}
