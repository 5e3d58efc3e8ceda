import { type Command, Option } from 'commander';
import { report, reportForms, type ReportOptions } from './commands/report.ts';
import type { RunCommand } from './comparingCommands.ts';

/** What comes after the data is moved: cutting over, cleaning up, and the report. */
export function addFinishingCommands(program: Command, run: RunCommand): void {
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
