import { type Command, InvalidArgumentError } from 'commander';
import { changeLimits, type LimitsOptions } from './commands/changeLimits.ts';
import { finish, type FinishOptions } from './commands/finish.ts';
import type { RunCommand } from './comparingCommands.ts';

const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Give a number.');
  return value;
};

const instant = (text: string): number => {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('Give an instant, for example 2026-05-04T18:00:00Z.');
  return at;
};

/** Options of a plan that is kept in sync, for the command that writes one. */
export const addSyncOptions = (command: Command): Command =>
  command
    .option('--sync [seconds]', 'keep the target in sync until finished; the copy is never older (default: 900)')
    .option('--follow [seconds]', 'keep the target as a copy for disaster recovery, never older (default: 900)')
    .option('--nice <0-10>', 'how much throttling, request charge and latency slow the migration down', number);

/** What is asked of a migration that goes on by itself. */
export function addSyncCommands(program: Command, run: RunCommand): void {
  program
    .command('finish')
    .description(
      'take the last window of a migration that is kept in sync, after all writes to its source were stopped',
    )
    .argument('[id]', 'migration')
    .option('--frozen-at <instant>', 'when the writes were stopped (default: now)', instant)
    .option('--withdraw', 'go on in sync instead, also after a last window was taken')
    .addHelpText(
      'after',
      '\nExit codes:\n  0    complete, and the source was frozen    1    it was written, or a person is needed    2    failed',
    )
    .action((id: string | undefined, options: FinishOptions, command: Command) =>
      run(command, (session) => finish(session, id, options)),
    );
  program
    .command('limits')
    .description('show or change the limits of a migration, also while it runs')
    .argument('[id]', 'migration')
    .option('--exports <n>', 'exports at once', number)
    .option('--imports <n>', 'imports at once', number)
    .option('--requests <n>', 'requests at once to each service', number)
    .option('--windows <n>', 'windows exported and not yet imported', number)
    .option('--nice <0-10>', 'how much throttling, request charge and latency slow it down', number)
    .option('--lag-target <seconds>', 'how old the copy may become, for one that is kept in sync', number)
    .option('--calendar <file>', 'JSON file with the calendar of a plan, or "none"')
    .action((id: string | undefined, options: LimitsOptions, command: Command) =>
      run(command, (session) => changeLimits(session, id, options)),
    );
}
