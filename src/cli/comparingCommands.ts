import type { Command } from 'commander';
import { compare, compareOptions, type CompareOptions } from './commands/compare.ts';
import { copyProfiles, type CopyProfilesOptions } from './commands/copyProfiles.ts';
import { queries, type QueriesOptions } from './commands/queries.ts';
import {
  copySearchParametersCommand,
  type CopySearchParametersOptions,
  reindex,
  type ReindexCommandOptions,
} from './commands/searchParameters.ts';
import type { ExitCode } from './exitCodes.ts';
import type { Session } from './session.ts';

/** Runs the action of a command in a session made from its global options. */
export type RunCommand = (command: Command, action: (session: Session) => Promise<ExitCode>) => Promise<void>;

const withServices = (command: Command): Command =>
  command
    .requiredOption('--source <id or address>', 'Azure resource id or endpoint of the source')
    .requiredOption('--target <id or address>', 'Azure resource id or endpoint of the target');

const withStaging = (command: Command): Command =>
  command
    .option('--staging <name, id or address>', 'storage account with an export of a source that refuses to be read')
    .option('--container <name>', 'container of that export (default: migration)');

/**
 * Comparing two services and carrying definitions over.
 * @param list reads names with commas between them
 * @returns the command `copy`, to which others can be added
 */
export function addComparingCommands(program: Command, run: RunCommand, list: (text: string) => string[]): Command {
  withStaging(program.command('compare').description('compare two services by meaning'))
    .option('--source <id or address>', 'Azure resource id or endpoint of the source')
    .option('--target <id or address>', 'Azure resource id or endpoint of the target')
    .option('--plan <file>', 'plan file that names both; what was set aside in it is no drift')
    .option('--what <aspects>', `only these of: ${compareOptions.join(', ')}`, list)
    .addHelpText('after', '\nExit codes:\n  0    no drift    1    drift    2    something could not be compared')
    .action((options: CompareOptions, command: Command) => run(command, (session) => compare(session, options)));
  const copy = program.command('copy').description('carry something over from a source to a target');
  withStaging(withServices(copy.command('search-parameters').description('copy custom search parameters')))
    .option('--only <urls>', 'only the parameters with these URLs', list)
    .option('--overwrite <urls>', 'replace the other definition that the target has of these URLs', list)
    .option('--reindex', 'reindex afterwards and wait until searches use them')
    .action((options: CopySearchParametersOptions, command: Command) =>
      run(command, (session) => copySearchParametersCommand(session, options)),
    );
  withStaging(
    withServices(copy.command('profiles').description('copy profiles, value sets and code systems, before the data')),
  )
    .option('--only <urls>', 'only those with these URLs, with or without |version', list)
    .option('--overwrite <urls>', 'replace the other content that the target has of these URLs', list)
    .action((options: CopyProfilesOptions, command: Command) =>
      run(command, (session) => copyProfiles(session, options)),
    );
  program
    .command('reindex')
    .description('start a reindex and follow it')
    .requiredOption('--target <id or address>', 'Azure resource id or endpoint of the service')
    .option('--join', 'follow one that somebody else started, instead of refusing')
    .option('--cancel <job id>', 'cancel this one instead')
    .action((options: ReindexCommandOptions, command: Command) => run(command, (session) => reindex(session, options)));
  program
    .command('queries')
    .description('run the searches of a file on both services and compare the answers')
    .requiredOption('--source <id or address>', 'Azure resource id or endpoint of the source')
    .option('--target <id or address>', 'Azure resource id or endpoint of the target')
    .option('--file <file>', 'one search to a line, relative to the service; # begins a comment')
    .option('--examples', 'print examples made from the capability statement of the source instead')
    .addHelpText('after', '\nExit codes:\n  0    all answers are equal    1    some differ    2    failed')
    .action((options: QueriesOptions, command: Command) => run(command, (session) => queries(session, options)));
  return copy;
}
