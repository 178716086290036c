import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Random } from '../../src/base/random.ts';
import type { DetectionEngine } from '../../src/detection/api.ts';
import { createEngine } from '../../src/detection/engine.ts';
import { DEFAULT_SETTINGS, type DetectionSettings, SLACK_MS } from '../../src/detection/settings.ts';
import { blankTransaction } from '../../src/transactions/decoder.ts';
import { KINDS, NUMBER_SLOT, TEXT_SLOT } from '../../src/transactions/fields.ts';
import { loadRates } from '../../src/transactions/rates.ts';
import { TextTable } from '../../src/transactions/texts.ts';
import type { Typology } from '../../src/typologies/ast.ts';
import { compileTypology } from '../../src/typologies/compile.ts';
import { loadRules } from '../../src/typologies/load.ts';

/**
 * The detection engine on decoded transactions, identity, evidence and contents included: transactions a second, longest pause, and a digest of the
 * alerts that stand at the end. Arguments: what to run (order, late, hot, curve, memory; all unless given), and the number of transactions (1,000,000).
 */
const START_MS = Date.UTC(2026, 1, 1);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ACCOUNTS = 100_000;
const [what = 'all', countText] = process.argv.slice(2);
const COUNT = Number(countText ?? 1_000_000);
const SLOT = {
  amountCurrency: TEXT_SLOT.get('amount.currency')!,
  channel: TEXT_SLOT.get('channel')!,
  creditorAccount: TEXT_SLOT.get('creditor.account')!,
  creditorCountry: TEXT_SLOT.get('creditor.country')!,
  creditorParty: TEXT_SLOT.get('creditor.party')!,
  creditorTown: TEXT_SLOT.get('creditor.town')!,
  debtorAccount: TEXT_SLOT.get('debtor.account')!,
  debtorAgentBranch: TEXT_SLOT.get('debtor.agent.branch')!,
  debtorCountry: TEXT_SLOT.get('debtor.country')!,
  debtorParty: TEXT_SLOT.get('debtor.party')!,
  debtorTown: TEXT_SLOT.get('debtor.town')!,
  kind: TEXT_SLOT.get('kind')!,
  source: TEXT_SLOT.get('source')!,
} as const;

/** What comes in, in the order in which it comes. Texts are interned beforehand, as a decoder does it. */
interface Feed {
  readonly texts: TextTable;
  readonly length: number;
  readonly spanMs: number;
  fill(i: number, out: ReturnType<typeof blankTransaction>): number;
}

class Population {
  readonly texts = new TextTable();
  private readonly ids = new Map<string, number>();

  id(text: string): number {
    let id = this.ids.get(text);
    if (id === undefined) {
      id = this.texts.intern(text);
      this.texts.retain(id);
      this.ids.set(text, id);
    }
    return id;
  }

  list(n: number, name: (i: number) => string): Int32Array {
    return Int32Array.from({ length: n }, (_, i) => this.id(name(i)));
  }
}

/** Ordinary payments between many accounts, and every thousandth moment a beneficiary who collects from many payers and passes it on. */
function ordinaryFeed(count: number, accounts: number, lateShare: number): Feed {
  const people = new Population();
  const random = new Random(7);
  const account = people.list(accounts, (i) => `GB${String(i).padStart(20, '0')}`);
  const party = people.list(accounts, (i) => `P-${i}`);
  const town = people.list(300, (i) => `town-${i}`);
  const branch = people.list(500, (i) => `branch-${i}`);
  const country = people.list(5, (i) => ['GB', 'DE', 'TR', 'RS', 'IT'][i]!);
  const kinds = people.list(KINDS.length, (i) => KINDS[i]!);
  const [source, euro, online] = [people.id('bank-a'), people.id('EUR'), people.id('agent')];
  const spanMs = 30 * DAY_MS;
  const [from, to, kind, amount, t, r] = [
    new Int32Array(count),
    new Int32Array(count),
    new Uint8Array(count),
    new Float64Array(count),
    new Float64Array(count),
    new Float64Array(count),
  ];
  for (let i = 0; i < count; i++) {
    const burst = Math.floor(i / 200);
    const isBurst = i % 1000 < 200 && i % 4 === 0;
    from[i] = isBurst && i % 16 === 0 ? (burst * 37) % accounts : random.below(accounts);
    // Ordinary people pay the same few again and again.
    to[i] = isBurst && i % 16 !== 0 ? (burst * 37) % accounts : (from[i]! * 7919 + random.below(8) * 104_729) % accounts;
    kind[i] = random.below(6);
    amount[i] = isBurst ? random.between(90_000, 220_000) : random.between(500, 60_000);
    t[i] = START_MS + Math.floor((i / count) * spanMs);
    r[i] = t[i]! + (random.chance(lateShare) ? random.below(48 * HOUR_MS) : 0);
  }
  const order = lateShare === 0 ? null : Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => r[a]! - r[b]! || a - b);
  const [opened] = [NUMBER_SLOT.get('debtor.accountOpened')!];
  return {
    texts: people.texts,
    length: count,
    spanMs,
    fill(k, out) {
      const i = order === null ? k : order[k]!;
      const [a, b] = [from[i]!, to[i]!];
      out.timeMs = t[i]!;
      out.amountMinor = amount[i]!;
      out.id = `2026-${i}`;
      out.digest
        .fill(i & 0xff)
        .fill((i >> 8) & 0xff, 1, 8)
        .fill((i >> 16) & 0xff, 2, 4);
      out.numbers[opened] = 20_000 + (a % 700);
      const x = out.texts;
      x[SLOT.source] = source;
      x[SLOT.kind] = kinds[kind[i]!]!;
      x[SLOT.channel] = online;
      x[SLOT.amountCurrency] = euro;
      x[SLOT.debtorAccount] = account[a]!;
      x[SLOT.debtorParty] = party[a]!;
      x[SLOT.debtorCountry] = country[a % 5]!;
      x[SLOT.debtorTown] = town[a % 300]!;
      x[SLOT.debtorAgentBranch] = branch[a % 500]!;
      x[SLOT.creditorAccount] = account[b]!;
      x[SLOT.creditorParty] = party[b]!;
      x[SLOT.creditorCountry] = country[b % 5]!;
      x[SLOT.creditorTown] = town[b % 300]!;
      return r[i]!;
    },
  };
}

/** `count` payments in turn to `keys` accounts, each over the same week. */
function hotFeed(count: number, keys: number, lateShare = 0): Feed {
  const people = new Population();
  const payers = people.list(5_000, (i) => `payer-${i}`);
  const payee = people.list(keys, (i) => `payee-${i}`);
  const [source, euro, kind] = [people.id('bank-a'), people.id('EUR'), people.id('remittance')];
  const spanMs = 6 * DAY_MS;
  const random = new Random(9);
  const timeOf = (i: number): number => START_MS + Math.floor((i / count) * spanMs);
  const received = Float64Array.from({ length: count }, (_, i) => timeOf(i) + (random.chance(lateShare) ? random.below(48 * HOUR_MS) : 0));
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => received[a]! - received[b]! || a - b);
  return {
    texts: people.texts,
    length: count,
    spanMs,
    fill(k, out) {
      const i = order[k]!;
      out.timeMs = timeOf(i);
      out.amountMinor = 10_000 + (i % 977);
      out.id = `2026-${i}`;
      out.digest.fill(i & 0xff);
      const x = out.texts;
      x[SLOT.source] = source;
      x[SLOT.kind] = kind;
      x[SLOT.amountCurrency] = euro;
      // Payees send too, so that something passes through.
      const isOut = i % 3 === 2;
      const own = payee[Math.floor(i / 3) % keys]!;
      x[isOut ? SLOT.debtorAccount : SLOT.creditorAccount] = own;
      x[isOut ? SLOT.creditorAccount : SLOT.debtorAccount] = 0;
      x[isOut ? SLOT.debtorParty : SLOT.creditorParty] = 0;
      x[isOut ? SLOT.creditorParty : SLOT.debtorParty] = payers[(i * 7919) % payers.length]!;
      return received[i]!;
    },
  };
}

interface RunOptions {
  readonly settings?: Partial<DetectionSettings>;
  /** Batches between two sweeps of what late records touched. */
  readonly sweepBatches?: number;
  /** Records between two drains. */
  readonly batch?: number;
}

/** Longest calls of the engine, in ms, by name. */
type Pauses = Record<'apply' | 'advance' | 'drain', number>;

function run(
  name: string,
  feed: Feed,
  typologies: readonly Typology[],
  options: RunOptions = {},
): { perSecond: number; engine: DetectionEngine; seconds: number } {
  const settings = { ...DEFAULT_SETTINGS, rowsMax: 1 << 25, rowsReserve: Math.floor(feed.length * 1.1), ...options.settings };
  const { texts } = feed;
  const engine = createEngine({ typologies, settings, texts, rates: loadRates('rules/rates') });
  const transaction = blankTransaction();
  const said = new Map<string, string>();
  const pauses: Pauses = { apply: 0, advance: 0, drain: 0 };
  let filling = 0;
  const batch = options.batch ?? 1000;
  const drain = (deferLate: boolean): void => {
    const before = performance.now();
    const changes = engine.drain({ deferLate });
    pauses.drain = Math.max(pauses.drain, performance.now() - before);
    for (const change of changes) {
      if (change.content === null) said.delete(change.alertId);
      else said.set(change.alertId, change.contentDigest);
    }
  };
  const started = performance.now();
  const processor = process.cpuUsage();
  let greatest = 0;
  for (let i = 0; i < feed.length; i++) {
    const r = feed.fill(i, transaction);
    if (r > greatest) greatest = r;
    if (i % 64 === 0) {
      const before = performance.now();
      engine.apply(transaction, { r, partition: 0, offset: i });
      pauses.apply = Math.max(pauses.apply, performance.now() - before);
    } else engine.apply(transaction, { r, partition: 0, offset: i });
    if (i % batch !== batch - 1) continue;
    const before = performance.now();
    engine.advance(greatest - 48 * HOUR_MS - SLACK_MS);
    pauses.advance = Math.max(pauses.advance, performance.now() - before);
    drain(Math.floor(i / batch) % (options.sweepBatches ?? 1) !== 0);
  }
  drain(false);
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(processor);
  // What the feed itself takes is not the engine's.
  const fillStarted = performance.now();
  const fillProcessor = process.cpuUsage();
  for (let i = 0; i < feed.length; i++) filling += feed.fill(i, transaction);
  const fillUsed = process.cpuUsage(fillProcessor);
  const own = seconds - (performance.now() - fillStarted) / 1000;
  const ownUsed = (used.user + used.system - fillUsed.user - fillUsed.system) / 1e6;
  const digest = createHash('sha256')
    .update([...said].sort().join('\n'))
    .digest('hex')
    .slice(0, 16);
  const perSecond = feed.length / own;
  const longest = Object.entries(pauses)
    .map(([call, ms]) => `${call} ${ms.toFixed(1)}`)
    .join(', ');
  const perUsed = feed.length / ownUsed;
  console.log(
    `${name}: ${whole(perSecond)} tx/s (${whole(perUsed)} a second of processor time), ${said.size} alerts, digest ${digest}, longest ms ${longest}${Number.isNaN(filling) ? '!' : ''}`,
  );
  return { perSecond, engine, seconds: ownUsed };
}

const whole = (x: number): string => Math.round(x).toLocaleString('en');

function projectRules(): readonly Typology[] {
  const { ruleSet, diagnostics } = loadRules('rules');
  if (ruleSet === null) throw new Error(`the project's rules do not load: ${diagnostics[0]?.message}`);
  return ruleSet.typologies.filter((t) => t.status === 'active');
}

function typologyOf(id: string, lines: readonly string[]): Typology {
  const text = `typology: ${id}
version: 1.0.0
title: A typology of the benchmark
phase: layering
status: active
severity: medium
sources: [{ document: 'none', grade: F }]
limits: [none]
${lines.join('\n')}
alert: { title: "{subject}", period: 31d, route: standard, next: [nothing] }
on_return: exclude
`;
  const { typology, diagnostics } = compileTypology(text, `${id}.yaml`, { lists: new Map() });
  if (typology === null) throw new Error(diagnostics.map((d) => `${d.line}: ${d.message}`).join('\n'));
  return typology;
}

/** Fires at every leg. */
function hotTypology(): Typology {
  return typologyOf('hot', [
    'subject: account',
    'let:',
    '  inflow: sum(amount where incoming) over 7d',
    '  payers: distinct(counterparty.party where incoming) over 7d',
    '  largest: max(amount) over 7d',
    '  from_this: count(where counterparty.party == anchor.counterparty.party) over 7d',
    '  moved: passed_through() over 7d',
    'when: inflow > 0 EUR and payers >= 1 and largest > 0 EUR and from_this >= 1 and moved >= 0 EUR',
  ]);
}

/** `n` typologies over the same aggregates with other thresholds, of which few fire; or, `apart`, all but the first look at kinds that never come. */
function copies(n: number, apart: boolean): Typology[] {
  const kinds = ['crypto-purchase', 'crypto-sale', 'crypto-transfer', 'prepaid-load'];
  return Array.from({ length: n }, (_, i) =>
    typologyOf(`copy-${i}`, [
      'subject: account',
      ...(apart && i > 0 ? [`where: kind == "${kinds[i % kinds.length]}"`] : []),
      'let:',
      '  inflow: sum(amount where incoming) over 24h',
      '  payers: distinct(counterparty.account where incoming) over 7d',
      '  moved: passed_through() over 24h',
      `when: outgoing and inflow >= ${20_000 + i * 10_000} EUR and payers >= ${5 + i} and moved >= ${15_000 + i * 10_000} EUR`,
    ]),
  );
}

function order(): void {
  const feed = ordinaryFeed(COUNT, ACCOUNTS, 0);
  for (let i = 0; i < 3; i++) run('in order, the five typologies', feed, projectRules());
}

function late(): void {
  const feed = ordinaryFeed(COUNT, ACCOUNTS, 0.1);
  for (const sweepBatches of [1, 50]) run(`10 % late up to 48 h, swept every ${sweepBatches} batches`, feed, projectRules(), { sweepBatches });
}

/** Said at the end of each batch, and, for the ratio, once at the end: what a batch says of a hundred alerts is a hundred times what it says of one. */
function hot(): void {
  const legs = 100_000;
  const [one, hundred] = [hotFeed(legs, 1), hotFeed(legs, 100)];
  run('100,000 legs of one key, all hits, said in batches of 1,000', one, [hotTypology()]);
  const times: { one: number[]; hundred: number[] } = { one: [], hundred: [] };
  for (let i = 0; i < 5; i++) {
    times.one.push(run('100,000 legs of one key, all hits, said at the end', one, [hotTypology()], { batch: legs }).seconds);
    times.hundred.push(run('the same over 100 keys, said at the end', hundred, [hotTypology()], { batch: legs }).seconds);
  }
  run('100,000 legs of one key, all hits, 10 % late up to 48 h, swept every 50 batches', hotFeed(legs, 1, 0.1), [hotTypology()], { sweepBatches: 50 });
  const median = (list: number[]): number => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!;
  console.log(`one key against 100 keys: ${(median(times.one) / median(times.hundred)).toFixed(2)} (medians of 5, processor time)`);
}

function curve(): void {
  const feed = ordinaryFeed(COUNT, ACCOUNTS, 0);
  for (const n of [1, 10, 100]) run(`${n} typologies over the same aggregates`, feed, copies(n, false));
  for (const n of [1, 10, 100]) run(`${n} typologies, all but one of other kinds`, feed, copies(n, true));
}

/**
 * Resident bytes that the engine adds for five million transactions of two legs each, for the same without legs, and with all that the five typologies
 * read and keep: each in a process of its own.
 */
function memory(): void {
  const bytes = (name: string): number => {
    const child = spawnSync(process.execPath, [...process.execArgv, process.argv[1]!, name, String(countText ?? 5_000_000)], { encoding: 'utf8' });
    process.stdout.write(child.stdout + child.stderr);
    return Number(/([\d.]+) bytes a transaction/.exec(child.stdout)?.[1]);
  };
  const without = bytes('memory-without-legs');
  const withLegs = bytes('memory-with-legs');
  bytes('memory-with-rules');
  console.log(`all in, legs apart: ${without.toFixed(1)} bytes a transaction; a leg: ${((withLegs - without) / 2).toFixed(1)} bytes more`);
}

function hold(name: string, typologies: readonly Typology[]): void {
  const feed = ordinaryFeed(COUNT, 500_000, 0);
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const { engine } = run(name, feed, typologies, { settings: { returnHorizonMs: 60 * DAY_MS } });
  globalThis.gc?.();
  const held = process.memoryUsage().rss - before;
  const { keys, legs, rows } = engine.stats;
  console.log(
    `${name}: ${whole(rows)} transactions, ${whole(legs)} legs of ${whole(keys)} keys in ${whole(held / 2 ** 20)} MiB, ${(held / rows).toFixed(1)} bytes a transaction`,
  );
}

const PARTS = { order, late, hot, curve, memory };
for (const [name, part] of Object.entries(PARTS)) if (what === 'all' || what === name) part();
if (what === 'memory-without-legs') hold('no legs', [typologyOf('held', ['subject: device', 'when: count() over 7d > 1000'])]);
if (what === 'memory-with-legs') hold('two legs', [typologyOf('held', ['subject: account', 'when: outgoing and count() over 7d > 1000'])]);
if (what === 'memory-with-rules') hold('the five typologies', projectRules());
