import { Command, InvalidArgumentError, Option, type CommanderError } from 'commander';
import { control, status } from './commands/status.ts';
import { assess, type AssessOptions } from './commands/assess.ts';
import { discover, type DiscoverOptions } from './commands/discover.ts';
import { migrate, resume, type MigrateOptions, type ResumeOptions } from './commands/migrate.ts';
import { moveJournal, shared, type SharedOptions } from './commands/sharing.ts';
import type { JournalPlace } from '../engine/ports.ts';
import { plan, type PlanOptions } from './commands/plan.ts';
import { portfolio, type PortfolioOptions } from './commands/portfolio.ts';
import { predict, type PredictOptions } from './commands/predict.ts';
import { preflight } from './commands/preflight.ts';
import { prepare, type PrepareOptions } from './commands/prepare.ts';
import { addComparingCommands } from './comparingCommands.ts';
import { addSettingsCommands, addTargetCommands } from './settingsCommands.ts';
import { addDecidingCommands } from './decidingCommands.ts';
import { exitCodes, type ExitCode } from './exitCodes.ts';
import { addFinishingCommands } from './finishingCommands.ts';
import { rehearse, type RehearseOptions } from './commands/rehearse.ts';
import { compareExports } from './commands/compareExports.ts';
import { reconcile, type ReconcileOptions } from './commands/reconcile.ts';
import { verify, type VerifyOptions } from './commands/verify.ts';
import type { Session } from './session.ts';
import { addSyncCommands, addSyncOptions } from './syncCommands.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly journal: string;
  readonly cloud: string;
  readonly auth: 'default' | 'azureCli' | 'clientSecret' | 'command';
  readonly tokenCommand?: string;
}

export type OpenSession = (options: GlobalOptions) => Promise<Session>;

const list = (text: string): string[] => {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) throw new InvalidArgumentError('Give names with commas between them.');
  return items;
};

const exitCodeHelp = `
Exit codes:
  0    done            1    needs attention, or something could not be loaded
  2    failed          3    preflight failed, nothing was started
  4    paused or cancelled
  64   wrong words or plan file
  130  interrupted; the migration can be resumed`;

/**
 * The command line. `open` makes the session of a command from the global options; `done` gets its exit code.
 */
export function createProgram(
  version: string,
  journal: string,
  open: OpenSession,
  done: (code: ExitCode) => void,
): Command {
  const program = new Command('fhir-migration')
    .description('Moves a FHIR service and its data to an Azure Health Data Services FHIR service.')
    .version(version)
    .option('--json', 'one JSON object a line instead of text')
    .option('--verbose', 'log every request (without query and ids) to standard error')
    .option('--journal <folder>', 'where journals are kept', journal)
    .option(
      '--cloud <name or file>',
      'public, usGovernment, china, or a JSON file with the endpoints of a cloud',
      'public',
    )
    .addOption(
      new Option('--auth <method>', 'where tokens come from; default tries the environment, managed identity and tools')
        .choices(['default', 'azureCli', 'clientSecret', 'command'])
        .default('default'),
    )
    .option('--token-command <command>', 'prints a token for $TOKEN_SCOPE (or $TOKEN_RESOURCE) of tenant $TOKEN_TENANT')
    .addHelpText('after', exitCodeHelp)
    .exitOverride();
  const run = async (command: Command, action: (session: Session) => Promise<ExitCode>): Promise<void> =>
    done(await action(await open(command.optsWithGlobals())));

  program
    .command('discover')
    .description('list the FHIR services that the account can see')
    .option('--tenant <ids>', 'only these tenants', list)
    .option('--subscription <ids>', 'only these subscriptions', list)
    .action((options: DiscoverOptions, command: Command) => run(command, (session) => discover(session, options)));
  program
    .command('portfolio')
    .description('list every service with its size, region, version, retirement and migration')
    .option('--tenant <ids>', 'only these tenants', list)
    .option('--subscription <ids>', 'only these subscriptions', list)
    .option('--out <file>', 'write the table to a file that ends in .md, .csv or .json')
    .action((options: PortfolioOptions, command: Command) => run(command, (session) => portfolio(session, options)));
  program
    .command('assess')
    .description('look at a service, with or without a target, and tell what stands in the way of a migration')
    .option('--source <id or address>', 'Azure resource id or endpoint of the source')
    .option('--target <id or address>', 'Azure resource id or endpoint of the target')
    .option('--plan <file>', 'plan file: its services, and the findings that it accepts')
    .option('--sample <files>', 'exported NDJSON files to look into for hazards', list)
    .option('--trial-export <days>', 'export what changed in the last days and look into it for hazards', wholeNumber)
    .addHelpText('after', '\nExit codes:\n  0    no blockers but accepted ones    1    blockers    2    failed')
    .action((options: AssessOptions, command: Command) => run(command, (session) => assess(session, options)));
  addSettingsCommands(addComparingCommands(program, run, list), run, list);
  addTargetCommands(program, run);
  addSyncOptions(addPrices(program.command('plan').description('write a plan file, with what it takes')))
    .requiredOption('--source <id or address>', 'Azure resource id or endpoint of the source')
    .requiredOption('--target <id or address>', 'Azure resource id or endpoint of the target')
    .option(
      '--staging <name, id or address>',
      "storage account; default: the target's import or the source's export account",
    )
    .option('--name <name>', 'name of the migration')
    .option('--types <types>', 'only these resource types', list)
    .option('--since <instant>', 'only what was last updated at or after')
    .option('--till <instant>', 'only what was last updated before')
    .option('--history', 'with historical versions')
    .option('--no-soft-deleted', 'without soft-deleted resources')
    .option('--type-filter <filters>', 'of a type only what fits, for example Patient?active=true; needs --types', list)
    .option('--per-type', 'one export for each resource type')
    .option(
      '--deidentify <file>',
      'take identities out by this configuration, which is uploaded to the staging account',
    )
    .option('--shared', 'keep the journal in the staging account, for others to watch and to take over')
    .option('--out <file>', 'file to write (default: migration.fhirmigration.json)')
    .option('--force', 'overwrite the file')
    .action((options: PlanOptions, command: Command) => run(command, (session) => plan(session, options)));
  addPrices(program.command('predict').description('tell what a plan takes, and keep it in the plan file'))
    .requiredOption('--plan <file>', 'plan file')
    .option('--no-keep', 'leave the file as it is')
    .action((options: PredictOptions, command: Command) => run(command, (session) => predict(session, options)));
  program
    .command('rehearse')
    .description('move a slice of a plan, and predict the whole by how fast it went')
    .requiredOption('--plan <file>', 'plan file')
    .option('--days <n>', 'the newest days', wholeNumber)
    .option('--resources <n>', 'about so many of the newest resources', wholeNumber)
    .option('--target <id or address>', "service that takes the slice; default: the plan's target, where it stays")
    .option('--no-preflight', 'start without checks')
    .action((options: RehearseOptions, command: Command) => run(command, (session) => rehearse(session, options)));
  program
    .command('preflight')
    .description('check whether a plan can be carried out')
    .requiredOption('--plan <file>', 'plan file')
    .action((options: { readonly plan: string }, command: Command) =>
      run(command, (session) => preflight(session, options)),
    );
  program
    .command('prepare')
    .description('list what has to be set on the services and the staging account for a plan, and set it')
    .requiredOption('--plan <file>', 'plan file')
    .option('--ids', 'compare the ids of all resources, two requests for 1,000, instead of counts')
    .option('--what-if', 'only list it')
    .option('--yes', 'set it')
    .option('--only <rows>', 'only these rows, by the ids that the list shows', list)
    .option('--undo', 'put back what was changed for the two services of the plan')
    .addHelpText('after', '\nExit codes:\n  0    nothing left to set    1    something is    2    a change failed')
    .action((options: PrepareOptions, command: Command) => run(command, (session) => prepare(session, options)));
  program
    .command('migrate')
    .description('carry out a plan, from preflight to summary')
    .requiredOption('--plan <file>', 'plan file')
    .option('--no-preflight', 'start without checks')
    .action((options: MigrateOptions, command: Command) => run(command, (session) => migrate(session, options)));
  addPair(program.command('verify').description('prove that source and target are equal'))
    .addOption(
      new Option('--depth <depth>', 'ledger: the journal; range: counts; content: every resource')
        .choices(['ledger', 'range', 'content'])
        .default('range'),
    )
    .option('--types <types>', 'only these resource types', list)
    .option('--since <instant>', 'only what was last updated at or after')
    .option('--till <instant>', "only what was last updated before (default: the migration's watermark)")
    .option('--sample <n>', 'compare the content of so many resources, chosen at random')
    .option('--ids', 'with range: compare the ids and versions of all resources, not only counts')
    .option('--history', 'count historical versions, too')
    .option('--progress <file>', 'keep there how far it is, and go on from there after an interruption')
    .addHelpText(
      'after',
      '\nExit codes:\n  0    equal    1    differences, or not everything was compared    2    failed',
    )
    .action((options: VerifyOptions, command: Command) => run(command, (session) => verify(session, options)));
  program
    .command('compare-exports')
    .description('compare two exports in local folders, line by line, whatever their order')
    .argument('<left>', 'folder with files such as Patient-1-1.ndjson')
    .argument('<right>', 'another one')
    .addHelpText('after', '\nExit codes:\n  0    equal    1    different    2    failed')
    .action((left: string, right: string, _, command: Command) =>
      run(command, (session) => Promise.resolve(compareExports(session, left, right))),
    );
  addPair(program.command('reconcile').description('delete from the target what the source does not have'))
    .option('--types <types>', 'only these resource types', list)
    .option('--what-if', 'only list it')
    .option('--ids', 'compare the ids and versions of all resources, so that nothing hides behind equal counts')
    .option('--delete <target>', 'delete it; type the name of the target')
    .addHelpText('after', '\nExit codes:\n  0    nothing left to delete    1    something is    2    failed')
    .action((options: ReconcileOptions, command: Command) => run(command, (session) => reconcile(session, options)));
  addFinishingCommands(program, run, list);
  program
    .command('status')
    .description('show the migrations of the journal folder and of the storage accounts that are shared')
    .argument('[id]', 'migration')
    .action((id: string | undefined, _, command: Command) => run(command, (session) => status(session, id)));
  program
    .command('resume')
    .description('drive a migration again that was paused, interrupted or needs attention')
    .argument('[id]', 'migration')
    .option('--take-over', 'drive a shared migration from here that was started elsewhere')
    .action((id: string | undefined, options: ResumeOptions, command: Command) =>
      run(command, (session) => resume(session, id, options)),
    );
  program
    .command('shared')
    .description('list the storage accounts that are looked into for shared migrations')
    .option('--add <name, id or address>', 'look into this storage account, too')
    .option('--remove <name or address>', 'look into it no more')
    .option('--tenant <id>', 'tenant of the account to add')
    .action((options: SharedOptions, command: Command) => run(command, (session) => shared(session, options)));
  program
    .command('move-journal')
    .description('move the journal of a migration that nobody drives')
    .argument('[id]', 'migration')
    .addOption(
      new Option('--to <place>', 'the staging account, for others to see, or the journal folder of this machine')
        .choices(['staging', 'file'])
        .makeOptionMandatory(),
    )
    .action((id: string | undefined, { to }: { readonly to: JournalPlace }, command: Command) =>
      run(command, (session) => moveJournal(session, id, to)),
    );
  addDecidingCommands(program, run, list);
  addSyncCommands(program, run);
  for (const request of ['pause', 'cancel'] as const) {
    program
      .command(request)
      .description(request === 'pause' ? 'start nothing new until resumed' : 'cancel the running server jobs and stop')
      .argument('[id]', 'migration')
      .action((id: string | undefined, _, command: Command) =>
        run(command, (session) => control(session, request, id)),
      );
  }
  return program;
}

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return value;
};

const price = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('Give an amount of money, for example 0.25.');
  return value;
};

const addPrices = (command: Command): Command =>
  command
    .option('--currency <code>', 'currency of the prices, for example EUR; without prices nothing is said about money')
    .option('--throughput-price <amount>', '100 request units per second of the source, for an hour', price)
    .option('--import-price <amount>', 'a million imported resources', price)
    .option('--staging-price <amount>', 'a gigabyte in the staging account, for a month', price);

const addPair = (command: Command): Command =>
  command
    .option('--plan <file>', 'plan file; with the newest migration between its services')
    .option('--source <id or address>', 'Azure resource id or endpoint of the source')
    .option('--target <id or address>', 'Azure resource id or endpoint of the target');

/** Exit code of an error that commander raised: help and version are no errors. */
export const usageCode = (error: CommanderError): ExitCode =>
  error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
