import type { Expr, Subject } from '../ast.ts';
import { children, conjuncts, descendants } from '../walk.ts';
import { type Environment, fail } from './environment.ts';

/** Present in every transaction, and so never missing. */
const ALWAYS: ReadonlySet<string> = new Set(['id', 'time', 'status', 'source', 'kind', 'amount.currency']);

/** What is worth a word in a checked expression although it may stand. `present`: names that are there in every leg. */
export function warn(expr: Expr, env: Environment, present: ReadonlySet<string>): void {
  const guarded = new Set([...present, ...existing(expr)]);
  const lets = new Map<string, string | undefined>();
  for (const part of descendants(expr)) {
    if (part.kind === 'not') warnNegation(part.operand, { env, guarded, lets });
    if (part.kind === 'direction') warnDirection(part, env);
    if (part.kind === 'aggregate') warnAnchor(part, env);
    if (part.kind === 'aggregate') warnQuotients(part, env);
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
function warnNegation(operand: Expr, search: Search): void {
  const missing = firstMissing(operand, search);
  if (missing !== undefined) fail(search.env, 'negation-missing', operand.span, { name: missing });
}

interface Search {
  readonly env: Environment;
  readonly guarded: ReadonlySet<string>;
  /** What has been found of each let: they can read one another many times over. */
  readonly lets: Map<string, string | undefined>;
}

/** The first name in an expression whose absence would leave the expression without a value. */
function firstMissing(expr: Expr, search: Search): string | undefined {
  switch (expr.kind) {
    case 'exists':
    case 'any':
      return undefined;
    case 'field':
    case 'sided':
    case 'accountAge':
    case 'item':
      return isSure(expr, search.guarded) ? undefined : nameOf(expr);
    case 'let':
      return search.guarded.has(expr.name) || missingIn(expr.name, search) === undefined ? undefined : expr.name;
    // Over nothing, count and sum are 0 and the others missing (S5).
    case 'aggregate':
      return expr.name === 'count' || expr.name === 'sum' ? undefined : expr.name;
    case 'coalesce': {
      const missing = expr.operands.map((operand) => firstMissing(operand, search));
      return missing.every((name) => name !== undefined) ? missing[0] : undefined;
    }
    default:
      for (const child of children(expr)) {
        const missing = firstMissing(child, search);
        if (missing !== undefined) return missing;
      }
      return undefined;
  }
}

function missingIn(name: string, search: Search): string | undefined {
  if (!search.lets.has(name)) {
    const meaning = search.env.lets.get(name)?.expr;
    search.lets.set(name, meaning ? firstMissing(meaning, search) : undefined);
  }
  return search.lets.get(name);
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

/** Quotients by a field have denominators of their own, so that their exact sum grows with the window. */
function warnQuotients({ name, argument }: Extract<Expr, { kind: 'aggregate' }>, env: Environment): void {
  if (argument === undefined || (name !== 'sum' && name !== 'avg')) return;
  const quotient = [...descendants(argument)].find((part) => part.kind === 'arithmetic' && part.op === '/' && readsLeg(part.right));
  if (quotient !== undefined) fail(env, 'quotient-cost', quotient.span, { name });
}

const readsLeg = (expr: Expr): boolean => [...descendants(expr)].some((part) => 'of' in part);

const ofAnchor = (expr: Expr): boolean => 'of' in expr && expr.of === 'anchor';
const isName = (expr: Expr): boolean => expr.kind === 'field' || expr.kind === 'sided';

function correlates(expr: Expr): boolean {
  return expr.kind === 'compare' && expr.op === '==' && isName(expr.left) && isName(expr.right) && ofAnchor(expr.left) !== ofAnchor(expr.right);
}
