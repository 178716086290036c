import { AS_SENT, type Expr, type Typology } from '../../../src/typologies/ast.ts';
import { compileTypology } from '../../../src/typologies/compile.ts';
import { descendants } from '../../../src/typologies/walk.ts';
import { BASE, codes, compiled, compileText, LISTS, readFixture } from './fixtures.ts';

const good = (name: string): Typology => compileText(readFixture(`${name}.good.yaml`)).typology!;

/** Kind and what is special of each node, in the order of the text. */
function outline(expr: Expr): string {
  return [...descendants(expr)]
    .map((e) => ('name' in e && e.name !== undefined ? `${e.kind} ${e.name}` : 'path' in e ? `${e.kind} ${e.path}` : 'op' in e ? `${e.kind} ${e.op}` : e.kind))
    .join(', ');
}

test('a typology says all that its file says', () => {
  const t = good('every-operator');
  expect(t).toMatchObject({
    id: 'every-operator',
    version: '1.2.3',
    major: 1,
    title: 'Each operator once',
    phase: 'enablers',
    status: 'trial',
    severity: 'medium',
    sources: [
      { document: 'A report of 2022', grade: 'A/B' },
      { document: 'Another', grade: 'C' },
    ],
    limits: ['What the payer thinks'],
    subject: { paths: ['account', 'channel'], sides: 'both' },
    onReturn: 'keep',
    reachMs: 30 * 86_400_000,
    score: {
      base: 10,
      alertAt: 40,
      bands: [
        { from: 40, severity: 'medium' },
        { from: 50, severity: 'critical' },
      ],
    },
    alert: { periodMs: 31 * 86_400_000, route: 'person-at-risk', next: ['Ask the bank', 'Ask again'] },
  });
  expect(t.lets.map((l) => `${l.name}: ${l.expr.type}`)).toEqual([
    'inflow: money',
    'usual: money',
    'least: money',
    'latest: time',
    'payers: number',
    'same: number',
    'moved: money',
    'quick: boolean',
    'double: money',
  ]);
  expect(t.score.points.map((p) => [p.points, p.because])).toEqual([
    [30, 'usually more'],
    [-5, 'a boat'],
    [5, 'born on one day'],
    [5, 'a journey of several'],
    [5, 'a round sum'],
  ]);
  expect(t.unless.map((u) => u.because)).toEqual(['own transfer', 'both are old']);
});

test('what a file leaves out has its default', () => {
  const t = good('minimal');
  expect(t).toMatchObject({
    limits: [],
    params: [],
    lets: [],
    unless: [],
    onReturn: 'exclude',
    reachMs: 0,
    score: { base: 0, points: [], alertAt: 0, bands: [] },
    alert: { route: 'standard', next: [], title: ['Seen on ', { subject: true }] },
  });
  expect('where' in t).toBe(false);
});

test('parameters carry their values, their reasons and their bases', () => {
  const values = good('every-operator').params.map(({ name, value, reason, basis }) => [
    name,
    value.type,
    'value' in value ? value.value : 'minor' in value ? value.minor : 'ms' in value ? value.ms : '',
    reason,
    basis,
  ]);
  expect(values).toEqual([
    ['share', 'number', { num: 4n, den: 5n }, 'a share', 'D'],
    ['factor', 'number', { num: -3n, den: 2n }, 'a factor', 'E'],
    ['members', 'number', { num: 3n, den: 1n }, 'a count', 'S'],
    ['floor', 'money', 100_050, 'an amount', 'S'],
    ['span', 'duration', 129_600_000, 'a window', 'E'],
    ['channel', 'text', 'atm', 'a text', 'E'],
    ['home', 'country', 'DE', 'a country', 'E'],
  ]);
});

test('the title is taken apart', () => {
  expect(good('every-operator').alert.title).toEqual([
    { subject: true },
    ' of ',
    { param: 'home' },
    ': ',
    { let: 4 },
    ' payers, ',
    { let: 0 },
    ' and ',
    { param: 'floor' },
  ]);
});

test('words are as written, in whatever way YAML writes them', () => {
  const t = good('quoting');
  expect(t.title).toBe("It's one title");
  expect(t.whenText).toBe("folded > 2 and channel in ['atm', branch] and literal > 5 EUR");
  expect(t.lets.map((l) => l.text)).toEqual([
    'count(where incoming) over 7d',
    'sum(amount where outgoing) over 7d',
    'sum(amount) over 30d',
    'sum(amount) over 3d',
  ]);
  expect(t.alert.title).toEqual([{ subject: true }, ' received ', { let: 0 }]);
  expect(t.score.points.map((p) => p.text)).toEqual(["channel in [atm, 'branch']", 'lines > 1 EUR and quoted > 1 EUR']);
});

test('spans cut each part of a condition out of the file', () => {
  const t = compiled('(outgoing or incoming) and amount >= 900 EUR and not (channel == "atm" and exists(channel))');
  const cut = (e: Expr): string => t.text.slice(e.span.start, e.span.end);
  const parts = t.when.kind === 'and' && t.when.left.kind === 'and' ? [t.when.left.left, t.when.left.right, t.when.right] : [];
  expect(parts.map(cut)).toEqual(['(outgoing or incoming)', 'amount >= 900 EUR', 'not (channel == "atm" and exists(channel))']);
});

describe('what a name is', () => {
  test.each([
    ['creditor.agent.country == "TR"', 'compare ==, field creditor.agent.country, text'],
    ['holder.town == counterparty.town', 'compare ==, sided town, sided town'],
    ['holder.accountAge < 90d', 'compare <, sided accountAge, duration'],
    ['debtor.accountAge < 90d', 'compare <, accountAge, duration'],
    ['amount.original == 5 USD', 'compare ==, amountOriginal, money'],
    ['amount.currency == "USD"', 'compare ==, field amount.currency, text'],
    ['status == "settled" and id != source', 'and, compare ==, field status, text, compare !=, field id, field source'],
    ['travel.oneWay == true', 'compare ==, field travel.oneWay, boolean'],
    ['exists(items) and any(items, quantity > 2)', 'and, exists, field items, any, compare >, item quantity, number'],
    [
      'count(where creditor.party == anchor.creditor.party) over 1h > 1',
      'compare >, aggregate count, compare ==, field creditor.party, field creditor.party, number',
    ],
    [
      'count(where any(anchor.items, text == merchant.name)) over 1h > 1',
      'compare >, aggregate count, any, compare ==, item text, field merchant.name, number',
    ],
  ])('%s', (text, wanted) => {
    expect(outline(compiled(text).when)).toBe(wanted);
  });

  test("inside an aggregate a path is the leg's, with anchor. the anchor's", () => {
    const when = compiled('count(where counterparty.party == anchor.counterparty.party and amount == anchor.amount and anchor.incoming) over 1h > 1').when;
    expect([...descendants(when)].filter((e) => 'of' in e).map((e) => ('of' in e ? `${e.kind} ${e.of}` : ''))).toEqual([
      'sided leg',
      'sided anchor',
      'amount leg',
      'amount anchor',
      'direction anchor',
    ]);
  });

  test.each([
    ['amount.original * 2 >= amount.original', AS_SENT],
    ['amount.original / amount.original > 0.9', AS_SENT],
    ['amount.original >= 5 USD', 'USD'],
    ['amount.original >= amount', ''],
    ['amount.original / amount > 1', undefined],
    ['amount.original >= total', ''],
    ['amount.original >= sum(amount) over 1d', ''],
    ['amount >= total', ''],
    ['count() over 1d > 1', undefined],
  ])('%s is in the currency %p', (text, currency) => {
    const { when } = compiled(text, text.includes('total') ? 'let: { total: sum(amount) over 1d }\n' : '');
    expect(when.kind === 'compare' && when.currency).toBe(currency);
  });

  test('lists carry their values, in place or by name', () => {
    const lists = [...descendants(compiled('creditor.country in lists.corridor_hubs or merchant.mcc in [0742, "4511"]').when)].filter((e) => e.kind === 'list');
    expect(lists.map((l) => l.kind === 'list' && [l.name, l.values])).toEqual([
      ['corridor_hubs', LISTS.get('corridor_hubs')],
      [undefined, ['0742', '4511']],
    ]);
  });
});

describe('the currency of a comparison (S17)', () => {
  const LETS =
    'params: { floor: { type: money, default: 5 USD, reason: r, basis: E } }\nlet: { inflow: sum(amount) over 1d, above: inflow - params.floor, half: above / 2, big: count(where amount > 9 JPY) over 1d }\n';
  const currencies = (when: string, keys = ''): (string | undefined)[] =>
    [...descendants(compiled(when, keys).when)].filter((e) => e.kind === 'compare').map((e) => (e.kind === 'compare' ? e.currency : ''));

  test.each([
    ['amount > 5 EUR', ['EUR']],
    ['5 EUR < amount', ['EUR']],
    ['amount > 2 * min(amount) over 1d', ['']],
    ['sum(amount) over 1d / 1000 EUR > 3', ['EUR']],
    ['count() over 1d > 3', [undefined]],
    ['amount > 5 EUR and amount < 9 USD', ['EUR', 'USD']],
    ['sum(amount where amount > 3 USD) over 1d > 5 EUR', ['EUR', 'USD']],
    ['sum(amount where amount > 3 USD) over 1d > amount', ['', 'USD']],
    ['coalesce(min(amount) over 1d, 4 EUR) > amount', ['EUR']],
  ])('%s', (when, wanted) => {
    expect(currencies(when)).toEqual(wanted);
  });

  test('is looked for through lets', () => {
    expect(currencies('half > amount and inflow > 3 EUR and inflow > amount and big > 2', LETS.replace('9 JPY', '9 USD'))).toEqual([
      'USD',
      'EUR',
      '',
      undefined,
    ]);
    expect(codes('half > 3 EUR and big > 2', LETS)).toEqual(['money-currencies']);
    expect(codes('half > 3 USD and big > 2', LETS)).toEqual([]);
  });
});

describe('legs and sides (S0)', () => {
  test.each([
    ['account', 'both'],
    ['party', 'both'],
    ['[account, device]', 'both'],
    ['[account, party]', 'both'],
    ['debtor.account', 'out'],
    ['[debtor.party, debtor.agent.branch]', 'out'],
    ['creditor.party', 'in'],
    ['[debtor.party, creditor.party]', 'none'],
    ['device', 'none'],
    ['[creditor.account, channel]', 'none'],
    ['source', 'none'],
  ])('%s sees %s', (subject, sides) => {
    expect(compiled('amount > 5 EUR', '', subject).subject.sides).toBe(sides);
  });

  test.each([
    'incoming',
    'outgoing',
    'exists(holder.party)',
    'exists(counterparty.party)',
    'passed_through() over 1d > 3 EUR',
    'count(where incoming) over 1d > 3',
  ])('%s needs sides', (when) => {
    expect(codes(when, '', 'device')).toEqual(['side-unknown']);
    expect(codes(when, '', '[debtor.party, creditor.party]')).toEqual(['side-unknown']);
    expect(codes(when, '', 'account')).toEqual([]);
  });

  test('a key of one side has a holder and a counterparty', () => {
    expect(codes('holder.country == "TR" and exists(counterparty.party)', '', 'debtor.account')).toEqual([]);
    expect(codes('incoming', '', 'creditor.account')).toEqual(['side-constant']);
    expect(codes('passed_through() over 1d > 3 EUR', '', 'creditor.account')).toEqual(['side-unknown']);
  });
});

describe('a negation that holds on absence is warned of (S11)', () => {
  test.each([
    ['not (creditor.party == "x")', true],
    ['not creditor.party in ["x"]', true],
    ['not travel.oneWay', true],
    ['not (avg(amount where incoming) over 1d > 3 EUR)', true],
    ['not (distinct(channel) over 1d > 3)', true],
    ['not (count() over 1d > 3)', false],
    ['not (sum(amount) over 1d > 3 EUR)', false],
    ['not incoming', false],
    ['not (kind == "p2p")', false],
    ['not (holder.account == "x")', false],
    ['not (counterparty.account == "x")', true],
    ['not exists(creditor.party)', false],
    ['exists(creditor.party) and not (creditor.party == "x")', false],
    ['not (exists(creditor.party) and creditor.party == "x")', false],
    ['creditor.party != "x" and channel not in [atm]', false],
    ['not (coalesce(creditor.party, source) == "x")', false],
    ['not (coalesce(creditor.party, creditor.name) == "x")', true],
    ['not any(items, text == "boat")', false],
  ])('%s: %s', (when, warned) => {
    expect(codes(when)).toEqual(warned ? ['negation-missing'] : []);
  });
  test('the subject and where make sure of a field', () => {
    expect(codes('not (device == "x")')).toEqual(['negation-missing']);
    expect(codes('not (device == "x")', '', 'device')).toEqual([]);
    expect(codes('not (device == "x")', 'where: exists(device)\n')).toEqual([]);
  });
});

test.each([
  ['count(where creditor.party == anchor.creditor.party and amount > 5 EUR) over 1d > 3', []],
  ['count(where anchor.counterparty.party == counterparty.party) over 1d > 3', []],
  ['count(where creditor.party != anchor.creditor.party) over 1d > 3', ['anchor-cost']],
  ['sum(anchor.amount) over 1d > 3 EUR', ['anchor-cost']],
])('%s costs %j', (when, wanted) => {
  expect(codes(when)).toEqual(wanted);
});

test('the longest window is bounded by what is kept', () => {
  const text = BASE.replace('WHEN', 'count() over 30d > 3');
  const check = (days: number): string[] => compileTypology(text, 'a.yaml', { lists: LISTS, retentionMsMax: days * 86_400_000 }).diagnostics.map((d) => d.code);
  expect(check(30)).toEqual([]);
  expect(check(29)).toEqual(['window-range']);
  expect(codes('count() over 400d > 3')).toEqual([]);
  expect(codes('count() over 400d1ms > 3')).toEqual(['window-range']);
});

test('an alert that is just reachable may stand, one point more not', () => {
  const score = (at: number): string =>
    `score: { base: 10, alert_at: ${at}, add: [{ points: 5, when: incoming, because: b }, { points: -3, when: incoming, because: b }] }\n`;
  expect(codes('outgoing', score(15))).toEqual([]);
  expect(codes('outgoing', score(16))).toEqual(['alert-unreachable']);
});

test('limits on what is declared', () => {
  const lets = (n: number): string => `let:\n${Array.from({ length: n }, (_, i) => `  l${i}: ${i === 0 ? 'count() over 1d' : `l${i - 1} + 1`}\n`).join('')}`;
  expect(codes('l63 > 3', lets(64))).toEqual([]);
  expect(codes('outgoing', lets(65))).toEqual(['value-range']);
  expect(
    codes('outgoing', `params:\n${Array.from({ length: 65 }, (_, i) => `  p${i}: { type: count, default: 1, reason: r, basis: E }\n`).join('')}`),
  ).toContain('value-range');
});

test('a broken part is told once, not again where it is read', () => {
  expect(
    codes('low > 3 EUR and low < params.p', 'params: { p: { type: money, default: 3, reason: r, basis: E } }\nlet: { low: sum(amont) over 1d }\n'),
  ).toEqual(['param-value', 'name-unknown']);
  expect(codes('kind ==', 'let: { n: count() over 1d }\n')).toEqual(['expression-syntax']);
});

test('a typology cannot be changed', () => {
  const t = good('every-operator');
  const all: unknown[] = [t];
  for (const value of all) {
    if (typeof value !== 'object' || value === null) continue;
    expect(Object.isFrozen(value)).toBe(true);
    all.push(...Object.values(value));
  }
  expect(all.length).toBeGreaterThan(300);
});

describe('values stay small enough to be computed with', () => {
  const chain = (first: string, step: (before: string) => string, levels: number): string[] =>
    codes(
      `n${levels} > ${first.startsWith('sum') ? '3 EUR' : '3'}`,
      `let:\n  n0: ${first}\n${Array.from({ length: levels }, (_, i) => `  n${i + 1}: ${step(`n${i}`)}\n`).join('')}`,
    );

  test.each([
    ['sums of sums', 'count() over 1d', (n: string) => `${n} + ${n}`, 60, []],
    ['sums of money', 'sum(amount) over 1d', (n: string) => `${n} + ${n}`, 60, []],
    ['quotients by a number', 'count() over 1d', (n: string) => `${n} / 3 + 1 / 7`, 60, []],
    ['six squares', 'count() over 1d', (n: string) => `${n} * ${n}`, 6, []],
    ['seven squares', 'count() over 1d', (n: string) => `${n} * ${n}`, 7, ['value-large']],
    ['squares without end', 'count() over 1d', (n: string) => `${n} * ${n}`, 60, ['value-large']],
    ['quotients of averages', 'avg(travel.passengers) over 1d', (n: string) => `${n} / (${n} + 1)`, 60, ['value-large']],
  ] as const)('%s', (_, first, step, levels, expected) => {
    expect([...new Set(chain(first, step, levels))]).toEqual(expected);
  });
});

test('a let and a parameter may share a name; in the title it is the let, unless params. stands before it', () => {
  const typology = compiled(
    'floor >= params.floor',
    'params: { floor: { type: money, default: 5 EUR, reason: r, basis: E } }\nlet: { floor: sum(amount) over 1d }\n',
  );
  expect(typology.lets.map((l) => l.name)).toEqual(['floor']);
  const titled = compileText(typology.text.replace('title: An alert', 'title: "{floor} of {params.floor}"')).typology!;
  expect(titled.alert.title).toEqual([{ let: 0 }, ' of ', { param: 'floor' }]);
});

test('a let may have a name that means something only in a later version, or before parentheses', () => {
  for (const name of ['baseline', 'geo', 'share', 'first', 'median', 'count', 'exists', 'text'])
    expect([name, codes(`${name} > 3`, `let: { ${name}: count() over 1d }\n`)]).toEqual([name, []]);
  for (const name of ['signals', 'over', 'and', 'where', 'params', 'amount', 'kind'])
    expect([name, codes('count() over 1d > 3', `let: { ${name}: count() over 1d }\n`)]).toEqual([name, ['name-reserved']]);
});
