import { type Command, Option } from 'commander';
import { cleanup, cleanupKinds, type CleanupOptions } from './commands/cleanup.ts';
import { cutover, type CutoverOptions } from './commands/cutover.ts';
import { report, reportForms, type ReportOptions } from './commands/report.ts';
import type { RunCommand } from './comparingCommands.ts';

/** What comes after the data is moved: cutting over, cleaning up, and the report. */
export function addFinishingCommands(program: Command, run: RunCommand, list: (text: string) => string[]): void {
  program
    .command('cutover')
    .description('look at the gates of a cutover, walk through it, sign it off, or go back')
    .argument('[id]', 'migration')
    .option('--hold', 'keep both services in sync until Ctrl-C')
    .option('--confirm <gates>', 'what only you can know: applications, eventsOn, endpoints; with --because', list)
    .option('--waive <gates>', 'go on although these are not clear; with --because', list)
    .option('--because <text>', 'why, for the record')
    .option('--writes-stopped', 'all writes to the source are stopped: take the last window and prove it')
    .addOption(new Option('--verify <depth>', 'verify after the last window').choices(['range', 'content']))
    .option(
      '--events-on',
      'after the last window: make the event subscriptions again that were deleted for the migration',
    )
    .option('--sign-off <name>', 'sign the record')
    .option('--back', 'list what was written on the target since the cutover; with --because: journal that you go back')
    .option('--out <folder>', 'with --back: write it as bundles for the source; they hold patient data')
    .addHelpText(
      'after',
      '\nExit codes:\n  0    everything that was asked for is clear    1    something is open    2    failed',
    )
    .action((id: string | undefined, options: CutoverOptions, command: Command) =>
      run(command, (session) => cutover(session, id, options)),
    );
  program
    .command('cleanup')
    .description('list what a migration made, and take it away')
    .argument('[id]', 'migration')
    .option('--what-if', 'only list it')
    .option('--yes', 'delete it')
    .option('--only <kinds>', `only these of: ${cleanupKinds.join(', ')} (default: all but changes)`, list)
    .option('--decommission', 'show the checklist for the source instead; it is never touched')
    .addHelpText('after', '\nExit codes:\n  0    nothing is left    1    something is    2    something failed')
    .action((id: string | undefined, options: CleanupOptions, command: Command) =>
      run(command, (session) => cleanup(session, id, options)),
    );
  program
    .command('report')
    .description('write the report of a migration')
    .argument('[id]', 'migration')
    .addOption(new Option('--format <form>', 'default: by the ending of the file, or Markdown').choices(reportForms))
    .option('--out <file>', 'file to write; default: standard output')
    .option('--force', 'overwrite the file')
    .addHelpText('after', '\nExit codes:\n  0    complete and verified    1    anything else    2    failed')
    .action((id: string | undefined, options: ReportOptions, command: Command) =>
      run(command, (session) => report(session, id, options)),
    );
}
