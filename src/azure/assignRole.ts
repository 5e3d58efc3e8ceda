import { createHash } from 'node:crypto';
import { FailureError, toFailure } from '../failure/failure.ts';
import type { ArmClient, ArmRequest } from './armClient.ts';
import { parseResourceId } from './resourceId.ts';

const apiVersion = '2022-04-01';
/** A principal that was just made takes a while to be known everywhere (Microsoft Learn, role-assignments-template). */
const unknownPrincipalWaitsMs = [5_000, 10_000, 20_000, 30_000] as const;

export interface RoleWish {
  /** Resource id at which the role is to hold. */
  readonly scope: string;
  /** Name shown to people. */
  readonly scopeName: string;
  readonly tenantId: string | undefined;
  /** GUID of the role definition. */
  readonly roleDefinitionId: string;
  readonly principalId: string;
  /** Undefined: Azure looks it up. */
  readonly principalType: 'ServicePrincipal' | 'User' | 'Group' | undefined;
}

/** The same assignment always gets the same name, so that asking twice makes one. */
export function assignmentName({ scope, roleDefinitionId, principalId }: RoleWish): string {
  const hash = createHash('sha256')
    .update([scope, roleDefinitionId, principalId].join('\n').toLowerCase())
    .digest('hex');
  const variant = ((Number.parseInt(hash.charAt(16), 16) % 4) + 8).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `5${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}

/**
 * Assigns a role at exactly this resource. Gives the assignment's name, or undefined when it was there already.
 * @throws FailureError `forbidden` when the account may not assign roles, `rejected` for an id of another tenant
 */
export async function assignRole(arm: ArmClient, wish: RoleWish, signal: AbortSignal): Promise<string | undefined> {
  const id = parseResourceId(wish.scope);
  if (id === undefined)
    throw new FailureError({ kind: 'invalidInput', message: 'That is not the id of an Azure resource.' });
  const name = assignmentName(wish);
  const body = {
    properties: {
      roleDefinitionId: `/subscriptions/${id.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${wish.roleDefinitionId}`,
      principalId: wish.principalId,
      ...(wish.principalType === undefined ? {} : { principalType: wish.principalType }),
    },
  };
  for (let attempt = 0; ; attempt += 1) {
    try {
      await arm.write(requestFor(wish, name), { method: 'PUT', body }, signal);
      return name;
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code === 'RoleAssignmentExists') return undefined;
      const waitMs = failure.code === 'PrincipalNotFound' ? unknownPrincipalWaitsMs[attempt] : undefined;
      if (waitMs === undefined || wish.principalType !== 'ServicePrincipal') throw explained(wish, error);
      await arm.clock.sleep(waitMs, signal);
      if (signal.aborted) throw new FailureError({ kind: 'cancelled', message: 'Cancelled.' }, { cause: error });
    }
  }
}

/** Takes an assignment back that {@link assignRole} made. One that is gone already is no error. */
export async function removeRoleAssignment(
  arm: ArmClient,
  wish: Pick<RoleWish, 'scope' | 'scopeName' | 'tenantId'>,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await arm.write(requestFor(wish, name), { method: 'DELETE' }, signal);
  } catch (error) {
    if (!FailureError.is(error, 'notFound')) throw explained(wish, error);
  }
}

const requestFor = (
  { scope, scopeName, tenantId }: Pick<RoleWish, 'scope' | 'scopeName' | 'tenantId'>,
  name: string,
): ArmRequest => ({
  path: `${scope.replace(/\/+$/, '')}/providers/Microsoft.Authorization/roleAssignments/${name}`,
  apiVersion,
  template: '/{resource}/providers/Microsoft.Authorization/roleAssignments/{name}',
  tried: `Assigning a role on ${scopeName}`,
  tenantId,
});

function explained({ scopeName }: Pick<RoleWish, 'scopeName'>, error: unknown): unknown {
  if (!FailureError.is(error)) return error;
  const { failure } = error;
  const nextStep =
    failure.kind === 'forbidden'
      ? `Assigning roles needs Owner, User Access Administrator or Role Based Access Control Administrator on ${scopeName}: have somebody who has it run the command that is shown.`
      : failure.code === 'PrincipalNotFound'
        ? 'The id is not known in the tenant of the resource: identities of another tenant cannot be assigned there.'
        : failure.nextStep;
  return new FailureError({ ...failure, ...(nextStep === undefined ? {} : { nextStep }) }, { cause: error });
}
