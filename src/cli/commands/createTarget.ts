import { readFile } from 'node:fs/promises';
import { placeIn } from '../../compare/bicep/targetBicep.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { writeNew } from '../output/writeNew.ts';
import { type Session, UsageError } from '../session.ts';

export interface CreateTargetOptions {
  readonly source: string;
  readonly subscription: string;
  readonly group: string;
  readonly tenant: string;
  readonly workspace: string;
  readonly name: string;
  readonly location: string;
  readonly existingWorkspace?: boolean;
  readonly out: string;
}

export interface DeployTargetOptions {
  readonly file: string;
  readonly whatIf?: boolean;
  readonly yes?: boolean;
}

/** Writes a target with the configuration of a source as a Bicep file. */
export async function createTarget(session: Session, options: CreateTargetOptions): Promise<ExitCode> {
  const { services, output, signal } = session;
  const { bicep, notCarried } = await services.targets.propose(
    options.source,
    {
      subscriptionId: options.subscription,
      tenantId: options.tenant,
      resourceGroup: options.group,
      location: options.location,
      workspace: options.workspace,
      inWorkspace: options.existingWorkspace === true,
      name: options.name,
    },
    signal,
  );
  await writeNew(options.out, bicep);
  output.line(`Wrote ${options.out}. Look at it, then: fhir-migration deploy-target --file ${options.out} --what-if`);
  for (const one of notCarried) {
    output.record('notCarried', one);
    output.line(`not carried over: ${one.title} (${one.source}): ${one.guidance}`);
  }
  output.record('proposed', { file: options.out });
  return exitCodes.success;
}

/** Checks the names of a Bicep file that `create-target` wrote, and deploys it only with `--yes`. */
export async function deployTarget(session: Session, options: DeployTargetOptions): Promise<ExitCode> {
  const { services, output, signal } = session;
  if ((options.yes === true) === (options.whatIf === true))
    throw new UsageError('Give --what-if to check the names, or --yes to deploy.');
  const bicep = await readFile(options.file, 'utf8').catch((error: unknown) => {
    throw new UsageError(
      `${options.file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`,
    );
  });
  const place = placeIn(bicep);
  if (place === undefined)
    throw new UsageError(`${options.file} does not say where it is deployed to. Write it with create-target.`);
  const names = await services.targets.checkNames(bicep, place, signal);
  let refused = false;
  for (const one of names) {
    output.record('name', one);
    const message = 'message' in one.check ? `: ${one.check.message}` : '';
    output.line(`${one.of} ${one.name}: ${one.check.state}${message}`);
    refused ||= one.check.state === 'taken' || one.check.state === 'invalid';
  }
  // A name that is taken by the very resources of the file is no hindrance to deploying it again.
  if (options.yes !== true) {
    output.line('Nothing was made.');
    return refused ? exitCodes.needsAttention : exitCodes.success;
  }
  let told = '';
  await services.targets.deploy(bicep, place, signal, (resources) => {
    const text = resources.map(({ name, state }) => `${name}: ${state}`).join(', ');
    if (text === told) return;
    told = text;
    output.record('progress', { resources });
    output.line(text);
  });
  output.record('deployed', place);
  output.line('Deployed. Prepare it for the migration with: fhir-migration prepare');
  return exitCodes.success;
}
