import type { Command } from 'commander';
import { EXIT, OperatingError } from '../base/errors.ts';

/** Commands of later versions answer so, whatever their arguments. */
export function unavailable(parent: Command, names: readonly string[]): void {
  for (const name of names) {
    parent
      .command(name, { hidden: true })
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw notAvailable(`${parent.name()} ${name}`);
      });
  }
}

export function notAvailable(what: string): OperatingError {
  return new OperatingError('not-available', `${what}: not available in this version`, { exitStatus: EXIT.wrongUse });
}
