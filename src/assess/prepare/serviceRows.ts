import { type Edit, valueAt } from '../../azure/resourceEdits.ts';
import { roleDefinitionIds, roleName } from '../../azure/roleAssignments.ts';
import type { RoleChange } from '../../compare/changes/change.ts';
import {
  assignRoles,
  blockedBy,
  type ChangeableResource,
  settingsChange,
  writeOf,
} from '../../compare/changes/changeable.ts';
import type { PreparedService, PrepareFacts } from './facts.ts';
import { type About, advice, byAddress, change, type PrepareRow, ready, unknown } from './row.ts';

type Side = 'source' | 'target';

const text = (resource: ChangeableResource, ...path: readonly string[]): string | undefined => {
  const value = valueAt(resource.json, path);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const words = (type: string | undefined): readonly string[] => (type ?? '').toLowerCase().split(/[\s,]+/);

/** The managed identity with which a service reaches the staging account. */
export function identityRow(facts: PrepareFacts, side: Side): PrepareRow {
  const about: About = {
    id: `${side}.identity`,
    title: `Managed identity of ${facts.plan[side].name}`,
    wanted: 'system-assigned',
    guidance: `${side === 'source' ? 'Exports' : 'Imports'} reach the staging account with it.`,
  };
  return withResource(about, facts[side], (resource) => {
    const type = text(resource, 'identity', 'type');
    if (words(type).includes('systemassigned')) return ready(about, 'system-assigned');
    if (words(type).includes('userassigned'))
      return advice(
        { ...about, guidance: 'Make sure that it is Storage Blob Data Contributor on the staging account.' },
        'user-assigned, whose roles are not checked',
      );
    const edits: readonly Edit[] = [{ path: ['identity', 'type'], value: 'SystemAssigned' }];
    const wanted = settingsChange(about.id, 'Turn on the system-assigned identity', resource, edits);
    return change(about, 'none', wanted === undefined ? [] : [wanted], blockedBy(resource, writeOf(resource)));
  });
}

/** The account that the source exports to. */
export function exportRow(facts: PrepareFacts): PrepareRow {
  const { accountName } = facts.plan.staging;
  const about: About = {
    id: 'source.exportStorage',
    title: `Export storage of ${facts.plan.source.name}`,
    wanted: accountName,
    guidance: accountWords(facts, 'source') ?? 'The account must be in the subscription of the service.',
  };
  return withResource(about, facts.source, (resource) => {
    const path = ['properties', 'exportConfiguration', 'storageAccountName'];
    const now = text(resource, ...path);
    if (now?.toLowerCase() === accountName) return ready(about, now);
    const wanted = settingsChange(about.id, `Export to ${accountName}`, resource, [{ path, value: accountName }]);
    return change(
      about,
      now ?? 'not set',
      wanted === undefined ? [] : [wanted],
      blockedBy(resource, writeOf(resource)),
    );
  });
}

/** Import of the target: on, incremental, from the staging account. */
export function importRow(facts: PrepareFacts): PrepareRow {
  const { accountName } = facts.plan.staging;
  const about: About = {
    id: 'target.import',
    title: `Import settings of ${facts.plan.target.name}`,
    wanted: `on, incremental, from ${accountName}`,
    guidance:
      accountWords(facts, 'target') ??
      'Initial mode would lose dates and versions and lock the service for everything but imports.',
  };
  return withResource(about, facts.target, (resource) => {
    const base = ['properties', 'importConfiguration'];
    const edits: readonly Edit[] = [
      { path: [...base, 'enabled'], value: true },
      { path: [...base, 'initialImportMode'], value: false },
      { path: [...base, 'integrationDataStore'], value: accountName },
    ];
    const on = valueAt(resource.json, [...base, 'enabled']) === true;
    const initial = valueAt(resource.json, [...base, 'initialImportMode']) === true;
    const store = text(resource, ...base, 'integrationDataStore');
    const current = on ? `on, ${initial ? 'initial' : 'incremental'}, from ${store ?? 'no account'}` : 'off';
    const wanted =
      on && !initial && store?.toLowerCase() === accountName
        ? undefined
        : settingsChange(about.id, `Import incrementally from ${accountName}`, resource, edits);
    return wanted === undefined
      ? ready(about, current)
      : change(about, current, [wanted], blockedBy(resource, writeOf(resource)));
  });
}

/** Services use storage accounts of their own subscription only (azure-control-plane, configuration mapping). */
function accountWords({ account, ...facts }: PrepareFacts, side: Side): string | undefined {
  const { resource } = facts[side];
  if (!account.ok || resource?.ok !== true) return undefined;
  const subscriptionOf = ({ resourceId }: ChangeableResource): string => (resourceId.split('/')[2] ?? '').toLowerCase();
  return subscriptionOf(account.value) === subscriptionOf(resource.value)
    ? undefined
    : `${account.value.name} is in another subscription than ${resource.value.name}: Azure may refuse it there.`;
}

/** Role of the signed-in account for starting exports or imports. */
export function accessRow(facts: PrepareFacts, side: Side): PrepareRow {
  const { plan, caller } = facts;
  const roleDefinitionId = side === 'source' ? roleDefinitionIds.fhirDataExporter : roleDefinitionIds.fhirDataImporter;
  const about: About = {
    id: side === 'source' ? 'you.export' : 'you.import',
    title: side === 'source' ? `You may export from ${plan.source.name}` : `You may import into ${plan.target.name}`,
    wanted: `${roleName(roleDefinitionId)} on the service itself`,
    guidance: 'Role changes take some minutes to spread.',
  };
  const { access, resource } = facts[side];
  if (access.ok) return ready(about, 'granted');
  if (access.failure.kind !== 'forbidden') return unknown(about, access.failure);
  if (resource === undefined) return advice({ ...about, guidance: byAddress }, 'refused');
  if (!resource.ok) return unknown(about, resource.failure);
  const { resourceId: scope, name: scopeName, tenantId } = resource.value;
  const you = caller[side];
  if (you === undefined) return advice(about, 'refused');
  const wanted: RoleChange = {
    kind: 'role',
    id: about.id,
    title: about.title,
    scope,
    scopeName,
    tenantId,
    roleDefinitionId,
    holder: you,
    holderName: 'you',
  };
  return change(about, 'refused', [wanted], blockedBy(resource.value, assignRoles));
}

/** A row about a resource in Azure; unknown with the reason when it cannot be read. */
function withResource(
  about: About,
  { resource }: PreparedService,
  judge: (resource: ChangeableResource) => PrepareRow,
): PrepareRow {
  if (resource === undefined) return advice({ ...about, guidance: byAddress }, 'not to be seen');
  return resource.ok ? judge(resource.value) : unknown(about, resource.failure);
}
