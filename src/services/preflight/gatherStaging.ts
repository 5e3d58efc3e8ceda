import type { ArmClient } from '../../azure/armClient.ts';
import type { HealthcareRow } from '../../azure/healthcareRow.ts';
import { readRoleAssignments, roleDefinitionIds } from '../../azure/roleAssignments.ts';
import { findStorageAccount, readStorageAccount, type StorageAccount } from '../../azure/storageAccount.ts';
import type { Staging } from '../../azure/staging.ts';
import { deidentificationRequest } from '../../azure/uploadDeidentification.ts';
import type { Plan } from '../../engine/plan.ts';
import type { PreflightFacts, Probe } from './facts.ts';
import { probe } from './probe.ts';

type ServiceProbe = Probe<Pick<HealthcareRow, 'service'>> | undefined;

/** Roles that let a service's identity read and write blobs. */
const writers: ReadonlySet<string> = new Set([
  roleDefinitionIds.storageBlobDataContributor,
  roleDefinitionIds.storageBlobDataOwner,
]);

/** What is known of the staging account and of who may use it. */
export async function gatherStaging(
  plan: Plan,
  arm: ArmClient,
  staging: Pick<Staging, 'containerState' | 'deidentificationEtag'>,
  services: { readonly source: ServiceProbe; readonly target: ServiceProbe },
  signal: AbortSignal,
): Promise<PreflightFacts['staging']> {
  const seenInAzure = services.source !== undefined || services.target !== undefined;
  const { deidentified } = plan.scope;
  const [container, deidentification, account] = await Promise.all([
    probe('HEAD /{container}', () => staging.containerState(signal)),
    deidentified && probe(deidentificationRequest, () => staging.deidentificationEtag(deidentified.config, signal)),
    seenInAzure ? probe('GET Microsoft.Storage/storageAccounts', () => accountOf(plan, arm, signal)) : undefined,
  ]);
  const [sourceIdentity, targetIdentity] = await Promise.all([
    identityRole(arm, services.source, account, signal),
    identityRole(arm, services.target, account, signal),
  ]);
  return { container, deidentification, account, sourceIdentity, targetIdentity };
}

function accountOf({ staging, target }: Plan, arm: ArmClient, signal: AbortSignal): Promise<StorageAccount> {
  const tenantId = staging.tenantId ?? target.tenantId;
  return staging.resourceId === undefined
    ? findStorageAccount(arm, staging.accountName, tenantId, signal)
    : readStorageAccount(arm, staging.resourceId, tenantId, signal);
}

async function identityRole(
  arm: ArmClient,
  service: ServiceProbe,
  account: Probe<StorageAccount> | undefined,
  signal: AbortSignal,
): Promise<Probe<boolean> | undefined> {
  if (service === undefined || account === undefined) return undefined;
  if (!service.ok) return service;
  if (!account.ok) return account;
  const { principalId, identity } = service.value.service;
  // Which of several user-assigned identities a service uses cannot be seen from outside.
  if (principalId === undefined) {
    return identity === 'userAssigned' ? userAssigned : { ok: true, request: service.request, value: false };
  }
  const { resourceId, tenantId } = account.value;
  return probe('GET Microsoft.Authorization/roleAssignments', async () => {
    const held = await readRoleAssignments(arm, resourceId, principalId, tenantId, signal);
    return held.some(({ roleDefinitionId }) => writers.has(roleDefinitionId));
  });
}

const userAssigned: Probe<boolean> = {
  ok: false,
  request: 'GET Microsoft.Authorization/roleAssignments',
  failure: {
    kind: 'unexpectedAnswer',
    message: 'The service uses a user-assigned identity, whose roles are not checked.',
    nextStep: 'Make sure that this identity is Storage Blob Data Contributor on the staging account.',
  },
};
