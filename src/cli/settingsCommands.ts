import type { Command } from 'commander';
import {
  createTarget,
  type CreateTargetOptions,
  deployTarget,
  type DeployTargetOptions,
} from './commands/createTarget.ts';
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

/** Making the target of a migration. */
export function addTargetCommands(program: Command, run: RunCommand): void {
  program
    .command('create-target')
    .description('write a target with the configuration of a source as a Bicep file')
    .requiredOption('--source <id>', 'Azure resource id of the source')
    .requiredOption('--subscription <id>', 'subscription of the target')
    .requiredOption('--tenant <id>', 'tenant of that subscription')
    .requiredOption('--group <name>', 'resource group of the target')
    .requiredOption('--location <region>', 'for example westeurope')
    .requiredOption('--workspace <name>', 'Azure Health Data Services workspace')
    .option('--existing-workspace', 'the workspace is there already')
    .requiredOption('--name <name>', 'FHIR service')
    .option('--out <file>', 'file to write', 'target.bicep')
    .action((options: CreateTargetOptions, command: Command) =>
      run(command, (session) => createTarget(session, options)),
    );
  program
    .command('deploy-target')
    .description('deploy a Bicep file of create-target, as it was edited')
    .requiredOption('--file <file>', 'Bicep file')
    .option('--what-if', 'only check whether the names can be had')
    .option('--yes', 'deploy it')
    .addHelpText('after', '\nExit codes:\n  0    deployed, or names are free    1    a name is taken    2    failed')
    .action((options: DeployTargetOptions, command: Command) =>
      run(command, (session) => deployTarget(session, options)),
    );
}
