import type { Command } from 'commander';
import { ownCases } from '../../app/paths.ts';
import { generateFeed } from '../../simulation/feed.ts';
import { wholeNumber } from '../arguments.ts';
import { checkFiles } from '../files.ts';
import { type Io, LineWriter } from '../io.ts';
import { Progress } from '../progress.ts';

/** A feed of this size is some 80 GB. */
export const EVENTS_MAX = 100_000_000;
export const SEED_MAX = 2 ** 32 - 1;

export function registerSimulate(root: Command, io: Io): void {
  root
    .command('simulate')
    .description('Write a synthetic feed with hidden schemes, and the truth about it.')
    .requiredOption('--seed <n>', 'the same seed gives the same bytes', wholeNumber(0, SEED_MAX))
    .requiredOption('--events <n>', 'number of transactions', wholeNumber(1, EVENTS_MAX))
    .requiredOption('--out <file>', 'where the transactions go, one JSON object a line')
    .requiredOption('--labels <file>', 'where the truth goes, one hidden case or decoy a line')
    .action((flags: { seed: number; events: number; out: string; labels: string }) => {
      checkFiles([], { '--out': flags.out, '--labels': flags.labels });
      const { labels, lines } = generateFeed({ seed: flags.seed, events: flags.events, parameters: ownCases() });
      const progress = new Progress(io);
      const out = new LineWriter(flags.out);
      let written = 0;
      for (const line of lines) {
        out.write(line);
        if (++written % 10_000 === 0)
          progress.show(
            () => `${written.toLocaleString('en')} of ${flags.events.toLocaleString('en')} transactions`,
            () => written / flags.events,
          );
      }
      out.close();
      const truth = new LineWriter(flags.labels);
      for (const label of labels) truth.write(JSON.stringify(label));
      truth.close();
      progress.done();
      io.err(`${written.toLocaleString('en')} transactions and ${labels.length} labels written; the feed is synthetic\n`);
    });
}
