import { jsonAnswer, type HttpAnswer } from '../http.ts';
import { bodyOf, methodNotAllowed, type ArmCall } from './armCall.ts';
import { ArmError } from './armError.ts';
import type { RoleAssignment } from './roleAssignments.ts';
import { findRole, roleDefinitions, type RoleDefinition } from './roles.ts';
import { objectAt, textAt } from './world.ts';

/** `Microsoft.Authorization`: permissions, role assignments, role definitions. Undefined: no such type. */
export async function authorization(call: ArmCall): Promise<HttpAnswer | undefined> {
  switch (call.path.types) {
    case 'permissions':
      if (call.request.method !== 'GET') throw methodNotAllowed(call);
      return jsonAnswer(200, { value: permissionsOfCaller(call) });
    case 'roledefinitions':
      if (call.request.method !== 'GET') throw methodNotAllowed(call);
      return readRoleDefinitions(call);
    case 'roleassignments':
      return call.path.names.length === 0 ? listAssignments(call) : oneAssignment(call);
    default:
      return undefined;
  }
}

function permissionsOfCaller(call: ArmCall): object[] {
  return call.world.assignments
    .rolesOf(call.caller.objectId, call.path.scope)
    .map(({ actions, notActions, dataActions, notDataActions }) => ({
      actions,
      notActions,
      dataActions,
      notDataActions,
    }));
}

function listAssignments(call: ArmCall): HttpAnswer {
  if (call.request.method !== 'GET') throw methodNotAllowed(call);
  const filter = call.query.get('$filter') ?? '';
  const conditions = filter === '' ? [] : filter.split(/\s+and\s+/i).map((part) => part.trim());
  const atScope = conditions.some((condition) => /^atScope\(\)$/i.test(condition));
  const { assignments } = call.world;
  const below = atScope ? [] : assignments.below(call.path.scope);
  let found = [...assignments.at(call.path.scope), ...below].filter((assignment) => inTenant(call, assignment));
  for (const condition of conditions) {
    if (/^atScope\(\)$/i.test(condition)) continue;
    const principalId = /^(?:assignedTo\('([^']+)'\)|principalId eq '([^']+)')$/i
      .exec(condition)
      ?.slice(1)
      .find(Boolean);
    if (principalId === undefined) {
      throw new ArmError(400, { code: 'UnsupportedFilter', message: `The filter '${condition}' is not supported.` });
    }
    found = found.filter((assignment) => assignment.principalId === principalId.toLowerCase());
  }
  return jsonAnswer(200, { value: found.map((assignment) => assignmentDocument(call, assignment)) });
}

async function oneAssignment(call: ArmCall): Promise<HttpAnswer> {
  const name = call.path.names[0] ?? '';
  const existing = call.world.assignments.get(name);
  switch (call.request.method) {
    case 'GET':
      if (existing === undefined) {
        throw new ArmError(404, {
          code: 'RoleAssignmentNotFound',
          message: `The role assignment '${name}' is not found.`,
        });
      }
      return jsonAnswer(200, assignmentDocument(call, existing));
    case 'PUT':
      return createAssignment(call, name, existing);
    case 'DELETE':
      if (existing === undefined) return { status: 204 };
      call.world.assignments.remove(name);
      return jsonAnswer(200, assignmentDocument(call, existing));
    default:
      throw methodNotAllowed(call);
  }
}

async function createAssignment(
  call: ArmCall,
  name: string,
  existing: RoleAssignment | undefined,
): Promise<HttpAnswer> {
  const wanted = objectAt(await bodyOf(call), 'properties');
  const definitionId = textAt(wanted, 'roleDefinitionId') ?? '';
  const role = findRole(definitionId);
  const principalId = (textAt(wanted, 'principalId') ?? '').toLowerCase();
  if (role === undefined) {
    throw new ArmError(404, {
      code: 'RoleDefinitionDoesNotExist',
      message: `The specified role definition with ID '${definitionId.split('/').at(-1) ?? ''}' does not exist.`,
    });
  }
  const { assignments, directory } = call.world;
  const principal = directory.byObjectId(call.caller.tenantId, principalId);
  if (principal === undefined) {
    throw new ArmError(400, {
      code: 'PrincipalNotFound',
      message: `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${call.caller.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group. See https://aka.ms/docs-principaltype`,
    });
  }
  const same = assignments
    .all()
    .find(
      (other) =>
        other.scope.toLowerCase() === call.path.scope.toLowerCase() &&
        other.role.id === role.id &&
        other.principalId === principalId,
    );
  if (same !== undefined || existing !== undefined) {
    throw new ArmError(409, { code: 'RoleAssignmentExists', message: 'The role assignment already exists.' });
  }
  const principalType = principal.kind === 'User' ? 'User' : 'ServicePrincipal';
  const added = assignments.add({ name, scope: call.path.scope, role, principalId, principalType });
  return jsonAnswer(201, assignmentDocument(call, added));
}

function inTenant(call: ArmCall, assignment: RoleAssignment): boolean {
  return call.world.directory.byObjectId(call.caller.tenantId, assignment.principalId) !== undefined;
}

function assignmentDocument(call: ArmCall, assignment: RoleAssignment): object {
  return {
    id: `${assignment.scope}/providers/Microsoft.Authorization/roleAssignments/${assignment.name}`,
    type: 'Microsoft.Authorization/roleAssignments',
    name: assignment.name,
    properties: {
      roleDefinitionId: definitionId(call, assignment.role),
      principalId: assignment.principalId,
      principalType: assignment.principalType,
      scope: assignment.scope === '' ? '/' : assignment.scope,
      condition: null,
      conditionVersion: null,
      createdOn: assignment.createdOn,
      updatedOn: assignment.createdOn,
      createdBy: null,
      updatedBy: null,
      delegatedManagedIdentityResourceId: null,
      description: null,
    },
  };
}

function definitionId(call: ArmCall, role: RoleDefinition): string {
  const { subscriptionId } = call.path;
  const scope = subscriptionId === undefined ? '' : `/subscriptions/${subscriptionId}`;
  return `${scope}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`;
}

function readRoleDefinitions(call: ArmCall): HttpAnswer {
  const document = (role: RoleDefinition): object => ({
    id: definitionId(call, role),
    type: 'Microsoft.Authorization/roleDefinitions',
    name: role.id,
    properties: {
      roleName: role.name,
      type: 'BuiltInRole',
      description: '',
      assignableScopes: ['/'],
      permissions: [
        {
          actions: role.actions,
          notActions: role.notActions,
          dataActions: role.dataActions,
          notDataActions: role.notDataActions,
        },
      ],
    },
  });
  const [name] = call.path.names;
  if (name !== undefined) {
    const role = findRole(name);
    if (role === undefined) {
      throw new ArmError(404, {
        code: 'RoleDefinitionDoesNotExist',
        message: `The specified role definition with ID '${name}' does not exist.`,
      });
    }
    return jsonAnswer(200, document(role));
  }
  const wanted = /^roleName eq '([^']+)'$/i.exec(call.query.get('$filter') ?? '')?.[1];
  const found = wanted === undefined ? roleDefinitions : roleDefinitions.filter((role) => role.name === wanted);
  return jsonAnswer(200, { value: found.map(document) });
}
