import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import type { ArmClient } from './armClient.ts';
import { armRows } from './armRows.ts';
import { parseResourceId } from './resourceId.ts';

const apiVersion = '2022-04-01';

/** Role definitions by name (Microsoft Learn, role-based-access-control/built-in-roles). */
export const roleDefinitionIds = {
  fhirDataContributor: '5a1fc7df-4bf1-4951-a576-89034ee01acd',
  fhirDataImporter: '4465e953-8ced-4406-a58e-0f6e3f3b530b',
  fhirDataExporter: '3db33094-8700-4567-8da5-1501d4e7e843',
  fhirDataReader: '4c8d0bbc-75d3-4935-991f-5f3c56d81508',
  fhirDataWriter: '3f88fce4-5892-4214-ae73-ba5294559913',
  fhirDataConverter: 'a1705bd2-3a8f-45a5-8683-466fcfd5cc24',
  fhirSmartUser: '4ba50f17-9666-485c-a643-ff00808643f0',
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
} as const;

const roleNames: Readonly<Record<string, string>> = {
  [roleDefinitionIds.fhirDataContributor]: 'FHIR Data Contributor',
  [roleDefinitionIds.fhirDataImporter]: 'FHIR Data Importer',
  [roleDefinitionIds.fhirDataExporter]: 'FHIR Data Exporter',
  [roleDefinitionIds.fhirDataReader]: 'FHIR Data Reader',
  [roleDefinitionIds.fhirDataWriter]: 'FHIR Data Writer',
  [roleDefinitionIds.fhirDataConverter]: 'FHIR Data Converter',
  [roleDefinitionIds.fhirSmartUser]: 'FHIR SMART User',
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635': 'Owner',
  'b24988ac-6180-42a0-ab88-20f7382dd24c': 'Contributor',
  'acdd72a7-3385-48ef-bd42-f606fba81ae7': 'Reader',
  '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9': 'User Access Administrator',
};

/** True for a built-in role whose meaning is known here; custom roles and all others are not. */
export const isKnownRole = (roleDefinitionId: string): boolean =>
  Object.hasOwn(roleNames, roleDefinitionId) || Object.values<string>(roleDefinitionIds).includes(roleDefinitionId);

/** Name of a built-in role that matters to FHIR services; of any other one its id. */
export const roleName = (roleDefinitionId: string): string => roleNames[roleDefinitionId] ?? `Role ${roleDefinitionId}`;

export interface RoleAssignment {
  /** Lower-case GUID of the role definition. */
  readonly roleDefinitionId: string;
  readonly principalId: string;
  readonly principalType: string | undefined;
  readonly scope: string | undefined;
  /** Narrows what the role grants (azure-abac); absent where it holds as a whole. */
  readonly condition?: string | undefined;
}

const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const rowSchema = v.object({
  properties: v.object({
    roleDefinitionId: v.string(),
    principalId: v.string(),
    principalType: v.optional(v.nullable(v.string())),
    scope: v.optional(v.nullable(v.string())),
    condition: v.optional(v.nullable(v.string())),
  }),
});

/**
 * Roles that a principal holds at a resource, inherited ones and those of its groups included; without a principal, all
 * assignments at the resource and above it. Assignments made through Azure Lighthouse are not listed (Microsoft Learn,
 * role-assignments-list-rest).
 */
export async function readRoleAssignments(
  arm: ArmClient,
  resourceId: string,
  principalId: string | undefined,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<readonly RoleAssignment[]> {
  checkResource(resourceId);
  // Goes into a filter, so only what a principal's id may be.
  if (principalId !== undefined && !guidPattern.test(principalId))
    throw new FailureError({ kind: 'invalidInput', message: 'The id of an identity is not a GUID.' });
  const assignments: RoleAssignment[] = [];
  const rows = armRows(
    arm,
    {
      path: `${resourceId.replace(/\/+$/, '')}/providers/Microsoft.Authorization/roleAssignments`,
      apiVersion,
      query: [['$filter', principalId === undefined ? 'atScope()' : `atScope() and assignedTo('${principalId}')`]],
      template: '/{resource}/providers/Microsoft.Authorization/roleAssignments',
      tried: 'Reading role assignments',
      tenantId,
    },
    rowSchema,
    signal,
  );
  for await (const row of rows) {
    const { roleDefinitionId, principalId: holder, principalType, scope, condition } = row.properties;
    assignments.push({
      roleDefinitionId: (roleDefinitionId.split('/').at(-1) ?? '').toLowerCase(),
      principalId: holder,
      principalType: principalType ?? undefined,
      scope: scope ?? undefined,
      ...(condition ? { condition } : {}),
    });
  }
  return assignments;
}

const actions = v.optional(v.array(v.string()), []);
const permissionSchema = v.object({ actions, notActions: actions, dataActions: actions, notDataActions: actions });

/** What the signed-in account may do at a resource, one entry for each role that gives something. */
export async function readPermissions(
  arm: ArmClient,
  resourceId: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<readonly v.InferOutput<typeof permissionSchema>[]> {
  checkResource(resourceId);
  const permissions: v.InferOutput<typeof permissionSchema>[] = [];
  const rows = armRows(
    arm,
    {
      path: `${resourceId.replace(/\/+$/, '')}/providers/Microsoft.Authorization/permissions`,
      apiVersion,
      template: '/{resource}/providers/Microsoft.Authorization/permissions',
      tried: 'Reading permissions',
      tenantId,
    },
    permissionSchema,
    signal,
  );
  for await (const row of rows) {
    permissions.push(row);
  }
  return permissions;
}

function checkResource(resourceId: string): void {
  if (parseResourceId(resourceId) === undefined)
    throw new FailureError({ kind: 'invalidInput', message: 'That is not the id of an Azure resource.' });
}
