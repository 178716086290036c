import type { Expr, Subject } from '../ast.ts';
import { children, conjuncts, descendants } from '../walk.ts';
import { type Environment, fail } from './environment.ts';

/** Present in every transaction, and so never missing. */
const ALWAYS: ReadonlySet<string> = new Set(['id', 'time', 'status', 'source', 'kind', 'amount.currency']);

/** What is worth a word in a checked expression although it may stand. `present`: names that are there in every leg. */
export function warn(expr: Expr, env: Environment, present: ReadonlySet<string>): void {
  const guarded = new Set([...present, ...existing(expr)]);
  for (const part of descendants(expr)) {
    if (part.kind === 'not') warnNegation(part.operand, env, guarded);
    if (part.kind === 'direction') warnDirection(part, env);
    if (part.kind === 'aggregate') warnAnchor(part, env);
  }
}

/** The names that a subject, and the `exists` of a top-level `where`, make sure of. */
export function presentNames(subject: Subject | null, where: Expr | null): Set<string> {
  const names = new Set(
    where === null
      ? []
      : conjuncts(where)
          .filter((part) => part.kind === 'exists')
          .map((part) => nameOf(part.operand)),
  );
  for (const path of subject?.paths ?? []) {
    names.add(path === 'account' || path === 'party' ? `holder.${path}` : path);
    if (subject!.sides === 'out' || subject!.sides === 'in') names.add(path.replace(/^\w+/, 'holder'));
  }
  return names;
}

const existing = (expr: Expr): string[] => [...descendants(expr)].filter((part) => part.kind === 'exists').map((part) => nameOf(part.operand));

function nameOf(expr: Expr): string {
  if (expr.kind === 'field') return expr.of === 'anchor' ? `anchor.${expr.path}` : expr.path;
  if (expr.kind === 'sided') return `${expr.of === 'anchor' ? 'anchor.' : ''}${expr.side}.${expr.path}`;
  if (expr.kind === 'accountAge') return `${expr.of === 'anchor' ? 'anchor.' : ''}${expr.party}.accountAge`;
  if (expr.kind === 'let') return expr.name;
  return expr.kind === 'item' ? expr.path : expr.kind === 'aggregate' ? expr.name : 'a value';
}

/** S11: a comparison with something missing is false, so its negation holds. */
function warnNegation(operand: Expr, env: Environment, guarded: ReadonlySet<string>): void {
  const missing = firstMissing(operand, env, guarded);
  if (missing !== undefined) fail(env, 'negation-missing', operand.span, { name: missing });
}

function firstMissing(expr: Expr, env: Environment, guarded: ReadonlySet<string>): string | undefined {
  switch (expr.kind) {
    case 'exists':
      return undefined;
    case 'field':
    case 'sided':
    case 'accountAge':
    case 'item':
      return isSure(expr, guarded) ? undefined : nameOf(expr);
    case 'let': {
      const meaning = env.lets.get(expr.name)?.expr;
      return !guarded.has(expr.name) && meaning && firstMissing(meaning, env, guarded) !== undefined ? expr.name : undefined;
    }
    // Over nothing, count and sum are 0 and the others missing (S5).
    case 'aggregate':
      return expr.name === 'count' || expr.name === 'sum' ? undefined : expr.name;
    case 'any':
      return undefined;
    case 'coalesce':
      return expr.operands.map((operand) => firstMissing(operand, env, guarded)).every((name) => name !== undefined) ? nameOf(expr.operands[0]!) : undefined;
    default:
      return children(expr)
        .map((child) => firstMissing(child, env, guarded))
        .find((name) => name !== undefined);
  }
}

function isSure(expr: Expr, guarded: ReadonlySet<string>): boolean {
  const name = nameOf(expr);
  // On the anchor the same names are present as on every leg of the key.
  return ALWAYS.has(name.replace(/^anchor\./, '')) || name === 'text' || guarded.has(name) || guarded.has(name.replace(/^anchor\./, ''));
}

function warnDirection(expr: Extract<Expr, { kind: 'direction' }>, env: Environment): void {
  const sides = env.subject?.sides;
  if (sides !== 'in' && sides !== 'out') return;
  const value = String((sides === 'in') === (expr.value === 'incoming'));
  fail(env, 'side-constant', expr.span, { subject: env.subject!.paths.join(' + '), name: expr.value, value });
}

/** `field == anchor.field` can be looked up; any other use of the anchor reads the whole window at every transaction. */
function warnAnchor(aggregate: Extract<Expr, { kind: 'aggregate' }>, env: Environment): void {
  const parts = [...(aggregate.argument === undefined ? [] : [aggregate.argument]), ...(aggregate.where === undefined ? [] : conjuncts(aggregate.where))];
  for (const part of parts) {
    const use = [...descendants(part)].find(ofAnchor);
    if (use === undefined || correlates(part)) continue;
    fail(env, 'anchor-cost', use.span);
  }
}

const ofAnchor = (expr: Expr): boolean => 'of' in expr && expr.of === 'anchor';
const isName = (expr: Expr): boolean => expr.kind === 'field' || expr.kind === 'sided';

function correlates(expr: Expr): boolean {
  return expr.kind === 'compare' && expr.op === '==' && isName(expr.left) && isName(expr.right) && ofAnchor(expr.left) !== ofAnchor(expr.right);
}
