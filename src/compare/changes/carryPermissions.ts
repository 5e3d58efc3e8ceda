import { isKnownRole, roleDefinitionIds, roleName } from '../../azure/roleAssignments.ts';
import { at, type ConfiguredService } from '../configurationSettings.ts';
import type { ServiceRoles } from '../roleDrift.ts';
import type { RoleChange } from './change.ts';
import { assignRoles, blockedBy, type ChangeableResource } from './changeable.ts';

/**
 * `held`: the target has it already; `assign`: can be assigned; `foreign`: the id is of another tenant; `check`: somebody
 * has to decide.
 */
export type PermissionState = 'held' | 'assign' | 'foreign' | 'check';

/** One right to the source's data, and what becomes of it on the target. */
export interface PermissionRow {
  readonly principalId: string;
  readonly principalType: string | undefined;
  /** Where the source has it from, for example `FHIR Data Reader` or `access policy`. */
  readonly from: string;
  /** The role on the target that means the same. */
  readonly role: string;
  readonly state: PermissionState;
  readonly guidance: string;
  readonly change: RoleChange | undefined;
  readonly blocked: string | undefined;
}

export interface PermissionInput {
  readonly source: ConfiguredService & { readonly tenantId: string | undefined };
  readonly sourceRoles: ServiceRoles;
  readonly target: ChangeableResource;
  readonly targetRoles: ServiceRoles;
}

/** Built-in roles for data; each holds for both kinds of service (Microsoft Learn, built-in-roles/integration). */
const dataRoles: ReadonlySet<string> = new Set([
  roleDefinitionIds.fhirDataContributor,
  roleDefinitionIds.fhirDataExporter,
  roleDefinitionIds.fhirDataReader,
  roleDefinitionIds.fhirDataWriter,
  roleDefinitionIds.fhirDataConverter,
  roleDefinitionIds.fhirDataImporter,
  roleDefinitionIds.fhirSmartUser,
]);

interface Right {
  readonly principalId: string;
  readonly principalType: string | undefined;
  readonly roleDefinitionId: string;
  readonly from: string;
  readonly fromPolicy: boolean;
  /** Under which the right holds on the source. */
  readonly condition?: string | undefined;
}

/**
 * The rights to data that somebody has on the source, translated for the target: roles one to one, access policies to FHIR
 * Data Contributor. Built-in roles of the control plane are left out; of any other role somebody has to decide. Pure.
 */
export function carryPermissions(input: PermissionInput): readonly PermissionRow[] {
  const { targetRoles, sourceRoles } = input;
  // A right under a condition is less than the same right without one.
  const held = new Set(
    targetRoles.assignments
      .filter(({ condition }) => condition === undefined)
      .map((one) => keyOf(one.principalId, one.roleDefinitionId)),
  );
  const own = sourceRoles.principalId?.toLowerCase();
  const seen = new Set<string>();
  return [...assigned(sourceRoles), ...policies(input.source)].flatMap((right) => {
    const key = keyOf(right.principalId, right.roleDefinitionId);
    if (seen.has(key) || right.principalId.toLowerCase() === own) return [];
    seen.add(key);
    return [rowOf(right, held.has(key), input)];
  });
}

const keyOf = (principalId: string, roleDefinitionId: string): string =>
  `${principalId} ${roleDefinitionId}`.toLowerCase();

const assigned = ({ assignments }: ServiceRoles): readonly Right[] =>
  assignments
    // A role that is not known here may be a custom one that grants data, too.
    .filter(({ roleDefinitionId }) => dataRoles.has(roleDefinitionId) || !isKnownRole(roleDefinitionId))
    // The same role twice: what holds without a condition counts.
    .toSorted((a, b) => Number(a.condition !== undefined) - Number(b.condition !== undefined))
    .map(({ principalId, principalType, roleDefinitionId, condition }) => ({
      condition,
      principalId,
      principalType,
      roleDefinitionId,
      from: roleName(roleDefinitionId),
      fromPolicy: false,
    }));

/** Each id of an access policy has full rights (Microsoft Learn, configure-local-rbac). */
function policies({ resource }: ConfiguredService): readonly Right[] {
  const listed = at(resource, 'properties', 'accessPolicies');
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((policy: unknown) => {
    const id = typeof policy === 'object' && policy !== null && 'objectId' in policy ? policy.objectId : undefined;
    if (typeof id !== 'string') return [];
    const roleDefinitionId = roleDefinitionIds.fhirDataContributor;
    return [{ principalId: id, principalType: undefined, roleDefinitionId, from: 'access policy', fromPolicy: true }];
  });
}

const holderTypes = ['ServicePrincipal', 'User', 'Group'] as const;

function rowOf(right: Right, held: boolean, { source, target }: PermissionInput): PermissionRow {
  const { principalId, principalType, roleDefinitionId, from } = right;
  const row = {
    principalId,
    principalType,
    from,
    role: roleName(roleDefinitionId),
    change: undefined,
    blocked: undefined,
  };
  if (held) return { ...row, state: 'held', guidance: 'Held on the target already.' };
  const foreign = foreignBecause(right, source, target);
  if (foreign !== undefined) return { ...row, state: 'foreign', guidance: foreign };
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(principalId))
    return { ...row, state: 'check', guidance: 'This is not the object id of anybody.' };
  if (right.condition !== undefined)
    return {
      ...row,
      state: 'check',
      guidance: `It holds under a condition, which may not mean the same on the target. Assign it by hand with one: ${right.condition.slice(0, 200)}`,
    };
  if (!dataRoles.has(roleDefinitionId))
    return {
      ...row,
      state: 'check',
      guidance:
        'Not a built-in role for FHIR data. If it is a custom one that grants data of the source, make one with the data actions of Microsoft.HealthcareApis/workspaces/fhirservices and assign it.',
    };
  const change: RoleChange = {
    kind: 'role',
    id: `role ${roleDefinitionId} ${principalId}`.toLowerCase(),
    title: `${row.role} for ${principalId}`,
    scope: target.resourceId,
    scopeName: target.name,
    tenantId: target.tenantId,
    roleDefinitionId,
    holder: { principalId, principalType: holderTypes.find((one) => one === principalType) },
    holderName: `${principalType ?? 'principal'} ${principalId}`,
  };
  return {
    ...row,
    state: 'assign',
    guidance:
      roleDefinitionId === roleDefinitionIds.fhirSmartUser
        ? 'SMART on FHIR (Enhanced) uses this role on the target, too.'
        : right.fromPolicy
          ? 'Access policies give full rights. A narrower role may be enough.'
          : 'The same role, on the target itself.',
    change,
    blocked: blockedBy(target, assignRoles),
  };
}

/** Ids of another tenant cannot be assigned: the id means nothing, or somebody else, in the tenant of the target. */
function foreignBecause(
  { fromPolicy, principalType }: Right,
  source: PermissionInput['source'],
  target: ChangeableResource,
): string | undefined {
  const advice = 'Give the role to its counterpart in the tenant of the target, for example after inviting the guest.';
  if (source.tenantId !== undefined && target.tenantId !== undefined && source.tenantId !== target.tenantId)
    return `The id belongs to the tenant of the source, ${source.tenantId}. ${advice}`;
  if (principalType === 'ForeignGroup') return `The id is of a group in another tenant. ${advice}`;
  const authority = at(source.resource, 'properties', 'authenticationConfiguration', 'authority');
  const ofOther =
    fromPolicy &&
    typeof authority === 'string' &&
    source.tenantId !== undefined &&
    !authority.toLowerCase().includes(source.tenantId.toLowerCase());
  return ofOther ? `The id belongs to the tenant of the authority ${authority}. ${advice}` : undefined;
}
