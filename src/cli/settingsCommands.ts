import type { Command } from 'commander';
import { copyConfiguration, copyPermissions, type CopySettingsOptions } from './commands/copySettings.ts';
import type { RunCommand } from './comparingCommands.ts';

const codes = '\nExit codes:\n  0    nothing left to carry over    1    something is    2    a change failed';

const withChoice = (command: Command): Command =>
  command
    .requiredOption('--source <id or address>', 'Azure resource id or endpoint of the source')
    .requiredOption('--target <id>', 'Azure resource id of the target')
    .option('--what-if', 'only list it')
    .option('--yes', 'write it')
    .option('--undo', 'put back what was changed for these two services')
    .addHelpText('after', codes);

/** Carrying over what Azure's control plane holds: settings and role assignments. */
export function addSettingsCommands(copy: Command, run: RunCommand, list: (text: string) => string[]): void {
  withChoice(copy.command('configuration').description('carry settings over: tags, CORS, versioning policy and more'))
    .option('--only <settings>', 'only these settings, by the ids that the list shows', list)
    .option('--bicep <file>', 'write the target with the new settings as Bicep')
    .action((options: CopySettingsOptions, command: Command) =>
      run(command, (session) => copyConfiguration(session, options)),
    );
  withChoice(
    copy.command('permissions').description('assign the roles for data, and say what applications must change'),
  )
    .option('--script <file>', 'write the assignments as a shell script')
    .action((options: CopySettingsOptions, command: Command) =>
      run(command, (session) => copyPermissions(session, options)),
    );
}
