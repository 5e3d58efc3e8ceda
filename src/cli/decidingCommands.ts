import type { Command } from 'commander';
import { conflicts, type ConflictsOptions } from './commands/conflicts.ts';
import { acceptLines, type AcceptLinesOptions, failedLines, type FailedLinesOptions } from './commands/failedLines.ts';
import { retry } from './commands/migrate.ts';
import { stop, type StopOptions } from './commands/stop.ts';
import type { RunCommand } from './comparingCommands.ts';

/**
 * What is left to people: what to try again, what runs on when a migration stops, and what becomes of refused lines.
 * @param list reads names with commas between them
 */
export function addDecidingCommands(program: Command, run: RunCommand, list: (text: string) => string[]): void {
  program
    .command('retry')
    .description('try again what failed, and drive the migration; of refused lines, only these are imported again')
    .argument('[id]', 'migration')
    .action((id: string | undefined, _, command: Command) => run(command, (session) => retry(session, id)));
  program
    .command('stop')
    .description('list what runs on the services, cancel it there or leave it, and stop until resumed')
    .argument('[id]', 'migration')
    .option('--cancel <operations>', 'cancel these on their services, or all; their work is done again later', list)
    .option('--leave', 'leave all of them running; resuming attaches to them again')
    .action((id: string | undefined, options: StopOptions, command: Command) =>
      run(command, (session) => stop(session, id, options)),
    );
  program
    .command('failed-lines')
    .description('list the lines that imports refused and that the target does not hold, read from the error files')
    .argument('[id]', 'migration')
    .option('--window <window>', 'only of this window')
    .addHelpText('after', '\nExit codes:\n  0    none, or all are accepted    1    some are open    2    failed')
    .action((id: string | undefined, options: FailedLinesOptions, command: Command) =>
      run(command, (session) => failedLines(session, id, options)),
    );
  program
    .command('accept-lines')
    .description('leave the failed lines of windows behind; the journal keeps their number, reasons, a digest and why')
    .argument('[id]', 'migration')
    .requiredOption('--window <windows>', 'these windows', list)
    .requiredOption('--because <reason>', 'why they may be left behind; no personal data, it is journalled')
    .action((id: string | undefined, options: AcceptLinesOptions, command: Command) =>
      run(command, (session) => acceptLines(session, id, options)),
    );
  program
    .command('conflicts')
    .description('list what was changed on the target itself before the cutover, and choose whose version stays')
    .argument('[id]', 'migration')
    .option('--types <types>', 'only these resource types', list)
    .option(
      '--keep-target <resources>',
      'keep these as on the target, such as Patient/p1, or all; with --because',
      list,
    )
    .option('--take-source <resources>', 'take these from the source, or all; what it does not have is deleted', list)
    .option('--because <reason>', 'why; no personal data, it is journalled')
    .addHelpText('after', '\nExit codes:\n  0    none, or all are decided    1    some are open    2    failed')
    .action((id: string | undefined, options: ConflictsOptions, command: Command) =>
      run(command, (session) => conflicts(session, id, options)),
    );
}
