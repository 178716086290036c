import { Command, CommanderError } from 'commander';
import { packageVersion } from '../app/paths.ts';
import { AssertionError } from '../base/assert.ts';
import { errorFacts } from '../base/errorFacts.ts';
import { EXIT, type ExitStatus, OperatingError } from '../base/errors.ts';
import { Vocabulary } from '../base/vocabulary.ts';
import { registerAlerts } from './commands/alerts.ts';
import { registerDemo } from './commands/demo.ts';
import { registerFeed } from './commands/feed.ts';
import { registerRules } from './commands/rules.ts';
import { registerRun } from './commands/run.ts';
import { registerScreen } from './commands/screen.ts';
import { registerSimulate } from './commands/simulate.ts';
import type { Io } from './io.ts';
import type { Outcome } from './outcome.ts';

/** Runs one command line. Never throws: every trouble becomes a message and an exit status. */
export async function runCli(args: readonly string[], io: Io): Promise<ExitStatus> {
  const outcome: Outcome = { status: EXIT.done };
  try {
    await program(io, outcome).parseAsync([...args], { from: 'user' });
    return outcome.status;
  } catch (error) {
    return report(error, io);
  }
}

function program(io: Io, outcome: Outcome): Command {
  const root = new Command('moneytrail')
    .description('Scores payments and remittances against declarative migrant-smuggling finance typologies.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('(--help shows what there is)');
  registerScreen(root, io);
  registerDemo(root, io);
  registerSimulate(root, io);
  registerRun(root, io, outcome);
  registerRules(root, io, outcome);
  registerAlerts(root, io);
  registerFeed(root, io, outcome);
  return root;
}

function report(error: unknown, io: Io): ExitStatus {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUse;
  if (error instanceof OperatingError) {
    io.err(`moneytrail: ${error.message} [${error.code}]\n`);
    return error.exitStatus;
  }
  // The message of any other error might hold a value of a record, so only its kind and place are told.
  const { kind, frames } = errorFacts(error, new Vocabulary());
  const message = error instanceof AssertionError ? `: ${error.message}` : '';
  io.err(`moneytrail: internal error, ${kind}${message}\n${frames.map((frame) => `  at ${frame}\n`).join('')}`);
  return EXIT.internal;
}
