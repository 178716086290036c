import type { Expr, Typology } from '../../../src/typologies/ast.ts';

/**
 * Writes a typology that was built as a tree as the text it could have been read from, and puts the spans in. Blanks are now and then two, or
 * a line's end, since a condition's text on an alert has them folded.
 */
class Writer {
  text = '';
  private blanks = 0;

  write(part: string): void {
    this.text += part;
  }

  blank(): void {
    this.blanks++;
    this.text += this.blanks % 7 === 0 ? '  ' : this.blanks % 11 === 0 ? '\n          ' : ' ';
  }
}

const BINDING = { or: 1, and: 2, not: 3, compare: 4, in: 4, sum: 5, product: 6, unary: 7, primary: 8 } as const;

function bindingOf(e: Expr): number {
  if (e.kind === 'arithmetic') return e.op === '+' || e.op === '-' ? BINDING.sum : BINDING.product;
  if (e.kind === 'negate') return BINDING.unary;
  return e.kind === 'or' || e.kind === 'and' || e.kind === 'not' || e.kind === 'compare' || e.kind === 'in' ? BINDING[e.kind] : BINDING.primary;
}

/** Writes one expression; its span includes the parentheses around it. */
function place(e: Expr, out: Writer, binding: number): Expr {
  const own = bindingOf(e);
  const start = out.text.length;
  if (own < binding) out.write('(');
  const placed = placeBare(e, own, out);
  if (own < binding) out.write(')');
  return { ...placed, span: { start, end: out.text.length } };
}

function placePair<E extends Expr & { left: Expr; right: Expr }>(e: E, word: string, leftBinding: number, rightBinding: number, out: Writer): E {
  const left = place(e.left, out, leftBinding);
  out.blank();
  out.write(word);
  out.blank();
  return { ...e, left, right: place(e.right, out, rightBinding) };
}

function placeBare(e: Expr, own: number, out: Writer): Expr {
  switch (e.kind) {
    case 'and':
    case 'or':
      return placePair(e, e.kind, own, own + 1, out);
    case 'compare':
      return placePair(e, e.op, own + 1, own + 1, out);
    case 'in':
      return placePair(e, e.negated ? 'not in' : 'in', own + 1, own + 1, out);
    case 'arithmetic':
      return placePair(e, e.op, own, own + 1, out);
    case 'not':
      out.write('not');
      out.blank();
      return { ...e, operand: place(e.operand, out, BINDING.compare) };
    case 'negate':
      out.write('-');
      return { ...e, operand: place(e.operand, out, BINDING.primary) };
    case 'exists':
      return called(e.kind, out, () => ({ ...e, operand: place(e.operand, out, 0) }));
    case 'any':
      return called(`any(${e.of === 'anchor' ? 'anchor.' : ''}items,`, out, () => ({ ...e, condition: place(e.condition, out, 0) }), '');
    case 'coalesce':
      return called(e.kind, out, () => ({ ...e, operands: e.operands.map((x, i) => placeArgument(x, i, out)) }));
    case 'aggregate':
      return placeAggregate(e, out);
    default:
      out.write(leaf(e));
      return e;
  }
}

function called<E extends Expr>(name: string, out: Writer, inside: () => E, open = '('): E {
  out.write(name + open);
  const e = inside();
  out.write(')');
  return e;
}

function placeArgument(e: Expr, i: number, out: Writer): Expr {
  if (i > 0) out.write(', ');
  return place(e, out, 0);
}

function placeAggregate(e: Extract<Expr, { kind: 'aggregate' }>, out: Writer): Expr {
  out.write(`${e.name}(`);
  const argument = e.argument === undefined ? {} : { argument: place(e.argument, out, 0) };
  if (e.where !== undefined) out.write(e.argument === undefined ? 'where ' : ' where ');
  const where = e.where === undefined ? {} : { where: place(e.where, out, 0) };
  out.write(`) over ${e.windowMs}ms`);
  return { ...e, ...argument, ...where };
}

function leaf(e: Expr): string {
  const of = 'of' in e && e.of === 'anchor' ? 'anchor.' : '';
  switch (e.kind) {
    case 'number':
      return e.value.den === 1n ? String(e.value.num) : String(Number(e.value.num) / Number(e.value.den));
    case 'money':
      return `${(e.minor / 100).toFixed(2)} ${e.currency}`;
    case 'duration':
      return `${e.ms}ms`;
    case 'boolean':
      return String(e.value);
    case 'text':
      return JSON.stringify(e.value);
    case 'list':
      return e.name === undefined ? `[${e.values.map((v) => JSON.stringify(v)).join(', ')}]` : `lists.${e.name}`;
    case 'param':
      return `params.${e.name}`;
    case 'let':
      return e.name;
    case 'field':
      return of + e.path;
    case 'sided':
      return `${of}${e.side}.${e.path}`;
    case 'accountAge':
      return `${of}${e.party}.accountAge`;
    case 'direction':
      return of + e.value;
    case 'amount':
      return `${of}amount`;
    case 'amountOriginal':
      return `${of}amount.original`;
    case 'item':
      return e.path;
    default:
      throw new Error(`${e.kind} is no leaf`);
  }
}

/** The typology with its text, a whole rule file that the real parser reads, and with its spans. Expressions stand in single quotes, which they do not hold. */
export function layOut(draft: Typology): Typology {
  const out = new Writer();
  const clause = (head: string, e: Expr): { expr: Expr; text: string } => {
    out.write(`${head}'`);
    const expr = place(e, out, 0);
    out.write("'\n");
    return { expr, text: fold(out.text.slice(expr.span.start, expr.span.end)) };
  };
  const { id, version, title, phase, status, severity, score, alert } = draft;
  out.write(`typology: ${id}\nversion: ${version}\ntitle: ${title}\nphase: ${phase}\nstatus: ${status}\nseverity: ${severity}\n`);
  out.write(`sources: ${flow(draft.sources)}\nlimits: ${flow(draft.limits)}\nsubject: ${flow(draft.subject.paths)}\n`);
  writeParams(draft, out);
  const where = draft.where === undefined ? {} : { where: clause('where: ', draft.where).expr };
  out.write('let:\n');
  const lets = draft.lets.map((l) => ({ name: l.name, ...clause(`  ${l.name}: `, l.expr) }));
  const when = clause('when: ', draft.when);
  out.write(`score:\n  base: ${score.base}\n  alert_at: ${score.alertAt}\n  severity: ${flow(score.bands)}\n  add:${score.points.length === 0 ? ' []' : ''}\n`);
  const points = score.points.map((p) => {
    const { expr, text } = clause(`    - points: ${p.points}\n      because: ${p.because}\n      when: `, p.when);
    return { ...p, when: expr, text };
  });
  out.write(`unless:${draft.unless.length === 0 ? ' []' : ''}\n`);
  const unless = draft.unless.map((u) => {
    const { expr, text } = clause(`  - because: ${u.because}\n    when: `, u.when);
    return { ...u, when: expr, text };
  });
  out.write(`alert:\n  title: "${alert.title.map((part) => titleText(part, draft)).join('')}"\n`);
  out.write(`  period: ${alert.periodMs}ms\n  route: ${alert.route}\n  next: ${flow(alert.next)}\non_return: ${draft.onReturn}\n`);
  return { ...draft, ...where, lets, when: when.expr, whenText: when.text, score: { ...score, points }, unless, text: out.text };
}

function flow(value: unknown): string {
  return JSON.stringify(value);
}

function fold(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function writeParams({ params }: Typology, out: Writer): void {
  out.write(params.length === 0 ? 'params: {}\n' : 'params:\n');
  for (const { name, value, reason, basis } of params) {
    const type = value.kind === 'number' && value.value.den !== 1n ? 'ratio' : value.kind === 'number' ? 'count' : value.kind;
    out.write(`  ${name}: { type: ${type}, default: ${flow(leaf(value))}, reason: ${flow(reason)}, basis: ${basis} }\n`);
  }
}

function titleText(part: Typology['alert']['title'][number], { lets }: Typology): string {
  if (typeof part === 'string') return part;
  if ('subject' in part) return '{subject}';
  return `{${'let' in part ? lets[part.let]!.name : part.param}}`;
}
