import { parseDuration } from '../../base/duration.ts';
import type { CompareOp, Span } from '../ast.ts';
import { aggregateMeant, amountMeant, decimalsMeant, digitGroup, foundWords, listMeant, windowMeant } from './meant.ts';
import { durationMeant, operatorMeant } from './slips.ts';
import type { Argument, Syntax, WindowSyntax } from './syntax.ts';
import { syntaxChildren } from './syntax.ts';
import { Lexer, SyntaxFailure, type Token } from './tokens.ts';
import { AGGREGATES, LATER_FUNCTIONS, LATER_WINDOWS, WORDS } from './vocabulary.ts';

/** Deeper is not read by people; evaluation is recursive. */
export const DEPTH_MAX = 64;
export const NODES_MAX = 2000;

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** Reads one expression. `place` gives the place in the file of a span of the text. Throws `SyntaxFailure`, its span placed likewise. */
export function parseExpression(text: string, place: (span: Span) => Span = (span) => span): Syntax {
  try {
    const tree = new Parser(text, place).whole();
    checkDepth(tree);
    return tree;
  } catch (failure) {
    if (!(failure instanceof SyntaxFailure)) throw failure;
    if (placed.has(failure)) throw failure;
    throw new SyntaxFailure(failure.code, place(failure.span), failure.details, failure.nearest);
  }
}

/** Failures whose span is one of the file already. */
const placed = new WeakSet<SyntaxFailure>();

function failAt(span: Span, code: ConstructorParameters<typeof SyntaxFailure>[0], details: Readonly<Record<string, string>> = {}): never {
  const failure = new SyntaxFailure(code, span, details);
  placed.add(failure);
  throw failure;
}

function checkDepth(tree: Syntax): void {
  const rest = [{ node: tree, depth: 1 }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (next.depth > DEPTH_MAX) failAt(next.node.span, 'expression-deep', { limit: String(DEPTH_MAX) });
    for (const child of syntaxChildren(next.node)) rest.push({ node: child, depth: next.depth + 1 });
  }
}

class Parser {
  private readonly lexer: Lexer;
  private readonly place: (span: Span) => Span;
  private ahead: Token | undefined;
  /** Offset where the last token taken ended. */
  private end = 0;
  private depth = 0;
  private nodes = 0;

  constructor(text: string, place: (span: Span) => Span) {
    this.lexer = new Lexer(text);
    this.place = place;
  }

  whole(): Syntax {
    const tree = this.expression();
    const rest = this.peek();
    if (rest.kind === 'end') return tree;
    if (this.atSymbol(',')) {
      this.failAtGroup(rest);
      throw new SyntaxFailure('expression-operator', rest.span, { found: ',', instead: 'and (a list stands in brackets)' });
    }
    this.failAtAggregate(tree);
    return this.expected('an operator such as and, or the end of the expression');
  }

  private expression(): Syntax {
    if (++this.depth > DEPTH_MAX) throw new SyntaxFailure('expression-deep', this.peek().span, { limit: String(DEPTH_MAX) });
    const start = this.peek().span.start;
    let left = this.conjunction();
    while (this.takeWord('or')) left = this.node(start, { kind: 'or', left, right: this.conjunction() });
    this.depth--;
    return left;
  }

  private conjunction(): Syntax {
    const start = this.peek().span.start;
    let left = this.negation();
    while (this.takeWord('and')) left = this.node(start, { kind: 'and', left, right: this.negation() });
    return left;
  }

  private negation(): Syntax {
    const start = this.peek().span.start;
    return this.takeWord('not') ? this.node(start, { kind: 'not', operand: this.comparison() }) : this.comparison();
  }

  private comparison(): Syntax {
    const start = this.peek().span.start;
    const left = this.sum();
    const op = this.takeComparison();
    if (op === undefined) return left;
    const right = this.sum();
    const again = this.peek();
    if (this.takeComparison() !== undefined) throw new SyntaxFailure('comparison-chained', again.span);
    return this.node(start, { kind: 'compare', op, left, right });
  }

  private takeComparison(): CompareOp | 'in' | 'not in' | undefined {
    const token = this.peek();
    if (token.kind === 'symbol' && COMPARISONS.has(token.text)) return this.take().text as CompareOp;
    if (this.takeWord('in')) return 'in';
    if (!this.takeWord('not')) return undefined;
    if (!this.takeWord('in')) this.expected('in after not', 'not in');
    return 'not in';
  }

  private sum(): Syntax {
    const start = this.peek().span.start;
    let left = this.product();
    for (let op = this.takeSymbol('+', '-'); op !== undefined; op = this.takeSymbol('+', '-')) {
      left = this.node(start, { kind: 'arithmetic', op: op as '+' | '-', left, right: this.product() });
    }
    return left;
  }

  private product(): Syntax {
    const start = this.peek().span.start;
    let left = this.unary();
    for (let op = this.takeSymbol('*', '/'); op !== undefined; op = this.takeSymbol('*', '/')) {
      left = this.node(start, { kind: 'arithmetic', op: op as '*' | '/', left, right: this.unary() });
    }
    return left;
  }

  private unary(): Syntax {
    const start = this.peek().span.start;
    return this.takeSymbol('-') === undefined ? this.primary() : this.node(start, { kind: 'negate', operand: this.primary() });
  }

  private primary(): Syntax {
    const token = this.peek();
    const start = token.span.start;
    if (token.kind === 'number') return this.number();
    if (token.kind === 'measure') return this.node(start, { kind: 'duration', ms: this.duration() });
    if (token.kind === 'text') return this.node(start, { kind: 'text', value: this.take().text });
    if (token.kind === 'name' && !WORDS.has(token.text)) return this.named();
    if (this.takeSymbol('[') !== undefined) return this.list(start);
    if (this.takeSymbol('(') === undefined) return this.expected('a value', decimalsMeant(this.lexer.text, start));
    const inner = this.expression();
    if (!this.atSymbol(')')) this.failAtAggregate(inner);
    if (this.takeSymbol(')') === undefined) this.expected(')', this.atSymbol(',') ? listMeant(this.lexer.text, start) : undefined);
    return { ...inner, span: this.place({ start, end: this.end }) };
  }

  private number(): Syntax {
    const token = this.take();
    const [whole, decimals = ''] = token.text.split('.');
    if (whole!.length > 15 || decimals.length > 9) throw new SyntaxFailure('number-form', token.span, { found: token.text });
    const start = token.span.start;
    if (this.takeSymbol('%') !== undefined) return this.node(start, { kind: 'number', digits: token.text, percent: true });
    const unit = this.peek();
    if (unit.kind !== 'name' || WORDS.has(unit.text.toLowerCase()) || operatorMeant(unit.text) !== undefined)
      return this.node(start, { kind: 'number', digits: token.text, percent: false });
    const meant = durationMeant(token.text + unit.text);
    if (meant !== undefined) throw new SyntaxFailure('duration-form', { start, end: unit.span.end }, { found: `${token.text} ${unit.text}` }, meant);
    this.take();
    return this.node(start, { kind: 'money', digits: token.text, currency: unit.text });
  }

  private duration(): number {
    const token = this.take();
    const ms = parseDuration(token.text);
    if (ms !== null) return ms;
    const meant = durationMeant(token.text);
    const [, number, word] = /^([0-9.]+)(and|or|in|not|over|where)$/.exec(token.text) ?? [];
    if (word !== undefined) throw new SyntaxFailure('number-form', token.span, { found: token.text }, `${number} ${word}`);
    const code = meant !== undefined || /^[0-9.]+[smhdw]/.test(token.text) ? 'duration-form' : 'number-form';
    throw new SyntaxFailure(code, token.span, { found: token.text }, meant);
  }

  private list(start: number): Syntax {
    const items: { value: string; span: Span }[] = [];
    let token = this.takeOfList();
    while (token.kind === 'text') {
      items.push({ value: token.text, span: this.place(token.span) });
      this.count();
      token = this.takeOfList();
      if (token.text !== ',' || token.kind !== 'symbol') break;
      token = this.takeOfList();
    }
    if (token.kind !== 'symbol' || token.text !== ']') {
      this.giveBack(token);
      const last = items.at(-1);
      const parted = last !== undefined && token.kind === 'text' && !WORDS.has(token.text) ? `${last.value}, ${token.text}` : undefined;
      this.expected(last === undefined ? 'a word, a text in quotes, or ]' : ', or ]', parted);
    }
    return this.node(start, { kind: 'list', items });
  }

  private named(): Syntax {
    const first = this.take();
    const start = first.span.start;
    const names = [first.text];
    while (this.takeSymbol('.') !== undefined) {
      if (this.peek().kind !== 'name') this.expected('a name after the point');
      names.push(this.take().text);
    }
    if (this.peek().text !== '(' || this.peek().kind !== 'symbol') return this.node(start, { kind: 'path', names });
    const name = names.join('.');
    const nameSpan = this.place({ start, end: this.end });
    if (LATER_FUNCTIONS.has(name)) return this.later(start, name, nameSpan);
    this.take();
    return this.call(start, name, nameSpan);
  }

  private call(start: number, name: string, nameSpan: Span): Syntax {
    const args: Argument[] = [];
    if (this.atSymbol('*')) this.expected('a value, where or )', `${name}()`);
    while (!this.atSymbol(')') && !this.atWord('where')) {
      args.push(this.argument());
      if (this.takeSymbol(',') === undefined) break;
      if (this.atSymbol(')')) this.expected('a value after ,');
    }
    const where = this.takeWord('where') ? this.expression() : undefined;
    if (this.takeSymbol(')') === undefined) this.expected(where === undefined && args.length > 0 ? ', or where or )' : ')');
    if (!this.takeWord('over')) {
      if (where !== undefined || (AGGREGATES as readonly string[]).includes(name)) {
        throw new SyntaxFailure('aggregate-window', { start, end: this.end }, { name });
      }
      return this.node(start, { kind: 'call', name, nameSpan, args });
    }
    const window = this.window();
    return this.node(start, { kind: 'aggregate', name, nameSpan, args, ...(where === undefined ? {} : { where }), window });
  }

  private argument(): Argument {
    const value = this.expression();
    if (value.kind !== 'path' || value.names.length !== 1 || this.takeSymbol(':') === undefined) return { value };
    return { name: value.names[0]!, value: this.expression() };
  }

  private window(): WindowSyntax {
    const token = this.peek();
    const start = token.span.start;
    if (token.kind === 'measure') {
      const ms = this.duration();
      return { kind: 'duration', ms, span: this.place({ start, end: this.end }) };
    }
    if (token.kind === 'name' && LATER_WINDOWS.has(token.text)) {
      this.take();
      const span = this.place(token.span);
      if (this.atSymbol('(')) this.skipParentheses();
      return { kind: 'later', name: token.text, span };
    }
    if (token.kind !== 'name' || token.text !== 'params') this.failAtWindow(token);
    this.take();
    if (this.takeSymbol('.') === undefined || this.peek().kind !== 'name') this.expected('the name of a parameter');
    const name = this.take();
    return { kind: 'param', name: name.text, nameSpan: this.place(name.span), span: this.place({ start, end: this.end }) };
  }

  /** Takes an operator of a later version as a whole: its parts are not read, so that one answer stands for it. */
  private later(start: number, name: string, nameSpan: Span): Syntax {
    this.skipParentheses();
    if (this.takeWord('over')) this.window();
    if (this.takeWord('within')) this.window();
    if (this.takeWord('unless')) this.expression();
    return this.node(start, { kind: 'later', name, nameSpan });
  }

  private skipParentheses(): void {
    let open = 0;
    do {
      const token = this.take();
      if (token.kind === 'end') throw new SyntaxFailure('expression-syntax', token.span, { expected: ')', found: 'the end' });
      if (token.kind === 'symbol') open += token.text === '(' || token.text === '[' ? 1 : token.text === ')' || token.text === ']' ? -1 : 0;
    } while (open > 0);
  }

  private node<N extends Unplaced>(start: number, node: N): Syntax {
    this.count();
    return { ...node, span: this.place({ start, end: this.end }) } as Syntax;
  }

  private count(): void {
    if (++this.nodes > NODES_MAX) throw new SyntaxFailure('expression-long', this.peek().span, { limit: String(NODES_MAX) });
  }

  private peek(): Token {
    this.ahead ??= this.lexer.next();
    return this.ahead;
  }

  private take(): Token {
    const token = this.peek();
    this.ahead = undefined;
    this.end = token.span.end;
    return token;
  }

  /** Reads the next token as one of a list, in which bare words stand for texts. */
  private takeOfList(): Token {
    if (this.ahead !== undefined) this.giveBack(this.ahead);
    const token = this.lexer.nextOfList();
    this.end = token.span.end;
    return token;
  }

  private giveBack(token: Token): void {
    this.lexer.back(token);
    this.ahead = undefined;
  }

  private atSymbol(symbol: string): boolean {
    return this.peek().kind === 'symbol' && this.peek().text === symbol;
  }

  private atWord(word: string): boolean {
    return this.peek().kind === 'name' && this.peek().text === word;
  }

  private takeSymbol(...symbols: string[]): string | undefined {
    return symbols.some((symbol) => this.atSymbol(symbol)) ? this.take().text : undefined;
  }

  private takeWord(word: string): boolean {
    if (!this.atWord(word)) return false;
    this.take();
    return true;
  }

  private failAtWindow(token: Token): never {
    if (token.kind === 'text' && parseDuration(token.text) !== null) this.expected('a duration without quotes', token.text);
    if (token.kind !== 'number') this.expected('a duration such as 24h, or params.NAME');
    this.take();
    const { span, found, meant } = windowMeant(this.lexer.text, token.span, this.peek());
    throw new SyntaxFailure('duration-form', span, { found }, meant);
  }

  private failAtAggregate(tree: Syntax): void {
    const slip = aggregateMeant(tree, this.peek());
    if (slip !== undefined) this.expected(slip.expected, slip.meant);
  }

  private failAtGroup(comma: Token): void {
    const group = digitGroup(this.lexer.text, comma.span);
    if (group !== undefined) throw new SyntaxFailure('number-form', group.span, { found: group.found });
  }

  private expected(expected: string, nearest?: string): never {
    const token = this.peek();
    const amount = token.kind === 'number' ? amountMeant(this.lexer.text, token) : undefined;
    if (amount !== undefined) {
      throw new SyntaxFailure('expression-syntax', token.span, { expected: 'the amount before its currency', found: token.text }, amount);
    }
    const instead = token.kind === 'name' && nearest === undefined ? operatorMeant(token.text) : undefined;
    if (instead !== undefined) throw new SyntaxFailure('expression-operator', token.span, { found: token.text, instead });
    throw new SyntaxFailure('expression-syntax', token.span, { expected, found: foundWords(token) }, nearest);
  }
}

type Unplaced = Syntax extends infer S ? (S extends Syntax ? Omit<S, 'span'> : never) : never;
