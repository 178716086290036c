import type { Command } from 'commander';
import { OWN_RATES, OWN_RULES, ownCases, packageVersion } from '../../app/paths.ts';
import { activeOf, rulesToRun } from '../../app/rules.ts';
import type { AlertContent } from '../../detection/content.ts';
import { DEFAULT_SETTINGS } from '../../detection/settings.ts';
import { screen } from '../../pipeline/file/screen.ts';
import { generateFeed } from '../../simulation/feed.ts';
import { type Comparison, compare, type FoundAlert } from '../../simulation/truth.ts';
import { loadRates } from '../../transactions/rates.ts';
import { wholeNumber } from '../arguments.ts';
import { columns } from '../columns.ts';
import { GeneratedSource } from '../generatedSource.ts';
import type { Io } from '../io.ts';
import { Progress } from '../progress.ts';
import { summaryText } from '../summary.ts';
import { notAvailable } from '../unavailable.ts';
import { SEED_MAX } from './simulate.ts';

const EVENTS = 200_000;
const ALERTS_SHOWN = 5;

export function registerDemo(root: Command, io: Io): void {
  root
    .command('demo')
    .description('Make a synthetic feed with hidden schemes, screen it, and hold what was found against the truth.')
    .option('--seed <n>', 'another feed', wholeNumber(0, SEED_MAX), 20_250_331)
    .option('--events <n>', 'number of transactions', wholeNumber(1000, 10_000_000), EVENTS)
    .option('--serve', 'go on with the console')
    .action((flags: { seed: number; events: number; serve?: true }) => {
      if (flags.serve === true) throw notAvailable('demo --serve');
      return demo(flags.seed, flags.events, io);
    });
}

async function demo(seed: number, events: number, io: Io): Promise<void> {
  const typologies = activeOf(rulesToRun(OWN_RULES));
  const { labels, lines } = generateFeed({ seed, events, parameters: ownCases() });
  const hidden = labels.filter((label) => !label.decoy).length;
  io.out(
    `A synthetic feed of ${events.toLocaleString('en')} transactions (seed ${seed}): ${hidden} schemes from documented cases and ${labels.length - hidden} innocent look-alikes are hidden in ordinary lives.\n`,
  );
  io.out(`Screened with ${typologies.length} typologies: ${typologies.map((t) => t.id).join(', ')}.\n\n`);
  const progress = new Progress(io);
  const contents: AlertContent[] = [];
  const result = await screen({
    sources: [new GeneratedSource('demo', lines)],
    typologies,
    rates: loadRates(OWN_RATES),
    settings: {
      ...DEFAULT_SETTINGS,
      mode: 'final',
      futureMs: Number.POSITIVE_INFINITY,
      asOfMs: Number.POSITIVE_INFINITY,
      rowsMax: events,
      engineVersion: packageVersion(),
    },
    onRevision: ({ content }) => {
      if (content !== null) contents.push(content);
    },
    onTold: () => undefined,
    onProgress: (records) =>
      progress.show(
        () => `${records.toLocaleString('en')} of ${events.toLocaleString('en')} transactions made and screened`,
        () => records / events,
      ),
  });
  progress.done();
  io.out(`${truthTable(compare(labels, contents.map(foundAlert)))}\n\n`);
  io.out(
    `The first of the alerts, by score:\n${[...contents]
      .sort((a, b) => b.score - a.score)
      .slice(0, ALERTS_SHOWN)
      .map((c) => `  ${c.severity} ${c.score}  ${c.title}`)
      .join('\n')}\n\n`,
  );
  io.out(summaryText(result));
  io.out('The time holds the making of the feed. All people, accounts and payments in it are invented.\n');
}

function foundAlert(content: AlertContent): FoundAlert {
  const { key } = content.subject;
  return {
    typology: content.typology.id,
    keys: typeof key === 'string' ? [key] : key,
    transactions: new Set(content.transactions.map((t) => `${t.source}:${t.id}`)),
  };
}

/** By scheme: what was hidden, found and missed; decoys apart. */
function truthTable({ cases, others }: Comparison): string {
  const schemes = [...new Set(cases.map(({ label }) => `${label.decoy ? 1 : 0}${label.scheme}`))].sort();
  const rows = schemes.map((key) => {
    const own = cases.filter(({ label }) => `${label.decoy ? 1 : 0}${label.scheme}` === key);
    const found = own.filter((c) => c.found);
    const evidence = found.length === 0 ? '' : `${Math.round((100 * found.reduce((sum, c) => sum + c.evidence, 0)) / found.length)} %`;
    const decoy = own[0]!.label.decoy;
    return [decoy ? `look-alike: ${own[0]!.label.scheme}` : own[0]!.label.scheme, own.length, found.length, decoy ? '' : own.length - found.length, evidence];
  });
  const missed = cases.filter((c) => !c.found && !c.label.decoy).map((c) => `${c.label.case} (${c.label.scheme}, ${c.label.variant})`);
  const accused = cases.filter((c) => c.found && c.label.decoy).length;
  const notes = [
    missed.length === 0 ? 'Nothing hidden was missed.' : `Missed: ${missed.join(', ')}.`,
    `Look-alikes accused: ${accused}. Other alerts on ordinary lives: ${others}.`,
  ];
  return `${columns(['hidden in the feed', 'cases', 'found', 'missed', 'of its payments on the alert'], rows)}\n${notes.join('\n')}`;
}
