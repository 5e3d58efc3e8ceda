/** What a role grants. Patterns hold `*`; a `not…` list takes away from the list beside it. */
export interface RoleDefinition {
  readonly id: string;
  readonly name: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

const gen1 = 'Microsoft.HealthcareApis/services/fhir/resources';
const ahds = 'Microsoft.HealthcareApis/workspaces/fhirservices/resources';
const blobs = 'Microsoft.Storage/storageAccounts/blobServices';

const onBoth = (...operations: readonly string[]): string[] =>
  [gen1, ahds].flatMap((base) => operations.map((operation) => `${base}/${operation}`));

const role = (id: string, name: string, grants: Partial<Omit<RoleDefinition, 'id' | 'name'>>): RoleDefinition => ({
  id,
  name,
  actions: [],
  notActions: [],
  dataActions: [],
  notDataActions: [],
  ...grants,
});

/** The built-in roles that a migration meets (Microsoft Learn, role-based-access-control: built-in-roles). */
export const roleDefinitions: readonly RoleDefinition[] = [
  role('8e3af657-a8ff-443c-a75c-2fe8c4bcb635', 'Owner', { actions: ['*'] }),
  role('b24988ac-6180-42a0-ab88-20f7382dd24c', 'Contributor', {
    actions: ['*'],
    notActions: ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write'],
  }),
  role('acdd72a7-3385-48ef-bd42-f606fba81ae7', 'Reader', { actions: ['*/read'] }),
  role('18d7d88d-d35e-4fb5-a5c3-7773c20a72d9', 'User Access Administrator', {
    actions: ['*/read', 'Microsoft.Authorization/*'],
  }),
  role('5a1fc7df-4bf1-4951-a576-89034ee01acd', 'FHIR Data Contributor', {
    dataActions: onBoth('*'),
    notDataActions: onBoth('smart/action'),
  }),
  role('4465e953-8ced-4406-a58e-0f6e3f3b530b', 'FHIR Data Importer', {
    dataActions: [`${ahds}/read`, `${ahds}/import/action`],
  }),
  role('3db33094-8700-4567-8da5-1501d4e7e843', 'FHIR Data Exporter', { dataActions: onBoth('read', 'export/action') }),
  role('4c8d0bbc-75d3-4935-991f-5f3c56d81508', 'FHIR Data Reader', { dataActions: onBoth('read') }),
  role('3f88fce4-5892-4214-ae73-ba5294559913', 'FHIR Data Writer', {
    dataActions: onBoth(
      ...['read', 'write', 'delete', 'export/action', 'resourceValidate/action', 'reindex/action'],
      ...['convertData/action', 'editProfileDefinitions/action', 'import/action'],
    ),
  }),
  role('a1705bd2-3a8f-45a5-8683-466fcfd5cc24', 'FHIR Data Converter', { dataActions: onBoth('convertData/action') }),
  role('4ba50f17-9666-485c-a643-ff00808643f0', 'FHIR SMART User', { dataActions: onBoth('smart/action') }),
  role('b7e6dc6d-f1e8-4753-8033-0f276bb0955b', 'Storage Blob Data Owner', {
    actions: [`${blobs}/containers/*`, `${blobs}/generateUserDelegationKey/action`],
    dataActions: [`${blobs}/containers/blobs/*`],
  }),
  role('ba92f5b4-2d11-453d-a403-e96b0029c9fe', 'Storage Blob Data Contributor', {
    actions: [
      ...[`${blobs}/containers/read`, `${blobs}/containers/write`, `${blobs}/containers/delete`],
      `${blobs}/generateUserDelegationKey/action`,
    ],
    dataActions: ['read', 'write', 'delete', 'move/action', 'add/action'].map(
      (op) => `${blobs}/containers/blobs/${op}`,
    ),
  }),
  role('2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', 'Storage Blob Data Reader', {
    actions: [`${blobs}/containers/read`, `${blobs}/generateUserDelegationKey/action`],
    dataActions: [`${blobs}/containers/blobs/read`],
  }),
  role('db58b8e5-c6ad-4a2a-8342-4190687cbf4a', 'Storage Blob Delegator', {
    actions: [`${blobs}/generateUserDelegationKey/action`],
  }),
  role('17d1049b-9a84-46fb-8f53-869881c3d3ab', 'Storage Account Contributor', {
    actions: [
      ...['Microsoft.Authorization/*/read', 'Microsoft.Insights/diagnosticSettings/*', 'Microsoft.Storage/*'],
      'Microsoft.Resources/subscriptions/resourceGroups/read',
    ],
  }),
  role('0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', 'Storage Table Data Contributor', {
    actions: ['Microsoft.Storage/storageAccounts/tableServices/tables/*'],
    dataActions: ['Microsoft.Storage/storageAccounts/tableServices/tables/entities/*'],
  }),
  role('974c5e8b-45b9-4653-ba55-5f855dd0fb88', 'Storage Queue Data Contributor', {
    actions: ['Microsoft.Storage/storageAccounts/queueServices/queues/*'],
    dataActions: ['Microsoft.Storage/storageAccounts/queueServices/queues/messages/*'],
  }),
  role('7f951dda-4ed3-4680-a7ca-43fe172d538d', 'AcrPull', {
    actions: ['Microsoft.ContainerRegistry/registries/pull/read'],
  }),
  role('e147488a-f6f5-4113-8e2d-b22465e65bf6', 'Key Vault Crypto Service Encryption User', {
    actions: ['Microsoft.EventGrid/eventSubscriptions/*'],
    dataActions: [
      'Microsoft.KeyVault/vaults/keys/read',
      'Microsoft.KeyVault/vaults/keys/wrap/action',
      'Microsoft.KeyVault/vaults/keys/unwrap/action',
    ],
  }),
];

const byId = new Map(roleDefinitions.map((definition) => [definition.id, definition]));
const byName = new Map(roleDefinitions.map((definition) => [definition.name.toLowerCase(), definition]));

/** A role by its GUID, by a role definition id that ends in it, or by its name. */
export function findRole(idOrName: string): RoleDefinition | undefined {
  const last = idOrName.split('/').at(-1)?.toLowerCase() ?? '';
  return byId.get(last) ?? byName.get(idOrName.toLowerCase());
}

/** True when the role's action lists hold the action; case does not matter. */
export function grants(definition: RoleDefinition, action: string, kind: 'actions' | 'dataActions'): boolean {
  const not = kind === 'actions' ? definition.notActions : definition.notDataActions;
  return (
    definition[kind].some((pattern) => matches(pattern, action)) && !not.some((pattern) => matches(pattern, action))
  );
}

const compiled = new Map<string, RegExp>();

function matches(pattern: string, action: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(`^${pattern.replace(/[./]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
    compiled.set(pattern, expression);
  }
  return expression.test(action);
}
