import type { ArmClient } from '../../azure/armClient.ts';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { readEventSubscriptions } from '../../azure/eventSubscriptions.ts';
import { readRoleAssignments } from '../../azure/roleAssignments.ts';
import { readServiceDetails, type ServiceDetails } from '../../azure/serviceDetails.ts';
import { readServiceMetrics } from '../../azure/serviceMetrics.ts';
import { findStorageAccountNear } from '../../azure/storageAccount.ts';
import type { SampleFacts } from '../../assess/sample.ts';
import type { ServiceSnapshot, Snapshot } from '../../assess/snapshot.ts';
import type { MigrationOverview } from '../../engine/overview.ts';
import { at, type ArmResource } from '../../compare/configurationSettings.ts';
import { FailureError } from '../../failure/failure.ts';
import { countTypes } from '../../fhir/countTypes.ts';
import { readMetadata } from '../../fhir/metadata.ts';
import type { Clients } from '../clients.ts';
import { gatherReindex } from '../preflight/gatherService.ts';
import type { Probe } from '../preflight/facts.ts';
import { probe } from '../preflight/probe.ts';
import { plannedService } from '../plannedService.ts';
import { importingInto } from './importingInto.ts';
import { statementFacts } from './statementFacts.ts';

/** A service, with its settings where they have been read already. */
export interface KnownService {
  readonly service: DiscoveredService;
  readonly details?: ServiceDetails;
}

export interface SnapshotInput {
  readonly source: KnownService;
  readonly target: KnownService | undefined;
  /** Facts of exported content, where a sample was read. */
  readonly sample: Probe<SampleFacts>;
  /** Migrations that are known here. */
  readonly overviews: () => Promise<readonly MigrationOverview[]>;
}

/**
 * Looks at both services, the staging account and Azure Monitor, reading only: three requests to each FHIR service,
 * two to a deprecated one, four to Azure Resource Manager for a source alone and five more with a target. An account of
 * another subscription costs two to four more.
 * @throws FailureError of kind `cancelled` only
 */
export async function gatherSnapshot(
  { source, target, sample, overviews }: SnapshotInput,
  clients: Clients,
  arm: ArmClient,
  now: number,
  signal: AbortSignal,
): Promise<Snapshot> {
  const [from, to] = await Promise.all([
    gatherSide(source, target !== undefined, clients, arm, signal),
    target === undefined ? undefined : gatherSide(target, true, clients, arm, signal),
  ]);
  return {
    takenAt: now,
    source: from,
    target: to,
    ...(await gatherStagingAccount(source.service, target?.service, arm, signal)),
    imports: await probe('journals of migrations', async () =>
      target === undefined ? [] : importingInto(target.service.endpoint, await overviews()),
    ),
    sample: sample.ok
      ? { ...sample, request: `${sample.request}, ${sample.value.lines.toLocaleString('en')} exported lines` }
      : sample,
  };
}

async function gatherSide(
  { service, details }: KnownService,
  withRoles: boolean,
  clients: Clients,
  arm: ArmClient,
  signal: AbortSignal,
): Promise<ServiceSnapshot> {
  const { name, kind, endpoint, tenantId, subscriptionId, resourceId } = service;
  const inAzure = <T>(request: string, ask: (id: string) => Promise<T>): Promise<Probe<T>> =>
    resourceId === undefined
      ? Promise.resolve(missing(request, `${name} is known by its address alone, not by its Azure resource.`))
      : probe(request, () => ask(resourceId));
  const [resource, metrics, roles, data] = await Promise.all([
    inAzure(
      'GET the resource (ARM)',
      async (id) => (details ?? (await readServiceDetails(arm, id, tenantId, signal))).raw,
    ),
    inAzure('GET Microsoft.Insights/metrics', (id) => readServiceMetrics(arm, id, tenantId, signal)),
    // Roles say something only beside those of the other service.
    withRoles
      ? inAzure('GET Microsoft.Authorization/roleAssignments', (id) =>
          readRoleAssignments(arm, id, undefined, tenantId, signal),
        )
      : missing('GET Microsoft.Authorization/roleAssignments', 'Roles are read to compare them with a target.'),
    gatherData(service, clients, signal),
  ]);
  const own = resource.ok ? identityTenant(resource.value) : undefined;
  const tenant = tenantId ?? own;
  return { name, kind, endpoint, tenantId: tenant, subscriptionId, resourceId, resource, metrics, roles, ...data };
}

/** The tenant of a system-assigned identity is that of the subscription; nobody has to be asked for it. */
function identityTenant(resource: ArmResource): string | undefined {
  const id = at(resource, 'identity', 'tenantId');
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? id : undefined;
}

async function gatherData(
  service: DiscoveredService,
  clients: Clients,
  signal: AbortSignal,
): Promise<Pick<ServiceSnapshot, 'metadata' | 'counts' | 'reindex'>> {
  const { endpoint } = service;
  const metadata = await probe('GET /metadata', async () =>
    statementFacts(await readMetadata(clients.anonymous(endpoint), signal)),
  );
  // A service without a statement is not asked further: it would refuse that too.
  if (!metadata.ok) return { metadata, counts: metadata, reindex: metadata };
  const client = await clients.of(plannedService(service), signal).catch(() => clients.anonymous(endpoint));
  const types = Object.keys(metadata.value.searchParameters);
  const counts = await probe('POST / (batch of counts)', async () =>
    Object.fromEntries(await countTypes(client, types, {}, signal)),
  );
  const reindex = !counts.ok && counts.failure.kind === 'retired' ? counts : await gatherReindex(client, signal);
  return { metadata, counts, reindex };
}

const listeners = 'GET Microsoft.EventGrid/eventSubscriptions of the staging account';

async function gatherStagingAccount(
  source: DiscoveredService,
  target: DiscoveredService | undefined,
  arm: ArmClient,
  signal: AbortSignal,
): Promise<Pick<Snapshot, 'staging' | 'stagingRoles' | 'eventSubscriptions'>> {
  const name = source.exportStorageAccount ?? target?.importStorageAccount;
  if (name === undefined || name === '') {
    const none = missing('settings of the services', 'No service names a storage account.');
    return { staging: none, stagingRoles: none, eventSubscriptions: none };
  }
  const near = {
    subscriptionId: source.subscriptionId ?? target?.subscriptionId,
    tenantId: source.tenantId ?? target?.tenantId,
  };
  const staging = await probe('GET Microsoft.Storage/storageAccounts', () =>
    findStorageAccountNear(arm, name, near, signal),
  );
  if (!staging.ok) return { staging, stagingRoles: staging, eventSubscriptions: staging };
  const { resourceId } = staging.value;
  const [stagingRoles, eventSubscriptions] = await Promise.all([
    probe('GET Microsoft.Authorization/roleAssignments of the staging account', () =>
      readRoleAssignments(arm, resourceId, undefined, staging.value.tenantId, signal),
    ),
    // A source alone may still get another staging account: it has to be the one that the target imports from.
    target === undefined
      ? missing(listeners, 'Who listens to the staging account is looked at together with a target.')
      : probe(listeners, () => readEventSubscriptions(arm, resourceId, staging.value.tenantId, signal)),
  ]);
  return { staging, stagingRoles, eventSubscriptions };
}

const missing = (request: string, message: string): Probe<never> => ({
  ok: false,
  request,
  failure: new FailureError({ kind: 'invalidInput', message }).failure,
});
