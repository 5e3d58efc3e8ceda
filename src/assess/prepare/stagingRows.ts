import { parseResourceId, workspaceIdOf } from '../../azure/resourceId.ts';
import { valueAt } from '../../azure/resourceEdits.ts';
import { roleDefinitionIds } from '../../azure/roleAssignments.ts';
import { shellWord } from '../../compare/changes/changeWords.ts';
import type { ContainerChange, RoleChange } from '../../compare/changes/change.ts';
import {
  assignRoles,
  blockedBy,
  type ChangeableResource,
  settingsChange,
  writeOf,
} from '../../compare/changes/changeable.ts';
import type { PrepareFacts } from './facts.ts';
import { type About, advice, change, type PrepareRow, ready, unknown } from './row.ts';

type Side = 'source' | 'target';

const writers: ReadonlySet<string> = new Set([
  roleDefinitionIds.storageBlobDataContributor,
  roleDefinitionIds.storageBlobDataOwner,
]);

/** The role with which the identity of a service reads and writes the staging account: at the account, not above it. */
export function stagingRoleRow(facts: PrepareFacts, side: Side): PrepareRow {
  const service = facts.plan[side];
  const about: About = {
    id: `staging.${side}Role`,
    title: `Role of ${service.name} on the staging account`,
    wanted: 'Storage Blob Data Contributor on the account',
    guidance: 'Role changes take some minutes to spread.',
  };
  const { resource, identityRoles } = facts[side];
  const { account } = facts;
  if (resource === undefined)
    return advice(
      { ...about, guidance: 'Give the server access to the account in its own settings.' },
      'not to be seen',
    );
  if (!account.ok) return unknown(about, account.failure);
  if (!resource.ok) return unknown(about, resource.failure);
  if (identityRoles?.ok === false) return unknown(about, identityRoles.failure);
  const [own, other] = [resource.value.tenantId, account.value.tenantId];
  if (own !== undefined && other !== undefined && own !== other)
    return advice(
      {
        ...about,
        guidance: 'Identities of another tenant cannot be assigned: stage in an account of the same tenant.',
      },
      'the account is in another tenant',
    );
  const type = valueAt(resource.value.json, ['identity', 'type']);
  if (typeof type === 'string' && /userassigned/i.test(type) && !/systemassigned/i.test(type))
    return advice(
      { ...about, guidance: 'Make sure that its user-assigned identity holds the role.' },
      'user-assigned, whose roles are not checked',
    );
  const held = (identityRoles?.value ?? []).filter(({ roleDefinitionId }) => writers.has(roleDefinitionId));
  const scope = account.value.resourceId;
  if (held.some((one) => one.scope?.toLowerCase() === scope.toLowerCase())) return ready(about, 'held on the account');
  const [above] = held;
  if (above !== undefined)
    return ready(
      about,
      `held through ${scopeWords(above.scope)}`,
      'It works, but reaches further than the account: a role on the account itself would be enough.',
    );
  const wanted: RoleChange = {
    kind: 'role',
    id: about.id,
    title: about.title,
    scope,
    scopeName: account.value.name,
    tenantId: account.value.tenantId,
    roleDefinitionId: roleDefinitionIds.storageBlobDataContributor,
    holder: { identityOf: resource.value.resourceId },
    holderName: `the identity of ${service.name}`,
  };
  const principal = valueAt(resource.value.json, ['identity', 'principalId']);
  const known: RoleChange =
    typeof principal === 'string'
      ? { ...wanted, holder: { principalId: principal, principalType: 'ServicePrincipal' } }
      : wanted;
  return change(about, 'not held', [known], blockedBy(account.value, assignRoles));
}

function scopeWords(scope: string | undefined): string {
  if (scope === undefined || scope === '/') return 'the tenant';
  const parts = scope.split('/');
  if (parts.length === 3) return 'the subscription';
  return parts.length === 5 ? `the resource group ${parts[4] ?? ''}` : 'a resource above';
}

/** The container for the staged files. */
export function containerRow({ plan, container, account }: PrepareFacts): PrepareRow {
  const { accountName, blobEndpoint, container: name } = plan.staging;
  const about: About = {
    id: 'staging.container',
    title: `Container '${name}'`,
    wanted: 'there',
    guidance: 'The first export makes it, too; making it now shows that you can reach the account.',
  };
  if (!container.ok) return unknown(about, container.failure);
  if (container.value === 'present') return ready(about, 'there');
  const tenantId = plan.staging.tenantId ?? (account.ok ? account.value.tenantId : undefined);
  const wanted: ContainerChange = {
    kind: 'container',
    id: about.id,
    title: `Create the container ${name}`,
    accountName,
    blobEndpoint,
    tenantId,
    container: name,
  };
  return change(about, 'not there', [wanted], undefined);
}

interface AccessRule {
  readonly tenantId: string;
  readonly resourceId: string;
}

/** The firewall of the staging account lets both services through. */
export function firewallRow(facts: PrepareFacts): PrepareRow {
  const about: About = {
    id: 'staging.network',
    title: 'Firewall of the staging account',
    wanted: 'open for both services',
    guidance: 'A resource instance rule lets exactly these services in, and nobody else.',
  };
  if (!facts.account.ok) return unknown(about, facts.account.failure);
  const account = facts.account.value;
  const access = valueAt(account.json, ['properties', 'publicNetworkAccess']);
  const closed = typeof access === 'string' && /^(?:disabled|securedbyperimeter)$/i.test(access);
  const denies = /^deny$/i.test(textOf(account, 'defaultAction'));
  if (!closed && !denies) return ready(about, 'open to all networks');
  const rules = rulesOf(account);
  const outside = [facts.source, facts.target].flatMap(({ resource }) =>
    resource?.ok === true && !rules.some((rule) => covers(rule.resourceId, resource.value.resourceId))
      ? [resource.value]
      : [],
  );
  const trusted = /\bAzureServices\b/i.test(textOf(account, 'bypass'));
  if (outside.length === 0) return ready(about, 'rules for both services');
  if (closed)
    return advice(
      { ...about, guidance: 'Allow selected networks on the account, or give the services a private path to it.' },
      'public network access is off',
    );
  const names = outside.map(({ name }) => name).join(' and ');
  if (trusted)
    return ready(
      about,
      `no rule for ${names}, but trusted Azure services are let through`,
      'If exports or imports end in 403, add resource instance rules for both services.',
    );
  const added = outside.flatMap(({ resourceId, tenantId }) =>
    tenantId === undefined ? [] : instancesOf(resourceId).map((id) => ({ tenantId, resourceId: id })),
  );
  const edits = [{ path: ['properties', 'networkAcls', 'resourceAccessRules'], value: [...rules, ...added] }];
  const wanted = settingsChange(about.id, `Let ${names} through the firewall`, account, edits);
  const current = `no rule for ${names}`;
  return change(about, current, wanted === undefined ? [] : [wanted], blockedBy(account, writeOf(account)));
}

/** Rules for a service of AHDS are made for its workspace and for itself (Microsoft Learn, configure-import-data). */
function instancesOf(resourceId: string): readonly string[] {
  const workspace = workspaceIdOf(resourceId);
  return workspace === undefined ? [resourceId] : [workspace, resourceId];
}

const textOf = (account: ChangeableResource, key: string): string => {
  const value = valueAt(account.json, ['properties', 'networkAcls', key]);
  return typeof value === 'string' ? value : '';
};

function rulesOf(account: ChangeableResource): readonly AccessRule[] {
  const rules = valueAt(account.json, ['properties', 'networkAcls', 'resourceAccessRules']);
  return Array.isArray(rules) ? rules.filter(isRule) : [];
}

const isRule = (value: unknown): value is AccessRule =>
  typeof value === 'object' && value !== null && 'resourceId' in value && typeof value.resourceId === 'string';

/** A rule for a workspace lets its FHIR services through. */
const covers = (rule: string, resourceId: string): boolean =>
  `${resourceId.toLowerCase()}/`.startsWith(`${rule.toLowerCase()}/`);

/** Event Grid subscriptions of the account that would fire for every staged file. */
export function eventGridRow({ plan, events, account }: PrepareFacts): PrepareRow {
  const prefix = `/blobServices/default/containers/${plan.staging.container}/`;
  const about: About = {
    id: 'staging.eventGrid',
    title: 'Event Grid subscriptions of the staging account',
    wanted: `none that fires for the container '${plan.staging.container}'`,
    guidance: 'Exclude the container in the filter of each subscription until the staged files are deleted.',
  };
  if (!events.ok) return unknown(about, events.failure);
  const firing = events.value.filter(({ subjectBeginsWith }) => meets(prefix, subjectBeginsWith));
  if (firing.length === 0) return ready(about, events.value.length === 0 ? 'none' : 'none fires for the container');
  const sure = firing.filter(({ furtherFilters }) => !furtherFilters);
  const id = account.ok ? account.value.resourceId : '<resource id of the account>';
  const commands = firing.map(({ name }) =>
    [
      ...['az', 'eventgrid', 'event-subscription', 'update', '--name', name, '--source-resource-id', id],
      ...['--advanced-filter', 'subject', 'StringNotBeginsWith', prefix],
    ]
      .map(shellWord)
      .join(' '),
  );
  const names = firing.map(({ name }) => name).join(', ');
  const current = sure.length === 0 ? `${names} may fire, depending on further filters` : `${names} would fire`;
  return advice(about, current, commands);
}

const meets = (prefix: string, begins: string): boolean =>
  begins === '' ||
  prefix.toLowerCase().startsWith(begins.toLowerCase()) ||
  begins.toLowerCase().startsWith(prefix.toLowerCase());

/** Private endpoints: of Azure API for FHIR at the service, of AHDS at the workspace, with another group and other zones. */
export function privateLinkRow({ plan, source, workspace }: PrepareFacts): PrepareRow {
  const about: About = {
    id: 'network.privateLink',
    title: 'Private Link',
    wanted: 'the target is reached the way the source is',
    guidance:
      "Make a private endpoint for the workspace of the target (group 'healthcareworkspace') in the network of the applications, with the zones privatelink.fhir.azurehealthcareapis.com and privatelink.dicom.azurehealthcareapis.com. Approving it turns public access off; allow 5 minutes.",
  };
  if (source.resource === undefined || workspace === undefined)
    return advice({ ...about, guidance: 'Check that applications will reach the target.' }, 'not to be seen');
  if (!source.resource.ok) return unknown(about, source.resource.failure);
  if (!workspace.ok) return unknown(about, workspace.failure);
  const count = (json: Readonly<Record<string, unknown>>): number => {
    const connections = valueAt(json, ['properties', 'privateEndpointConnections']);
    return Array.isArray(connections) ? connections.length : 0;
  };
  const [from, to] = [count(source.resource.value.json), count(workspace.value)];
  const current = `${from} private endpoints at the source, ${to} at the workspace of the target`;
  if (from === 0 || to > 0) return ready(about, current);
  const id = parseResourceId(plan.target.resourceId ?? '');
  const workspaceId = (plan.target.resourceId ?? '').replace(/\/fhirservices\/[^/]+$/i, '');
  const command = [
    ...['az', 'network', 'private-endpoint', 'create', '--name', `${id?.names[0] ?? 'workspace'}-endpoint`],
    ...['--connection-name', `${id?.names[0] ?? 'workspace'}-connection`, '--group-id', 'healthcareworkspace'],
    ...['--private-connection-resource-id', workspaceId],
  ]
    .map(shellWord)
    .concat('--resource-group <of the network> --vnet-name <network> --subnet <subnet>')
    .join(' ');
  return advice(about, current, [command]);
}
