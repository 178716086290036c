import { Command, CommanderError } from 'commander';
import { packageVersion } from '../app/paths.ts';
import { AssertionError } from '../base/assert.ts';
import { errorFacts } from '../base/errorFacts.ts';
import { EXIT, type ExitStatus, OperatingError } from '../base/errors.ts';
import { Vocabulary } from '../base/vocabulary.ts';
import type { Io } from './io.ts';
import type { Outcome } from './outcome.ts';

type Register = (root: Command, io: Io, outcome: Outcome) => void;

/** By the first word of a command line. Only what is asked for is loaded: a short command would spend most of its time on what others need. */
const COMMANDS: ReadonlyMap<string, () => Promise<Register>> = new Map([
  ['screen', async () => (await import('./commands/screen.ts')).registerScreen],
  ['demo', async () => (await import('./commands/demo.ts')).registerDemo],
  ['simulate', async () => (await import('./commands/simulate.ts')).registerSimulate],
  ...['run', 'topics', 'doctor'].map((name) => [name, async () => (await import('./commands/run.ts')).registerRun] as const),
  ['rules', async () => (await import('./commands/rules.ts')).registerRules],
  ['alerts', async () => (await import('./commands/alerts.ts')).registerAlerts],
  ['feed', async () => (await import('./commands/feed.ts')).registerFeed],
]);

/** Runs one command line. Never throws: every trouble becomes a message and an exit status. */
export async function runCli(args: readonly string[], io: Io): Promise<ExitStatus> {
  const outcome: Outcome = { status: EXIT.done };
  try {
    const root = await program(args[0] ?? '', io, outcome);
    await root.parseAsync([...args], { from: 'user' });
    return outcome.status;
  } catch (error) {
    return report(error, io);
  }
}

/** With the commands that the first word asks for: all of them where it is none, for help and for names that are near. */
async function program(first: string, io: Io, outcome: Outcome): Promise<Command> {
  const root = new Command('moneytrail')
    .description('Scores payments and remittances against declarative migrant-smuggling finance typologies.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('(--help shows what there is)');
  const one = COMMANDS.get(first);
  const registers = await Promise.all((one === undefined ? [...COMMANDS.values()] : [one]).map((load) => load()));
  for (const register of new Set(registers)) register(root, io, outcome);
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
