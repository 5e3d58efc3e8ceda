import { listSubscriptions } from '../../azure/accounts.ts';
import { compileBicep } from '../../azure/bicepCli.ts';
import { checkName } from '../../azure/checkName.ts';
import { deployTemplate, validateDeployment } from '../../azure/deployment.ts';
import { listResourceGroups } from '../../azure/resourceGroups.ts';
import { armTemplate } from '../../compare/bicep/armTemplate.ts';
import { BicepError } from '../../compare/bicep/bicepTokens.ts';
import { targetBicep } from '../../compare/bicep/targetBicep.ts';
import { type TargetPlace, targetProposal } from '../../compare/bicep/targetProposal.ts';
import { namesIn } from '../../compare/bicep/templateNames.ts';
import { FailureError } from '../../failure/failure.ts';
import { readMetadata } from '../../fhir/metadata.ts';
import { openSide, type ServiceRef, type SideOptions } from '../compare/side.ts';
import { noDefinitions } from '../configuration/writableTarget.ts';
import type { CheckedName, DeployPlace, ProposedTarget, TargetServices } from './contract.ts';

type Options = Omit<SideOptions, 'signal'>;

/** Making targets, over the clients of one session. */
export const targetServices = (options: Options, now: () => number): TargetServices => ({
  subscriptions: (tenantId, signal) => listSubscriptions(options.arm, tenantId, signal),
  resourceGroups: (subscriptionId, tenantId, signal) =>
    listResourceGroups(options.arm, subscriptionId, tenantId, signal),
  propose: (source, place, signal) => propose(source, place, { ...options, signal }),
  checkNames: (bicep, place, signal) => checkNames(bicep, place, options, signal),
  deploy: async (bicep, { subscriptionId, resourceGroup, tenantId }, signal, progress) => {
    const template = await templateOf(bicep, signal);
    const deployment = `fhir-migration-${new Date(now()).toISOString().replace(/\W/g, '').slice(0, 15)}`;
    const place = { subscriptionId, resourceGroup, tenantId, deployment };
    await validateDeployment(options.arm, place, template, signal);
    await deployTemplate(options.arm, place, template, signal, progress);
  },
});

async function propose(source: ServiceRef, place: TargetPlace, options: SideOptions): Promise<ProposedTarget> {
  const { clients, cloud, signal } = options;
  const side = await openSide(source, noDefinitions, options);
  const [configured, capabilities] = await Promise.all([
    side.configured(),
    readMetadata(clients.anonymous(side.service.endpoint), signal).then(
      (read) => read.capabilities,
      (error: unknown) => {
        if (!FailureError.is(error) || FailureError.is(error, 'cancelled')) throw error;
        return undefined;
      },
    ),
  ]);
  const proposal = targetProposal({
    sourceName: side.service.name,
    source: configured,
    fhirVersion: capabilities?.fhirVersion,
    versioning: capabilities?.versioning,
    place,
    addressTemplate: cloud.ahds,
    loginHost: cloud.loginHost,
  });
  return { bicep: targetBicep(side.service.name, place, proposal, cloud.ahds), notCarried: proposal.notCarried };
}

/** What can be read here is read here; anything else is for the user's own compiler. */
async function templateOf(bicep: string, signal: AbortSignal): Promise<object> {
  try {
    return armTemplate(bicep);
  } catch (error) {
    if (!(error instanceof BicepError)) throw error;
    const compiled = await compileBicep(bicep, signal);
    if (typeof compiled === 'object' && compiled !== null) return compiled;
    throw new FailureError(
      {
        kind: 'invalidInput',
        message: `Line ${error.line} of the Bicep file is not understood here: ${error.message}.`,
        nextStep: 'Correct the line, or install the Bicep CLI, which understands all of the language.',
      },
      { cause: error },
    );
  }
}

async function checkNames(
  bicep: string,
  { subscriptionId, tenantId }: DeployPlace,
  { arm }: Options,
  signal: AbortSignal,
): Promise<readonly CheckedName[]> {
  const { workspaces, services } = namesIn(await templateOf(bicep, signal));
  const asked = [
    ...workspaces.map((name) => ({ name, of: 'workspace' as const, type: 'Microsoft.HealthcareApis/workspaces' })),
    ...services.map((name) => ({
      name,
      of: 'FHIR service' as const,
      type: 'Microsoft.HealthcareApis/workspaces/fhirservices',
    })),
  ];
  return Promise.all(
    asked.map(async ({ name, of, type }) => ({
      name,
      of,
      check: await checkName(arm, subscriptionId, tenantId, type, name, signal),
    })),
  );
}
