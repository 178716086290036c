import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readCases } from '../../../src/simulation/cases.ts';
import type { FeedOptions } from '../../../src/simulation/feed.ts';
import { generateFeed } from '../../../src/simulation/feed.ts';

const parameters = readCases(readFileSync(new URL('../../../fixtures/simulation/cases.json', import.meta.url), 'utf8'));
const EVENTS = 10_000;

const make = (options: Partial<FeedOptions> = {}) => {
  const feed = generateFeed({ seed: 7, events: EVENTS, parameters, ...options });
  return { labels: feed.labels, lines: [...feed.lines] };
};
const digest = (lines: readonly string[]): string => createHash('sha256').update(lines.join('\n')).digest('hex');

interface Sent {
  source: string;
  id: string;
  time: string;
  receivedAt: string;
  kind: string;
  amount: { value: string; currency: string };
  debtor?: { account: string; party: string };
  creditor?: { account: string; party: string };
  remittanceInformation?: string;
  returnOf?: { source: string; id: string };
}
const read = (lines: readonly string[]): Sent[] => lines.map((line) => JSON.parse(line) as Sent);

describe('the synthetic feed', () => {
  const feed = make();
  const records = read(feed.lines);
  const byReference = new Map(records.map((r) => [`${r.source}:${r.id}`, r]));

  test('has exactly the transactions asked for, each with its own identity', () => {
    for (const events of [1, 2, 777, 3_001]) expect(make({ events }).lines).toHaveLength(events);
    expect(records).toHaveLength(EVENTS);
    expect(byReference.size).toBe(EVENTS);
  });

  test('is a function of its options', () => {
    expect(digest(make().lines)).toBe(digest(feed.lines));
    expect(make().labels).toEqual(feed.labels);
    expect(digest(make({ seed: 8 }).lines)).not.toBe(digest(feed.lines));
  });

  test('comes in the order of receipt, and nothing is received before it happened', () => {
    const received = records.map((r) => Date.parse(r.receivedAt));
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(records.filter((r, i) => received[i]! < Date.parse(r.time))).toEqual([]);
  });

  test('stays within its days', () => {
    const { lines } = make({ events: 2_000, days: 10, startMs: Date.UTC(2025, 0, 1) });
    const times = read(lines)
      .map((r) => r.time)
      .sort();
    expect(times[0]! >= '2025-01-01T').toBe(true);
    expect(times.at(-1)! < '2025-01-11T').toBe(true);
  });

  test('money is a decimal text of two places, greater than zero', () => {
    expect(records.filter(({ amount }) => !/^(?!0\.00)\d+\.\d\d$/.test(amount.value))).toEqual([]);
    expect(new Set(records.map((r) => r.amount.currency))).toEqual(new Set(['EUR', 'GBP', 'USD', 'TRY']));
  });

  test('every labelled transaction is in the feed and touches a subject or its case', () => {
    expect(feed.labels.length).toBeGreaterThan(10);
    for (const label of feed.labels) {
      expect(label.transactions.length).toBeGreaterThan(0);
      const parts = label.transactions.map((reference) => byReference.get(reference)!);
      expect(parts).not.toContain(undefined);
      const names = new Set(parts.flatMap((p) => [p.debtor?.account, p.debtor?.party, p.creditor?.account, p.creditor?.party]));
      for (const subject of label.subjects) expect(names).toContain(subject);
    }
  });

  test('each of the five typologies has something to find, decoys have nothing', () => {
    const wanted = new Set(feed.labels.filter((l) => !l.decoy).flatMap((l) => l.typologies));
    expect(wanted).toEqual(new Set(['dispersed-fan-in', 'sub-threshold-structuring', 'multi-branch-remittance', 'mule-pass-through', 'geographic-funnel']));
    const decoys = feed.labels.filter((l) => l.decoy);
    expect(decoys.length).toBeGreaterThan(0);
    for (const decoy of decoys) expect(decoy.typologies).toEqual([]);
  });

  test('hidden cases are a small part of it', () => {
    const hidden = feed.labels.reduce((sum, l) => sum + l.transactions.length, 0);
    expect(hidden / records.length).toBeLessThanOrEqual(0.05);
  });

  test('a return names a transfer of the same amount the other way round', () => {
    const returns = records.filter((r) => r.returnOf !== undefined);
    expect(returns.length).toBeGreaterThan(0);
    for (const r of returns) {
      const original = byReference.get(`${r.returnOf!.source}:${r.returnOf!.id}`)!;
      expect(original.amount).toEqual(r.amount);
      expect(original.debtor?.account).toBe(r.creditor?.account);
      expect(Date.parse(r.time)).toBeGreaterThan(Date.parse(original.time));
    }
  });

  test('ordinary remittances are those of the documented range, every month or two', () => {
    const home = records.filter((r) => r.remittanceInformation === 'family support');
    const range = { USD: [200, 300], EUR: [180, 280], GBP: [155, 235], TRY: [8_000, 12_000] } as Record<string, [number, number]>;
    expect(home.length).toBeGreaterThan(20);
    const outside = home.filter(({ amount }) => Number(amount.value) < range[amount.currency]![0] || Number(amount.value) > range[amount.currency]![1]);
    expect(outside).toEqual([]);
  });
});

describe('a feed with noise', () => {
  const noisy = make({ noise: 0.2 });

  test('has late, repeated, too late and broken lines', () => {
    const good: Sent[] = [];
    let broken = 0;
    for (const line of noisy.lines) {
      try {
        const record = JSON.parse(line) as Sent;
        if (record.amount.currency === undefined || record.time === 'yesterday' || record.amount.value.startsWith('-')) broken++;
        else good.push(record);
      } catch {
        broken++;
      }
    }
    const lateness = good.map((r) => (Date.parse(r.receivedAt) - Date.parse(r.time)) / 3_600_000);
    const twice = good.length - new Set(good.map((r) => `${r.source}:${r.id}`)).size;
    expect(broken).toBeGreaterThan(150);
    expect(twice).toBeGreaterThan(350);
    expect(lateness.filter((h) => h > 1 && h <= 48).length).toBeGreaterThan(750);
    expect(lateness.filter((h) => h > 48).length).toBeGreaterThan(150);
    expect(noisy.lines).toHaveLength(EVENTS + broken + twice);
  });

  test('hides the same cases', () => {
    expect(noisy.labels).toEqual(make().labels);
  });
});
