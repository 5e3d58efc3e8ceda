import { roleDefinitionIds } from '../../azure/roleAssignments.ts';
import { at } from '../../compare/configurationSettings.ts';
import type { Probe } from '../../services/preflight/facts.ts';
import { pages } from '../documentation.ts';
import type { About, Finding } from '../finding.ts';
import { anywhere, finding, inAzure, judge, type Rule, textOf, together, unknown, withTarget } from '../rule.ts';
import type { ServiceSnapshot, Snapshot } from '../snapshot.ts';

const exportStorage: About = {
  id: 'staging.exportStorage',
  severity: 'blocker',
  title: 'Storage account for exports',
  guidance: 'Choose a storage account on the page Export of the source.',
  documentation: pages.exportingGen1,
};
const importSettings: About = {
  id: 'staging.importSettings',
  severity: 'blocker',
  title: 'Import settings of the target',
  guidance:
    'Set importConfiguration: enabled true, initialImportMode false, integrationDataStore the account that the source exports to.',
  documentation: pages.importSettings,
};
const sameAccount: About = {
  id: 'staging.sameAccount',
  severity: 'blocker',
  title: 'The target imports from another account than the source exports to',
  guidance: 'Set the same account on both services.',
  documentation: pages.importSettings,
};
const subscription: About = {
  id: 'staging.subscription',
  severity: 'action',
  title: 'The staging account is in another subscription than a service',
  guidance: 'Export and import storage belong to the subscription of the service: choose an account there.',
  documentation: pages.exporting,
};
const tenant: About = {
  id: 'staging.tenant',
  severity: 'action',
  title: 'Source and target are in different tenants',
  guidance:
    'Import data must be in the tenant of the target. Use an account that both services may use, and sign in to both tenants.',
  documentation: pages.importing,
};
const firewall: About = {
  id: 'staging.firewall',
  severity: 'blocker',
  title: 'The firewall of the staging account keeps a service out',
  guidance: 'Add resource instance rules for both services, or the exception for trusted Azure services.',
  documentation: pages.storageNetwork,
};
const hierarchical: About = {
  id: 'staging.hierarchicalNamespace',
  severity: 'check',
  title: 'The staging account has no hierarchical namespace',
  guidance: 'The documentation of exports asks for Data Lake Storage Gen2; plain StorageV2 accounts work as well.',
  documentation: pages.exporting,
};
const eventGrid: About = {
  id: 'staging.eventGrid',
  severity: 'action',
  title: 'Event Grid filters would fire on the migration container',
  guidance: "Exclude the container 'migration' in the filter of each subscription until the staged files are deleted.",
  documentation: pages.storageEvents,
};
const migrationContainer = '/blobServices/default/containers/migration/';
const identity = (side: 'source' | 'target'): About => ({
  id: `staging.${side}Identity`,
  severity: 'blocker',
  title: `The identity of the ${side} may not use the staging account`,
  guidance: `Turn on the managed identity of the ${side} and assign it Storage Blob Data Contributor on the account, not on its resource group.`,
  documentation: side === 'source' ? pages.exportingGen1 : pages.importSettings,
});

const writers: ReadonlySet<string> = new Set([
  roleDefinitionIds.storageBlobDataContributor,
  roleDefinitionIds.storageBlobDataOwner,
]);

/** Where a migration stages its files, and who gets there. */
export const stagingRules: readonly Rule[] = [
  inAzure(({ source }) =>
    judge(exportStorage, source.resource, (resource) =>
      textOf(resource, 'exportConfiguration', 'storageAccountName') === undefined
        ? `${source.name} has no storage account for exports.`
        : undefined,
    ),
  ),
  withTarget((_, target) =>
    judge(importSettings, target.resource, (resource) => {
      const setting = (name: string) => at(resource, 'properties', 'importConfiguration', name);
      if (setting('enabled') !== true) return `Import is off on ${target.name}.`;
      return setting('initialImportMode') === true
        ? `${target.name} is in initial import mode, which loses dates and versions and locks the service.`
        : undefined;
    }),
  ),
  inAzure(
    withTarget(({ source }, target) =>
      judge(sameAccount, together(source.resource, target.resource), ([from, to]) => {
        const exportTo = textOf(from, 'exportConfiguration', 'storageAccountName');
        const importFrom = textOf(to, 'importConfiguration', 'integrationDataStore');
        if (exportTo === undefined || importFrom === undefined) return undefined;
        return exportTo.toLowerCase() === importFrom.toLowerCase()
          ? undefined
          : `${source.name} exports to ${exportTo}, ${target.name} imports from ${importFrom}.`;
      }),
    ),
  ),
  anywhere(({ source, target, staging }) =>
    judge(subscription, staging, ({ name, resourceId }) => {
      const outside = [source, ...(target === undefined ? [] : [target])].filter(
        ({ subscriptionId }) =>
          subscriptionId !== undefined &&
          !resourceId.toLowerCase().startsWith(`/subscriptions/${subscriptionId.toLowerCase()}/`),
      );
      return outside.length === 0
        ? undefined
        : `${name} is not in the subscription of ${outside.map((one) => one.name).join(' and ')}.`;
    }),
  ),
  withTarget(({ source }, target) =>
    source.tenantId === undefined || target.tenantId === undefined || source.tenantId === target.tenantId
      ? []
      : [
          finding(
            tenant,
            `${source.name} is in ${source.tenantId}, ${target.name} in ${target.tenantId}.`,
            'ARM resource ids',
          ),
        ],
  ),
  firewallRule,
  anywhere(({ staging }) =>
    judge(hierarchical, staging, ({ name, hierarchicalNamespace }) =>
      hierarchicalNamespace ? undefined : `${name} is a plain account.`,
    ),
  ),
  anywhere(({ eventSubscriptions }) =>
    judge(eventGrid, eventSubscriptions, (subscriptions) => {
      const firing = subscriptions.filter(({ subjectBeginsWith: prefix }) => migrationContainer.startsWith(prefix));
      const names = firing.map(({ name, furtherFilters }) => (furtherFilters ? `${name} (has further filters)` : name));
      return firing.length === 0 ? undefined : `Subscriptions: ${names.join(', ')}.`;
    }),
  ),
  inAzure((snapshot) => identityFindings('source', snapshot.source, snapshot)),
  withTarget((snapshot, target) => identityFindings('target', target, snapshot)),
];

function firewallRule({ source, target, staging }: Snapshot): readonly Finding[] {
  return judge(firewall, staging, (account) => {
    if (account.openToAll) return undefined;
    const outside = [source, ...(target === undefined ? [] : [target])].filter(
      ({ resourceId }) =>
        resourceId === undefined ||
        !account.allowedResources.some((id) => `${resourceId.toLowerCase()}/`.startsWith(`${id}/`)),
    );
    if (outside.length === 0) return undefined;
    const seen = `The firewall of ${account.name} has no rule for ${outside.map(({ name }) => name).join(' and ')}.`;
    return account.trustedServices
      ? { seen: `${seen} It lets trusted Azure services through.`, severity: 'check' }
      : seen;
  });
}

function identityFindings(
  side: 'source' | 'target',
  service: ServiceSnapshot,
  { stagingRoles }: Pick<Snapshot, 'stagingRoles'>,
): readonly Finding[] {
  const about = identity(side);
  const principal: Probe<string | undefined> = service.resource.ok
    ? { ...service.resource, value: principalOf(service.resource.value) }
    : service.resource;
  if (
    service.resource.ok &&
    principalOf(service.resource.value) === undefined &&
    identityKind(service.resource.value).includes('UserAssigned')
  )
    return [
      unknown(
        about,
        `${service.name} uses a user-assigned identity, whose roles are not looked up.`,
        service.resource.request,
      ),
    ];
  if (principal.ok && principal.value === undefined)
    return [finding(about, `${service.name} has no managed identity.`, principal.request)];
  return judge(about, together(principal, stagingRoles), ([id, roles]) =>
    roles.some(({ principalId, roleDefinitionId }) => principalId === id && writers.has(roleDefinitionId))
      ? undefined
      : `The identity of ${service.name} has no role there that lets it write blobs.`,
  );
}

function principalOf(resource: Readonly<Record<string, unknown>>): string | undefined {
  const id = at(resource, 'identity', 'principalId');
  return typeof id === 'string' ? id : undefined;
}

function identityKind(resource: Readonly<Record<string, unknown>>): string {
  const type = at(resource, 'identity', 'type');
  return typeof type === 'string' ? type : '';
}
