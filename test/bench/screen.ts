import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OWN_RATES, OWN_RULES, ownCases } from '../../src/app/paths.ts';
import { activeOf, rulesToRun } from '../../src/app/rules.ts';
import type { AlertContent } from '../../src/detection/content.ts';
import { DEFAULT_SETTINGS } from '../../src/detection/settings.ts';
import { LineReader } from '../../src/pipeline/file/lines.ts';
import { type ScreenResult, screen } from '../../src/pipeline/file/screen.ts';
import { generateFeed } from '../../src/simulation/feed.ts';
import { LIMITS } from '../../src/transactions/limits.ts';
import { loadRates } from '../../src/transactions/rates.ts';
import { ask } from '../support/oracle/oracle.ts';
import { ratesOf, recordsOf, settingsOf } from './support/oracleInput.ts';

/**
 * `screen` with the project's typologies against a bare loop that reads and parses the same file, each in a process of its own, in turn.
 * Prints records a second, the ratio of the medians, resident memory, where the time goes, and the digest of the alerts; then holds the alerts about
 * the accounts of some hidden cases against the oracle's.
 * Arguments: transactions (1,000,000 unless given), rounds (3), mode (final or eager).
 */
const [first = '1000000', second = '3', mode = 'final'] = process.argv.slice(2);
const SEED = 7;
const SAMPLE_CASES = 12;
const SAMPLE_LINES_MAX = 4000;
const self = fileURLToPath(import.meta.url);

interface Figures {
  readonly records: number;
  readonly seconds: number;
  readonly residentBytes: number;
  readonly digest: string;
  readonly alerts: number;
  readonly times?: ScreenResult['times'];
}

if (first === 'bare') await report(bare(second));
else if (first === 'screen') await report(screened(second, mode as 'final' | 'eager', () => undefined));
else await bench(Number(first), Number(second));

async function report(figures: Promise<Figures>): Promise<void> {
  process.stdout.write(JSON.stringify(await figures));
}

async function bare(path: string): Promise<Figures> {
  const startedMs = performance.now();
  let [records, sum] = [0, 0];
  const reader = new LineReader(path, LIMITS.recordBytesMax);
  do {
    for (let line = reader.next(); line !== undefined; line = reader.next()) {
      records++;
      sum += (JSON.parse(line.toString()) as { id: string }).id.length;
    }
  } while (await reader.fill());
  return { records, seconds: (performance.now() - startedMs) / 1000, residentBytes: residentMax(), digest: String(sum), alerts: 0 };
}

async function screened(path: string, as: 'final' | 'eager', onContent: (content: AlertContent) => void): Promise<Figures> {
  const lines: string[] = [];
  const result = await screen({
    sources: [new LineReader(path, LIMITS.recordBytesMax)],
    typologies: activeOf(rulesToRun(OWN_RULES)),
    rates: loadRates(OWN_RATES),
    settings: { ...DEFAULT_SETTINGS, mode: as, futureMs: Number.POSITIVE_INFINITY, rowsMax: 100_000_000 },
    onRevision: (revision) => {
      lines.push(JSON.stringify(revision.content, withoutPlace));
      if (revision.content !== null) onContent(revision.content);
    },
    onTold: () => undefined,
  });
  const digest = createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 16);
  return { records: result.records, seconds: result.seconds, residentBytes: residentMax(), digest, alerts: result.alerts, times: result.times };
}

/** Places name the file, which may lie anywhere. */
function withoutPlace(key: string, value: unknown): unknown {
  return key === 'place' ? undefined : value;
}

async function bench(events: number, rounds: number): Promise<void> {
  const { path, subjects } = feed(events);
  console.log(`${events.toLocaleString('en')} transactions, seed ${SEED}, ${Math.round(statSync(path).size / events)} bytes a line, mode ${mode}`);
  const runs = { bare: [] as Figures[], screen: [] as Figures[] };
  for (let round = 0; round < rounds; round++) for (const which of ['bare', 'screen'] as const) runs[which].push(inChild(which, path));
  const rate = { bare: median(runs.bare.map(perSecond)), screen: median(runs.screen.map(perSecond)) };
  console.log(`bare JSON.parse  ${runs.bare.map(perSecond).map(shown).join(' ')} records/s`);
  console.log(`screen           ${runs.screen.map(perSecond).map(shown).join(' ')} records/s`);
  console.log(`ratio of medians ${(rate.screen / rate.bare).toFixed(3)}`);
  console.log(`resident         ${Math.round(Math.max(...runs.screen.map((f) => f.residentBytes)) / 2 ** 20)} MiB at most`);
  const last = runs.screen.at(-1)!;
  console.log(
    `time             ${Object.entries(last.times!)
      .map(([name, s]) => `${name.replace('Seconds', '')} ${s.toFixed(2)} s`)
      .join(', ')}`,
  );
  console.log(`alerts           ${last.alerts}, digest ${[...new Set(runs.screen.map((f) => f.digest))].join(' ')}`);
  await holdAgainstOracle(path, subjects);
}

function inChild(which: string, path: string): Figures {
  return JSON.parse(execFileSync(process.execPath, [self, which, path, mode], { encoding: 'utf8', maxBuffer: 1 << 26 })) as Figures;
}

/** Made once, and kept beside the build. */
function feed(events: number): { path: string; subjects: string[][] } {
  const dir = join(process.cwd(), '.cache', 'feeds');
  const path = join(dir, `${SEED}-${events}.jsonl`);
  const { labels, lines } = generateFeed({ seed: SEED, events, parameters: ownCases() });
  if (!existsSync(path)) {
    mkdirSync(dir, { recursive: true });
    const fd = openSync(path, 'w');
    let buffer = '';
    for (const line of lines) {
      buffer += `${line}\n`;
      if (buffer.length < 1 << 20) continue;
      writeSync(fd, buffer);
      buffer = '';
    }
    writeSync(fd, buffer);
    closeSync(fd);
  }
  return { path, subjects: labels.slice(0, SAMPLE_CASES).map((label) => [...label.subjects]) };
}

/** The oracle is asked about the lines that name a subject of some hidden cases; alerts of those keys must be the same. */
async function holdAgainstOracle(path: string, subjects: readonly (readonly string[])[]): Promise<void> {
  const names = subjects.flat();
  const sample = `${path}.sample`;
  const lines: string[] = [];
  const reader = new LineReader(path, LIMITS.recordBytesMax);
  do {
    for (let line = reader.next(); line !== undefined; line = reader.next()) {
      const text = line.toString();
      if (lines.length < SAMPLE_LINES_MAX && names.some((name) => text.includes(`"${name}"`))) lines.push(text);
    }
  } while (await reader.fill());
  const fd = openSync(sample, 'w');
  writeSync(fd, lines.map((line) => `${line}\n`).join(''));
  closeSync(fd);
  const engine = new Map<string, string>();
  await screened(sample, 'final', (content) => void engine.set(content.alertId, withoutPlaces(content)));
  const oracle = ask(activeOf(rulesToRun(OWN_RULES)), recordsOf(readFileSync(sample, 'utf8')), settingsOf(ratesOf(OWN_RATES)));
  const same = [...oracle.alerts].filter(([id, content]) => engine.get(id) === withoutPlaces(content)).length;
  console.log(`oracle           ${lines.length} records, ${oracle.alerts.size} alerts, ${same} the same, ${engine.size} of the engine`);
  if (same !== oracle.alerts.size || same !== engine.size) process.exitCode = 1;
}

/** With keys in order, since the two write them in different ones. */
function withoutPlaces(content: object): string {
  return JSON.stringify(content, (key, value: unknown) => {
    if (key === 'place') return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function residentMax(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function perSecond({ records, seconds }: Figures): number {
  return records / seconds;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function shown(n: number): string {
  return Math.round(n).toLocaleString('en');
}
