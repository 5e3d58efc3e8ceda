import type { PrepareFacts, PreparedService } from '../../assess/prepare/facts.ts';
import { prepareRows } from '../../assess/prepare/prepareRows.ts';
import type { ArmClient } from '../../azure/armClient.ts';
import { callerIdentity } from '../../azure/callerIdentity.ts';
import type { Cloud } from '../../azure/cloud.ts';
import { readEventSubscriptions, readWholeEventSubscriptions } from '../../azure/eventSubscriptions.ts';
import { readResource, resourceRequest } from '../../azure/readResource.ts';
import { workspaceIdOf } from '../../azure/resourceId.ts';
import { valueAt } from '../../azure/resourceEdits.ts';
import { readRoleAssignments } from '../../azure/roleAssignments.ts';
import type { Staging } from '../../azure/staging.ts';
import { findStorageAccount } from '../../azure/storageAccount.ts';
import type { TokenSource } from '../../azure/tokens.ts';
import type { Plan, PlanService } from '../../engine/plan.ts';
import { FailureError } from '../../failure/failure.ts';
import type { ChangeableResource } from '../../compare/changes/changeable.ts';
import { changeableResource } from '../changes/changeableResource.ts';
import type { Clients } from '../clients.ts';
import { changePair } from '../changes/changePair.ts';
import type { Probe } from '../preflight/facts.ts';
import { jobAccess } from '../preflight/gatherService.ts';
import { probe } from '../preflight/probe.ts';
import type { Preparation } from './contract.ts';

export interface PrepareOptions {
  readonly clients: Clients;
  readonly arm: ArmClient;
  readonly cloud: Cloud;
  readonly tokens: TokenSource;
  readonly now: () => number;
}

/**
 * Looks at everything that has to be set for a migration, reading only, and says what is and what is not.
 * @throws FailureError of kind `cancelled` only
 */
export async function prepareMigration(
  plan: Plan,
  staging: Pick<Staging, 'containerState'>,
  options: PrepareOptions,
  signal: AbortSignal,
): Promise<Preparation> {
  const facts = await gather(plan, staging, options, signal);
  const seen = [facts.source.resource, facts.target.resource, facts.account].flatMap((one) =>
    one?.ok === true ? [[one.value.resourceId.toLowerCase(), one.value.json] as const] : [],
  );
  return {
    rows: prepareRows(facts),
    pair: changePair(plan.source, plan.target),
    resources: Object.fromEntries(seen),
    takenAt: options.now(),
  };
}

async function gather(
  plan: Plan,
  staging: Pick<Staging, 'containerState'>,
  options: PrepareOptions,
  signal: AbortSignal,
): Promise<PrepareFacts> {
  const { arm } = options;
  const [source, target, account, container, workspace, caller] = await Promise.all([
    serviceResource(plan.source, arm, signal),
    serviceResource(plan.target, arm, signal),
    probe('GET Microsoft.Storage/storageAccounts', () => accountOf(plan, arm, signal)),
    probe('HEAD /{container}', () => staging.containerState(signal)),
    workspaceOf(plan.target, arm, signal),
    callers(plan, options, signal),
  ]);
  const [sourceRoles, targetRoles, events, targetEvents, exporting, importing] = await Promise.all([
    rolesOf(source, account, arm, signal),
    rolesOf(target, account, arm, signal),
    eventsOf(account, arm, signal),
    targetEventsOf(target, arm, signal),
    accessOf(plan.source, 'export', options, signal),
    accessOf(plan.target, 'import', options, signal),
  ]);
  return {
    plan,
    source: { resource: source, identityRoles: sourceRoles, access: exporting },
    target: { resource: target, identityRoles: targetRoles, access: importing },
    account,
    container,
    events,
    targetEvents,
    workspace,
    caller,
  };
}

async function serviceResource(
  { resourceId, name, tenantId }: PlanService,
  arm: ArmClient,
  signal: AbortSignal,
): Promise<Probe<ChangeableResource> | undefined> {
  return resourceId === undefined
    ? undefined
    : probe('GET the resource (ARM)', () => changeableResource(arm, resourceId, name, tenantId, signal));
}

async function accountOf({ staging, target }: Plan, arm: ArmClient, signal: AbortSignal): Promise<ChangeableResource> {
  const tenantId = staging.tenantId ?? target.tenantId;
  const found =
    staging.resourceId === undefined
      ? await findStorageAccount(arm, staging.accountName, tenantId, signal)
      : { resourceId: staging.resourceId, tenantId };
  return changeableResource(arm, found.resourceId, staging.accountName, found.tenantId, signal);
}

/** Private endpoints of AHDS are at the workspace. */
async function workspaceOf(
  { resourceId, tenantId }: PlanService,
  arm: ArmClient,
  signal: AbortSignal,
): Promise<PrepareFacts['workspace']> {
  const workspaceId = workspaceIdOf(resourceId ?? '');
  if (workspaceId === undefined) return undefined;
  const request = resourceRequest(workspaceId, 'the workspace', tenantId, 'Reading the workspace of the target');
  return probe('GET the workspace (ARM)', () => readResource(arm, request, signal));
}

async function rolesOf(
  resource: Probe<ChangeableResource> | undefined,
  account: Probe<ChangeableResource>,
  arm: ArmClient,
  signal: AbortSignal,
): Promise<PreparedService['identityRoles']> {
  if (resource?.ok !== true || !account.ok) return undefined;
  const principal = valueAt(resource.value.json, ['identity', 'principalId']);
  if (typeof principal !== 'string') return undefined;
  const { resourceId, tenantId } = account.value;
  return probe('GET Microsoft.Authorization/roleAssignments of the staging account', () =>
    readRoleAssignments(arm, resourceId, principal, tenantId, signal),
  );
}

async function eventsOf(
  account: Probe<ChangeableResource>,
  arm: ArmClient,
  signal: AbortSignal,
): Promise<PrepareFacts['events']> {
  if (!account.ok) return account;
  const { resourceId, tenantId } = account.value;
  return probe('GET Microsoft.EventGrid/eventSubscriptions of the staging account', () =>
    readEventSubscriptions(arm, resourceId, tenantId, signal),
  );
}

/** Events of AHDS are at the workspace. Nothing is asked where they are off. */
async function targetEventsOf(
  target: Probe<ChangeableResource> | undefined,
  arm: ArmClient,
  signal: AbortSignal,
): Promise<PrepareFacts['targetEvents']> {
  if (target?.ok !== true || valueAt(target.value.json, ['properties', 'eventState']) === 'Disabled') return undefined;
  const workspaceId = workspaceIdOf(target.value.resourceId);
  if (workspaceId === undefined) return undefined;
  return probe('GET Microsoft.EventGrid/eventSubscriptions of the workspace', () =>
    readWholeEventSubscriptions(arm, workspaceId, target.value.tenantId, signal),
  );
}

const accessOf = (
  service: PlanService,
  operation: 'export' | 'import',
  { clients }: PrepareOptions,
  signal: AbortSignal,
): Promise<Probe<'granted'>> =>
  probe(`GET /_operations/${operation}/{id}`, async () =>
    jobAccess(await clients.of(service, signal), operation, signal),
  );

async function callers(
  { source, target }: Plan,
  { cloud, tokens }: PrepareOptions,
  signal: AbortSignal,
): Promise<PrepareFacts['caller']> {
  const of = async ({ resourceId, tenantId }: PlanService) => {
    if (resourceId === undefined) return undefined;
    try {
      return await callerIdentity(cloud, tokens, tenantId, signal);
    } catch (error) {
      if (FailureError.is(error, 'cancelled')) throw error;
      // Whoever cannot be named is shown the command instead.
      return undefined;
    }
  };
  const [from, to] = await Promise.all([of(source), of(target)]);
  return { source: from, target: to };
}
