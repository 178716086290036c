import type { CompareOp, Span } from '../ast.ts';

/** The expression as written, before names and types are known. Spans include enclosing parentheses. */
export type Syntax = { readonly span: Span } & (
  | { readonly kind: 'number'; readonly digits: string; readonly percent: boolean }
  | { readonly kind: 'money'; readonly digits: string; readonly currency: string }
  | { readonly kind: 'duration'; readonly ms: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly { readonly value: string; readonly span: Span }[] }
  | { readonly kind: 'path'; readonly names: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly nameSpan: Span; readonly args: readonly Argument[] }
  | {
      readonly kind: 'aggregate';
      readonly name: string;
      readonly nameSpan: Span;
      readonly args: readonly Argument[];
      readonly where?: Syntax;
      readonly window: WindowSyntax;
    }
  | { readonly kind: 'not' | 'negate'; readonly operand: Syntax }
  | { readonly kind: 'and' | 'or'; readonly left: Syntax; readonly right: Syntax }
  | { readonly kind: 'compare'; readonly op: CompareOp | 'in' | 'not in'; readonly left: Syntax; readonly right: Syntax }
  | { readonly kind: 'arithmetic'; readonly op: '+' | '-' | '*' | '/'; readonly left: Syntax; readonly right: Syntax }
  /** An operator of a later version, taken as a whole. */
  | { readonly kind: 'later'; readonly name: string; readonly nameSpan: Span }
);

export interface Argument {
  readonly name?: string;
  readonly value: Syntax;
}

export type WindowSyntax = { readonly span: Span } & (
  | { readonly kind: 'duration'; readonly ms: number }
  | { readonly kind: 'param'; readonly name: string; readonly nameSpan: Span }
  | { readonly kind: 'later'; readonly name: string }
);

/** How tightly an operator binds; a part that binds less is put into parentheses. */
const BINDING = { or: 1, and: 2, not: 3, compare: 4, sum: 5, product: 6, unary: 7, primary: 8 } as const;

/** The expression in one spelling, whatever the layout: reading it again gives the same tree. */
export function printSyntax(node: Syntax): string {
  return print(node, 0);
}

function print(node: Syntax, binding: number): string {
  const own = bindingOf(node);
  const text = printBare(node, own);
  return own < binding ? `(${text})` : text;
}

function bindingOf(node: Syntax): number {
  switch (node.kind) {
    case 'or':
      return BINDING.or;
    case 'and':
      return BINDING.and;
    case 'not':
      return BINDING.not;
    case 'compare':
      return BINDING.compare;
    case 'arithmetic':
      return node.op === '+' || node.op === '-' ? BINDING.sum : BINDING.product;
    case 'negate':
      return BINDING.unary;
    default:
      return BINDING.primary;
  }
}

function printBare(node: Syntax, own: number): string {
  switch (node.kind) {
    case 'number':
      return node.percent ? `${trimmed(node.digits)}%` : trimmed(node.digits);
    case 'money':
      return `${trimmed(node.digits)} ${node.currency}`;
    case 'duration':
      return `${node.ms}ms`;
    case 'text':
      return quoted(node.value);
    case 'list':
      return `[${node.items.map((item) => quoted(item.value)).join(', ')}]`;
    case 'path':
      return node.names.join('.');
    case 'call':
      return `${node.name}(${node.args.map(printArgument).join(', ')})`;
    case 'aggregate': {
      const where = node.where === undefined ? [] : [`where ${print(node.where, 0)}`];
      return `${node.name}(${[node.args.map(printArgument).join(', '), ...where].filter((part) => part !== '').join(' ')}) over ${printWindow(node.window)}`;
    }
    case 'not':
      return `not ${print(node.operand, BINDING.compare)}`;
    case 'negate':
      return `-${print(node.operand, BINDING.primary)}`;
    case 'and':
    case 'or':
      return `${print(node.left, own)} ${node.kind} ${print(node.right, own + 1)}`;
    case 'compare':
      return `${print(node.left, own + 1)} ${node.op} ${print(node.right, own + 1)}`;
    case 'arithmetic':
      return `${print(node.left, own)} ${node.op} ${print(node.right, own + 1)}`;
    case 'later':
      return node.name;
  }
}

const printArgument = (argument: Argument): string => (argument.name === undefined ? '' : `${argument.name}: `) + print(argument.value, 0);

function printWindow(window: WindowSyntax): string {
  if (window.kind === 'duration') return `${window.ms}ms`;
  return window.kind === 'param' ? `params.${window.name}` : window.name;
}

/** A text holds no quotes of the kind that it is written in, so one of the two kinds always fits. */
function quoted(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}

/** Digits without zeros that say nothing. */
function trimmed(digits: string): string {
  const [whole, decimals = ''] = digits.split('.');
  const rest = decimals.replace(/0+$/, '');
  const head = whole!.replace(/^0+(?=\d)/, '');
  return rest === '' ? head : `${head}.${rest}`;
}

/** The parts of an expression, in the order in which they are written. */
export function syntaxChildren(node: Syntax): readonly Syntax[] {
  switch (node.kind) {
    case 'call':
      return node.args.map((argument) => argument.value);
    case 'aggregate':
      return [...node.args.map((argument) => argument.value), ...(node.where === undefined ? [] : [node.where])];
    case 'not':
    case 'negate':
      return [node.operand];
    case 'and':
    case 'or':
    case 'compare':
    case 'arithmetic':
      return [node.left, node.right];
    default:
      return [];
  }
}
