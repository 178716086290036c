/** What is known of a metric: how it may be read, and what may be asked of it. */
export interface KnownMetric {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
}

/** Labels that the scrape puts on every series. */
const SCRAPED = ['job', 'instance'];
const AGGREGATIONS = ['sum', 'max', 'min', 'avg', 'count'];
const OF_COUNTERS = ['rate', 'increase'];
const OF_GAUGES = ['deriv', 'changes', 'min_over_time', 'max_over_time'];
const OTHERS = ['histogram_quantile', 'absent'];
const FUNCTIONS = [...AGGREGATIONS, ...OF_COUNTERS, ...OF_GAUGES, ...OTHERS];
const LABEL_LISTS = ['by', 'without', 'on', 'ignoring'];
const KEYWORDS = ['and', 'or', 'unless', 'offset', ...LABEL_LISTS];
const PARTS = /\s+|"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|\d+(?:\.\d+)?(?:ms|[smhdw])?|=~|!~|!=|==|<=|>=|[-+*/<>=(){}[\],]/y;
const CLOSES: Readonly<Record<string, string>> = { ')': '(', '}': '{', ']': '[' };
const isName = (token: string | undefined): token is string => token !== undefined && /^[A-Za-z_]/.test(token);

/** A label matcher of a selector, e.g. `code=~"kafka-.+"`. */
export interface Matcher {
  readonly metric: string;
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

export interface Reading {
  readonly problems: readonly string[];
  /** Names without the endings of histograms. */
  readonly metrics: readonly string[];
  readonly matchers: readonly Matcher[];
  /** Labels that the result has. */
  readonly labels: ReadonlySet<string>;
}

/** The tokens, or null where a character fits nowhere. */
function tokensOf(expression: string): string[] | null {
  const tokens: string[] = [];
  PARTS.lastIndex = 0;
  for (let at = 0; at < expression.length; at = PARTS.lastIndex) {
    const found = PARTS.exec(expression);
    if (found === null) return null;
    if (found[0].trim() !== '') tokens.push(found[0]);
  }
  return tokens;
}

/** Reads an expression of Prometheus as far as ours go: brackets, names, types and labels. It is not a parser of the language. */
export function read(expression: string, known: ReadonlyMap<string, KnownMetric>): Reading {
  const tokens = tokensOf(expression);
  if (tokens === null) return { problems: [`cannot be read: ${expression}`], metrics: [], matchers: [], labels: new Set() };
  return new Reader(tokens, known).read();
}

class Reader {
  private readonly tokens: readonly string[];
  private readonly known: ReadonlyMap<string, KnownMetric>;
  private readonly problems: string[] = [];
  private readonly metrics: string[] = [];
  private readonly matchers: Matcher[] = [];
  /** Open brackets: each with the function before it and the labels by which it is aggregated. */
  private readonly open: { readonly bracket: string; readonly call: string; readonly by: readonly string[] | null }[] = [];
  private readonly lists: { readonly keyword: string; readonly labels: readonly string[] }[] = [];

  constructor(tokens: readonly string[], known: ReadonlyMap<string, KnownMetric>) {
    this.tokens = tokens;
    this.known = known;
  }

  read(): Reading {
    for (let at = 0; at < this.tokens.length; ) at = this.step(at);
    if (this.open.length > 0) this.problems.push(`${this.open.at(-1)!.bracket} is not closed`);
    if (this.metrics.length === 0) this.problems.push('reads no metric');
    const possible = new Set([...SCRAPED, 'le', ...this.metrics.flatMap((name) => this.known.get(name)!.labels)]);
    const unknown = this.lists.flatMap(({ labels }) => labels).filter((label) => !possible.has(label));
    for (const label of unknown) this.problems.push(`no metric here has the label ${label}`);
    const grouped = this.lists.filter(({ keyword }) => keyword === 'by').map(({ labels }) => labels);
    possible.delete('le');
    const labels = grouped.length === 0 ? possible : new Set(grouped[0]!.filter((label) => label !== 'le' && grouped.every((list) => list.includes(label))));
    return { problems: this.problems, metrics: this.metrics, matchers: this.matchers, labels };
  }

  /** Reads what begins at a token; answers where it ends. */
  private step(at: number): number {
    const token = this.tokens[at]!;
    if (token === '(') return this.opened(token, '', null, at + 1);
    if (token in CLOSES) {
      if (this.open.pop()?.bracket !== CLOSES[token]) this.problems.push(`${token} closes nothing`);
      return at + 1;
    }
    if (token === '[' || token === '{') {
      this.problems.push(`${token} stands behind no metric`);
      return this.opened(token, '', null, at + 1);
    }
    if (!isName(token)) return at + 1;
    if (LABEL_LISTS.includes(token)) return this.labelList(token, at + 1);
    if (KEYWORDS.includes(token)) return at + 1;
    return this.isCall(at) ? this.call(token, at + 1) : this.selector(token, at + 1);
  }

  private isCall(at: number): boolean {
    return ['(', 'by', 'without'].includes(this.tokens[at + 1] ?? '');
  }

  private opened(bracket: string, call: string, by: readonly string[] | null, next: number): number {
    this.open.push({ bracket, call, by });
    return next;
  }

  private call(name: string, at: number): number {
    if (!FUNCTIONS.includes(name)) this.problems.push(`${name} is no function that is used here`);
    const isAggregated = this.tokens[at] !== '(';
    const next = isAggregated ? this.labelList(this.tokens[at]!, at + 1) : at;
    if (isAggregated && !AGGREGATIONS.includes(name)) this.problems.push(`${name} does not aggregate`);
    if (this.tokens[next] !== '(') {
      this.problems.push(`${name} has no arguments`);
      return next;
    }
    return this.opened('(', name, isAggregated ? this.lists.at(-1)!.labels : null, next + 1);
  }

  private labelList(keyword: string, at: number): number {
    const end = this.tokens.indexOf(')', at);
    if (this.tokens[at] !== '(' || end < 0) {
      this.problems.push(`${keyword} has no list of labels`);
      return at;
    }
    const labels = this.tokens.slice(at + 1, end).filter((token) => token !== ',');
    if (labels.length === 0 || !labels.every(isName)) this.problems.push(`${keyword} has a list that is none`);
    this.lists.push({ keyword, labels });
    return end + 1;
  }

  private selector(name: string, from: number): number {
    const base = this.known.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, '');
    const metric = this.known.get(base);
    if (metric === undefined) {
      this.problems.push(`there is no metric ${name}`);
      return from;
    }
    this.metrics.push(base);
    let at = from;
    if (this.tokens[at] === '{') at = this.matched(base, metric, at + 1);
    const hasRange = this.tokens[at] === '[';
    if (hasRange) at = this.range(at + 1);
    this.fits(name, metric, hasRange, this.tokens.slice(at, at + 2));
    return at;
  }

  private matched(metric: string, { labels }: KnownMetric, from: number): number {
    let at = from;
    for (; this.tokens[at] !== undefined && this.tokens[at] !== '}'; at += this.tokens[at + 3] === ',' ? 4 : 3) {
      const [label, operator, value] = this.tokens.slice(at, at + 3);
      if (!isName(label) || !/^(?:=~?|!=|!~)$/.test(operator ?? '') || !value?.startsWith('"')) {
        this.problems.push(`${metric} has a matcher that is none`);
        break;
      }
      if (![...SCRAPED, ...labels].includes(label)) this.problems.push(`${metric} has no label ${label}`);
      this.matchers.push({ metric, label, operator: operator!, value: JSON.parse(value) as string });
    }
    if (this.tokens[at] !== '}') this.problems.push(`the matchers of ${metric} do not end`);
    return at + 1;
  }

  private range(at: number): number {
    if (!/^\d+[smhdw]$/.test(this.tokens[at] ?? '') || this.tokens[at + 1] !== ']') this.problems.push('a range is a duration in brackets');
    return at + 2;
  }

  /** Whether a metric of this kind may be read so. */
  private fits(name: string, { kind }: KnownMetric, hasRange: boolean, behind: readonly string[]): void {
    const call = this.open.at(-1)?.call ?? '';
    const takesRange = [...OF_COUNTERS, ...OF_GAUGES].includes(call);
    if (takesRange !== hasRange)
      this.problems.push(`${name} is read ${hasRange ? 'over a range outside of a function of ranges' : `by ${call} without a range`}`);
    if (kind === 'gauge') {
      if (OF_COUNTERS.includes(call)) this.problems.push(`${name} is a gauge, and ${call} reads counters`);
    } else if (OF_GAUGES.includes(call)) this.problems.push(`${name} is a ${kind}, and ${call} reads gauges`);
    // "Has it ever happened" is a question to the counter itself.
    else if (kind === 'counter' && !hasRange && behind.join(' ') !== '> 0' && behind[0] !== 'offset')
      this.problems.push(`${name} is a counter: it is read by rate or increase`);
    if (kind === 'histogram') this.fitsHistogram(name, hasRange);
  }

  private fitsHistogram(name: string, hasRange: boolean): void {
    if (!/_(?:bucket|sum|count)$/.test(name)) this.problems.push(`${name} is a histogram: it is read by its buckets, sum or count`);
    else if (!hasRange) this.problems.push(`${name} is a histogram: it is read by rate or increase`);
    if (!name.endsWith('_bucket')) return;
    const calls = this.open.map(({ call }) => call);
    const isSummed = this.open.some(({ by }) => by?.includes('le') === true);
    if (!calls.includes('histogram_quantile') || !isSummed) this.problems.push(`${name} is read by histogram_quantile over a sum by le`);
  }
}
