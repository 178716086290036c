import type { Command } from 'commander';
import { alertLine } from '../../alerts/line.ts';
import { OWN_RATES, OWN_RULES, packageVersion } from '../../app/paths.ts';
import { activeOf, rulesToRun } from '../../app/rules.ts';
import { DEFAULT_SETTINGS } from '../../detection/settings.ts';
import { LineReader } from '../../pipeline/file/lines.ts';
import { screen } from '../../pipeline/file/screen.ts';
import { LIMITS } from '../../transactions/limits.ts';
import { loadRates } from '../../transactions/rates.ts';
import { duration, oneOf, time } from '../arguments.ts';
import { checkFiles } from '../files.ts';
import { type Io, LineWriter } from '../io.ts';
import { bytesOf, Progress } from '../progress.ts';
import { summaryJson, summaryText } from '../summary.ts';
import { notAvailable } from '../unavailable.ts';

const FORMATS = ['auto', 'transaction', 'csv', 'pacs.008', 'pain.001', 'camt.053', 'mt103'] as const;
/** Transactions that a run may hold at once: some 130 bytes each. */
const ROWS_MAX = 100_000_000;
const STEPS_TOLD_MAX = 20;

interface ScreenFlags {
  rules: string;
  rates: string;
  format: (typeof FORMATS)[number];
  out?: string;
  quarantine?: string;
  late?: string;
  lateness: number;
  asOf?: number;
  mode: 'eager' | 'final';
  json?: true;
}

export function registerScreen(root: Command, io: Io): void {
  root
    .command('screen')
    .description('Score recorded transactions: one alert a line, and a summary.')
    .argument('<file...>', 'files of transactions, one JSON object a line; - is standard input, .gz is read as is')
    .option('--rules <dir>', 'folder of typologies', OWN_RULES)
    .option('--rates <file>', 'exchange rates, a CSV file or a folder of them', OWN_RATES)
    .option('--format <format>', `format of the records: ${FORMATS.join(', ')}`, oneOf(FORMATS), 'auto')
    .option('--out <file>', 'where alerts go, one a line; - or none is standard output')
    .option('--quarantine <file>', 'where records go that were refused or lost a conflict, with the reason')
    .option('--late <file>', 'where records go that came too late')
    .option('--lateness <duration>', 'greatest time from a transaction to its receipt', duration, DEFAULT_SETTINGS.latenessMs)
    .option('--as-of <time>', 'a transaction after this time is refused as in the future; else the present', time)
    .option('--mode <mode>', 'final: each alert once, when nothing can change it; eager: every revision', oneOf(['eager', 'final'] as const), 'final')
    .option('--json', 'the summary as JSON on standard output, after the alerts where they go there too')
    .action((files: string[], flags: ScreenFlags) => run(files, flags, io));
}

async function run(files: readonly string[], flags: ScreenFlags, io: Io): Promise<void> {
  if (flags.format !== 'auto' && flags.format !== 'transaction') throw notAvailable(`--format ${flags.format}`);
  checkFiles(files, { '--out': flags.out ?? '-', '--quarantine': flags.quarantine, '--late': flags.late });
  const rules = rulesToRun(flags.rules);
  const rates = loadRates(flags.rates);
  const sources = files.map((file) => new LineReader(file, LIMITS.recordBytesMax));
  const out = new LineWriter(flags.out);
  const quarantine = flags.quarantine === undefined ? null : new LineWriter(flags.quarantine);
  const late = flags.late === undefined ? null : new LineWriter(flags.late);
  const progress = new Progress(io);
  const bytes = bytesOf(files);
  const engineVersion = packageVersion();
  let steps = 0;
  const asOfMs = flags.asOf ?? Date.now();
  const result = await screen({
    sources,
    typologies: activeOf(rules),
    rates,
    settings: {
      ...DEFAULT_SETTINGS,
      mode: flags.mode,
      latenessMs: flags.lateness,
      futureMs: Number.POSITIVE_INFINITY,
      asOfMs,
      rowsMax: ROWS_MAX,
      engineVersion,
    },
    onRevision: (revision) => out.write(alertLine(revision, engineVersion)),
    onTold: (told) => (told.to === 'late' ? late : quarantine)?.write(told.json),
    onProgress: (records) =>
      progress.show(
        () => `${records.toLocaleString('en')} records`,
        () => (bytes === null ? null : sources.reduce((sum, { bytesRead }) => sum + bytesRead, 0) / bytes),
      ),
    onStep: (place, days) => {
      if (++steps <= STEPS_TOLD_MAX) io.err(`${place}: receipt time steps forward by ${days} days: is a part missing, or a date wrong?\n`);
    },
  });
  progress.done();
  if (steps > STEPS_TOLD_MAX) io.err(`… and ${steps - STEPS_TOLD_MAX} more such steps\n`);
  for (const writer of [out, quarantine, late]) writer?.close();
  const text = flags.json === true ? `${JSON.stringify(summaryJson(result))}\n` : summaryText(result);
  // Alerts on standard output are not mixed with words; a summary for machines is told apart by its `schema`.
  if ((flags.out ?? '-') === '-' && flags.json !== true) io.err(text);
  else io.out(text);
}
